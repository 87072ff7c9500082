"""A name server on loopback, over UDP and TCP, that answers as the test says."""

import asyncio
import contextlib
import struct

import dns.flags
import dns.message
import dns.rrset

from tests.engine.probes.peers import Peers


class NameServer:
    """`answer` is given a query (dns.message.Message) and `over` ("udp", "tcp"): bytes, several, or None."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def replies(self, raw, over):
        """Return what is sent for what came."""
        query = dns.message.from_wire(raw)
        self.asked.append((query.question[0].to_text(), over))
        said = self.answer(query, over)
        return [] if said is None else said if isinstance(said, list) else [said]


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, server):
        self._server = server

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, address):
        for said in self._server.replies(data, "udp"):
            self._transport.sendto(said, address)


@contextlib.asynccontextmanager
async def serving(answer, host="127.0.0.1"):
    """Run a name server, and return it with its port."""
    loop = asyncio.get_running_loop()
    server = NameServer(answer)

    async def visit(reader, writer):
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        for said in server.replies(await reader.readexactly(length), "tcp"):
            writer.write(said)
        await writer.drain()
        writer.write_eof()
        await reader.read()

    async with Peers() as peers:
        port = await peers.serve(visit, host=host)
        transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(server), local_addr=(host, port))
        try:
            yield server, port
        finally:
            transport.close()


def zone(*lines, code="NOERROR", truncated=()):
    """Return an answer that holds the records of `lines` ("www.example. A 192.0.2.1"), whatever is asked."""

    def answer(query, over):
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.from_text(code))
        if over in truncated:
            reply.flags |= dns.flags.TC
            return reply.to_wire()
        for line in lines:
            name, kind, value = line.split(maxsplit=2)
            reply.answer.append(dns.rrset.from_text(name, 300, "IN", kind, value))
        return framed(reply.to_wire(), over)

    return answer


def framed(raw, over):
    """Return a message as it is sent over UDP or TCP."""
    return struct.pack("!H", len(raw)) + raw if over == "tcp" else raw
