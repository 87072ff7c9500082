"""A thread that does one thing again and again, and outlives the errors of a round."""

import threading
from datetime import datetime

from astreinte.loops.turn import turning

SOON_S = 10


def test_a_round_that_fails_is_tried_again() -> None:
    stopping, twice = threading.Event(), threading.Event()
    seen: list[datetime] = []

    def step(now: datetime) -> int:
        seen.append(now)
        if len(seen) == 1:
            raise OSError("disk full")
        twice.set()
        return 0

    thread = threading.Thread(target=turning("story", step, every_s=0.001), args=(stopping,))
    thread.start()
    assert twice.wait(SOON_S)
    stopping.set()
    thread.join(SOON_S)
    assert not thread.is_alive()


def test_a_step_that_did_something_is_called_again_at_once() -> None:
    stopping, empty = threading.Event(), threading.Event()
    left = [3]

    def step(now: datetime) -> int:
        if not left[0]:
            empty.set()
            return 0
        left[0] -= 1
        return 1

    thread = threading.Thread(target=turning("story", step, every_s=3600), args=(stopping,))
    thread.start()
    assert empty.wait(SOON_S)
    stopping.set()
    thread.join(SOON_S)
    assert not thread.is_alive()
