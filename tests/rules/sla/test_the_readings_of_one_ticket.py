"""Each honest reading of articles 5 and 6 next to the others, for one ticket (Part 2; docs/rules/readings.md)."""

import pytest

from astreinte.rules.sla import alternatives, clock, terms
from astreinte.rules.sla.alternatives import CHANGES, Judged
from astreinte.rules.sla.clock import Receipt
from astreinte.rules.sla.penalties import Price
from astreinte.words import LANGUAGES, speaking
from astreinte.words import alternatives as words
from tests.rules.sla.reading import bound, paris, shown

SATURDAY = paris("2026-11-28 03:00")
CALLED = (Receipt(SATURDAY, "phone"),)
FEE = Price(500_00, "monthly")


def rows(patch=None, *, priority="critical", received=CALLED, until="2026-11-28 09:30"):
    run = clock.run(bound(patch), priority, received, internal=not patch and received[0].channel == "email")
    assert run is not None
    return {one.name: one for one in alternatives.rows(Judged(run, paris(until), FEE))}


@pytest.mark.parametrize(
    ("reading", "deadline", "minutes", "due"),
    [
        # Called in on Saturday at 3:00, due 7:00, taken up at 9:30: 5 x 500.00 / 140 h x 3 h.
        ("in_force", "2026-11-28 07:00", 150, 53_57),
        ("proportional", "2026-11-28 07:00", 150, 53_57),
        ("separate", "2026-11-28 07:00", 150, 53_57),
        ("business_only", "2026-11-30 11:00", 0, 0),
        ("more_channels", "2026-11-28 07:00", 150, 53_57),
        ("elsewhere", "2026-11-28 07:00", 150, 53_57),
        ("elapsed", "2026-11-28 07:00", 150, 10_42),  # / 720 h
        ("late_elapsed", "2026-11-28 07:00", 150, 53_57),
        ("late_business", "2026-11-28 07:00", 0, 0),
        ("completed", "2026-11-28 07:00", 150, 35_71),
        ("prorata", "2026-11-28 07:00", 150, 44_64),
        ("no_cap", "2026-11-28 07:00", 150, 53_57),
    ],
)
def test_a_reading_is_one_change_of_one_key(reading, deadline, minutes, due):
    found = rows()[reading]
    assert shown(found.deadline) == deadline
    assert found.late_seconds == minutes * 60
    assert found.due_cents == due


def test_the_readings_of_a_ticket_at_noon_fall_apart():
    found = rows(received=(Receipt(paris("2026-11-23 08:00"), "web"),), until="2026-11-23 11:30")
    due = {name: str(shown(one.deadline))[-5:] for name, one in found.items()}
    assert (due["in_force"], due["separate"], due["proportional"]) == ("12:00", "11:00", "10:30")


def test_what_is_read_so_already_is_no_other_reading():
    assert set(rows()) == {"in_force", *CHANGES} - {"reception", "business", "late_on_target", "started"}
    other = rows(
        {"mixed_rule": "separate", "penalty": {"rounding": "prorata", "cap": None}, "calendar": None}
    )
    assert {"reception", "started"} <= set(other)
    assert not {"separate", "prorata", "no_cap", "elsewhere"} & set(other)
    urgent = rows(priority="urgent", received=(Receipt(paris("2026-11-23 10:00"), "web"),))
    assert not {"proportional", "separate", "business_only"} & set(urgent)


def test_where_no_clock_runs_only_what_would_give_one_is_told():
    found = rows(received=(Receipt(SATURDAY, "email"),))
    assert set(found) == {"in_force", "more_channels"}
    assert found["in_force"].deadline is None
    assert shown(found["more_channels"].deadline) == "2026-11-28 07:00"


def test_the_cap_of_the_ticket_alone_holds_and_its_absence_is_a_reading():
    found = rows(until="2026-12-02 09:30")
    assert (found["in_force"].due_cents, found["in_force"].raw_cents) == (500_00, 1767_86)
    assert found["no_cap"].due_cents == 1767_86


def test_holidays_that_are_frozen_stay_frozen_under_every_reading_of_the_same_calendar():
    frozen = terms.parse(terms.built_in(), frozen={2026: [paris("2026-11-23 12:00").date()]})
    run = clock.run(frozen, "critical", [Receipt(paris("2026-11-23 10:00"), "web")])
    assert run is not None
    found = {one.name: one for one in alternatives.rows(Judged(run, paris("2026-11-23 15:00"), FEE))}
    assert shown(found["separate"].deadline) == "2026-11-23 14:00"
    assert shown(found["elsewhere"].deadline) == "2026-11-23 12:00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reading_has_a_name_and_a_line(language):
    with speaking(language):
        assert set(words.NAMES[language]) == {"in_force", *CHANGES}
        text = words.as_text(list(rows().values()))
    assert len(text.splitlines()) == 15
