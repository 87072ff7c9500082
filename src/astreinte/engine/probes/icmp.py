"""The kind `icmp`: does the machine answer echo requests, how many, how fast?"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass

from astreinte.engine.probes import pinging
from astreinte.engine.probes.connecting import Target, blame
from astreinte.engine.probes.nonsense import quoted
from astreinte.engine.probes.options import OptionError, RemoteOptions, option
from astreinte.engine.probes.pinging import Burst, ForbiddenError, Pinger
from astreinte.rules.checks.outcome import Level, Outcome

SPACING_S = 0.08
"""Between two requests of a burst: three at once would be lost together, or not at all."""

FEWEST, MOST = 3, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class IcmpOptions(RemoteOptions):
    """Options of the kind `icmp`. Losses: those of `check_icmp`, which one lost packet of three does not reach."""

    timeout_s: float = option(2.0, "seconds until a packet counts as lost")
    packets: int = option(3, f"echo requests of a burst, {FEWEST} to {MOST}")
    warning_loss_percent: float = option(40.0, "warning from this share lost")
    critical_loss_percent: float = option(80.0, "critical from this share lost")
    warning_rtt_s: float | None = option(None, "warning above this mean time there and back; null: none")
    critical_rtt_s: float | None = option(None, "critical above this mean time there and back; null: none")

    def __post_init__(self) -> None:
        RemoteOptions.__post_init__(self)
        if not FEWEST <= self.packets <= MOST:
            raise OptionError(f"packets: from {FEWEST} to {MOST}, not {self.packets}")
        shortest = self.packets * SPACING_S
        if self.timeout_s < shortest:
            raise OptionError(
                f"timeout_s: {self.packets} packets take {shortest:g} s to send, {self.timeout_s:g} is less"
            )
        if not 0 < self.warning_loss_percent <= self.critical_loss_percent <= 100:
            raise OptionError(
                "warning_loss_percent, critical_loss_percent: above 0, at most 100 and in this order, not "
                f"{self.warning_loss_percent:g} and {self.critical_loss_percent:g}"
            )
        _check_rtt(self.warning_rtt_s, self.critical_rtt_s)


def _check_rtt(warning: float | None, critical: float | None) -> None:
    for name, value in (("warning_rtt_s", warning), ("critical_rtt_s", critical)):
        if value is not None and value <= 0:
            raise OptionError(f"{name}: more than 0 seconds, not {value:g}")
    if warning is not None and critical is not None and warning > critical:
        raise OptionError(f"warning_rtt_s: {warning:g} is above critical_rtt_s: {critical:g}")


async def probe(target: Target, options: IcmpOptions) -> Outcome:
    """Send a burst of echo requests, over the socket that all bursts share.

    Silence is the target's. An answer that does not repeat what was sent is unknown. No right to send, or
    no route of our own, is inconclusive. Values: `sent`, `loss_percent`, and when anything came back
    `rtt_min_s`, `rtt_avg_s`, `rtt_max_s`.
    """
    family = socket.AF_INET6 if ":" in target.address else socket.AF_INET
    burst = Burst(target.address, options.packets, asyncio.get_running_loop().create_future())
    try:
        with pinging.shared(family) as pinger:
            await _send(pinger, burst, options)
    except ForbiddenError as error:
        return Outcome(Level.INCONCLUSIVE, str(error))
    except OSError as error:
        return Outcome(blame(error), f"cannot send: {error.strerror or error}")
    return judge(burst, options)


async def _send(pinger: Pinger, burst: Burst, options: IcmpOptions) -> None:
    try:
        async with asyncio.timeout(options.timeout_s) as limit:
            for turn in range(options.packets):
                if turn:
                    await asyncio.sleep(SPACING_S)
                pinger.send(burst)
            await burst.complete
    except TimeoutError:
        if not limit.expired():
            raise  # ETIMEDOUT of the network is an OSError of this very class
    finally:
        pinger.forget(burst)


def judge(burst: Burst, options: IcmpOptions) -> Outcome:
    """Return what a burst that is over shows."""
    came = burst.rtts
    lost = 100 * (options.packets - len(came)) / options.packets
    values = {"sent": float(options.packets), "loss_percent": lost}
    if came:
        mean = sum(came) / len(came)
        values |= {"rtt_min_s": min(came), "rtt_avg_s": mean, "rtt_max_s": max(came)}
    if burst.nonsense:
        return Outcome(Level.UNKNOWN, f"not what was sent came back: {quoted(burst.nonsense[0])}", values)
    if not came:
        return Outcome(
            Level.CRITICAL, f"no answer to {options.packets} packets in {options.timeout_s:g} s", values
        )
    return Outcome(_level(lost, mean, options), _words(lost, values), values)


def _level(lost: float, mean: float, options: IcmpOptions) -> Level:
    if lost >= options.critical_loss_percent or _above(mean, options.critical_rtt_s):
        return Level.CRITICAL
    if lost >= options.warning_loss_percent or _above(mean, options.warning_rtt_s):
        return Level.WARNING
    return Level.OK


def _above(mean: float, limit: float | None) -> bool:
    return limit is not None and mean > limit


def _words(lost: float, values: dict[str, float]) -> str:
    low, mean, high = (1000 * values[name] for name in ("rtt_min_s", "rtt_avg_s", "rtt_max_s"))
    return f"{lost:.0f} % lost of {values['sent']:.0f} packets, {low:.1f} / {mean:.1f} / {high:.1f} ms"
