"""The chart of a ticket's story: what is written on it can be read where lines pass."""

from datetime import timedelta

from astreinte.doors import drawing
from astreinte.doors.drawing import Lane, Mark
from tests.builders import paris


def test_the_lines_of_the_deadline_and_of_now_lie_under_the_words_of_the_lanes():
    start = paris("2026-11-23T11:00")
    due, now = start + timedelta(minutes=50), start + timedelta(minutes=20)
    lanes = [Lane("Reçu", marks=(Mark(now - timedelta(minutes=1), "interface web"),))]
    said = drawing.story(
        lanes, [], start=start, end=start + timedelta(hours=1), now=now, due=due, title="Récit"
    )
    words = said.index("interface web")
    assert said.index('class="c-due"') < words
    assert said.index('class="c-now"') < words
