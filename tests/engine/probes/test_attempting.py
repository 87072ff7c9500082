"""One attempt, whole: it always ends, always says something, and never blames the target for us."""

import asyncio
import dataclasses
import socket

import pytest

from astreinte.engine.probes import attempting
from astreinte.engine.probes.attempting import attempt, prepare
from astreinte.engine.probes.kinds import KINDS, Kind
from astreinte.engine.probes.options import TimedOptions
from astreinte.engine.probes.resolving import Resolver
from astreinte.rules.checks.outcome import Level, Outcome

OPTIONS = TimedOptions(timeout_s=0.01)


def kind(probe):
    return Kind("a kind of the test", probe, TimedOptions, remote=False)


async def test_a_name_is_resolved_and_the_probe_gets_its_address(peers):
    port = await peers.silent()
    outcome = await prepare("tcp", "localhost", {"port": port}, Resolver())()
    assert outcome.level is Level.OK
    assert outcome.took_s > 0


@pytest.mark.parametrize(
    ("number", "level"),
    [(socket.EAI_NONAME, Level.CRITICAL), (socket.EAI_AGAIN, Level.INCONCLUSIVE)],
)
async def test_a_name_that_gives_no_address_is_never_connected_to(number, level):
    def lookup(host, family):
        raise socket.gaierror(number, "no")

    outcome = await prepare("tcp", "shop.example", {"port": 80}, Resolver(lookup))()
    assert outcome.level is level
    assert outcome.text.startswith("shop.example: ")


async def test_a_probe_that_never_ends_is_cancelled_and_is_our_fault(monkeypatch):
    monkeypatch.setattr(attempting, "BEYOND_S", 0.02)
    cancelled = asyncio.Event()

    async def probe(target, options):
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    outcome = await attempt(kind(probe), "host", OPTIONS, Resolver())
    assert (outcome.level, outcome.text) == (Level.INCONCLUSIVE, "the probe did not end within 0.03 s")
    assert cancelled.is_set()


async def test_a_probe_that_fails_is_our_fault_and_does_not_end_the_watch():
    async def probe(target, options):
        return 1 / 0

    outcome = await attempt(kind(probe), "host", OPTIONS, Resolver())
    assert outcome.level is Level.INCONCLUSIVE
    assert outcome.text == "the probe itself failed: ZeroDivisionError: division by zero"


async def test_a_kind_that_remembers_is_never_tried_without_its_memory():
    outcome = await attempt(KINDS["load"], "host", TimedOptions(), Resolver())
    assert outcome.level is Level.INCONCLUSIVE
    assert "call `begin` for each check first" in outcome.text


async def test_the_time_of_an_attempt_is_measured():
    async def probe(target, options):
        return Outcome(Level.OK, "fine", {"x_s": 1.0})

    outcome = await attempt(kind(probe), "host", OPTIONS, Resolver())
    assert dataclasses.replace(outcome, took_s=0.0) == Outcome(Level.OK, "fine", {"x_s": 1.0})
    assert outcome.took_s > 0


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("gopher", {}, f"cannot be watched: kind: 'gopher' is not known; there are {', '.join(KINDS)}"),
        ("tcp", {"port": "22"}, "cannot be watched: port: a whole number, not '22'"),
    ],
)
async def test_a_check_that_this_watch_does_not_understand_is_said_and_never_dropped(name, options, text):
    outcome = await prepare(name, "host", options, Resolver())()
    assert (outcome.level, outcome.text) == (Level.INCONCLUSIVE, text)
