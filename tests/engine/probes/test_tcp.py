"""The kind tcp: an answer of the target, or its silence, blames the target; the rest is ours."""

import asyncio
import contextlib
import errno
import resource
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.probes import connecting, tcp
from astreinte.engine.probes.connecting import OURS, Target, blame
from astreinte.engine.probes.tcp import TcpOptions
from astreinte.rules.checks.outcome import Level
from tests.engine.probes.apart import LOOPBACK, attempted

HERE = Target("localhost", "127.0.0.1")


async def test_a_port_that_listens_is_ok(peers):
    port = await peers.silent()
    outcome = await tcp.probe(HERE, TcpOptions(port=port))
    assert outcome.level is Level.OK
    assert outcome.text.startswith(f"port {port}: connected in ")
    assert 0 < outcome.values["connect_s"] < 5


async def test_a_port_that_listens_over_ipv6_is_ok(peers):
    async def talk(reader, _):
        await reader.read()

    port = await peers.serve(talk, host="::1")
    outcome = await tcp.probe(Target("localhost", "::1"), TcpOptions(port=port))
    assert outcome.level is Level.OK


async def test_a_port_that_refuses_is_critical(peers):
    port = peers.refused()
    outcome = await tcp.probe(HERE, TcpOptions(port=port))
    assert (outcome.level, outcome.text) == (
        Level.CRITICAL,
        f"port {port}: cannot connect: Connection refused",
    )


async def test_a_port_that_is_silent_is_critical_when_its_time_is_over(peers):
    port = peers.full()
    outcome = await tcp.probe(HERE, TcpOptions(port=port, timeout_s=0.2))
    assert (outcome.level, outcome.text) == (Level.CRITICAL, f"port {port}: no answer in 0.2 s")


async def test_our_own_want_of_descriptors_is_inconclusive(peers):
    port = await peers.silent()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, limits[1]))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(socket.socket())
        outcome = await tcp.probe(HERE, TcpOptions(port=port))
    finally:
        for sock in taken:
            sock.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert (outcome.level, outcome.text) == (
        Level.INCONCLUSIVE,
        f"port {port}: cannot connect: Too many open files",
    )


def test_a_socket_that_meets_itself_is_refused():
    # Linux walks through the even half of its range of ports, so that one turn meets every even port.
    low, high = (int(word) for word in Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    port = (low + high) // 2 & ~1

    async def knock():
        for _ in range((high - low) // 2 + 2000):
            with pytest.raises(ConnectionRefusedError):
                await connecting.connect(HERE, port, within_s=5)

    asyncio.run(knock())


@pytest.mark.real
@pytest.mark.parametrize(
    ("network", "level", "text"),
    [
        pytest.param(
            {},
            Level.INCONCLUSIVE,
            "port 80: cannot connect: no route of our own (Network is unreachable)",
            id="no route of our own",
        ),
        pytest.param(
            {"around": [*LOOPBACK, "ip route add unreachable 198.51.100.0/24"]},
            Level.INCONCLUSIVE,
            "port 80: cannot connect: no route of our own (No route to host)",
            id="a route that our own table refuses",
        ),
        pytest.param(
            {"around": [*LOOPBACK, "ip route add blackhole 198.51.100.0/24"]},
            Level.INCONCLUSIVE,
            "port 80: cannot connect: no route of our own (Invalid argument)",
            id="a route that our own table swallows",
        ),
        pytest.param(
            {"beyond": []},
            Level.CRITICAL,
            "port 80: cannot connect: Network is unreachable",
            id="a router has no route to the target",
        ),
        pytest.param(
            {"beyond": ["ip route add unreachable 198.51.100.0/24"]},
            Level.CRITICAL,
            "port 80: cannot connect: No route to host",
            id="a router says that the target is not there",
        ),
        pytest.param(
            {"beyond": ["ip route add blackhole 198.51.100.0/24"]},
            Level.CRITICAL,
            "port 80: no answer in 0.5 s",
            id="packets vanish on the way",
        ),
    ],
)
def test_a_way_that_is_missing_here_is_ours_and_one_that_is_missing_there_the_target_s(network, level, text):
    outcome = attempted("tcp", "198.51.100.1", port=80, timeout_s=0.5, **network)
    assert (outcome["level"], outcome["text"]) == (level, text)


@given(st.sampled_from(sorted(errno.errorcode)))
def test_every_error_is_somebody_s(number):
    level = blame(OSError(number, "x"))
    assert level is (Level.INCONCLUSIVE if number in OURS else Level.CRITICAL)


@pytest.mark.parametrize(
    ("number", "level"),
    [
        (errno.ECONNREFUSED, Level.CRITICAL),
        (errno.ECONNRESET, Level.CRITICAL),
        (errno.EHOSTUNREACH, Level.CRITICAL),
        (errno.ETIMEDOUT, Level.CRITICAL),
        (errno.EMFILE, Level.INCONCLUSIVE),
        (errno.EAGAIN, Level.INCONCLUSIVE),
        (errno.ENOBUFS, Level.INCONCLUSIVE),
        (errno.ENETUNREACH, Level.INCONCLUSIVE),
        (errno.EADDRNOTAVAIL, Level.INCONCLUSIVE),
    ],
)
def test_blame(number, level):
    assert blame(OSError(number, "x")) is level
