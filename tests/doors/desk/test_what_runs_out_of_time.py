"""The desk's first page: late first, then by the time left and the money; and the way to it on a fresh machine."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from astreinte.engine.bus.ports import Result
from astreinte.records.accounts import actors
from astreinte.records.monitoring import checking, recording
from astreinte.records.tickets import handling
from astreinte.records.worklog import intervening
from astreinte.rules.checks.outcome import Level
from tests.builders import (
    BEGINNING,
    SETUP,
    a_client,
    a_contract,
    a_house,
    a_server,
    a_ticket,
    acting,
    paris,
    some_terms,
    time_passes,
)
from tests.doors.browsing import Reading
from tests.records.monitoring.watching import DOWN, a_check, recorded


@pytest.fixture
def monday(cast, hand):
    """Monday 23 November at 11:52: one deadline is past, two delays run, one was kept."""
    terms = some_terms(cast.house)
    phare, verdier = a_client(cast.house, "Éditions du Phare"), a_client(cast.house, "Cabinet Verdier")
    search1, edge1 = a_server(phare, "search1.phare.example"), a_server(verdier, "edge1.verdier.example")
    a_contract(phare, search1, terms=terms, cents=840_00)
    a_contract(verdier, edge1, terms=terms, cents=1260_00)
    exports = a_ticket(cast.app2, paris("2026-11-20T10:40"), priority="urgent", subject="Exports incomplets")
    hugo = acting(cast.house.hugo, BEGINNING)
    handling.take(exports, at=paris("2026-11-20T10:55"), actor=hugo)
    a_ticket(search1, paris("2026-11-23T09:12"), priority="urgent", subject="Recherche lente")
    portal = a_ticket(edge1, paris("2026-11-23T10:05"), subject="Portail injoignable")
    intervening.start(portal, at=paris("2026-11-23T10:31"), actor=hugo)
    a_ticket(cast.web1, paris("2026-11-23T11:30"), subject="La boutique répond 502")
    hand.move_to(paris("2026-11-23T11:52"))
    time_passes()


def test_late_first_then_by_time_left_and_what_was_kept_last(monday, at_sofias):
    text = at_sofias.get("/desk/").text
    assert "Une échéance est dépassée, 2 délais sont en cours" in text
    assert "Déjà dû si les clients le demandent : 13,93 €" in text
    assert "En jeu si rien n'est commencé à temps : 47,86 € par heure entamée." in text
    order = ["Exports incomplets", "La boutique répond 502", "Recherche lente", "Portail injoignable"]
    places = [text.index(subject) for subject in order]
    assert places == sorted(places)
    assert "12 min de retard compté en heures ouvrées #1 Exports incomplets" in text
    assert "13,93 € dus 27,86 € à partir de 14:40" in text
    assert "pris en compte 20 nov. 10:55, pas encore intervenu" in text
    assert "1 h 38 compté jour et nuit" in text
    assert "5 h 20 compté en heures ouvrées" in text
    assert "30,00 € / h plafond 840,00 €" in text
    assert "Tenu 26 min sur 2 h" in text


def test_what_is_coming_is_announced(monday, at_sofias):
    text = at_sofias.get("/desk/").text
    assert "13:30 Échéance de #4" in text
    assert "14:40 #1 : une heure de plus, 27,86 €" in text


def test_the_strip_shows_the_regime_and_the_nearest_deadline_on_each_page(monday, at_sofias):
    for path in ("/desk/", "/desk/tickets/", "/desk/servers/", "/desk/contracts/"):
        text = at_sofias.get(path).text
        assert "Heures ouvrées jusqu'à 12:00" in text
        assert "Échéance #4 dans 1 h 38" in text


def test_a_business_clock_stands_in_the_night_and_does_not_tick(cast, hand, at_sofias):
    ticket = a_ticket(cast.web1, paris("2026-11-23T17:30"), priority="urgent")
    hand.move_to(paris("2026-11-23T22:00"))
    page = at_sofias.get(f"/desk/tickets/{ticket.number}/")
    assert "seules les heures ouvrées comptent : l'horloge attend leur reprise 7 h 30 min" in page.text
    assert 'clock-left" data-due' not in page.html


def test_what_the_probes_see_has_no_contractual_clock(cast, hand, at_sofias):
    db2 = a_server(cast.kermor, "db2.kermor.example")
    check = checking.add(server=db2, kind="tcp", name="PostgreSQL", at=hand.instant, actor=SETUP, every_s=60)
    system = actors.system("monitoring")
    for number in range(3):
        at = hand.instant + timedelta(seconds=20 * number)
        seen = Result(check.public_id, int(at.timestamp()), at, Level.WARNING, "214 s de retard")
        recording.record([seen], at=at, actor=system)
    hand.advance(minutes=1)
    text = at_sofias.get("/desk/").text
    assert "Avertissement PostgreSQL db2.kermor.example" in text
    assert "214 s de retard" in text
    hand.advance(hours=1)
    assert "Périmé PostgreSQL" in at_sofias.get("/desk/").text, "no news is not normal"


def test_a_ticket_of_a_probe_is_listed_apart(cast, hand, at_sofias):
    a_ticket(cast.web1, hand.instant, channel="monitoring", subject="web1 : HTTPS")
    text = at_sofias.get("/desk/").text
    assert (
        "Tickets ouverts sans horloge contractuelle Personne n'a déclaré. Objectif interne seulement." in text
    )
    assert "#1 web1 : HTTPS" in text
    page = at_sofias.get("/desk/tickets/1/")
    assert "Aucune horloge contractuelle ne court" in page.text
    assert (
        "Objectif interne : intervention avant 13:30. Ce n'est pas une promesse et ne coûte rien."
        in page.text
    )


def test_a_fresh_machine_shows_the_way(db, hand):
    house = a_house()
    text = Reading(house.ada).get("/desk/").text
    assert "Aucune échéance ne court." in text
    assert "Le premier ticket viendra d'une sonde, du portail, ou d'un appel que vous noterez." in text
    assert "Avant qu'une promesse puisse courir" in text
    assert "Inviter une personne du client" in text
    clients = Reading(house.ada).get("/desk/clients/").text
    assert "Ajoutez un client, écrivez des conditions, engagez le client par une commande" in clients
    bind = Reading(house.ada).get("/desk/contracts/bind/").text
    assert "Écrivez d'abord des conditions" in bind


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/tickets/", "/desk/servers/", "/desk/clients/", "/desk/contracts/"]
)
def test_a_list_asks_as_often_for_nine_as_for_three(cast, hand, at_sofias, path):
    terms = some_terms(cast.house)

    def more(numbers):
        for number in numbers:
            client = a_client(cast.house, f"Client {number}")
            server = a_server(client, f"srv{number}.example")
            a_contract(client, server, terms=terms)
            checking.add(server=server, kind="tcp", name="ssh", at=BEGINNING, actor=SETUP, every_s=60)
            a_ticket(server, hand.instant)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert at_sofias.get(path).status == 200
        return len(caught)

    more(range(3))
    three = asked()
    more(range(3, 9))
    assert asked() == three


def test_what_else_is_not_well_on_a_server_that_has_a_ticket_is_told_too(cast, hand, at_sofias):
    down, slow = (
        a_check(cast.web1, name, at=hand.instant, every_s=1800) for name in ("boutique", "certificat")
    )
    recorded(down, DOWN, start=hand.instant)
    recorded(slow, [Level.WARNING] * 3, start=hand.instant)
    hand.advance(seconds=30)
    time_passes()
    page = at_sofias.get("/desk/").text
    assert "certificat" in page
    assert "Chaque contrôle est normal" not in page


def test_an_internal_target_that_is_past_says_so(cast, at_hugos, hand):
    ticket = a_ticket(cast.web1, hand.instant, channel="email")
    path = f"/desk/tickets/{ticket.number}/"
    hand.advance(hours=3)
    past = "Cet instant est passé, et personne n'est intervenu. Ce n'est pas une promesse"
    assert f"Objectif interne : intervention avant 13:30. {past}" in at_hugos.get(path).text
    intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    assert "L'intervention est venue après. Ce n'est pas une promesse" in at_hugos.get(path).text


def test_what_was_late_until_somebody_intervened_is_said_calmly_with_what_it_owes(cast, at_hugos, hand):
    ticket = a_ticket(cast.web1, hand.instant)
    hand.move_to(paris("2026-11-23T13:32:02"))
    time_passes()
    intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    time_passes()
    page = at_hugos.get("/desk/")
    assert "Dû pour ce qui a été en retard, si les clients le demandent : 17,86 €." in page.text
    assert "Délai d'intervention Ticket" in page.text
    assert "Reste pour intervenir" not in page.text
    assert "2 min 02 s de retard horloge arrêtée" in page.text
    assert "left late" not in page.html
