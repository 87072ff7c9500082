"""A5.1: an alert at two, a call five past, a ticket ten past: all are seen, and which starts the clock is said."""

import re
from datetime import timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Clock
from astreinte.records.contracts import overlaying
from astreinte.records.tickets import handling, opening
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from tests.builders import PARIS, SETUP, acting, paris, the_cast, time_passes
from tests.journeys.shown import (
    everywhere,
    in_api,
    in_cli_json,
    on_desk,
    on_portal,
    parts,
    readable,
    signed_in,
    text_of,
)
from tests.records.monitoring.watching import CRITICAL, OK, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)

EVENING = paris("2026-11-23 22:00")
TWO = paris("2026-11-24 02:00")
NAMES = (
    *("Survenue", "Détectée", "Ticket reçu", "Appel reçu"),
    *("Horloge démarrée", "Intervention commencée", "Rétabli", "Clos"),
)


def eight(page):
    """Return the eight times of a ticket's page by their names, as they are read."""
    section = page.part("times")
    assert section is not None
    told = [readable(text_of(one)) for one in parts(section) if one.name in {"dt", "dd"}]
    return dict(zip(told[::2], told[1::2], strict=True))


def alerted_called_and_declared(cast, hand):
    """The probes are sure at 02:00:10, Alice calls at 02:05, writes at 02:10; Hugo writes the call down at 02:12."""
    check = a_check(cast.web1, at=EVENING)
    hand.move_to(TWO)
    recorded(check, [CRITICAL] * 3, start=TWO)
    time_passes()
    ticket = Ticket.objects.get()
    alice, hugo = acting(cast.alice, TWO), acting(cast.house.hugo, TWO)
    said = "La boutique ne répond plus."
    at = hand.move_to(paris("2026-11-24 02:10"))
    opening.join(ticket, channel="web", key="at ten past", text=said, priority="critical", at=at, actor=alice)
    opening.record_call(
        client=cast.kermor,
        server=cast.web1,
        number_called="+33 2 61 91 00 24",
        caller="Alice Caradec",
        rang_at=paris("2026-11-24 02:05"),
        key="at five past",
        at=hand.advance(minutes=2),
        actor=hugo,
        ticket=ticket,
        text=said,
        priority="critical",
    )
    time_passes()
    return check, ticket


def test_a5_1_alert_call_and_ticket_are_three_times_and_the_call_starts_the_clock():
    cast = the_cast()
    with clock.moved_to(EVENING) as hand:
        check, ticket = alerted_called_and_declared(cast, hand)
        said = everywhere(ticket, cast)
        assert "numéro d’urgence le mardi 24 novembre 2026 à 02:05:00" in str(said.deadline)
        assert "Une réception par une sonde le mardi 24 novembre 2026 à 02:00:10 n’ouvre pas" in str(
            said.deadline
        )
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert eight(page) == {
                "Survenue": "01:59:45 au plus tôt (estimation)",
                "Détectée": "02:00:00",
                "Ticket reçu": "02:10:00",
                "Appel reçu": "02:05:00",
                "Horloge démarrée": "02:05:00",
                **dict.fromkeys(NAMES[5:], "–"),
            }
            assert "De la détection au ticket : 10 s" in page.says("times")
            assert "Reçu : l’horloge démarre" in " ".join(page.steps())

        hugo = acting(cast.house.hugo, hand.instant)
        begun = intervening.start(ticket, at=hand.move_to(paris("2026-11-24 02:30")), actor=hugo)
        recorded(check, [OK] * 2, start=hand.move_to(paris("2026-11-24 02:40")))
        intervening.end(
            begun, text="php-fpm relancé.", at=hand.move_to(paris("2026-11-24 02:45")), actor=hugo
        )
        handling.close(ticket, reason="", at=hand.move_to(paris("2026-11-24 03:00")), actor=hugo)
        time_passes()
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert tuple(eight(page)) == NAMES
            assert list(eight(page).values())[4:] == ["02:05:00", "02:30:00", "02:40:05", "03:00:00"]
        for told in (
            in_cli_json("ticket", "show", str(ticket.number), person=cast.house.hugo)["times"],
            in_api(ticket, cast.alice)["times"],
        ):
            assert {name: at and re.sub(r"\+00:00$", "Z", str(at)) for name, at in told.items()} == {
                "occurred_at": "2026-11-24T00:59:45Z",
                "detected_at": "2026-11-24T01:00:00Z",
                "ticket_opened_at": "2026-11-24T01:00:10Z",
                "ticket_written_at": "2026-11-24T01:00:10Z",
                "ticket_received_at": "2026-11-24T01:10:00Z",
                "call_received_at": "2026-11-24T01:05:00Z",
                "clock_started_at": "2026-11-24T01:05:00Z",
                "clock_restarted_at": None,
                "intervention_started_at": "2026-11-24T01:30:00Z",
                "restored_at": "2026-11-24T01:40:05Z",
                "closed_at": "2026-11-24T02:00:00Z",
                "to_ticket_s": "10",
            }


