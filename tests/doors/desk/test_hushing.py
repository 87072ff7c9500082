"""A4.2: on the pages, who is not told, by whose doing, why and until when; and what is refused in French."""

from datetime import timedelta

import pytest

from astreinte.records.agenda.models import Window
from astreinte.records.journal.models import Entry
from astreinte.records.monitoring.models import HeldAlert, Silence
from astreinte.records.notices.models import Notice
from astreinte.records.tickets.models import Ticket
from tests.builders import paris, time_passes
from tests.doors.browsing import Reading
from tests.records.monitoring.watching import CRITICAL, OK, a_check, recorded


@pytest.fixture
def shop(cast, hand):
    check = a_check(cast.web1, at=hand.instant - timedelta(minutes=5))
    a_check(cast.web1, "mail", at=hand.instant - timedelta(minutes=5))
    recorded(check, [OK, OK], start=hand.instant - timedelta(seconds=5), at=hand.instant)
    return check


def silenced(at_hugos, cast, **said):
    there = f"/desk/servers/{cast.web1.public_id}/silence/"
    return at_hugos.send(at_hugos.get(there).form(""), there, **{"reason": "Migration de la base"} | said)


def down(check, hand):
    recorded(check, [CRITICAL] * 3, start=hand.advance(seconds=5), at=hand.advance(seconds=10))
    time_passes()


def test_a_server_is_silenced_for_an_hour_unless_told_otherwise_and_says_so(cast, hand, at_hugos, shop):
    page = silenced(at_hugos, cast)
    assert "Plus personne n'est averti à partir de maintenant ; tout est enregistré." in page.text
    said = Silence.objects.get()
    assert said.until_at == hand.instant + timedelta(hours=1)
    page = at_hugos.get(f"/desk/servers/{cast.web1.public_id}/")
    assert (
        "Personne n'est averti des pannes de ce serveur jusqu'à 12:30 :"
        " silence de Hugo Lemaire, « Migration de la base »." in page.text
    )
    assert "Normal" in page.text
    assert "Migration" not in Reading(cast.alice).get(f"/servers/{cast.web1.public_id}/").text


def test_a_hushed_fault_is_shown_as_what_it_is_with_why_nobody_was_told(cast, hand, at_hugos, shop):
    silenced(at_hugos, cast, check_ref=str(shop.pk))
    down(shop, hand)
    assert not Notice.objects.filter(person=cast.house.hugo).exists()
    page = at_hugos.get(f"/desk/servers/{cast.web1.public_id}/")
    assert "Critique" in page.text
    assert "Personne n'est averti des pannes du contrôle shop jusqu'à 12:30" in page.text
    assert "alertes retenues" in at_hugos.get("/desk/servers/").text
    now = at_hugos.get("/desk/").text
    assert "1 silence ou annonce de travaux retient des alertes en ce moment" in now
    assert "11:30 personne averti" in now
    ticket = Ticket.objects.get()
    page = at_hugos.get(f"/desk/tickets/{ticket.number}/")
    assert "Notre équipe n'a pas été alertée à 11:30, et ne le sera pas avant 12:30." in page.text
    assert "Silence de Hugo Lemaire : « Migration de la base »." in page.text
    page = Reading(cast.alice).get(f"/tickets/{ticket.number}/")
    assert "Notre équipe n'a pas été alertée à 11:30, et ne le sera pas avant 12:30." in page.text
    assert "Silence de Hugo Lemaire." in page.text
    assert "Ce que vous déclarez lui est dit aussitôt, et le délai garanti reste le même." in page.text
    assert "Migration" not in page.text


def test_a_silence_ended_on_its_page_lets_people_be_told(cast, hand, at_hugos, shop):
    silenced(at_hugos, cast)
    down(shop, hand)
    page = at_hugos.get("/desk/silences/1/")
    assert "#1 web1.kermor.example: shop incident 1, Maison Kermor 11:30 retenue" in page.text
    hand.advance(minutes=1)
    page = at_hugos.send(page.form("/desk/silences/1/end/"))
    assert "C'est fini : on est de nouveau averti des pannes de web1.kermor.example." in page.text
    time_passes()
    assert Notice.objects.filter(person=cast.house.hugo).count() == 1
    assert HeldAlert.objects.get().outcome == "told"
    page = at_hugos.get(f"/desk/tickets/{Ticket.objects.get().number}/")
    assert "Notre équipe n'a pas été alertée à 11:30, mais à 11:31." in page.text
    assert "C'était déjà fini." in at_hugos.post("/desk/silences/1/end/").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"reason": " "}, "Un silence a une raison. Écrivez-la ici.", id="no reason"),
        pytest.param({"until_at": ""}, "Un silence a une fin. Écrivez-la ici.", id="no end"),
        pytest.param({"until_at": "11:29"}, "C'est passé. Écrivez un instant plus tard.", id="past"),
        pytest.param({"until_at": "2026-12-01 11:30"}, "C'est dans plus de sept jours.", id="too long"),
    ],
)
def test_a_silence_without_reason_or_end_is_refused_under_its_field(cast, at_hugos, said, words):
    before = Entry.objects.count()
    page = silenced(at_hugos, cast, **said)
    assert words in page.text
    assert Entry.objects.count() == before


