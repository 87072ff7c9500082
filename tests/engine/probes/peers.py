"""Real servers on loopback, good and bad, and the certificates that they show."""

import asyncio
import contextlib
import socket
import ssl
import struct
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from astreinte.loops import clock


class Peers:
    """Opens servers, and closes them all at the end."""

    def __init__(self):
        self._end = contextlib.AsyncExitStack()
        self.requests = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self._end.aclose()

    async def serve(self, talk, *, context=None, host="127.0.0.1"):
        """Return the port of a server that runs `talk(reader, writer)` for each connection."""
        visits: list[Any] = []
        writers = []

        async def visit(reader, writer):
            visits.append(asyncio.current_task())
            writers.append(writer)
            # uvloop says RuntimeError where asyncio says that the connection is lost.
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, RuntimeError
            ):
                await talk(reader, writer)
            await _closed(writer)

        server = await asyncio.start_server(visit, host, 0, ssl=context)

        async def close():
            server.close()
            # Cut, not cancelled: a stream reports a cancelled visitor as an error.
            for writer in writers:
                writer.transport.abort()
            await asyncio.gather(*visits)

        self._end.push_async_callback(close)
        return server.sockets[0].getsockname()[1]

    async def answer(self, raw, *, pause_s=None, stay=False, context=None):
        """Return the port of a server that reads a request and sends `raw`, whole or byte by byte."""

        async def talk(reader, writer):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            if pause_s is None:
                writer.write(raw)
                await writer.drain()
            for byte in raw if pause_s is not None else b"":
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(pause_s)
            if stay:
                await reader.read()
            elif not context:
                writer.write_eof()
                await reader.read()
            else:
                writer.close()
                await writer.wait_closed()

        return await self.serve(talk, context=context)

    async def endless(self, head, chunk):
        """Return the port of a server that sends `head`, and then `chunk` for ever."""

        async def talk(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            while True:
                writer.write(chunk)
                await writer.drain()

        return await self.serve(talk)

    async def resetting(self):
        """Return the port of a server that resets each connection at once."""

        async def talk(_, writer):
            await reset(writer)

        return await self.serve(talk)

    async def silent(self):
        """Return the port of a server that accepts and says nothing."""

        async def talk(reader, _):
            await reader.read()

        return await self.serve(talk)

    def refused(self):
        """Return a port that is bound, so that nobody else takes it, and on which nobody listens."""
        sock = socket.socket()
        self._end.callback(sock.close)
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]

    def full(self):
        """Return a port whose queue of connections is full: the kernel drops what comes."""
        listener = socket.socket()
        self._end.callback(listener.close)
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        for _ in range(8):
            waiting = socket.socket(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            self._end.callback(waiting.close)
            waiting.connect_ex(address)
        return address[1]


async def _closed(writer):
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def reset(writer):
    """Close the connection so that the other side sees a reset."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    await _closed(writer)


def page(body=b"hello", *, status=b"200 OK", headers=b""):
    """Return a whole and right answer."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


class TlsFiles:
    """An authority, and server certificates that it signed."""

    def __init__(self, folder):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        self.ca_file = str(folder / "ca.pem")
        authority = self._certificate(self._name, self._key.public_key(), days=30, ca=True)
        (folder / "ca.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def context(self, name="localhost", days=30):
        """Return what a server needs to show a certificate for `name`, that ends in `days`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._certificate(subject, key.public_key(), days=days, host=name)
        file = self._folder / f"{name}-{days}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(self, subject, key, *, days, ca=False, host=None):
        now = clock.now()
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if ca:
            usage = x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            )
            builder = builder.add_extension(usage, critical=True)
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self._key, hashes.SHA256())
