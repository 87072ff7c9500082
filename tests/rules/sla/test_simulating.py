"""Two sets of terms over the same tickets, side by side: the figures of docs and screens."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from astreinte.rules.sla import simulating
from astreinte.rules.sla.lines import ReplayError
from astreinte.rules.sla.replay import replay
from astreinte.words import simulations, speaking

CASES = (Path(__file__).parents[2] / "data" / "sla" / "cases.jsonl").read_text().splitlines()
NOW = datetime(2030, 1, 1, tzinfo=UTC)
TICKET = {
    "id": "1",
    "contract": "acme",
    "priority": "critical",
    "receipts": [{"at": "2026-05-07T17:59:00+02:00", "channel": "phone"}],
    "intervention": "2026-05-07T19:30:00+02:00",
}
ACME = [
    json.dumps({"contract": {"id": "acme", "price": "390.00", "period": "monthly"}}),
    json.dumps({"ticket": TICKET}),
]


def test_under_the_same_terms_nothing_changes():
    found = simulating.compare(CASES, None, None, now=NOW)
    assert found.changed == ()
    assert found.more_cents == 0
    assert found.sides[0] == found.sides[1]
    judged = replay(CASES, now=NOW)
    assert found.tickets == len(judged.answers)
    assert {one.month for one in found.months} == {json.loads(line)["month"] for line in judged.summary}
    total = sum(float(json.loads(line)["due"]) for line in judged.summary)
    assert found.sides[0].due_cents == round(total * 100)


def test_a_promise_of_one_hour_is_missed_where_two_hours_were_kept():
    found = simulating.compare(ACME, None, {"targets": {"critical": {"business": "1h"}}}, now=NOW)
    assert [(one.judged, one.late, one.kept) for one in found.sides] == [(1, 0, 1), (1, 1, 0)]
    (changed,) = found.changed
    assert changed.deadline == ("2026-05-07T19:59:00+02:00", "2026-05-07T18:59:00+02:00")
    assert changed.late_seconds == (0, 31 * 60)
    # 5 x 390.00 / 119 h, one started hour.
    assert changed.due_cents == (0, 16_39)
    assert found.months == (simulating.Month("2026-05", (0, 1), (0, 16_39)),)
    assert found.as_dict()["more"] == "16.39"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Ces conditions auraient coûté 16,39 € de plus : 1 ticket en retard au lieu de 0."),
        ("en-gb", "These terms would have cost €16.39 more: 1 ticket late instead of 0."),
    ],
)
def test_the_difference_is_one_sentence(language, said):
    found = simulating.compare(ACME, None, {"targets": {"critical": {"business": "1h"}}}, now=NOW)
    with speaking(language):
        text = simulations.sentence(found).replace("\u00a0", " ").replace("\u202f", " ")
        assert text == said
        assert "2026-05" in simulations.as_text(found)


def test_a_ticket_that_the_other_terms_cannot_judge_stops_it_and_is_named():
    inline = json.dumps({"ticket": TICKET | {"contract": json.loads(ACME[0])["contract"]}})
    for cases in (ACME, [inline]):
        with pytest.raises(ReplayError, match=r"line \d: ticket\.priority: \"critical\": not a priority"):
            simulating.compare(cases, None, {"targets": {"critical": None}}, now=NOW)
    with pytest.raises(ReplayError, match=r"line 1: contract\.terms\.multiplier: 5: unknown key"):
        simulating.compare(ACME, {"multiplier": 5}, None, now=NOW)
