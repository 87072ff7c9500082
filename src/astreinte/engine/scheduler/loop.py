"""The scheduler: a wheel of due instants, a tick, two lanes. Time is monotonic; nothing is made up for."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from astreinte.engine.bus.ports import Assign, Assignment, Result
from astreinte.engine.scheduler import pace
from astreinte.engine.scheduler.lateness import BEAT_S, TOO_LATE_S, Lateness
from astreinte.engine.scheduler.places import AT_ONCE, QUICK_PLACES, SLOW_PLACES, Gate, Target, need_of
from astreinte.engine.wheel import Wheel
from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.state import State, settled, step

STALLED_MS = 1000
"""An attempt that could not start within this time is a gap: else a stop of the process ends in a burst."""

CLOCK_MOVED_S = 15.0
SLOW_S = 1.0
"""An attempt that took longer goes to the slow lane next time, where it takes no place from the others."""

log = structlog.get_logger("astreinte.scheduler")

Attempt = Callable[[], Awaitable[Outcome]]
Prepare = Callable[[Assignment], Attempt]


@dataclass(eq=False, slots=True)
class _Planned:
    """A check as the scheduler sees it. `state` only paces it: the level is judged by who records.

    `turn` names the one entry of the wheel that counts: an entry that was replaced stays there until its time.
    """

    assignment: Assignment
    attempt: Attempt
    phase: int
    state: State
    lane: Gate[_Planned]
    target: Target[_Planned]
    due_ms: int = 0
    turn: int = -1
    slot: int = 0
    ended: bool = False


class Scheduler:
    """Attempts each assigned check when it is due, and hands each result to `put`.

    `prepare` makes the attempt of an assignment, once; it never raises. `wall` tells the instant, in UTC.
    One attempt of a check runs at a time, at most `at_once` at a target (see `places.Target`), and at most
    `quick_places` and `slow_places` in all: that is the ceiling of open sockets. Who waits at a target takes no
    place from the others. A check that changes keeps its pace; what was under way for the old one is dropped.
    """

    def __init__(
        self,
        prepare: Prepare,
        put: Callable[[Result], None],
        *,
        wall: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        quick_places: int = QUICK_PLACES,
        slow_places: int = SLOW_PLACES,
        at_once: int = AT_ONCE,
    ) -> None:
        self._prepare, self._put = prepare, put
        self._monotonic, self._wall = monotonic, wall
        self._lateness = Lateness(monotonic)
        self._quick: Gate[_Planned] = Gate(quick_places)
        self._slow: Gate[_Planned] = Gate(slow_places)
        self._at_once = at_once
        self._targets: dict[str, Target[_Planned]] = {}
        self._planned: dict[str, _Planned] = {}
        self._wheel: Wheel[tuple[int, _Planned]] = Wheel(1000 * BEAT_S)
        self._order = itertools.count()
        self._under_way: dict[_Planned, asyncio.Task[None]] = {}
        self._stopping = False
        self.missed = 0
        """Due instants that passed without an attempt, since the start."""
        self._anchor()

    def apply(self, assign: Assign) -> None:
        """Take new, changed and ended checks, without touching the others."""
        wanted = {one.check_id: one for one in assign.checks}
        gone = set(assign.gone)
        if assign.whole:
            gone |= self._planned.keys() - wanted.keys()
        for check_id in gone:
            if (planned := self._planned.pop(check_id, None)) is not None:
                self._end(planned)
        for check_id, assignment in wanted.items():
            before = self._planned.get(check_id)
            if before is None or before.assignment != assignment:
                self._plan(assignment, before)

    async def run(self) -> None:
        """Tick until `stop`."""
        while not self._stopping:
            self.tick()
            await asyncio.sleep(BEAT_S)

    def tick(self) -> None:
        """Start what is due, and note how late this tick is. To be called every `BEAT_S`."""
        self._lateness.beat()
        self._follow_the_clock()
        now = self.now_ms()
        for turn, planned in self._wheel.due(now):
            if planned.ended or planned.turn != turn:
                continue
            if now - planned.due_ms > STALLED_MS:
                self._queue(planned, now)
            else:
                self._admit(planned)

    async def stop(self, *, grace_s: float) -> None:
        """Start nothing more, give what is under way `grace_s` to end, and cancel the rest: a gap each."""
        self._stopping = True
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def now_ms(self) -> int:
        """Return the wall clock as it was at the start, moved on by the monotonic one (ms since 1970)."""
        return self._zero_ms + int(1000 * self._monotonic())

    def _anchor(self) -> None:
        self._zero_ms = int(1000 * (self._wall().timestamp() - self._monotonic()))

    def _follow_the_clock(self) -> None:
        gap_s = self._wall().timestamp() - self.now_ms() / 1000
        if abs(gap_s) <= CLOCK_MOVED_S:
            return
        log.warning("the clock of this machine was moved", by_s=round(gap_s, 1))
        self._anchor()
        now = self.now_ms()
        for gate in (self._quick, self._slow, *self._targets.values()):
            gate.waiting.clear()
        for planned in self._planned.values():
            if planned in self._under_way:
                planned.due_ms, planned.turn = now, -1
            else:
                self._queue_at(planned, pace.after(now, planned.assignment.every_s, planned.phase))

    def _plan(self, assignment: Assignment, before: _Planned | None) -> None:
        phase = pace.phase_ms(assignment.check_id, assignment.every_s)
        planned = _Planned(
            assignment=assignment,
            attempt=self._prepare(assignment),
            phase=phase,
            state=State.new(self._wall()) if before is None else before.state,
            lane=self._quick,
            target=self._target_of(assignment),
            slot=0 if before is None else before.slot,
        )
        if before is not None:
            self._end(before)
        self._planned[assignment.check_id] = planned
        self._queue_at(planned, pace.after(self.now_ms(), assignment.every_s, phase))

    def _target_of(self, one: Assignment) -> Target[_Planned]:
        target = self._targets.setdefault(one.target, Target(self._at_once))
        target.add(need_of(one.options, one.every_s), self._at_once)
        return target

    def _end(self, planned: _Planned) -> None:
        planned.ended = True
        one, target = planned.assignment, planned.target
        target.add(-need_of(one.options, one.every_s), self._at_once)
        if not target.checks:
            self._targets.pop(one.target, None)

    def _queue(self, planned: _Planned, now_ms: int) -> None:
        """Plan the attempt after the one that was due, and count what passed in between."""
        pacing = planned.assignment
        due_ms = pace.next_due(
            planned.due_ms,
            now_ms,
            every_s=pacing.every_s,
            retry_s=pacing.retry_s,
            phase=planned.phase,
            settled=settled(planned.state),
        )
        self.missed += pace.missed(planned.due_ms, due_ms, every_s=pacing.every_s, phase=planned.phase)
        self._queue_at(planned, due_ms)

    def _queue_at(self, planned: _Planned, due_ms: int) -> None:
        planned.due_ms, planned.turn = due_ms, next(self._order)
        self._wheel.add(due_ms, (planned.turn, planned))

    def _admit(self, planned: _Planned) -> None:
        """Start the attempt if there is a place for it, at its target first; else let it wait there."""
        for gate in (planned.target, planned.lane):
            if gate.full:
                gate.waiting.append(planned)
                return
        self._start(planned)

    def _start(self, planned: _Planned) -> None:
        # Never twice the same, even when the clock was set back: a slot that repeats would be taken for
        # a result that comes twice.
        planned.slot = max(planned.due_ms // pace.SECOND_MS, planned.slot + 1)
        planned.lane.taken += 1
        planned.target.taken += 1
        self._under_way[planned] = asyncio.create_task(self._attempt(planned, planned.lane))

    async def _attempt(self, planned: _Planned, lane: Gate[_Planned]) -> None:
        began = self._monotonic()
        try:
            outcome = await planned.attempt()
        finally:
            del self._under_way[planned]
            lane.taken -= 1
            planned.target.taken -= 1
            for gate in (planned.target, lane):
                if gate.waiting:
                    self._let_in(gate)
        if planned.ended:
            return
        took_s = self._monotonic() - began
        planned.lane = self._slow if took_s > SLOW_S else self._quick
        late_s = self._lateness.worst_since(began)
        if late_s > TOO_LATE_S:
            outcome = Outcome(
                Level.INCONCLUSIVE, f"we were {late_s:.1f} s late ourselves; seen: {outcome.text}", {}, took_s
            )
        self._report(planned, outcome)
        self._queue(planned, self.now_ms())

    def _report(self, planned: _Planned, outcome: Outcome) -> None:
        at = self._wall()
        pacing = planned.assignment
        before = planned.state
        goes_on = before.level is Level.OK and settled(before) and outcome.level is Level.OK
        if not goes_on:  # one more OK after others changes nothing of the pace
            planned.state, _ = step(
                before, outcome.level, at=at, attempts=pacing.attempts, recoveries=pacing.recoveries
            )
        self._put(
            Result(
                check_id=pacing.check_id,
                slot=planned.slot,
                at=at,
                level=outcome.level,
                text=outcome.text,
                values=outcome.values,
                took_s=outcome.took_s,
            )
        )

    def _let_in(self, gate: Gate[_Planned]) -> None:
        now = self.now_ms()
        while gate.waiting and not gate.full and not self._stopping:
            planned = gate.waiting.popleft()
            if planned.ended:
                continue
            interval_ms = planned.assignment.every_s * pace.SECOND_MS
            if now - planned.due_ms > interval_ms:
                self._queue(planned, now)
            else:
                self._admit(planned)
