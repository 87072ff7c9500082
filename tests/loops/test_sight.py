"""One alert about us when we see nothing, one word when we see again, and no incident for any client."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from astreinte.engine.bus.ports import Assignment, Result
from astreinte.loops.sight import Sight
from astreinte.records.journal.models import Entry
from astreinte.records.notices.models import Notice
from astreinte.rules.checks.outcome import Level
from tests import builders
from tests.records.monitoring.watching import INCONCLUSIVE, NOON, OK

pytestmark = pytest.mark.django_db

WORDS = "port 80: cannot connect: Too many open files"


class World:
    """A sight, a clock that the test moves, and a house whose staff is told."""

    def __init__(self, every_s: int = 15) -> None:
        self.elapsed_s = 0.0
        self.house = builders.a_house()
        self.checks = [Assignment(str(place), "tcp", "host", every_s=every_s) for place in range(4)]
        self.sight = self.another()

    def another(self) -> Sight:
        """A sight as it is after a start of the hub."""
        sight = Sight(lambda: self.elapsed_s)
        sight.expect(self.checks)
        return sight

    def go_on(self, seconds: float, levels: Iterable[Level] = ()) -> None:
        """Let time pass, with a look each 5 s; results come with each."""
        for _ in range(round(seconds / 5)):
            self.elapsed_s += 5
            at = NOON + timedelta(seconds=self.elapsed_s)
            came = [
                Result(str(place), int(at.timestamp()), at, level, WORDS if level is INCONCLUSIVE else "fine")
                for place, level in enumerate(levels)
            ]
            if came:
                self.sight.note(came)
            self.sight.look(at)
        builders.time_passes()

    def facts(self) -> list[str]:
        return list(
            Entry.objects.filter(kind__startswith="monitoring.").order_by("id").values_list("kind", flat=True)
        )

    def letters(self) -> list[tuple[str, str]]:
        return list(Notice.objects.order_by("pk").values_list("person__name", "body"))


@pytest.fixture
def world() -> World:
    return World()


def test_one_alert_when_most_checks_fail_on_our_side_and_one_word_when_it_is_over(world: World) -> None:
    world.go_on(60, [OK] * 4)
    world.go_on(120, [INCONCLUSIVE] * 3 + [OK])
    assert world.facts() == ["monitoring.WatchBlinded"]
    told = world.letters()
    assert sorted(name for name, _ in told) == sorted({world.house.ada.name, world.house.hugo.name})
    assert "3 contrôles sur 4" in told[0][1]
    assert "plus de descripteurs de fichiers" in told[0][1]
    world.go_on(120, [OK] * 4)
    assert world.facts() == ["monitoring.WatchBlinded", "monitoring.WatchSighted"]
    assert [name for name, _ in world.letters()[2:]] == [name for name, _ in told]
    assert world.sight.blinded is None


def test_a_watch_from_which_nothing_comes_is_told(world: World) -> None:
    world.go_on(60, [OK] * 4)
    world.go_on(60)
    assert world.facts() == []
    world.go_on(10)
    assert world.facts() == ["monitoring.WatchBlinded"]
    assert "rien ne vient plus de la surveillance" in world.letters()[0][1]


def test_two_checks_that_are_set_up_wrongly_alarm_nobody(world: World) -> None:
    world.go_on(180, [INCONCLUSIVE, INCONCLUSIVE, OK, OK][:3])
    assert world.facts() == []


def test_where_there_is_nothing_to_watch_silence_says_nothing(world: World) -> None:
    world.checks = []
    world.sight = world.another()
    world.go_on(300)
    assert world.facts() == []


def test_checks_at_a_slow_pace_are_waited_for() -> None:
    world = World(every_s=300)
    world.go_on(5, [OK] * 4)
    world.go_on(605)
    assert world.facts() == []
    world.go_on(10)
    assert world.facts() == ["monitoring.WatchBlinded"]


def test_a_hub_that_was_stopped_itself_does_not_blame_the_watch(world: World) -> None:
    world.go_on(60, [OK] * 4)
    world.elapsed_s += 600
    world.go_on(30)
    assert world.facts() == []


def test_after_a_start_of_the_hub_nobody_is_told_again_but_the_end_is(world: World) -> None:
    world.go_on(90, [INCONCLUSIVE] * 4)
    world.sight = world.another()
    world.go_on(30, [INCONCLUSIVE] * 4)
    assert world.facts() == ["monitoring.WatchBlinded"]
    world.go_on(90, [OK] * 4)
    assert world.facts() == ["monitoring.WatchBlinded", "monitoring.WatchSighted"]
