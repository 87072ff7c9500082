"""The kind icmp: loss and time as values; what is not our own echo is never an answer."""

import asyncio
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.probes import icmp, pinging
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.icmp import IcmpOptions
from astreinte.engine.probes.pinging import HEADER, Burst, Pinger, checksum
from astreinte.rules.checks.outcome import Level
from tests.engine.probes.apart import ALONE_ON_A_WIRE, LOOPBACK, NOBODY, OTHER_END, attempted

HERE = Target("localhost", "127.0.0.1")
HERE_6 = Target("localhost", "::1")


@pytest.mark.real
@pytest.mark.parametrize("target", [HERE, HERE_6])
async def test_a_machine_that_answers_is_ok_with_its_times(target):
    outcome = await icmp.probe(target, IcmpOptions())
    assert outcome.level is Level.OK
    assert outcome.text.startswith("0 % lost of 3 packets, ")
    assert set(outcome.values) == {"sent", "loss_percent", "rtt_min_s", "rtt_avg_s", "rtt_max_s"}
    assert (outcome.values["sent"], outcome.values["loss_percent"]) == (3, 0)
    assert 0 <= outcome.values["rtt_min_s"] <= outcome.values["rtt_avg_s"] <= outcome.values["rtt_max_s"] < 2


@pytest.mark.real
async def test_bursts_at_the_same_time_share_one_socket_which_closes_with_the_last():
    bursts = [
        asyncio.create_task(icmp.probe(Target("", f"127.0.{turn}.1"), IcmpOptions())) for turn in range(40)
    ]
    await asyncio.sleep(0)
    (lent,) = pinging._OPEN.values()
    assert lent.users == 40
    assert {outcome.level for outcome in await asyncio.gather(*bursts)} == {Level.OK}
    assert not pinging._OPEN
    assert lent.pinger._socket.fileno() == -1


@pytest.mark.real
async def test_a_burst_that_is_given_up_leaves_nothing_behind():
    with pinging.shared(socket.AF_INET) as pinger:
        # What loopback answers at once is not to be read.
        asyncio.get_running_loop().remove_reader(pinger._socket.fileno())
        burst = asyncio.create_task(icmp.probe(HERE, IcmpOptions()))
        await asyncio.sleep(0)
        assert pinger._waiting
        burst.cancel()
        await asyncio.gather(burst, return_exceptions=True)
        assert not pinger._waiting
    assert not pinging._OPEN


@pytest.mark.real
def test_an_ordinary_user_needs_the_right_and_is_told_what_to_type():
    outcome = attempted("icmp", "127.0.0.1", around=LOOPBACK, user=NOBODY)
    assert outcome["level"] == Level.INCONCLUSIVE
    said, _, typed = outcome["text"].partition("type: ")
    assert said == "no right to send echo requests; as root, "
    for host in ("127.0.0.1", "::1"):
        outcome = attempted("icmp", host, around=[*LOOPBACK, typed], user=NOBODY)
        assert outcome["level"] == Level.OK


@pytest.mark.real
@pytest.mark.parametrize(
    ("around", "host", "level", "text"),
    [
        pytest.param(
            LOOPBACK,
            "198.51.100.1",
            Level.INCONCLUSIVE,
            "cannot send: no route of our own (Network is unreachable)",
            id="no route at all",
        ),
        pytest.param(
            [*ALONE_ON_A_WIRE, "ip route add unreachable 198.51.100.0/24"],
            "198.51.100.1",
            Level.INCONCLUSIVE,
            "cannot send: no route of our own (No route to host)",
            id="a route that our own table refuses",
        ),
        pytest.param(
            ALONE_ON_A_WIRE,
            "192.0.2.7",
            Level.CRITICAL,
            "no answer to 3 packets in 0.5 s",
            id="a machine that is not on the wire",
        ),
        pytest.param(
            ALONE_ON_A_WIRE,
            "2001:db8::7",
            Level.CRITICAL,
            "no answer to 3 packets in 0.5 s",
            id="a machine that is not on the wire, over IPv6",
        ),
    ],
)
def test_a_way_that_is_missing_here_is_ours_and_silence_the_target_s(around, host, level, text):
    outcome = attempted("icmp", host, around=around, timeout_s=0.5)
    assert (outcome["level"], outcome["text"]) == (level, text)


@pytest.mark.real
def test_packets_that_are_lost_are_counted():
    # Linux can be told to be sparing with its answers: six at once, then one a second.
    sparing = ["echo 1 > /proc/sys/net/ipv4/icmp_ratemask", "echo 1000 > /proc/sys/net/ipv4/icmp_ratelimit"]
    outcome = attempted("icmp", OTHER_END, beyond=sparing, packets=20)
    assert outcome["level"] == Level.WARNING
    assert outcome["values"]["sent"] == 20
    assert 50 <= outcome["values"]["loss_percent"] <= 75


@pytest.mark.real
@pytest.mark.parametrize(
    ("rights", "text"),
    [
        ("sysctl -w net.ipv4.ping_group_range='0 2147483647'", "Resource temporarily unavailable"),
        ("sysctl -w net.ipv4.ping_group_range='1 0'", "No buffer space available"),
    ],
    ids=["unprivileged", "raw"],
)
def test_requests_that_our_own_buffer_does_not_take_blame_nobody(rights, text):
    # They wait for a neighbour that does not answer; the kernel gives no less than 4.5 KiB, room for six.
    around = [*ALONE_ON_A_WIRE, rights]
    outcome = attempted("icmp", "192.0.2.7", around=around, send_buffer=1, packets=20)
    assert (outcome["level"], outcome["text"]) == (Level.INCONCLUSIVE, f"cannot send: {text}")


