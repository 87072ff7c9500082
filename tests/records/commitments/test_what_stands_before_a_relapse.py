"""A fault came back: what is written down, left open or ended around the relapse takes no promise away."""

import pytest
from django.db import transaction

from astreinte.records.commitments import explaining
from astreinte.records.commitments.models import Breach, Clock, Settlement, Verdict
from astreinte.records.contracts import binding
from astreinte.records.journal import verifying
from astreinte.records.tickets import handling, opening
from astreinte.records.tickets.opening import TicketError
from astreinte.records.worklog import intervening
from tests.builders import SETUP, paris, time_passes
from tests.records.commitments.relapsing import (
    Story,
    laid_over,
    repaired_and_back,
    repaired_in_time,
    repaired_late_and_back,
    written_down_afterwards,
)
from tests.records.journal.stories import seal_all
from tests.records.monitoring.watching import DOWN, UP

pytestmark = pytest.mark.django_db(transaction=True)


def written_down(story: Story, civil: str) -> None:
    """Write down now a declaration that was received at that hour."""
    with transaction.atomic():
        opening.receive(
            opening.locked(story.ticket),
            at=paris(f"2026-11-23 {civil}"),
            channel="web",
            key=f"late {civil}",
            recorded_at=story.hand.instant,
            actor=SETUP,
        )
    time_passes()


def promises():
    return [
        (one.turn, one.started_at, one.over_at) for one in Clock.objects.held().contractual().order_by("turn")
    ]


def test_a_declaration_written_down_after_the_relapse_is_owed_in_the_outage_in_which_it_came(
    story: Story,
) -> None:
    story.seen(DOWN)
    story.at("12:30")  # more than two hours after the call of 9:30, which nobody has written down
    story.worked_on(minutes=10)
    story.seen(UP)
    story.at("12:50")
    story.seen(DOWN)
    relapse_at = story.hand.instant
    story.at("13:00")
    written_down(story, "09:30")
    assert promises() == [(1, paris("2026-11-23 09:30"), relapse_at), (2, relapse_at, None)]
    assert list(Breach.objects.values_list("turn", flat=True)) == [1]
    late = Verdict.objects.get(clock__kind="contractual", replaced_at=None)
    assert (late.clock.turn, late.late_seconds) == (1, 3600)
    assert Settlement.objects.latest("pk").due_cents == 17_86
    now = story.now()
    assert (now.state, [one.state for one in now.earlier]) == ("running", ["missed"])
    seal_all()
    assert verifying.verify() == []


def test_an_earlier_call_written_down_after_the_relapse_judges_the_first_outage_again(story: Story) -> None:
    story.seen(DOWN)
    story.at("10:30")
    story.declared()
    story.at("12:00")
    story.worked_on(minutes=10)
    story.seen(UP)
    story.at("12:30")
    story.seen(DOWN)
    assert [one.state for one in story.now().earlier] == ["met"]
    second = promises()[1]
    story.at("12:40")
    written_down(story, "09:30")
    assert [one.state for one in story.now().earlier] == ["missed"]
    assert promises()[1] == second
    assert Settlement.objects.latest("pk").due_cents == 17_86


def test_what_is_declared_after_the_relapse_changes_nothing_of_the_outage_before(story: Story) -> None:
    repaired_and_back(story)
    before = set(Clock.objects.values_list("pk", flat=True))
    story.at("10:55")
    story.declared()
    assert set(Clock.objects.values_list("pk", flat=True)) == before
    assert Clock.objects.exclude(replaced_at=None).count() == 0


def test_a_ticket_closed_with_an_intervention_left_open_has_its_clock_again(story: Story) -> None:
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    left = intervening.start(story.ticket, at=story.hand.instant, actor=story.hugo)
    story.at("09:40")
    story.seen(UP)
    closed_at = story.hand.instant
    handling.close(story.ticket, reason="", at=closed_at, actor=story.hugo)
    story.at("09:50")
    story.seen(DOWN)
    now = story.now()
    assert (now.state, now.promise.turn, now.promise.started_at) == ("running", 2, story.hand.instant)
    left.refresh_from_db()
    assert left.ended_at == closed_at
    story.at("10:00")
    begun = intervening.start(story.ticket, at=story.hand.instant, actor=story.hugo)
    assert begun.pk != left.pk
    assert story.now().state == "met"
    seal_all()
    assert verifying.verify() == []


@pytest.mark.parametrize("closed", [True, False])
def test_a_relapse_for_which_nothing_is_promised_any_more_leaves_what_was_judged(
    story: Story, closed: bool
) -> None:
    repaired_in_time(story)
    if closed:
        handling.close(story.ticket, reason="", at=story.hand.instant, actor=story.hugo)
    binding.end_line(
        line=story.cast.line, until_at=paris("2026-11-23 10:30"), at=story.hand.instant, actor=SETUP
    )
    story.at("10:40")
    story.seen(DOWN)
    story.check.state.refresh_from_db()
    assert story.check.state.level == "critical"
    assert story.ticket.state == "open"
    assert promises() == [(1, paris("2026-11-23 09:30"), None)]
    story.at("10:50")
    story.declared()
    assert (story.now().state, promises()) == ("met", [(1, paris("2026-11-23 09:30"), None)])


def test_what_was_done_before_the_relapse_and_written_down_after_it_closes_no_ticket_without_a_reason(
    story: Story,
) -> None:
    repaired_and_back(story)
    story.at("11:00")
    written_down_afterwards(story)
    assert story.ticket.intervened_at is None
    with pytest.raises(TicketError, match="nobody intervened"):
        handling.close(story.ticket, reason="", at=story.hand.instant, actor=story.hugo)


def test_both_outages_of_a_ticket_use_up_the_cap_of_the_ticket(story: Story) -> None:
    laid_over(story, {"penalty": {"cap_scope": "ticket", "cap": "0.05"}})
    repaired_late_and_back(story)
    story.at("17:00")
    story.worked_on(minutes=5)
    last = Settlement.objects.latest("pk")
    assert (last.raw_cents, last.due_cents, last.cap_cents) == (2 * 17_86, 25_00, 25_00)
    share = last.shares.get()
    assert (share.ticket, share.due_cents, share.reason) == (story.ticket, 25_00, "cap")
    now = story.now()
    assert [one.stake.due_cents for one in (*now.earlier, now)] == [17_86, 25_00 - 17_86]
    why = explaining.amount(now, story.hand.instant, provider="Estran")
    assert why is not None
    assert why.agrees
