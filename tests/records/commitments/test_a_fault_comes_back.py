"""A fault that comes back soon is the same incident: its clock runs again after an intervention, and both are owed."""

from datetime import timedelta

import pytest

from astreinte.records.commitments import explaining, settling
from astreinte.records.commitments.models import Breach, Clock, Settlement, Verdict
from astreinte.records.journal import verifying
from astreinte.records.monitoring.models import Incident
from astreinte.records.tickets import handling
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError
from astreinte.records.worklog import intervening
from tests.builders import SETUP, a_ticket, paris, stands
from tests.journeys.shown import on_desk, on_portal
from tests.records.commitments.relapsing import (
    Story,
    laid_over,
    repaired_and_back,
    repaired_in_time,
    repaired_late_and_back,
    written_down_afterwards,
)
from tests.records.journal.stories import seal_all
from tests.records.monitoring.watching import DOWN, UP, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_repaired_fault_that_comes_back_has_its_clock_again_without_a_new_declaration(story: Story) -> None:
    repaired_in_time(story)
    assert story.now().state == "met"
    story.at("10:50")
    story.seen(DOWN)
    relapse_at = story.hand.instant
    now = story.now()
    assert (now.state, now.promise.started_at, now.promise.deadline_at) == (
        *("running", relapse_at),
        relapse_at + timedelta(hours=2),
    )
    assert [(one.state, one.promise.started_at) for one in now.earlier] == [
        ("met", paris("2026-11-23 09:30"))
    ]
    said = explaining.deadline(now.promise, provider="Estran")
    assert said.agrees
    assert "C’était en heures ouvrées." in said.said.paragraphs[0].replace("\u00a0", " ")
    assert "est revenue le lundi 23 novembre 2026 à 10:50:00" in said.said.paragraphs[0].replace(
        "\u00a0", " "
    )
    assert now.objective is not None
    assert now.objective.started_at == relapse_at
    assert Incident.objects.count() == Ticket.objects.count() == 1


def test_it_has_its_clock_again_though_something_else_of_the_server_broke_meanwhile(story: Story) -> None:
    repaired_in_time(story)
    ticket = story.ticket
    story.at("10:40")
    recorded(a_check(story.cast.web1, "dns", at=story.hand.instant), DOWN, start=story.hand.instant)
    assert Incident.objects.count() == 2
    story.at("10:50")
    story.seen(DOWN)
    now = stands(ticket, story.hand.instant)
    assert (now.state, now.promise.started_at) == ("running", story.hand.instant)
    assert Incident.objects.count() == Ticket.objects.count() == 2


def test_each_outage_has_its_verdict_and_what_both_owe_is_added(story: Story) -> None:
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    story.at("12:00")  # half an hour late
    story.worked_on(minutes=10)
    story.seen(UP)
    first = Settlement.objects.latest("pk")
    assert first.due_cents == 17_86
    story.at("12:30")
    story.seen(DOWN)
    assert story.now().promise.regime == "non_business"
    story.at("16:31")  # four hours and a minute
    story.at("16:31:01")
    assert sorted(Breach.objects.values_list("turn", flat=True)) == [1, 2]
    story.worked_on(minutes=5)
    assert list(
        Verdict.objects.filter(clock__kind="contractual").order_by("pk").values_list("late_seconds")
    ) == [
        (30 * 60,),
        (61,),
    ]
    last = Settlement.objects.latest("pk")
    assert last.due_cents == 2 * 17_86
    assert [(one.ticket, one.due_cents) for one in last.shares.all()] == [(story.ticket, 2 * 17_86)]
    now = story.now()
    assert [one.stake.due_cents for one in (*now.earlier, now)] == [17_86, 17_86]
    for one in (*now.earlier, now):
        why = explaining.amount(one, story.hand.instant, provider="Estran")
        assert why is not None
        assert why.agrees
    seal_all()
    assert verifying.verify() == []


def test_the_clock_runs_on_when_nobody_had_intervened(story: Story) -> None:
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    story.at("09:40")
    story.seen(UP)
    story.at("10:00")
    story.seen(DOWN)
    now = story.now()
    assert (now.promise.turn, now.promise.started_at) == (1, paris("2026-11-23 09:30"))
    assert now.earlier == ()


def test_no_clock_runs_again_while_somebody_is_intervening(story: Story) -> None:
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    story.at("10:00")
    intervening.start(story.ticket, at=story.hand.instant, actor=story.hugo)
    story.at("10:10")
    story.seen(UP)
    story.at("10:15")
    story.seen(DOWN)
    assert (story.now().state, Clock.objects.filter(turn=2).count()) == ("met", 0)


