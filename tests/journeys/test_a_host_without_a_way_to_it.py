"""The story: a way that is missing here changes nothing for the client; one that is missing there is a fault."""

from datetime import timedelta

import pytest

from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.state import State, step
from tests.conftest import MONDAY
from tests.engine.probes.apart import attempted_again

pytestmark = pytest.mark.real

HOST = "198.51.100.1"
STORY = (
    ("our own route is lost", "ip route del default", Level.INCONCLUSIVE),
    ("and found again", "ip route add default via 192.0.2.2", Level.OK),
    ("the router loses the host", f"there: ip address del {HOST}/32 dev lo", Level.CRITICAL),
    ("and has it back", f"there: ip address add {HOST}/32 dev lo", Level.OK),
    ("the wire is cut on our side", "ip link set here down", Level.INCONCLUSIVE),
)


def test_a_way_that_is_missing_here_changes_nothing_and_one_that_is_missing_there_is_a_fault():
    seen = attempted_again(
        "icmp",
        HOST,
        beyond=[f"ip address add {HOST}/32 dev lo"],
        between=[line for _, line, _ in STORY],
        timeout_s=0.5,
    )
    assert [one["level"] for one in seen] == [Level.OK, *(level for _, _, level in STORY)]

    state, turns = State(Level.STALE, MONDAY), []
    for minute, one in enumerate(seen):
        at = MONDAY + timedelta(minutes=minute)
        state, turn = step(state, Level(one["level"]), at=at, attempts=1, recoveries=1)
        turns += [(turn.before, turn.after)] if turn else []
    assert turns == [
        (Level.STALE, Level.OK),
        (Level.OK, Level.CRITICAL),
        (Level.CRITICAL, Level.OK),
    ]
