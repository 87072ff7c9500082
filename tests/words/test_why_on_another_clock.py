"""AMB-14: where the terms count hours late on another clock than the target's, the words say which."""

import pytest

from astreinte.words.why import why_deadline
from tests.words.test_why import plain, trace_of

NIGHT = {"until": "2026-11-30 10:00"}


@pytest.mark.parametrize(
    ("unit", "priority", "said"),
    [
        ("target", "critical", "le retard est de 51 h, en temps écoulé"),
        ("business", "critical", "le retard est de 1 h, en heures ouvrées"),
        ("target", "urgent", "il n'y a pas de retard"),
    ],
)
def test_the_lateness_is_said_in_the_hours_that_count_it(unit, priority, said):
    trace = trace_of("2026-11-28 03:00", priority=priority, patch={"penalty": {"delay_unit": unit}}, **NIGHT)
    assert said in plain(why_deadline(trace)).replace("’", "'")


def test_hours_late_of_an_urgent_ticket_may_elapse():
    trace = trace_of(
        "2026-11-26 16:00",
        priority="urgent",
        patch={"penalty": {"delay_unit": "elapsed"}},
        until="2026-11-30 10:00",
    )
    words = plain(why_deadline(trace))
    assert "le retard est de 65 h, en temps écoulé" in words
    assert "réouverture" not in words


def test_a_night_s_lateness_in_business_hours_begins_at_the_opening():
    trace = trace_of("2026-11-28 03:00", patch={"penalty": {"delay_unit": "business"}}, **NIGHT)
    assert "réouverture, le lundi 30 novembre 2026 à 09:00" in plain(why_deadline(trace))