def test_a5_1_what_was_seen_while_the_hub_was_away_had_its_ticket_when_it_was_back():
    cast = the_cast()
    with clock.moved_to(paris("2026-11-24 02:40")) as hand:
        check = a_check(cast.web1, at=EVENING)
        recorded(check, [CRITICAL] * 3, start=TWO, at=hand.instant)
        time_passes()
        ticket = Ticket.objects.get()
        assert ticket.opened_at == TWO + timedelta(seconds=10)
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert "De la détection au ticket : 40 min" in page.says("times")
            assert eight(page)["Détectée"] == "02:00:00"
            assert eight(page)["Ticket reçu"] == "non déclarée ; ticket ouvert 02:40:00"
        assert in_api(ticket, cast.alice)["times"]["to_ticket_s"] == 2400


@pytest.mark.parametrize(
    ("starts_on", "started", "why"),
    [
        pytest.param(["web"], "02:10:00", "dans l’interface web", id="the form alone"),
        pytest.param(["web", "phone", "monitoring"], "02:00:10", "par une sonde", id="the probes, too"),
    ],
)
def test_a5_1_the_clock_starts_by_the_policy_and_says_so(starts_on, started, why):
    cast = the_cast()
    with clock.moved_to(EVENING) as hand:
        laid = overlaying.lay(
            line=cast.line,
            title="Contrat spécifique",
            patch={"clock_starts_on": starts_on},
            from_at=EVENING,
            until_at=None,
            at=EVENING,
            actor=SETUP,
        )
        if overlaying.is_pending(laid):
            overlaying.approve(laid, at=EVENING, actor=acting(cast.house.sofia, EVENING))
        _check, ticket = alerted_called_and_declared(cast, hand)
        promise = Clock.objects.current().contractual().get()
        assert f"{promise.started_at.astimezone(PARIS):%H:%M:%S}" == started
        said = str(everywhere(ticket, cast).deadline)
        assert f"reçu {why} le mardi 24 novembre 2026 à {started}" in said
        assert eight(on_portal(ticket, cast.alice))["Horloge démarrée"] == started


def test_a_ticket_that_no_probe_saw_says_what_was_not_measured():
    cast = the_cast()
    with clock.moved_to(TWO) as hand:
        opening.declare(
            client=cast.kermor,
            server=cast.web1,
            subject="Lent",
            text="Tout est lent.",
            priority="critical",
            channel="web",
            key="slow",
            at=hand.instant,
            actor=acting(cast.alice, TWO),
        )
        page = on_portal(Ticket.objects.get(), cast.alice)
    assert eight(page)["Survenue"] == "non mesurée"
    assert eight(page)["Détectée"] == "–"
    assert "De la détection au ticket" not in page.says("times")
    assert signed_in(cast.charlie).get("/tickets/1/").status_code == 404
