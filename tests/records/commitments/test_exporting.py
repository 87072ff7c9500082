"""The real tickets as a file: whoever replays it comes to what the product judged, to the cent (A6.2, AMB-21)."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.commitments import exporting
from astreinte.records.commitments.models import Settlement, Verdict
from astreinte.records.contracts import binding, overlaying
from astreinte.records.contracts.models import FrozenYear, Overlay
from astreinte.records.tickets import handling, opening
from astreinte.records.worklog import intervening
from astreinte.rules import money
from astreinte.rules.sla.penalties import Price
from astreinte.rules.sla.replay import replay
from tests.builders import SETUP, a_server, a_ticket, acting, paris, some_terms, the_cast, time_passes
from tests.records.commitments.relapsing import Story
from tests.records.monitoring.watching import DOWN, UP

pytestmark = pytest.mark.django_db(transaction=True)

NEVER = datetime(2090, 1, 1, tzinfo=UTC)
MAY = paris("2026-05-07 17:59")


def replayed(export):
    """The answers of a replay by ticket, from the lines alone."""
    answers = replay(list(export.lines()), now=NEVER).answers
    return {one["ticket"]: one for one in map(json.loads, answers)}


def taken_up(cast, ticket, at):
    intervening.start(ticket, at=at, actor=acting(cast.house.hugo, at))
    time_passes()


def a_year_of_tickets(cast, hand):
    """Each end that a promise can come to: late, in time, closed, still running, no clock, no target, support."""
    late = a_ticket(cast.web1, MAY)
    hand.move_to(paris("2026-05-07 21:30"))
    taken_up(cast, late, hand.instant)
    met = a_ticket(cast.web1, paris("2026-05-08 10:00"))  # a public holiday
    hand.move_to(paris("2026-05-08 13:59"))
    taken_up(cast, met, hand.instant)
    closed = a_ticket(cast.web1, hand.advance(days=3), priority="urgent")
    hand.advance(days=4)
    handling.close(closed, reason="Sans objet.", at=hand.instant, actor=acting(cast.house.hugo, hand.instant))
    by_mail = a_ticket(cast.web1, hand.advance(minutes=1), channel="email")
    no_target = a_ticket(cast.web1, hand.advance(minutes=1), priority="normal")
    support = opening.declare(
        client=cast.kermor,
        server=cast.web1,
        subject="Une boîte de plus",
        text="S’il vous plaît.",
        priority="low",
        nature="support",
        channel="web",
        key="support",
        at=hand.instant,
        actor=SETUP,
    ).ticket
    bare = a_ticket(a_server(cast.kermor, "bare.kermor.example"), hand.instant)
    runs = a_ticket(cast.web1, hand.advance(days=3))
    hand.advance(days=9)
    time_passes()
    a_ticket(cast.app2, hand.instant)  # another client's
    return {
        "late": late,
        "met": met,
        "closed": closed,
        "by mail": by_mail,
        "no target": no_target,
        "runs": runs,
    }, (
        support,
        bare,
    )


def test_what_is_exported_replays_to_what_was_judged_to_the_cent():
    cast = the_cast()
    with clock.moved_to(MAY) as hand:
        tickets, _ = a_year_of_tickets(cast, hand)
        export = exporting.of_year([cast.kermor], 2026, at=hand.instant)
        assert export.differences() == []
        answers = replayed(export)
        assert {name: answers[f"{ticket.number}"]["status"] for name, ticket in tickets.items()} == {
            "late": "late",
            "met": "met",
            "closed": "late",  # nobody intervened: as of its closing
            "by mail": "no_clock",
            "no target": "no_target",
            "runs": "late",
        }
        for verdict in Verdict.objects.filter(clock__kind="contractual", replaced_at=None):
            answer = answers[verdict.clock.label]
            assert answer["late_seconds"] == verdict.late_seconds
            assert answer["raw"] == money.text(verdict.raw_cents or 0)
        last = Settlement.objects.filter(line=cast.line, month="2026-05").latest("pk")
        due = sum(money.parse_euros(one["due"]) for one in answers.values() if one["month"] == "2026-05")
        assert due == last.due_cents > 0
        assert export.left_out == {"support": 1, "uncovered": 1}


def test_an_export_holds_the_clients_own_numbers_and_nobodys_words():
    cast = the_cast()
    with clock.moved_to(MAY) as hand:
        a_year_of_tickets(cast, hand)
        text = "\n".join(exporting.of_year([cast.kermor], 2026, at=hand.instant).lines())
        assert '"contract": "2"' not in text, "the order line of another client"
        for secret in ("Kermor", "Halles", "Alice", "boutique", "web1"):
            assert secret not in text
        assert exporting.of_year([cast.kermor], 2025, at=hand.instant).cases == ()


def test_both_outages_of_a_fault_that_came_back_are_in_it(story: Story) -> None:
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    story.at("12:00")
    story.worked_on(minutes=10)
    story.seen(UP)
    story.at("12:30")
    story.seen(DOWN)
    story.at("16:31:01")
    story.worked_on(minutes=5)
    export = exporting.of_year([story.cast.kermor], 2026, at=story.hand.instant)
    assert export.differences() == []
    number, answers = story.ticket.number, replayed(export)
    assert [(one["late_seconds"], one["due"]) for one in answers.values()] == [(1800, "17.86"), (61, "17.86")]
    assert set(answers) == {f"{number}", f"{number}/2"}
    assert answers[f"{number}/2"]["clock_start"] == "2026-11-23T12:30:00+01:00"


def test_each_ticket_has_the_terms_and_the_fee_of_its_instant():
    cast = the_cast()
    with clock.moved_to(MAY) as hand:
        first = a_ticket(cast.web1, MAY)
        taken_up(cast, first, hand.advance(hours=5))
        june = paris("2026-06-01 00:00")
        gold = some_terms(cast.house, "gold", {"targets": {"critical": {"business": "1h"}}}, at=hand.instant)
        binding.change_terms(line=cast.line, terms=gold, from_at=june, at=hand.instant, actor=SETUP)
        binding.change_price(line=cast.line, price_cents=900_00, from_at=june, at=hand.instant, actor=SETUP)
        hand.move_to(paris("2026-06-08 10:00"))
        second = a_ticket(cast.web1, hand.instant)
        taken_up(cast, second, hand.advance(hours=2))
        export = exporting.of_year([cast.kermor], 2026, at=hand.instant)
        assert export.differences() == []
        contracts = {
            one["contract"]["id"]: one["contract"]["price"]
            for one in map(json.loads, export.lines())
            if "contract" in one
        }
        number = cast.line.number
        assert contracts == {f"{number}": "500.00", f"{number}/2": "900.00"}


def test_a_library_that_changes_its_mind_moves_nothing_that_is_in_the_file(monkeypatch):
    cast = the_cast()
    with clock.moved_to(paris("2026-05-08 10:00")) as hand:  # a public holiday: 4 h
        ticket = a_ticket(cast.web1, hand.instant)
        taken_up(cast, ticket, hand.advance(hours=3))
        assert FrozenYear.objects.filter(year=2026).exists()
        lines = list(exporting.of_year([cast.kermor], 2026, at=hand.instant).lines())
    monkeypatch.setattr("astreinte.rules.sla.calendar.holidays_of", lambda calendar, year: frozenset())
    (answer,) = map(json.loads, replay(lines, now=NEVER).answers)
    assert (answer["status"], answer["deadline"]) == ("met", "2026-05-08T14:00:00+02:00")
    (terms,) = (one["terms"] for one in map(json.loads, lines) if "terms" in one)
    assert terms["calendar"] is None
    assert "2026-05-08" in terms["closed_days"]


def test_where_terms_change_inside_a_month_that_is_capped_the_difference_is_said():
    cast = the_cast()
    with clock.moved_to(paris("2026-11-02 10:00")) as hand:
        first = a_ticket(cast.web1, hand.instant)
        taken_up(cast, first, hand.advance(hours=30))
        mid = hand.advance(hours=1)
        binding.change_price(line=cast.line, price_cents=600_00, from_at=mid, at=mid, actor=SETUP)
        second = a_ticket(cast.web1, hand.advance(minutes=1))
        taken_up(cast, second, hand.advance(hours=30))
        export = exporting.of_year([cast.kermor], 2026, at=hand.instant)
        (said,) = export.differences()
        assert f"{said}".startswith(f"ticket {second.number}: judged ")
        assert "due 100.00, replayed" in f"{said}"
        assert said.within == "month"


def test_a_cap_of_a_ticket_whose_fault_came_back_is_told_from_that_of_a_month(story: Story) -> None:
    cap = {"penalty": {"cap": "0.04", "cap_scope": "ticket"}}
    overlaying.lay(
        line=story.cast.line,
        title="Plafond par ticket",
        patch=cap,
        from_at=story.hand.instant,
        until_at=None,
        at=story.hand.instant,
        actor=acting(story.cast.house.sofia, story.hand.instant),
    )
    overlaying.approve(
        Overlay.objects.get(), at=story.hand.instant, actor=acting(story.cast.house.ada, story.hand.instant)
    )
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    story.at("12:00")
    story.worked_on(minutes=10)
    story.seen(UP)
    story.at("12:30")
    story.seen(DOWN)
    story.at("16:31:01")
    story.worked_on(minutes=5)
    (said,) = exporting.of_year([story.cast.kermor], 2026, at=story.hand.instant).differences()
    assert (said.ticket, said.within) == (f"{story.ticket.number}/2", "ticket")
    # 4 % of 500.00 for both: 17.86 of the first leave 2.14.
    assert (said.judged.due_cents, said.again.due_cents) == (2_14, 17_86)


def test_what_still_runs_is_judged_as_of_the_export_whenever_it_is_replayed():
    cast = the_cast()
    with clock.moved_to(MAY) as hand:
        ticket = a_ticket(cast.web1, MAY)
        hand.advance(hours=2, minutes=30)
        export = exporting.of_year([cast.kermor], 2026, at=hand.instant)
        (answer,) = replayed(export).values()
        assert answer["late_seconds"] == timedelta(minutes=30).total_seconds()
        assert json.loads(list(export.lines())[-1])["ticket"]["as_of"] == "2026-05-07T20:29:00+02:00"
        assert answer["ticket"] == f"{ticket.number}"


def test_what_was_judged_late_keeps_the_fee_of_its_verdict_whatever_is_read_of_prices_today(monkeypatch):
    cast = the_cast()
    with clock.moved_to(MAY) as hand:
        ticket = a_ticket(cast.web1, MAY)
        taken_up(cast, ticket, hand.advance(hours=5))
        monkeypatch.setattr("astreinte.records.contracts.resolving.fee", lambda line, at: Price(1, "monthly"))
        export = exporting.of_year([cast.kermor], 2026, at=hand.instant)
        assert [one.price for one in export.cases] == [Price(500_00, "monthly")]
        assert export.differences() == []
