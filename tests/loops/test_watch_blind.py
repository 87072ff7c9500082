"""The watch, as the process it is, when what fails is ours: every result is inconclusive, and none blames a target."""

import os
import resource
import subprocess
from pathlib import Path

import pytest

from astreinte.engine.bus.ports import Assignment
from astreinte.rules.checks import sight
from astreinte.rules.checks.outcome import Level
from tests.loops.test_watch import FAST, Hub, Processes, free_port

pytestmark = pytest.mark.real


@pytest.fixture
async def hub(tmp_path):
    hub = Hub(tmp_path / "bus.sock")
    yield hub
    if hub.server is not None:
        await hub.server.close()


@pytest.fixture
async def processes():
    processes = Processes()
    yield processes
    await processes.end()


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


async def test_without_descriptors_nobody_is_blamed_and_with_them_we_see_again(hub, processes):
    port = free_port()
    hub.checks = [
        Assignment("tcp", "tcp", "127.0.0.1", {"port": port}, **FAST),
        Assignment("http", "http", "127.0.0.1", {"port": port}, **FAST),
    ]
    await hub.open()
    await processes.web(port)
    watch = await processes.watch(hub.path)
    await hub.until_level("tcp", Level.OK)
    await hub.until_level("http", Level.OK)
    before = resource.prlimit(watch.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(watch.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    seen = len(hub.results)
    await hub.until_more(6)
    blind = list(hub.results.values())[seen:]
    assert Level.INCONCLUSIVE in {one.level for one in blind}
    assert {one.level for one in blind} <= {Level.INCONCLUSIVE, Level.OK}
    assert sight.cause_of(one.text for one in blind if one.level is Level.INCONCLUSIVE) == "descriptors"
    resource.prlimit(watch.pid, resource.RLIMIT_NOFILE, before)
    await hub.until(lambda: list(hub.results.values())[-1].level is Level.OK)
    assert hub.states["tcp"].level is hub.states["http"].level is Level.OK


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        pytest.param("shop.kermor.example", "resolver", id="a name that our resolver cannot give"),
        pytest.param("192.0.2.9", "route", id="an address to which we have no route"),
    ],
)
async def test_without_a_network_of_our_own_nobody_is_blamed(hub, processes, target, cause):
    hub.checks = [
        Assignment("tcp", "tcp", target, {"port": 80, "timeout_s": 2}, **FAST),
        Assignment("http", "http", target, {"timeout_s": 2}, **FAST),
    ]
    await hub.open()
    await processes.alone(hub.path)
    await hub.until_more(4)
    assert {one.level for one in hub.results.values()} == {Level.INCONCLUSIVE}
    assert sight.cause_of(one.text for one in hub.results.values()) == cause


async def test_the_watch_takes_all_the_descriptors_that_it_may(hub, processes):
    hub.checks = [Assignment("load", "load", "localhost", every_s=1)]
    await hub.open()
    watch = await processes.watch(hub.path)
    await hub.until_more(1)
    soft, hard = resource.prlimit(watch.pid, resource.RLIMIT_NOFILE)
    assert soft == hard
    assert open_files(watch.pid) < 64


def test_a_namespace_without_a_network_can_be_had():
    """What the stories above need; where it fails they prove nothing."""
    done = subprocess.run(["unshare", "--net", "true"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert Path("/proc/self/ns/net").exists()
