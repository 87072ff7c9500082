"""Bad tries to consent are test data: each file of tests/data/bad/consents is one, with why it is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from astreinte.records.accounts import mandates, people
from astreinte.records.accounts.models import Role
from astreinte.records.contracts import answering, consenting
from astreinte.records.contracts.answering import ConsentRefused
from astreinte.records.contracts.models import ConsentLink, ConsentRequest
from astreinte.records.journal.models import Entry
from tests.builders import SETUP, Cast, acting
from tests.house.reading import ROOT
from tests.records.contracts.test_a2_2_consent_is_asked_and_given import HOUR, NOON, asked, given, link_of

pytestmark = pytest.mark.django_db
CASES = sorted((ROOT / "tests" / "data" / "bad" / "consents").glob("*.json"))

HAPPENED: dict[str, Callable[[Cast, ConsentRequest], object]] = {
    "answered": lambda cast, request: given(cast, request, at=NOON, actor=acting(cast.bob, NOON)),
    "mandate ended": lambda cast, _: mandates.end(
        cast.bob.mandates.get(), until_at=NOON + HOUR, at=NOON, actor=SETUP
    ),
    "left": lambda cast, _: people.end_role(
        Role.objects.get(person=cast.bob), at=NOON + HOUR / 2, actor=SETUP
    ),
    "changed": lambda cast, request: consenting.change(
        request, replace(consenting.scope_of(request), minutes=90), at=NOON, actor=SETUP
    ),
    "voided": lambda _, request: consenting.void(request, reason="Plus besoin.", at=NOON, actor=SETUP),
}


def test_there_are_bad_tries_to_refuse():
    assert len(CASES) >= 10


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_bad_try_is_refused_written_down_and_changes_nothing(cast, path):
    case = json.loads(path.read_text(encoding="utf-8"))
    request = asked(cast, **({"ends_at": NOON + HOUR} if "window" in case["before"] else {}))
    link = link_of(request, cast.bob)
    for what in case["before"]:
        if what in HAPPENED:
            HAPPENED[what](cast, request)
    stood, at = consenting.state(request), NOON + timedelta(hours=case["after_hours"])
    person = cast.house.hugo if case["as"] == "hugo" else getattr(cast, case["as"])
    before = Entry.objects.count()
    with pytest.raises(ConsentRefused) as no:
        answering.answer_link(
            ConsentLink.objects.get(pk=link.pk),
            answer="given",
            sha256="0" * 64 if "another text" in case["before"] else request.sha256,
            at=at,
            actor=acting(person, at),
        )
    assert (no.value.why, str(no.value)) == (case["why"], case["says"])
    assert Entry.objects.count() == before + 1, "the refusal, and nothing else"
    assert consenting.state(request) == stood
