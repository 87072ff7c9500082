"""What the watch sees of the very machine it runs on, as a whole."""

import asyncio
import os
import socket
import time

import pytest

from astreinte.engine.collect import timekeeping
from astreinte.engine.collect.timekeeping import Discipline
from astreinte.engine.probes import local
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.local import BootOptions, Clock, ClockOptions, Load, LoadOptions
from astreinte.rules.checks.outcome import Level
from tests.engine.collect.timeserver import answer

HERE = Target("localhost")


async def test_the_load_of_this_machine_is_measured_and_judged_only_on_request(monkeypatch):
    outcome = await Load(3)(HERE, LoadOptions())
    assert outcome.level is Level.OK
    assert outcome.values["cpus"] == os.cpu_count()
    assert set(outcome.values) == {"load_1min", "load_5min", "load_15min", "cpus"}
    monkeypatch.setattr(local, "kernel_file", lambda name: "0.00 900.00 0.00 1/9 1\n")
    assert (await Load(3)(HERE, LoadOptions(warning_per_cpu=1))).level is Level.WARNING


@pytest.mark.parametrize(("up_s", "level"), [("599.99", Level.WARNING), ("600.00", Level.OK)])
async def test_a_machine_that_started_a_short_while_ago_is_told_with_its_boot(monkeypatch, up_s, level):
    said = {"uptime": f"{up_s} 12.00\n", "sys/kernel/random/boot_id": "77e59ada-7e83\n"}
    monkeypatch.setattr(local, "kernel_file", said.__getitem__)
    outcome = await local.probe_boot(HERE, BootOptions())
    assert (outcome.level, outcome.values["uptime_s"]) == (level, float(up_s))
    assert outcome.text.endswith("(boot 77e59ada-7e83)")


async def test_the_kernel_of_this_machine_says_whether_its_clock_is_kept():
    outcome = await Clock(3)(HERE, ClockOptions())
    if timekeeping.of_the_kernel().kept:
        assert abs(outcome.values["offset_s"]) < 1
    else:
        assert (outcome.level, outcome.text[:12]) == (Level.WARNING, "nothing keep")


@pytest.mark.parametrize(
    ("found", "level", "text"),
    [
        (
            Discipline(kept=True, offset_s=0.002, error_s=0.03),
            Level.OK,
            "kept, 0.002 s to make up, off by 0.03 s at most",
        ),
        (Discipline(kept=True, offset_s=1.5, error_s=2.0), Level.WARNING, "the clock is 1.5 s behind"),
        (
            Discipline(kept=False, offset_s=0.0, error_s=16.0),
            Level.WARNING,
            "nothing keeps this clock right: run chrony",
        ),
    ],
)
async def test_without_a_server_the_clock_is_what_its_keeper_believes(monkeypatch, found, level, text):
    monkeypatch.setattr(timekeeping, "of_the_kernel", lambda: found)
    outcome = await Clock(3)(HERE, ClockOptions())
    assert outcome.level is level
    assert outcome.text.startswith(text)


@pytest.fixture
async def time_server():
    """A time server on loopback whose clock is `ahead_s` seconds ahead of ours."""

    class Server(asyncio.DatagramProtocol):
        ahead_s, stratum = 0.0, 2

        def connection_made(self, transport):
            self.transport = transport
            self.port = transport.get_extra_info("sockname")[1]

        def datagram_received(self, data, address):
            self.transport.sendto(
                answer(data, time.time_ns() / 1e9 + self.ahead_s, stratum=self.stratum), address
            )

    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
    yield server
    transport.close()


@pytest.mark.parametrize(
    ("ahead_s", "level", "text"),
    [
        (0.0, Level.OK, " s from 127.0.0.1"),
        (5.0, Level.WARNING, " s behind"),
        (-500.0, Level.CRITICAL, "the clock is 500 s ahead"),
    ],
)
async def test_a_time_server_tells_how_far_the_clock_is_off(time_server, ahead_s, level, text):
    time_server.ahead_s = ahead_s
    outcome = await Clock(3)(HERE, ClockOptions(server="127.0.0.1", port=time_server.port))
    assert (outcome.level, outcome.text.endswith(text)) == (level, True), outcome.text
    assert outcome.values["offset_s"] == pytest.approx(-ahead_s, abs=0.5)


async def test_a_time_server_that_refuses_is_silent_or_absent_says_nothing_of_the_clock(time_server):
    time_server.stratum = 0
    refused = await Clock(3)(HERE, ClockOptions(server="127.0.0.1", port=time_server.port))
    assert refused.level is Level.INCONCLUSIVE
    assert refused.text.endswith("the time server refuses: RATE")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        options = ClockOptions(server="127.0.0.1", port=mute.getsockname()[1], timeout_s=0.05)
        silent = await Clock(3)(HERE, options)
    absent = await Clock(3)(HERE, options)
    assert (silent.level, absent.level) == (Level.INCONCLUSIVE, Level.INCONCLUSIVE)
    assert (silent.text, absent.text.endswith("refused")) == (
        "the time server 127.0.0.1 gave no answer in 0.05 s",
        True,
    )


@pytest.mark.parametrize("look", [Load(3), local.probe_boot], ids=["load", "boot"])
async def test_a_kernel_that_tells_nothing_is_our_fault(look, monkeypatch):
    monkeypatch.setattr(local, "kernel_file", lambda name: "nonsense")
    options = BootOptions() if look is local.probe_boot else LoadOptions()
    assert (await look(HERE, options)).level is Level.INCONCLUSIVE
