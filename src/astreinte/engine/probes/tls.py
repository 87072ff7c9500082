"""The kind `tls`: the certificate that a server shows. Its dates, its name and who vouches for it, each apart."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from astreinte.engine.probes import certificate, connecting, greeting, handshake
from astreinte.engine.probes.certificate import Certificate
from astreinte.engine.probes.connecting import Target, blame
from astreinte.engine.probes.handshake import AuthoritiesError, Trust
from astreinte.engine.probes.nonsense import NonsenseError
from astreinte.engine.probes.options import OptionError, RemoteOptions, check_port, option
from astreinte.rules.checks.outcome import Level, Outcome

DAY_S = 86400
_OF_DATES = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED

Finding = tuple[Level, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsOptions(RemoteOptions):
    """Options of the kind `tls`."""

    port: int = option(443, "the port that speaks TLS")
    name: str | None = option(
        None, "the name that is asked for, and that the certificate must cover; null for the target's own"
    )
    warning_days: float = option(20.0, "warning when the certificate ends in fewer days")
    critical_days: float = option(3.0, "critical when the certificate ends in fewer days")
    ca_file: str | None = option(None, "a PEM file of the authorities to trust, instead of the system's")
    starttls: str = option("none", f"what is spoken before TLS begins: {', '.join(greeting.SPOKEN)}")

    def __post_init__(self) -> None:
        RemoteOptions.__post_init__(self)
        check_port(self.port)
        if self.name is not None and certificate.ascii_name(self.name) is None:
            raise OptionError(f"name: a host name or an address, not {self.name!r}")
        if not 0 <= self.critical_days <= self.warning_days:
            raise OptionError(
                f"critical_days: {self.critical_days:g} is not between 0 and warning_days: {self.warning_days:g}"
            )
        if self.starttls not in greeting.SPOKEN:
            raise OptionError(f"starttls: {self.starttls!r} is none of {', '.join(greeting.SPOKEN)}")


@dataclass(frozen=True, slots=True)
class _Shown:
    """The leaf as the server sent it (DER), and what OpenSSL says of its chain: of its dates, of the rest."""

    der: bytes
    dates: str = ""
    distrust: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


async def probe(target: Target, options: TlsOptions, now: Callable[[], datetime] = _now) -> Outcome:
    """Shake hands, and judge the certificate: everything that is wrong is said, the worst decides.

    A handshake that the chain breaks is made again without looking at it, so that dates and name are
    judged all the same; when it then fails, why the chain was refused is said. Values: `connect_s`,
    `handshake_s` (of the handshake that succeeded), `days_left` (a fraction; negative once expired).
    """
    values: dict[str, float] = {}
    refused: list[str] = []
    name = options.name or target.host
    try:
        async with asyncio.timeout(options.timeout_s):
            shown = await _look(target, name, options, values, refused)
        found = certificate.read(shown.der)
    except (OSError, NonsenseError, AuthoritiesError) as error:
        level, words = _unseen(error, options, values)
        if refused:
            # The server showed a certificate, which was refused: that is known, whatever came of the rest.
            level, words = Level.CRITICAL, f"certificate not trusted: {refused[-1]}; looked at again: {words}"
        return Outcome(level, words, values)
    at = now()
    values["days_left"] = (found.not_after - at).total_seconds() / DAY_S
    return _said(_judge(found, shown, name, options, at), name, values)


def _unseen(error: Exception, options: TlsOptions, values: dict[str, float]) -> Finding:
    """Return what is said of a server whose certificate was not seen."""
    match error:
        case TimeoutError():
            step = "no connection" if "connect_s" not in values else "connected, but no TLS"
            return Level.CRITICAL, f"{step} in {options.timeout_s:g} s"
        case NonsenseError():
            return Level.UNKNOWN, str(error)
        case ssl.SSLError():
            return Level.CRITICAL, f"TLS failed: {error.reason or error}"
        case OSError():
            done = "no handshake" if "connect_s" in values else "cannot connect"
            return blame(error), f"{done}: {error.strerror or error or type(error).__name__}"
    return Level.INCONCLUSIVE, str(error)


async def _look(
    target: Target, name: str, options: TlsOptions, values: dict[str, float], refused: list[str]
) -> _Shown:
    """Return what the server shows; why OpenSSL refuses its chain is added to `refused` as soon as known."""
    dates = ""
    try:
        return _Shown(await _meet(target, name, options, Trust.FULL, values))
    except ssl.SSLCertVerificationError as error:
        distrust = error.verify_message
        refused.append(error.verify_message)
        if error.verify_code in _OF_DATES:
            dates, distrust = error.verify_message, ""
    if dates:
        try:
            return _Shown(await _meet(target, name, options, Trust.WHATEVER_THE_DATE, values), dates=dates)
        except ssl.SSLCertVerificationError as error:
            distrust = error.verify_message
            refused.append(f"{dates}; {error.verify_message}")
    return _Shown(await _meet(target, name, options, Trust.NONE, values), dates, distrust)


async def _meet(
    target: Target, name: str, options: TlsOptions, trust: Trust, values: dict[str, float]
) -> bytes:
    context = handshake.context(trust, options.ca_file)
    began = time.monotonic()
    sock = await connecting.connect(target, options.port, within_s=options.timeout_s)
    try:
        connected = time.monotonic()
        values["connect_s"] = connected - began
        await _greet(sock, options)
        greeted = time.monotonic()
        der = await handshake.shake(sock, context, certificate.ascii_name(name))
        values["handshake_s"] = time.monotonic() - greeted
        return der
    finally:
        sock.close()


async def _greet(sock: socket.socket, options: TlsOptions) -> None:
    if options.starttls != "none":
        await greeting.ask_for_tls(sock, options.starttls)


def _judge(found: Certificate, shown: _Shown, name: str, options: TlsOptions, at: datetime) -> list[Finding]:
    """Return all that is wrong with a certificate: dates, name, trust."""
    findings = []
    dated = _dates(found, options, at)
    if dated:
        findings.append(dated)
    if not found.covers(name):
        findings.append((Level.CRITICAL, f"not for {name}: {found.said_names()}"))
    if shown.distrust:
        findings.append((Level.CRITICAL, f"not trusted: {shown.distrust}"))
    elif shown.dates and found.not_before <= at <= found.not_after:
        findings.append((Level.CRITICAL, f"not trusted: of an authority above it: {shown.dates}"))
    return findings


def _dates(found: Certificate, options: TlsOptions, at: datetime) -> Finding | None:
    left = (found.not_after - at).total_seconds() / DAY_S
    if at < found.not_before:
        return Level.CRITICAL, f"not valid before {_minute(found.not_before)}"
    if left < 0:
        return Level.CRITICAL, f"expired {-left:.1f} days ago, on {_minute(found.not_after)}"
    if left < options.warning_days:
        level = Level.CRITICAL if left < options.critical_days else Level.WARNING
        return level, f"ends in {left:.1f} days, on {_minute(found.not_after)}"
    return None


def _said(findings: list[Finding], name: str, values: dict[str, float]) -> Outcome:
    if not findings:
        return Outcome(Level.OK, f"certificate of {name} ends in {values['days_left']:.0f} days", values)
    worst = max((level for level, _ in findings), key=Level.badness)
    return Outcome(worst, f"certificate {'; '.join(words for _, words in findings)}", values)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
