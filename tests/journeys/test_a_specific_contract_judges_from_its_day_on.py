"""A client signs the special terms, then a specific contract with 1 h and ten fees (A1.2, A1.3, A6.13).

Tickets before and after its day are judged each by its own, and the page says which clause judged it and what that
prevailed over.
"""

from datetime import timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Clock, Verdict
from astreinte.records.contracts import overlaying
from astreinte.records.journal import verifying
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from tests.builders import Cast, a_ticket, acting, paris, some_terms, stands, the_cast, time_passes
from tests.journeys.shown import everywhere, in_cli_json
from tests.records.contracts.signed import accepted, signs, transcribed
from tests.records.contracts.texts import SALE, SPECIAL, both_texts

pytestmark = pytest.mark.django_db

SIGNED = paris("2026-11-02 10:00")
ITS_DAY = paris("2026-12-01 00:00")
TITLE = "Contrat spécifique Boutique"
CLAUSE = "Estran intervient en une heure, et doit dix fois le forfait mensuel divisé par les heures du mois."
BEFORE, AFTER = paris("2026-11-30 09:30"), paris("2026-12-01 09:30")


def signed(cast: Cast) -> None:
    """Both texts are accepted, and say what they promise; a specific contract follows from December on."""
    special, sale = both_texts(cast.house)
    clauses = {"targets.critical": "5.1.1", "penalty.cap": "6.1.1"}
    transcribed(special, some_terms(cast.house), clauses)
    half = some_terms(cast.house, "cgv", {"penalty": {"cap": "0.5"}})
    transcribed(sale, half, {"penalty.cap": "4.1.1"})
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), SIGNED)
    overlaying.lay(
        line=cast.line,
        title=TITLE,
        patch={
            "targets": {"critical": {"business": "1h", "non_business": "1h"}},
            "penalty": {"multiplier": "10"},
        },
        servers=[cast.web1],
        clause=CLAUSE,
        from_at=ITS_DAY,
        until_at=None,
        at=SIGNED,
        actor=acting(cast.house.sofia, SIGNED),
    )


def missed(cast: Cast, received) -> Ticket:
    """A ticket whose intervention comes 2 h 30 after it was received."""
    ticket = a_ticket(cast.web1, received)
    came = received + timedelta(hours=2, minutes=30)
    with clock.moved_to(came):
        intervening.start(ticket, at=came, actor=acting(cast.house.hugo, came))
        time_passes()
    return ticket


def test_tickets_before_and_after_are_judged_each_by_its_own_and_the_page_explains_both():
    cast = the_cast()
    signed(cast)
    before, after = missed(cast, BEFORE), missed(cast, AFTER)
    assert stands(before, AFTER).promise.deadline_at == paris("2026-11-30 11:30")
    assert stands(after, AFTER).promise.deadline_at == paris("2026-12-01 10:30")
    owed = {one.ticket_id: one.raw_cents for one in Verdict.objects.filter(clock__kind="contractual")}
    assert owed == {before.pk: 17_86, after.pk: 64_94}  # 5 x 500 / 140 x 1 h; 10 x 500 / 154 x 2 h

    with clock.moved_to(paris("2026-12-01 15:00")):
        old, new = everywhere(before, cast), everywhere(after, cast)
        assert old.deadline.source == f"{SPECIAL}, version 1, art.\u00a05, §\u00a01, phrase\u00a01"
        assert old.deadline.quote == "«\u00a0Estran intervient en 2\u00a0heures.\u00a0»"
        assert new.deadline.source == (
            f"contrat spécifique «\u00a0{TITLE}\u00a0», qui prévaut sur\u00a0: {old.deadline.source}"
        )
        assert CLAUSE in new.deadline.quote
        assert (
            f"qui prévaut sur\u00a0: {SALE}, version 1, art.\u00a04, §\u00a01, phrase\u00a01"
            in old.sum.source
        )
        assert f"{SPECIAL}, version 1, art.\u00a06, §\u00a01, phrase\u00a01" in old.sum.source
        assert new.sum.source.startswith(f"contrat spécifique «\u00a0{TITLE}\u00a0»")
    assert verifying.verify() == []


def test_a_trace_holds_its_sources_and_gives_itself_again():
    cast = the_cast()
    plain = a_ticket(cast.web1, SIGNED - timedelta(days=1))
    signed(cast)
    with_texts = a_ticket(cast.web1, BEFORE)
    traces = {one.ticket_id: one.trace for one in Clock.objects.current().contractual()}
    assert "citation" not in traces[plain.pk]
    assert '"clause": "5.1.1"' in traces[with_texts.pk]
    with clock.moved_to(BEFORE):
        for ticket in (plain, with_texts):
            shown = in_cli_json("why", str(ticket.number), person=cast.alice)
            assert shown["deadline"]["agrees"], shown
