"""Article 6 foresees shorter times and higher penalties: whatever else a specific contract does is said (A1.3)."""

import pytest

from astreinte.rules.sla import comparing, terms
from astreinte.rules.sla.comparing import UNKNOWN, WORSE

BASE = terms.merge(terms.built_in(), {"penalty": {"rounding": "prorata"}, "relapse_within": "30m"})


def told(patch):
    return [(one.key, one.how) for one in comparing.worse(BASE, terms.merge(BASE, patch))]


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"id": "another-name"}, id="another name"),
        pytest.param({"targets": {"critical": {"business": "1h"}}}, id="a shorter time"),
        pytest.param({"targets": {"critical": {"business": "120m"}}}, id="the same time in other words"),
        pytest.param({"targets": {"normal": {"business": "48h"}}}, id="a promise where there was none"),
        pytest.param({"targets": {"shop": {"business": "1h"}}}, id="one more priority"),
        pytest.param(
            {"targets": {"urgent": {"non_business": "8h"}}}, id="a promise outside business hours too"
        ),
        pytest.param({"mixed_rule": "reception"}, id="the same reading"),
        pytest.param({"clock_starts_on": ["web", "phone", "monitoring"]}, id="one more channel"),
        pytest.param({"penalty": {"multiplier": "10"}}, id="a higher multiplier"),
        pytest.param({"penalty": {"rounding": "started"}}, id="started hours"),
        pytest.param({"penalty": {"cap": "2"}}, id="a higher cap"),
        pytest.param({"penalty": {"cap": None}}, id="no cap"),
        pytest.param({"penalty": {"cap_scope": "ticket"}}, id="a cap for each ticket"),
        pytest.param({"exclusions": ["force_majeure"]}, id="fewer exclusions"),
        pytest.param({"relapse_within": "1h"}, id="one outage for longer"),
        pytest.param({"hours": {"volume": "3h"}}, id="hours of administration where none were agreed"),
        pytest.param({"maintenance": {"notice": "48h"}}, id="notice of maintenance"),
        pytest.param({"stop_event": "restored"}, id="late until the service is back"),
    ],
)
def test_what_is_better_or_the_same_needs_nobody_else(patch):
    assert told(patch) == []


@pytest.mark.parametrize(
    ("patch", "key", "how"),
    [
        pytest.param(
            {"targets": {"critical": {"business": "3h"}}},
            "targets.critical.business",
            WORSE,
            id="a longer time",
        ),
        pytest.param(
            {"targets": {"critical": {"non_business": "5h"}}},
            "targets.critical.non_business",
            WORSE,
            id="longer outside",
        ),
        pytest.param(
            {"targets": {"critical": {"non_business": None}}},
            "targets.critical.non_business",
            WORSE,
            id="nothing outside",
        ),
        pytest.param(
            {"targets": {"urgent": {"non_business": "9h"}}},
            "targets.urgent.non_business",
            UNKNOWN,
            id="longer outside than business time",
        ),
        pytest.param({"targets": {"urgent": None}}, "targets.urgent", WORSE, id="no promise any more"),
        pytest.param({"mixed_rule": "proportional"}, "mixed_rule", UNKNOWN, id="another reading"),
        pytest.param({"clock_starts_on": ["web"]}, "clock_starts_on", WORSE, id="fewer channels"),
        pytest.param({"clock_starts_on": ["web", "email"]}, "clock_starts_on", WORSE, id="another channel"),
        pytest.param(
            {"business_hours": {"mon-fri": ["09:00-12:00"]}}, "business_hours", WORSE, id="narrower hours"
        ),
        pytest.param(
            {"business_hours": {"sat": ["09:00-12:00"]}},
            "business_hours",
            UNKNOWN,
            id="wider hours: sooner, and an hour late costs less",
        ),
        pytest.param({"closed_days": ["2026-12-26"]}, "closed_days", WORSE, id="one more closed day"),
        pytest.param({"calendar": "FR-67"}, "calendar", UNKNOWN, id="other public holidays"),
        pytest.param({"timezone": "UTC"}, "timezone", UNKNOWN, id="another time zone"),
        pytest.param(
            {"penalty": {"multiplier": "4.9"}}, "penalty.multiplier", WORSE, id="a lower multiplier"
        ),
        pytest.param(
            {"penalty": {"opening_hours": "elapsed"}},
            "penalty.opening_hours",
            WORSE,
            id="divided by all hours",
        ),
        pytest.param({"penalty": {"rounding": "completed"}}, "penalty.rounding", WORSE, id="completed hours"),
        pytest.param({"penalty": {"cap": "0.5"}}, "penalty.cap", WORSE, id="a lower cap"),
        pytest.param(
            {"exclusions": ["force_majeure", "strike"]}, "exclusions", WORSE, id="one more exclusion"
        ),
        pytest.param({"relapse_within": "10m"}, "relapse_within", WORSE, id="declared again sooner"),
        pytest.param({"plan": {"channels": ["web"]}}, "plan.channels", WORSE, id="fewer ways to the support"),
        pytest.param({"plan": {"slots": {"thu": ["18:00-20:00"]}}}, "plan.slots", UNKNOWN, id="slots"),
        pytest.param({"stop_event": "acknowledgement"}, "stop_event", WORSE, id="a receipt is enough"),
        pytest.param({"penalty": {"claim_window": 6}}, "penalty.claim_window", WORSE, id="a last day to ask"),
    ],
)
def test_what_is_worse_or_unknown_is_told_by_its_key(patch, key, how):
    assert told(patch) == [(key, how)]


def test_the_separate_reading_is_never_sooner_than_the_proportional_one():
    proportional, separate = ({**BASE, "mixed_rule": rule} for rule in ("proportional", "separate"))
    assert [one.how for one in comparing.worse(proportional, separate)] == [WORSE]
    assert comparing.worse(separate, proportional) == ()


def test_a_key_that_nobody_compares_counts_as_worse():
    (found,) = comparing.worse(BASE, {**BASE, "a_key_of_tomorrow": "yes"})
    assert str(found) == "a_key_of_tomorrow: none → yes (nobody can say whether better or worse)"


@pytest.mark.parametrize(
    ("one", "other", "keys"),
    [
        pytest.param({"penalty": {"cap": "2"}}, {"penalty": {"multiplier": "9"}}, [], id="apart"),
        pytest.param({"penalty": {"cap": "2"}}, {"penalty": {"cap": None}}, ["penalty.cap"], id="one key"),
        pytest.param(
            {"targets": {"urgent": None}},
            {"targets": {"urgent": {"business": "1h"}}},
            ["targets.urgent.business"],
            id="a key and what it holds",
        ),
        pytest.param(
            {"business_hours": {"sat": []}},
            {"business_hours": {"mon": []}},
            ["business_hours"],
            id="the hours are one",
        ),
    ],
)
def test_two_patches_meet_where_they_speak_of_one_key(one, other, keys):
    assert comparing.meet(one, other) == comparing.meet(other, one) == keys
