"""A5.7: a call is written down at its own instant; only a defined number starts the contractual clock."""

import pytest

from astreinte.records.accounts import founding
from astreinte.records.accounts.models import EmergencyNumber
from astreinte.records.journal.models import Entry
from astreinte.records.tickets.models import Receipt, Ticket
from tests.builders import SETUP, a_ticket, paris
from tests.doors.browsing import plain

CALL = {
    "rang_at": "2026-11-23 03:00",
    "caller": "Alice Caradec",
    "answered": "no",
    "subject": "Plus rien ne répond",
    "priority": "critical",
    "text": "Message laissé sur la boîte.",
}


def written(at_hugos, cast, **said):
    form = at_hugos.get("/desk/tickets/call/").form("")
    chosen = {"client": str(cast.kermor.pk), "server": str(cast.web1.pk)}
    return form, at_hugos.send(form, "/desk/tickets/call/", **(CALL | chosen | said))


def test_an_unanswered_call_at_three_in_the_morning_starts_the_clock_at_its_first_ring(
    cast, at_hugos, at_alices
):
    form, page = written(at_hugos, cast)
    assert form.values["number"] == ["+33261910024"], "the defined number is there already"
    receipt = Receipt.objects.get()
    assert (receipt.channel, receipt.at) == ("phone", paris("2026-11-23T03:00"))
    assert receipt.call.answered is False
    assert "Intervention avant 07:00" in page.text
    assert "HNO 4 h" in page.text
    assert "Reçu : l'horloge démarre numéro d'urgence" in page.text
    assert "Plus rien ne répond" in at_alices.get("/tickets/1/").text


def test_a_call_to_another_number_starts_nothing(cast, at_hugos):
    _, page = written(at_hugos, cast, number="02 99 00 00 00")
    assert Receipt.objects.get().channel == "desk"
    assert "Aucune horloge contractuelle ne court" in page.text


def test_a_number_counts_only_while_it_is_defined(cast, at_hugos, hand):
    row = EmergencyNumber.objects.get(brand=cast.house.brand)
    founding.retire_emergency_number(row, at=paris("2026-11-23T02:00"), actor=SETUP)
    written(at_hugos, cast, number="+33261910024")
    assert Receipt.objects.get().channel == "desk"


def test_a_call_is_added_to_the_ticket_it_is_about_and_its_earlier_ring_counts(cast, at_hugos):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    _, page = written(at_hugos, cast, rang_at="11:21", ticket=str(ticket.number))
    assert Ticket.objects.count() == 1
    assert "Intervention avant 13:21" in page.text


def test_a_call_in_the_hour_that_comes_twice_says_which(cast, at_hugos, hand):
    hand.move_to(paris("2026-10-25T09:00"))
    _, page = written(at_hugos, cast, rang_at="2026-10-25 02:30")
    assert (
        "« 2026-10-25 02:30 » vient deux fois cette nuit-là."
        " Dites laquelle : « 2026-10-25 02:30+02:00 » ou « 2026-10-25 02:30+01:00 »." in page.text
    )
    _, page = written(at_hugos, cast, rang_at="2026-10-25 02:30+01:00")
    assert Receipt.objects.get().at == paris("2026-10-25T02:30", fold=1)
    assert "02:30 (+01:00)" in page.text


BAD = [
    pytest.param(
        {"rang_at": "23:59"}, "C'est encore à venir. Écrivez l'instant de la première sonnerie.", id="to come"
    ),
    pytest.param(
        {"rang_at": "25:00"},
        "« 25:00 » n'est pas un instant. Écrivez par exemple « 2026-11-23 11:30 ».",
        id="hour 25",
    ),
    pytest.param({"rang_at": ""}, "Écrivez quelque chose ici.", id="no instant"),
    pytest.param(
        {"rang_at": "2026-03-29 02:30"},
        "« 2026-03-29 02:30 » n'existe pas : on avance l'heure cette nuit-là."
        " Écrivez par exemple « 2026-03-29 03:30 ».",
        id="the hour that is skipped",
    ),
    pytest.param({"client": ""}, "Faites un choix.", id="no client"),
    pytest.param(
        {"server": "CHARLIES"},
        "app2.halles.example n'est pas un serveur de Maison Kermor. Choisissez-en un des siens, ou aucun.",
        id="a server of another client",
    ),
    pytest.param(
        {"ticket": "99"},
        "#99 n'est pas un ticket ouvert de Maison Kermor. Laissez vide pour en ouvrir un.",
        id="a ticket that is not there",
    ),
    pytest.param({"ticket": "x"}, "Écrivez le numéro du ticket, par exemple 4812.", id="no ticket number"),
    pytest.param({"caller": ""}, "Écrivez quelque chose ici.", id="nobody called"),
]


@pytest.mark.parametrize(("wrong", "message"), BAD)
def test_what_is_wrong_stands_under_its_field_and_nothing_is_written(cast, at_hugos, wrong, message):
    said = {name: str(cast.app2.pk) if value == "CHARLIES" else value for name, value in wrong.items()}
    before = Entry.objects.count()
    _, page = written(at_hugos, cast, **said)
    assert plain(message) in page.text
    assert Entry.objects.count() == before


def test_a_ticket_of_the_staff_starts_no_contractual_clock_and_says_so(cast, at_hugos):
    page = at_hugos.get("/desk/tickets/new/")
    assert "Noté par nous : aucune horloge contractuelle ne démarre." in page.text
    said = {"client": str(cast.kermor.pk), "server": str(cast.web1.pk), "subject": "Disque", "text": "91 %"}
    page = at_hugos.send(page.form(""), "/desk/tickets/new/", **said, priority="critical", nature="incident")
    assert Receipt.objects.get().channel == "desk"
    assert "Objectif interne : intervention avant 13:30" in page.text


def test_sent_twice_a_call_is_one_ticket(cast, at_hugos):
    form, _ = written(at_hugos, cast)
    chosen = {"client": str(cast.kermor.pk), "server": str(cast.web1.pk)}
    at_hugos.send(form, "/desk/tickets/call/", **(CALL | chosen))
    assert Ticket.objects.count() == 1
