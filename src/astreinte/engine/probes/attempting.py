"""One attempt of a check, whole: the name resolved, the probe run within a last deadline, its time taken."""

from __future__ import annotations

import functools
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from astreinte.engine.probes import deadlines
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.kinds import Kind, kind_of, read_options
from astreinte.engine.probes.options import OptionError, RemoteOptions, TimedOptions
from astreinte.engine.probes.resolving import Resolver, ResolvingError, literal
from astreinte.rules.checks.outcome import Level, Outcome

BEYOND_S = 5.0
"""A probe ends by itself after `timeout_s`; one that does not is cancelled so much later: our fault."""

log = structlog.get_logger("astreinte.probes")


async def attempt(kind: Kind, host: str, options: TimedOptions, resolver: Resolver) -> Outcome:
    """Return what one attempt against `host` saw. Raises nothing: what fails on our side is inconclusive."""
    began = time.monotonic()
    try:
        target = _known(host)
        if not target.address and isinstance(options, RemoteOptions):
            address = await resolver.address_of(host, options.family)
            target = Target(host, address, time.monotonic() - began)
        outcome = await deadlines.ending(kind.probe(target, options), options.timeout_s + BEYOND_S)
    except ResolvingError as fault:
        outcome = Outcome(fault.level, fault.text)
    except TimeoutError:
        outcome = Outcome(
            Level.INCONCLUSIVE, f"the probe did not end within {options.timeout_s + BEYOND_S:g} s"
        )
    except Exception as error:
        # A fault in a probe is ours: it must neither blame the target nor end the watch.
        log.exception("probe failed", kind=kind.summary, host=host)
        outcome = Outcome(Level.INCONCLUSIVE, f"the probe itself failed: {type(error).__name__}: {error}")
    return outcome.lasting(time.monotonic() - began)


@functools.lru_cache(maxsize=65_536)
def _known(host: str) -> Target:
    """Return the target as far as it is known without asking anybody: with its address, if that is its name."""
    return Target(host, literal(host))


def prepare(
    kind_name: str, host: str, given: Mapping[str, Any], resolver: Resolver, *, attempts: int = 1
) -> Callable[[], Awaitable[Outcome]]:
    """Return what makes one attempt, its options read once, with its memory of earlier ones. Raises nothing.

    A kind or an option that this watch does not know (it is older than the hub that assigns, or newer)
    is said in each result, as inconclusive: a check is never dropped silently.
    """
    try:
        kind, options = kind_of(kind_name).begin(attempts), read_options(kind_name, given)
    except OptionError as error:
        return _refusing(Outcome(Level.INCONCLUSIVE, f"cannot be watched: {error}"))
    return functools.partial(attempt, kind, host, options, resolver)


def _refusing(outcome: Outcome) -> Callable[[], Awaitable[Outcome]]:
    async def refuse() -> Outcome:
        return outcome

    return refuse
