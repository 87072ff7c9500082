"""A provider publishes our own texts with its terms, a client accepts them, and the clock keeps what they say.

The sentence that a ticket cites is the one in which the text prints the value that the clock used (A0.1, X.12).
"""

import html
from datetime import date, timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Verdict
from astreinte.records.contracts import binding, documents, owning
from astreinte.records.evidence import keeping
from astreinte.records.worklog import intervening
from tests.builders import (
    BEGINNING,
    SETUP,
    a_ticket,
    acting,
    paris,
    some_terms,
    stands,
    the_cast,
    time_passes,
)
from tests.journeys.shown import everywhere
from tests.records.contracts.signed import accepted, signs

pytestmark = pytest.mark.django_db

SIGNED = paris("2026-11-02 10:00")
RECEIVED = paris("2026-11-23 09:30")
PATCH = {
    "targets": {"critical": {"business": "90m"}},
    "penalty": {"multiplier": "8", "delay_unit": "business"},
    "hours": {"volume": "3h"},
}


def test_what_the_accepted_text_says_is_what_the_clock_does_and_the_ticket_cites_the_sentence():
    cast = the_cast()
    terms = some_terms(cast.house, "maison", PATCH)
    versions = owning.import_own(
        cast.house.provider,
        terms=terms,
        language="fr",
        effective_on=date(2026, 1, 1),
        at=BEGINNING,
        actor=SETUP,
    )
    for version in versions:
        documents.publish(version, at=BEGINNING, actor=SETUP)
    acceptances = accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), SIGNED)
    pages = {row.version.document.kind: keeping.read(row.rendered).decode() for row in acceptances}
    assert len(pages) == 3
    assert not [kind for kind, page in pages.items() if "{{" in page or "Estran" not in page]
    said = html.unescape(pages["special"]).replace("\u00a0", " ")
    assert "1 heure 30 minutes en heures ouvrées" in said
    assert "8 fois le forfait mensuel" in said
    assert "dans la limite de 3 heures par mois" in said

    binding.change_terms(line=cast.line, terms=terms, from_at=SIGNED, at=SIGNED, actor=SETUP)
    ticket = a_ticket(cast.web1, RECEIVED)
    came = paris("2026-11-23 14:30")
    with clock.moved_to(came):
        intervening.start(ticket, at=came, actor=acting(cast.house.hugo, came))
        time_passes()
    assert stands(ticket, came).promise.deadline_at == RECEIVED + timedelta(minutes=90)
    # Late from 11:00 to 12:00 and from 14:00 to 14:30 of business time: two started hours of 8 x 500 / 140.
    assert Verdict.objects.get(clock__kind="contractual", ticket=ticket).raw_cents == 57_14

    with clock.moved_to(came):
        shown = everywhere(ticket, cast)
    assert "art.\u00a05, §\u00a02, phrase\u00a01" in shown.deadline.source
    assert "1\u00a0heure 30\u00a0minutes en heures ouvrées" in shown.deadline.quote
    assert "art.\u00a06, §\u00a01, phrase\u00a01" in shown.sum.source
    assert "8 fois le forfait mensuel" in shown.sum.quote
