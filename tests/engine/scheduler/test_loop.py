"""The scheduler, its clock moved by hand: slots, gaps, diffs, lanes, and our own lateness."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from astreinte.engine.bus.ports import Assign, Assignment, Result
from astreinte.engine.scheduler import pace
from astreinte.engine.scheduler.loop import Scheduler
from astreinte.rules.checks.outcome import Level, Outcome

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OK = Outcome(Level.OK, "fine")
BAD = Outcome(Level.CRITICAL, "refused")


class World:
    """A scheduler, a clock that the test moves, and attempts that answer what the test says."""

    def __init__(self, **places):
        self.elapsed_s = 0.0
        self.set_forward_s = 0.0
        self.answers, self.holding, self.started = {}, {}, []
        self.results: list[Result] = []
        self.lasting_s = {}
        self.moved = asyncio.Event()
        self.scheduler = Scheduler(
            self.prepare,
            self.results.append,
            wall=lambda: NOON + timedelta(seconds=self.elapsed_s + self.set_forward_s),
            monotonic=lambda: 5000 + self.elapsed_s,
            **places,
        )

    def prepare(self, assignment):
        async def attempt():
            self.started.append((assignment.check_id, round(self.elapsed_s, 2)))
            if assignment.check_id in self.holding:
                await self.holding[assignment.check_id].wait()
            ends_s = self.elapsed_s + self.lasting_s.get(assignment.check_id, 0)
            while self.elapsed_s < ends_s:
                await self.moved.wait()
            return self.answers.get(assignment.check_id, OK)

        return attempt

    async def advance(self, seconds):
        for _ in range(round(seconds / 0.02)):
            self.elapsed_s += 0.02
            self.moved.set()
            self.moved = asyncio.Event()
            self.scheduler.tick()
            for _ in range(4):
                await asyncio.sleep(0)

    async def stall(self, seconds):
        """The process gets no time for so long, as when it is stopped."""
        self.elapsed_s += seconds
        self.scheduler.tick()
        await asyncio.sleep(0)

    def assign(self, *checks, **how):
        self.scheduler.apply(Assign(tuple(checks), **how))

    def slots(self, check_id="web"):
        return [one.slot for one in self.results if one.check_id == check_id]

    def levels(self, check_id="web"):
        return [one.level.value for one in self.results if one.check_id == check_id]


WEB = Assignment("web", "http", "host")


def steps(numbers):
    return [later - sooner for sooner, later in itertools.pairwise(numbers)]


@pytest.fixture
async def world():
    world = World()
    yield world
    await world.scheduler.stop(grace_s=0)


async def test_a_settled_check_is_attempted_once_in_each_interval_at_its_phase(world):
    world.assign(WEB)
    await world.advance(100)
    assert world.levels() == ["ok"] * len(world.levels())
    assert steps(world.slots())[:2] == [5, 10], "the second comes soon, to make the first sure"
    assert set(steps(world.slots())[2:]) == {15}
    due_ms = [slot * 1000 + pace.phase_ms("web", 15) % 1000 for slot in world.slots()]
    assert {ms % 15_000 for ms in (due_ms[0], *due_ms[2:])} == {pace.phase_ms("web", 15)}
    assert world.scheduler.missed == 0


async def test_a_result_says_when_it_was_due_and_when_it_was_known(world):
    world.assign(WEB)
    await world.advance(20)
    first = world.results[0]
    known = first.at.timestamp()
    assert first.slot <= known < first.slot + 2
    assert (first.level, first.text) == (Level.OK, "fine")


async def test_a_failure_is_tried_again_soon_until_it_is_sure(world):
    world.assign(WEB)
    await world.advance(40)
    world.answers["web"] = BAD
    before = len(world.results)
    await world.advance(40)
    levels, times = world.levels()[before:], world.slots()[before:]
    assert levels[:3] == ["critical"] * 3
    assert steps(times[:3]) == [5, 5]
    assert times[2] - times[0] + 15 <= 30, "a dead service is sure within 30 s of its death"
    assert steps(times[3:]) == [15] * (len(times) - 4)


async def test_one_attempt_of_a_check_runs_at_a_time_and_what_passes_is_a_gap(world):
    world.holding["web"] = asyncio.Event()
    world.assign(WEB)
    await world.advance(50)
    assert len(world.started) == 1
    world.holding.pop("web").set()
    await world.advance(20)
    assert len(world.started) >= 2
    assert world.scheduler.missed >= 2
    assert len(set(world.slots())) == len(world.slots())


async def test_a_change_is_applied_without_touching_the_others(world):
    other = Assignment("other", "tcp", "host")
    world.assign(WEB, other)
    await world.advance(40)
    before = len(world.slots("other"))
    world.assign(Assignment("web", "http", "host", every_s=60), whole=False)
    await world.advance(120)
    assert set(steps(world.slots("other")[before - 1 :])) == {15}
    assert steps(world.slots())[-1] == 60
    world.assign(gone=("web",), whole=False)
    seen = len(world.slots())
    await world.advance(120)
    assert len(world.slots()) == seen
    assert set(steps(world.slots("other")[before - 1 :])) == {15}


async def test_the_whole_set_ends_what_is_not_in_it_and_leaves_what_is_the_same(world):
    other = Assignment("other", "tcp", "host")
    world.assign(WEB, other)
    await world.advance(40)
    world.assign(WEB)
    others = len(world.slots("other"))
    await world.advance(60)
    assert len(world.slots("other")) == others
    assert set(steps(world.slots())[2:]) == {15}


async def test_what_was_under_way_for_an_old_definition_is_dropped(world):
    world.holding["web"] = held = asyncio.Event()
    world.assign(WEB)
    await world.advance(16)
    assert len(world.started) == 1
    world.answers["web"] = BAD
    del world.holding["web"]
    world.assign(Assignment("web", "http", "elsewhere"))
    held.set()
    await world.advance(0.2)
    assert world.results == []


async def test_a_stop_of_the_process_is_a_gap_and_not_a_burst(world):
    checks = [Assignment(str(number), "tcp", "host") for number in range(60)]
    world.assign(*checks)
    await world.advance(40)
    started = len(world.started)
    await world.stall(600)
    await world.advance(0.5)
    assert len(world.started) - started <= 20
    await world.advance(15)
    assert {one.check_id for one in world.results[-60:]} == {one.check_id for one in checks}
    assert world.scheduler.missed >= 60 * 39


async def test_a_result_measured_while_we_were_late_ourselves_is_inconclusive(world):
    world.holding["web"] = held = asyncio.Event()
    world.answers["web"] = BAD
    world.assign(WEB)
    await world.advance(16)
    await world.stall(0.5)
    held.set()
    await world.advance(1)
    result = world.results[0]
    assert result.level is Level.INCONCLUSIVE
    assert result.text == "we were 0.5 s late ourselves; seen: refused"
    assert result.values == {}


async def test_a_stall_that_is_over_harms_no_later_result(world):
    world.assign(WEB)
    await world.stall(0.5)
    await world.advance(40)
    assert set(world.levels()) == {"ok"}


async def test_no_more_attempts_run_than_there_are_places(world):
    world = World(quick_places=2, slow_places=1)
    checks = [Assignment(str(number), "tcp", "host", every_s=2) for number in range(10)]
    world.holding = {one.check_id: asyncio.Event() for one in checks}
    world.assign(*checks)
    await world.advance(1.98)
    assert len(world.started) == 2
    for held in world.holding.values():
        held.set()
    await world.advance(4)
    assert {check_id for check_id, _ in world.started} == {one.check_id for one in checks}
    await world.scheduler.stop(grace_s=0)


async def test_a_target_is_asked_few_questions_at_once_in_the_order_of_their_coming():
    world = World(at_once=2)
    checks = [Assignment(f"{place}", "tcp", "busy", {"timeout_s": 1}, every_s=60) for place in range(6)]
    world.holding = {one.check_id: asyncio.Event() for one in checks}
    world.assign(*checks, Assignment("web", "tcp", "other", every_s=4, retry_s=4))
    await world.advance(60)
    first = [check_id for check_id, _ in world.started if check_id != "web"]
    assert len(first) == 2
    assert len(world.slots()) >= 14, "whoever waits at a target takes no place from the others"
    for held in world.holding.values():
        held.set()
    await world.advance(0.1)
    later = [check_id for check_id, _ in world.started if check_id != "web"]
    due = sorted(
        checks, key=lambda one: pace.after(world.scheduler.now_ms(), 60, pace.phase_ms(one.check_id, 60))
    )
    assert later[:6] == [one.check_id for one in due]
    await world.scheduler.stop(grace_s=0)


async def test_forty_checks_of_one_dead_address_are_all_attempted_within_their_interval():
    world = World()
    checks = [Assignment(f"{place}", "tcp", "dead") for place in range(40)]
    world.lasting_s = {one.check_id: 5.0 for one in checks}
    world.answers = {one.check_id: BAD for one in checks}
    world.assign(*checks)
    await world.advance(90)
    for one in checks:
        assert max(steps(world.slots(one.check_id))) <= 2 * 15, "none is stale for want of a place"
    world.lasting_s.clear()
    await world.scheduler.stop(grace_s=0)


async def test_a_check_that_ends_gives_back_what_its_target_was_granted():
    world = World(at_once=1)
    many = [Assignment(f"{place}", "tcp", "busy", every_s=5, retry_s=5) for place in range(4)]
    world.assign(*many)
    world.assign(gone=("1", "2", "3"), whole=False)
    world.assign(Assignment("new", "tcp", "busy", {"timeout_s": 1}, every_s=60, retry_s=60), whole=False)
    world.assign(gone=("0",), whole=False)
    world.assign(Assignment("newer", "tcp", "busy", {"timeout_s": 1}, every_s=60, retry_s=60), whole=False)
    world.holding = {name: asyncio.Event() for name in ("new", "newer")}
    await world.advance(60)
    assert len(world.started) == 1
    await world.scheduler.stop(grace_s=0)


async def test_targets_that_are_slow_take_no_place_from_the_others():
    world = World(quick_places=2, slow_places=2)
    dead = [Assignment(f"dead{number}", "tcp", "host", every_s=4, retry_s=4) for number in range(8)]
    world.lasting_s = {one.check_id: 2.0 for one in dead}
    world.assign(*dead, Assignment("web", "tcp", "host", every_s=4, retry_s=4))
    await world.advance(20)
    before, missed = len(world.slots()), world.scheduler.missed
    await world.advance(40)
    assert set(steps(world.slots()[before - 1 :])) == {4}
    assert world.scheduler.missed > missed, "the slow ones wait for one another"
    world.lasting_s.clear()
    await world.scheduler.stop(grace_s=0)


@pytest.mark.parametrize("by_s", [7200, -7200, -30])
async def test_when_the_clock_of_the_machine_is_moved_checks_go_on_and_slots_never_repeat(world, by_s):
    world.assign(WEB)
    await world.advance(60)
    before = len(world.slots())
    world.set_forward_s = by_s
    await world.advance(60)
    assert 3 <= len(world.slots()) - before <= 5
    assert len(set(world.slots())) == len(world.slots())
    last = world.results[-1]
    assert abs(last.at - NOON - timedelta(seconds=by_s)) < timedelta(minutes=5)
    assert by_s < 0 or abs(last.at.timestamp() - last.slot) < 5, "slots follow the clock of the machine"


async def test_a_clock_that_is_moved_while_an_attempt_runs_neither_stops_nor_doubles_the_check(world):
    world.holding["web"] = held = asyncio.Event()
    world.assign(WEB)
    await world.advance(16)
    world.set_forward_s = -7200
    await world.advance(20)
    assert len(world.started) == 1
    held.set()
    await world.advance(40)
    assert 3 <= len(world.results) <= 5


async def test_a_stop_lets_what_is_under_way_end_and_cancels_the_rest():
    world = World()
    other = Assignment("other", "tcp", "host")
    world.holding = {"web": asyncio.Event(), "other": asyncio.Event()}
    world.assign(WEB, other)
    await world.advance(16)
    stopping = asyncio.create_task(world.scheduler.stop(grace_s=0.2))
    await asyncio.sleep(0)
    world.holding["other"].set()
    await stopping
    await world.scheduler.run()
    assert [one.check_id for one in world.results] == ["other"]
    assert len(world.started) == 2
