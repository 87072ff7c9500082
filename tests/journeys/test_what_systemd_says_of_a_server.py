"""A declared unit that is not active, one in a restart loop, and a process killed for want of memory: all real."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from astreinte.engine.probes import here
from astreinte.engine.probes.attempting import prepare
from astreinte.engine.probes.kinds import KINDS
from astreinte.engine.probes.resolving import Resolver
from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.state import State, step
from tests.lab.hosting import MAKE, Host, a_host

pytestmark = [pytest.mark.real, pytest.mark.long]

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with a_host(tmp_path_factory.mktemp("lab") / "app1") as found:
        found.unit("app", "ExecStart=/bin/sleep infinity")
        found.unit("loop", "ExecStart=/bin/false", "Restart=always", "RestartSec=50ms")
        yield found


@pytest.fixture(autouse=True)
def _its_systemctl(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch is not inside the server: its systemctl is."""
    path = tmp_path / "systemctl"
    path.write_text(f'#!/bin/sh\nexec {MAKE} --exec {host.folder} systemctl "$@"\n')
    path.chmod(0o755)
    monkeypatch.setitem(here.ENVIRONMENT, "PATH", f"{tmp_path}:{here.ENVIRONMENT['PATH']}")
    host.run("systemctl", "reset-failed")  # by the test before


async def until(look, wanted: Level) -> Outcome:
    """Look again and again until the level is this one."""
    for _ in range(200):
        outcome: Outcome = await look()
        if outcome.level is wanted:
            return outcome
        await asyncio.sleep(0.05)
    raise AssertionError(outcome)


async def test_a_declared_unit_that_is_not_active_is_sure_after_a_minute_and_over_when_it_runs(host):
    look = prepare("units", "localhost", {"declared": "app"}, Resolver(), attempts=5)
    pace, at, state, changes = KINDS["units"].pace, NOON, State.new(NOON), []

    async def looks(times: int) -> Outcome:
        nonlocal at, state
        for _ in range(times):
            outcome = await look()
            state, change = step(
                state, outcome.level, at=at, attempts=pace.attempts, recoveries=pace.recoveries
            )
            changes.extend([(change.after.value, change.at - NOON)] if change else [])
            at += timedelta(seconds=pace.retry_s)
        return outcome

    host.run("systemctl", "start", "app")
    assert (await looks(2)).text == "1 declared units are active, none failed"
    host.run("systemctl", "stop", "app")
    stopped = await looks(5)
    assert (stopped.level, stopped.text) == (
        Level.CRITICAL,
        "declared and not active: app.service: inactive (dead)",
    )
    host.run("systemctl", "start", "app")
    await looks(2)
    assert changes == [
        ("ok", timedelta(seconds=15)),
        ("critical", timedelta(seconds=90)),  # the first bad look was at 30 s
        ("ok", timedelta(seconds=120)),
    ]


async def test_a_declared_unit_that_crashed_says_that_it_failed(host):
    host.run("systemctl", "restart", "app")
    look = prepare("units", "localhost", {"declared": "app"}, Resolver(), attempts=5)
    assert (await look()).level is Level.OK
    host.run("systemctl", "kill", "-s", "SEGV", "app")
    outcome = await until(look, Level.CRITICAL)
    assert outcome.text.startswith("declared and not active: app.service: failed (failed)")


async def test_a_unit_that_failed_and_is_not_declared_is_a_warning_when_it_lasts(host):
    host.run("systemctl", "restart", "app")
    host.run("systemctl", "kill", "-s", "SEGV", "app")
    at_once = prepare("units", "localhost", {"failed_after_s": 0}, Resolver(), attempts=5)
    assert (await until(at_once, Level.WARNING)).text == "failed: app.service"
    later = await prepare("units", "localhost", {}, Resolver(), attempts=5)()
    assert (later.level, later.values["failed_count"]) == (Level.OK, 1)


async def test_a_unit_that_restarts_again_and_again_is_seen_though_it_is_never_failed(host):
    look = prepare("units", "localhost", {}, Resolver(), attempts=5)
    assert (await look()).level is Level.OK
    host.run("systemctl", "start", "--no-block", "loop")
    try:
        outcome = await until(look, Level.WARNING)
    finally:
        host.run("systemctl", "stop", "loop")
    assert outcome.text.startswith("restarted by itself within 300 s: loop.service (")
    assert outcome.values["failed_count"] == 0


async def test_a_process_killed_for_want_of_memory_is_named_with_its_unit(host):
    look = prepare("oom", "localhost", {"declared": "greedy.service"}, Resolver(), attempts=1)
    assert (await look()).level is Level.OK
    host.run(
        *("systemd-run", "--wait", "--quiet", "--unit=greedy", "-p", "MemoryMax=30M"),
        *("perl", "-e", "my @all; push @all, 'x' x 1_000_000 while 1"),
        check=False,
    )
    outcome = await until(look, Level.CRITICAL)
    assert outcome.text == "killed for want of memory, 1 since the look before: perl (greedy.service)"
