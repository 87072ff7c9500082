"""docs/operate/mail.md says what the code does."""

import re
from datetime import timedelta
from pathlib import Path

from astreinte.records.notices import sending
from astreinte.records.notices.models import ATTEMPTS, State

PAGE = " ".join((Path(__file__).parents[3] / "docs/operate/mail.md").read_text(encoding="utf-8").split())


def test_the_page_explains_each_state() -> None:
    assert set(re.findall(r"\| `(\w+)` \|", PAGE)) == set(State.values)


def test_the_page_names_the_waits_and_when_a_notice_is_given_up() -> None:
    waits = [sending.wait_after(sent) for sent in range(1, ATTEMPTS)]
    assert waits[:5] == [timedelta(seconds=30 * 2**turn) for turn in range(5)]
    assert set(waits[5:]) == {timedelta(minutes=15)}
    assert "after 30 s, 1 min, 2 min, 4 min, 8 min, then each 15 min" in PAGE
    total = sum(waits, timedelta())
    assert timedelta(hours=2, minutes=15) < total <= timedelta(hours=2, minutes=35)
    assert f"after {ATTEMPTS} sendings, which is 2 h 30 min" in PAGE