@pytest.mark.real
async def test_the_buffer_of_the_requests_is_as_large_as_that_of_the_answers():
    with pinging.shared(socket.AF_INET) as pinger, socket.socket(type=socket.SOCK_DGRAM) as usual:
        ours, theirs = (
            one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) for one in (pinger._socket, usual)
        )
    assert ours > theirs


def over(rtts, *, packets=3, nonsense=(), **options):
    """Return what a burst is judged to be that is over."""
    burst = Burst("192.0.2.1", packets, asyncio.get_running_loop().create_future())
    burst.rtts, burst.nonsense = list(rtts), list(nonsense)
    return icmp.judge(burst, IcmpOptions(packets=packets, **options))


@pytest.mark.parametrize(
    ("rtts", "options", "level", "text"),
    [
        ([0.01] * 3, {}, Level.OK, "0 % lost of 3 packets, 10.0 / 10.0 / 10.0 ms"),
        ([0.01, 0.03], {}, Level.OK, "33 % lost of 3 packets, 10.0 / 20.0 / 30.0 ms"),
        ([0.01], {}, Level.WARNING, "67 % lost of 3 packets, 10.0 / 10.0 / 10.0 ms"),
        ([], {}, Level.CRITICAL, "no answer to 3 packets in 2 s"),
        (
            [0.01, 0.01],
            {"critical_loss_percent": 33, "warning_loss_percent": 1},
            Level.CRITICAL,
            "33 % lost ",
        ),
        ([0.2] * 3, {"warning_rtt_s": 0.1}, Level.WARNING, "0 % lost "),
        ([0.2] * 3, {"warning_rtt_s": 0.1, "critical_rtt_s": 0.15}, Level.CRITICAL, "0 % lost "),
        ([0.1] * 3, {"warning_rtt_s": 0.2}, Level.OK, "0 % lost "),
    ],
)
async def test_loss_and_time_are_judged_by_their_limits(rtts, options, level, text):
    outcome = over(rtts, **options)
    assert outcome.level is level
    assert outcome.text.startswith(text)


async def test_an_answer_that_does_not_repeat_what_was_sent_is_unknown_and_quoted():
    outcome = over([0.01, 0.01], nonsense=[b"\x00\x00hello"])
    assert (outcome.level, outcome.text) == (
        Level.UNKNOWN,
        "not what was sent came back: '\\x00\\x00hello'",
    )


class TestWhatComesBack:
    """Packets by hand, to a pinger that has sent one request."""

    @pytest.fixture(params=[socket.AF_INET, socket.AF_INET6])
    async def sent(self, request):
        pinger = Pinger(request.param)
        address = "127.0.0.1" if request.param == socket.AF_INET else "::1"
        burst = Burst(address, 1, asyncio.get_running_loop().create_future())
        pinger.send(burst)
        yield pinger, burst
        pinger._socket.close()

    def reply(self, pinger, burst, **other):
        v6 = ":" in burst.address
        said = {"kind": 129 if v6 else 0, "sequence": pinger._sequence, "identifier": pinger._identifier}
        said |= other
        payload = said.get("payload", burst.payload)
        message = HEADER.pack(said["kind"], 0, 0, said["identifier"], said["sequence"]) + payload
        return message if v6 or not pinger.raw else b"\x45" + bytes(19) + message

    @pytest.mark.real
    async def test_our_echo_counts_once(self, sent):
        pinger, burst = sent
        sent_at = pinger._waiting[pinger._sequence][1]
        for _ in range(2):
            pinger.take(self.reply(pinger, burst), burst.address, sent_at + 0.25)
        assert burst.rtts == [pytest.approx(0.25)]
        assert burst.complete.done()

    @pytest.mark.real
    @pytest.mark.parametrize(
        "other", [{"kind": 8}, {"kind": 3}, {"sequence": 0}, {"payload": b"", "source": "192.0.2.9"}]
    )
    async def test_another_s_packet_is_passed_over(self, sent, other):
        pinger, burst = sent
        if other.get("sequence") == 0:
            other = {"sequence": (pinger._sequence + 7) & 0xFFFF}
        source = other.get("source", burst.address)
        pinger.take(self.reply(pinger, burst, **other), source, 0.0)
        assert not burst.rtts
        assert not burst.nonsense
        assert not burst.complete.done()

    @pytest.mark.real
    async def test_a_changed_echo_is_nonsense(self, sent):
        pinger, burst = sent
        pinger.take(self.reply(pinger, burst, payload=burst.payload[:-1] + b"x"), burst.address, 0.0)
        assert len(burst.nonsense) == 1
        assert burst.complete.done()


@pytest.mark.real
@given(st.binary(max_size=120), st.booleans(), st.sampled_from([socket.AF_INET, socket.AF_INET6]))
def test_whatever_packet_comes_no_answer_is_made_of_it(packet, raw, family):
    async def take():
        pinger = Pinger(family)
        pinger.raw = raw
        try:
            address = "127.0.0.1" if family == socket.AF_INET else "::1"
            burst = Burst(address, 1, asyncio.get_running_loop().create_future())
            pinger.send(burst)
            head = struct.pack(
                "!BBHHH", 0 if family == socket.AF_INET else 129, 0, 0, pinger._identifier, pinger._sequence
            )
            for whole in (packet, head + packet, b"\x45" + bytes(19) + head + packet):
                pinger.take(whole, address, 0.0)
            assert not burst.rtts
        finally:
            pinger._socket.close()

    asyncio.run(take())


@given(st.binary(min_size=2, max_size=80).filter(lambda raw: len(raw) % 2 == 0))
def test_a_message_with_its_checksum_sums_to_nothing(raw):
    assert checksum(raw + struct.pack("!H", checksum(raw))) == 0