def announced(at_hugos, cast, **said):
    there = "/desk/agenda/announce/"
    page = at_hugos.get(f"{there}?server={cast.web1.public_id}")
    whole = {"title": "Changement de disque", "from_at": "22:00", "until_at": "23:30"} | said
    return at_hugos.send(page.form(""), there, **whole)


def test_work_is_announced_read_by_the_client_and_called_off(cast, hand, at_hugos, shop):
    page = announced(at_hugos, cast, checks="shop")
    assert "Annoncé : le client le lit sur ses pages." in page.text
    assert Window.objects.get().from_at == paris("2026-11-23T22:00")
    assert "Changement de disque" in at_hugos.get("/desk/agenda/").text
    alices = Reading(cast.alice).get(f"/servers/{cast.web1.public_id}/")
    assert (
        "Changement de disque · travaux annoncés, le lundi 23 novembre 2026 de 22:00 à 23:30 (shop)"
        in alices.text
    )
    page = at_hugos.send(at_hugos.get("/desk/agenda/1/").form("/desk/agenda/1/end/"))
    assert "Les travaux sont annulés." in page.text
    assert "Changement" not in Reading(cast.alice).get(f"/servers/{cast.web1.public_id}/").text


def test_work_under_way_is_shown_and_ended_early(cast, hand, at_hugos, shop):
    announced(at_hugos, cast)
    hand.move_to(paris("2026-11-23T22:10"))
    down(shop, hand)
    assert (
        "travaux annoncés, en cours jusqu'à 23:30"
        in at_hugos.get(f"/desk/servers/{cast.web1.public_id}/").text
    )
    ticket = Ticket.objects.get()
    page = Reading(cast.alice).get(f"/tickets/{ticket.number}/")
    assert "Travaux annoncés par Hugo Lemaire : Changement de disque." in page.text
    page = at_hugos.send(at_hugos.get("/desk/agenda/1/").form("/desk/agenda/1/end/"))
    assert "C'est fini : on est de nouveau averti des pannes de ces serveurs." in page.text
    time_passes()
    assert Notice.objects.filter(person=cast.house.hugo).count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"from_at": "11:30"}, "ce qui a déjà commencé est un silence", id="begun"),
        pytest.param({"until_at": "22:00"}, "La fin n'est pas après le début.", id="no length"),
        pytest.param({"until_at": "2026-11-24 22:01"}, "C'est plus long que 24 heures.", id="too long"),
        pytest.param(
            {"checks": "imap"}, "Aucun de ces serveurs n'a de contrôle « imap ».", id="no such check"
        ),
        pytest.param({"title": ""}, "Écrivez quelque chose ici.", id="no title"),
    ],
)
def test_what_cannot_be_announced_is_said_under_its_field(cast, at_hugos, shop, said, words):
    page = announced(at_hugos, cast, **said)
    assert words in page.text
    assert not Window.objects.exists()


def test_no_window_holds_two_clients_and_nobody_chooses_a_server_of_another_house(cast, at_hugos, shop):
    both = [str(cast.web1.pk), str(cast.app2.pk)]
    assert "des serveurs de plusieurs clients" in announced(at_hugos, cast, servers=both).text
    victor = Reading(cast.victor, host="ressac.test")
    page = victor.post(
        "/desk/agenda/announce/", servers=str(cast.web1.pk), title="x", from_at="22:00", until_at="23:00"
    )
    assert "Choisissez dans la liste." in page.text or "Choisissez" in page.text
    assert not Window.objects.exists()


def test_an_accountant_is_offered_neither(cast, hand):
    from tests.builders import a_person

    page = Reading(a_person(cast.house, "Paul Abgrall", role="accountant")).get(
        f"/desk/servers/{cast.web1.public_id}/"
    )
    assert "/silence/" not in page.html
    assert "/announce/" not in page.html