def test_a_second_relapse_before_anybody_intervenes_starts_no_third_clock(story: Story) -> None:
    repaired_and_back(story)
    story.at("10:55")
    story.seen(UP)
    story.at("11:05")
    story.seen(DOWN)
    now = story.now()
    assert (now.promise.turn, now.promise.started_at) == (2, paris("2026-11-23 10:50"))
    story.at("11:10")
    story.worked_on(minutes=1)
    assert story.now().state == "met"


def test_a_fault_that_probes_alone_had_seen_starts_its_promise_when_it_is_declared(story: Story) -> None:
    story.seen(DOWN)
    story.at("09:40")
    story.worked_on(minutes=5)
    story.at("09:50")
    story.seen(UP)
    story.at("10:10")
    story.seen(DOWN)
    assert (story.now().promise, story.now().objective.started_at) == (None, paris("2026-11-23 10:10"))
    story.at("10:20")
    story.declared()
    now = story.now()
    # What was done before the relapse was done for the outage before: it keeps no promise of this one.
    assert (now.state, now.promise.started_at) == ("running", paris("2026-11-23 10:20"))


def test_a_closed_ticket_is_open_again_and_its_clock_runs_from_the_relapse(story: Story) -> None:
    repaired_in_time(story)
    handling.close(story.ticket, reason="", at=story.hand.instant, actor=story.hugo)
    story.at("10:40")
    story.seen(DOWN)
    assert story.ticket.state == "open"
    now = story.now()
    assert (now.state, now.promise.started_at) == ("running", story.hand.instant)


def test_what_came_back_is_closed_with_a_reason_alone(story: Story) -> None:
    repaired_and_back(story)
    with pytest.raises(TicketError, match="nobody intervened"):
        handling.close(story.ticket, reason="", at=story.hand.instant, actor=story.hugo)
    story.worked_on(minutes=1)
    handling.close(story.ticket, reason="", at=story.hand.instant, actor=story.hugo)
    assert story.now().state == "met"


def test_the_page_tells_both_outages_and_why_each(story: Story) -> None:
    repaired_late_and_back(story)
    for page in (on_desk(story.ticket, story.cast.house.hugo), on_portal(story.ticket, story.cast.alice)):
        assert "Manqué : l’intervention a commencé le lundi 23 novembre 2026 à 12:00" in page.says("earlier")
        assert "17,86 €" in page.says("earlier")
        assert "Intervention avant 16:30" in page.says("left")
        assert "09:30:00; de nouveau 12:30:00, après la rechute" in page.says("times")
        steps = " / ".join(page.steps())
        assert "La panne revient un nouveau délai court de là" in steps
        assert steps.count("l’horloge s’arrête") == 1


def test_what_is_written_down_afterwards_counts_for_the_outage_in_which_it_was_done(story: Story) -> None:
    repaired_and_back(story)
    story.at("11:00")
    written_down_afterwards(story)
    now = story.now()
    assert now.state == "running"
    assert now.earlier[0].verdict.stopped_at == paris("2026-11-23 09:45")


def test_what_came_back_is_merged_into_no_other_ticket(story: Story) -> None:
    repaired_and_back(story)
    other = a_ticket(story.cast.web1, story.hand.instant)
    with pytest.raises(TicketError, match="its clock runs from the relapse; merge the other one into it"):
        handling.merge(story.ticket, into=other, at=story.hand.instant, actor=SETUP)
    handling.merge(other, into=story.ticket, at=story.hand.instant, actor=SETUP)
    assert story.now().promise.turn == 2


@pytest.mark.parametrize(
    ("within", "again", "incidents"),
    [
        pytest.param("10m", "09:50", 2, id="20 min after: a new one within 10"),
        pytest.param("2h", "10:30", 1, id="an hour after: the same within 2 h"),
    ],
)
def test_how_soon_is_a_key_of_the_terms(story: Story, within: str, again: str, incidents: int) -> None:
    laid_over(story, {"relapse_within": within})
    story.seen(DOWN)
    story.at("09:30")
    story.seen(UP)
    story.at(again)
    story.seen(DOWN)
    assert Incident.objects.count() == incidents


def test_a_month_that_is_settled_again_holds_both_outages(story: Story) -> None:
    repaired_late_and_back(story)
    owed = settling.owed(story.cast.line, "2026-11", story.hand.instant)
    number = story.ticket.number
    assert [late.id for late in owed.lates] == [f"{number}"]
    later = settling.owed(story.cast.line, "2026-11", paris("2026-11-23 17:00"))
    assert [late.id for late in later.lates] == [f"{number}", f"{number}/2"]
