"""The kind `dns`: does a name server answer what it should?"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dns import rcode
from dns.exception import DNSException
from dns.message import QueryMessage, make_query
from dns.name import Name, from_text
from dns.rdata import Rdata
from dns.rdtypes.txtbase import TXTBase

from astreinte.engine.probes.asking import Question
from astreinte.engine.probes.connecting import Target, blame
from astreinte.engine.probes.nonsense import NonsenseError, quoted, reason
from astreinte.engine.probes.options import OptionError, RemoteOptions, check_port, option, required
from astreinte.rules.checks.outcome import Level, Outcome

RECORDS = ("A", "AAAA", "CNAME", "MX", "NS", "SOA", "TXT")
RESOLV_CONF = Path("/etc/resolv.conf")
SAID_LIMIT = 5

_REFUSALS = {
    rcode.NXDOMAIN: "does not exist",
    rcode.SERVFAIL: "the server failed",
    rcode.REFUSED: "the server refuses to answer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsOptions(RemoteOptions):
    """Options of the kind `dns`."""

    name: str = required("the name that is asked for")
    record: str = option("A", f"what is asked for: {', '.join(RECORDS)}")
    server: str = option(
        "target",
        "who is asked: target, the server that the check is of; system, the name server of this machine; "
        "or an address",
    )
    port: int = option(53, "the port of the name server")
    expect: str | None = option(
        None, "values that must be among the answers, separated by | (of an MX: 10 mail.example.com)"
    )
    exactly: bool = option(default=False, doc="with expect: nothing else may be among the answers")
    warn_over_s: float | None = option(None, "seconds above which a right answer is a warning")
    asked: Name = field(init=False, repr=False)
    expected: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        RemoteOptions.__post_init__(self)
        check_port(self.port)
        if self.record not in RECORDS:
            raise OptionError(f"record: {self.record!r} is none of {', '.join(RECORDS)}")
        if self.exactly and self.expect is None:
            raise OptionError("exactly: has a sense only with expect")
        if self.server not in {"target", "system"} and not _is_address(self.server):
            raise OptionError(f"server: target, system or an address, not {self.server!r}")
        object.__setattr__(self, "asked", _name(self.name))
        parts = [] if self.expect is None else self.expect.split("|")
        object.__setattr__(self, "expected", frozenset(_expected(part, self.record) for part in parts))


async def probe(target: Target, options: DnsOptions) -> Outcome:
    """Ask once (and again over TCP what does not fit), and compare with what is expected.

    The server that is asked is blamed for its silence, its nonsense and its refusals; that of this machine
    is ours. When the latter fails for one name it is asked for the root: if it knows that one, the name is
    to blame. Values: `answer_s`, `answers`, `ttl_s` (the shortest on the way).
    """
    server = _server(target, options)
    if server is None:
        return Outcome(Level.INCONCLUSIVE, f"{RESOLV_CONF} names no server")
    question = Question(make_query(options.asked, options.record))
    try:
        async with asyncio.timeout(options.timeout_s):
            return await _asked(question, server, options)
    except TimeoutError:
        if question.stray:
            words = f"no answer but to other questions: {quoted(question.stray)}"
            return Outcome(_whose(Level.UNKNOWN, options), words)
        words = f"{server}: no answer in {options.timeout_s:g} s"
        return Outcome(_whose(Level.CRITICAL, options), words)
    except NonsenseError as error:
        return Outcome(_whose(Level.UNKNOWN, options), str(error))
    except OSError as error:
        return Outcome(_whose(blame(error), options), f"{server}: cannot ask: {error.strerror or error}")


async def _asked(question: Question, server: str, options: DnsOptions) -> Outcome:
    began = time.monotonic()
    answer = await question.ask(server, options.port, within_s=options.timeout_s)
    took_s = time.monotonic() - began
    refused = answer.rcode() not in (rcode.NOERROR, rcode.NXDOMAIN)
    if options.server == "system" and refused and not await _knows_the_root(server, options):
        code = rcode.to_text(answer.rcode())
        return Outcome(Level.INCONCLUSIVE, f"our resolver {server} knows nothing, not even the root ({code})")
    return judge(answer, options, took_s)


async def _knows_the_root(server: str, options: DnsOptions) -> bool:
    witness = Question(make_query(".", "NS"))
    try:
        answer = await witness.ask(server, options.port, within_s=options.timeout_s)
    except (NonsenseError, OSError):
        return False
    return answer.rcode() == rcode.NOERROR


def _whose(level: Level, options: DnsOptions) -> Level:
    return Level.INCONCLUSIVE if options.server == "system" else level


def judge(answer: QueryMessage, options: DnsOptions, took_s: float) -> Outcome:
    """Return what an answer that was read is worth."""
    values = {"answer_s": took_s}
    if answer.rcode() != rcode.NOERROR:
        code = rcode.to_text(answer.rcode())
        words = _REFUSALS.get(answer.rcode(), "the server answers")
        level = Level.CRITICAL if answer.rcode() in _REFUSALS else Level.UNKNOWN
        return Outcome(level, f"{options.name}: {words} ({code})", values)
    try:
        chain = answer.resolve_chaining()
    except (DNSException, ValueError) as error:
        return Outcome(
            Level.UNKNOWN, f"{options.name}: an answer that leads nowhere: {reason(error)}", values
        )
    if chain.answer is None:
        return Outcome(Level.CRITICAL, f"{options.name} has no {options.record} record", values)
    values |= {"answers": float(len(chain.answer)), "ttl_s": float(chain.minimum_ttl)}
    return _compared({_plain(one) for one in chain.answer}, options, values)


def _compared(found: set[str], options: DnsOptions, values: dict[str, float]) -> Outcome:
    said = f"{options.name} {options.record}: {_listed(found)}"
    missing = options.expected - found
    if missing:
        return Outcome(Level.CRITICAL, f"{said}, without {_listed(missing)}", values)
    if options.exactly and found - options.expected:
        return Outcome(Level.CRITICAL, f"{said}, with {_listed(found - options.expected)} too much", values)
    took = f"{said} in {1000 * values['answer_s']:.0f} ms"
    if options.warn_over_s is not None and values["answer_s"] > options.warn_over_s:
        return Outcome(Level.WARNING, f"{took} (more than {1000 * options.warn_over_s:.0f} ms)", values)
    return Outcome(Level.OK, took, values)


def _listed(values: Iterable[str]) -> str:
    shown = sorted(values)
    more = len(shown) - SAID_LIMIT
    words = ", ".join(quoted(one.encode())[1:-1] for one in shown[:SAID_LIMIT])
    return words + (f" and {more} more" if more > 0 else "")


def _plain(data: Rdata) -> str:
    """Return a record as people write it: no dots at the end of names, the parts of a text joined."""
    if isinstance(data, TXTBase):
        return b"".join(data.strings).decode("utf-8", "backslashreplace")
    return _undotted(data.to_text())


def _expected(text: str, record: str) -> str:
    value = text.strip()
    if not value:
        raise OptionError("expect: a value between two | is missing")
    if record == "TXT":
        return value
    if record in {"A", "AAAA"}:
        if not _is_address(value):
            raise OptionError(f"expect: an address, not {value!r}")
        return str(ipaddress.ip_address(value))
    return _undotted(value)


def _undotted(text: str) -> str:
    return " ".join(part.rstrip(".").lower() or "." for part in text.split())


def _name(text: str) -> Name:
    try:
        return from_text(text)
    except (DNSException, ValueError) as error:
        raise OptionError(f"name: a host name, not {text!r} ({error})") from error


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _server(target: Target, options: DnsOptions) -> str | None:
    if options.server == "target":
        return target.address
    return options.server if options.server != "system" else _system_server()


def _system_server() -> str | None:
    # Read at each attempt: a machine that moves to another network is given another file.
    try:
        lines = RESOLV_CONF.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    words = (line.split() for line in lines)
    return next((one[1] for one in words if len(one) > 1 and one[0] == "nameserver"), None)
