"""The client's first page: calm when all is well, exact when something is down, an admission when it is late."""

from datetime import timedelta

import pytest

from astreinte.engine.bus.ports import Result
from astreinte.records.accounts import actors
from astreinte.records.monitoring import checking, recording
from astreinte.records.tickets import handling
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from astreinte.rules.checks.outcome import Level
from tests.builders import BEGINNING, SETUP, a_ticket, acting, paris, time_passes
from tests.doors.browsing import Reading

MONITORING = actors.system("monitoring")


@pytest.fixture
def seen(cast):
    """Record what a probe sees on web1, three times, up to now."""
    check = checking.add(
        server=cast.web1, kind="http", name="boutique", at=paris("2026-11-23T10:00"), actor=SETUP, every_s=60
    )

    def see(level: Level, text: str, at):
        for number in (3, 2, 1):
            when = at - timedelta(seconds=10 * number)
            recording.record(
                [Result(check.public_id, int(when.timestamp()), when, level, text)], at=when, actor=MONITORING
            )

    return see


def test_all_is_well(cast, at_alices, seen, hand):
    seen(Level.OK, "200", hand.instant)
    page = at_alices.get("/")
    assert "Tout fonctionne." in page.text
    assert "Un serveur, 1 contrôle sur 1 est normal. Dernière vérification il y a 10 s." in page.text
    assert (
        "Si vous déclarez maintenant, une personne doit intervenir avant 13:30 (2 h) si tout est arrêté,"
        " avant demain 14:30 (8 h) si le service est dégradé" in page.text
    )


def test_nothing_is_watched(cast, at_alices):
    assert "Rien n'est encore surveillé." in at_alices.get("/").text


def test_no_news_is_not_well(cast, at_alices, seen, hand):
    seen(Level.OK, "200", hand.instant)
    hand.advance(minutes=30)
    page = at_alices.get("/")
    assert "Tout fonctionne" not in page.text
    assert "Ce que nous voyons fonctionne ; un contrôle est périmé." in page.text
    assert "Périmé" in page.text


def test_it_is_down_and_declared(cast, at_alices, hand):
    ticket = a_ticket(cast.web1, hand.instant)
    hand.advance(minutes=22)
    page = at_alices.get("/")
    assert (
        "Nous avons reçu votre déclaration à 11:30. Une personne doit intervenir avant 13:30 ." in page.text
    )
    assert "reste 1 h 38 . C'est ce délai que le contrat garantit" in page.text
    assert "pas de délai garanti par l'article 5" in page.text
    assert f"#{ticket.number}" in page.text


def test_a_probe_alone_promises_nothing(cast, at_alices, seen, hand):
    seen(Level.CRITICAL, "502 Bad Gateway", hand.instant)
    page = at_alices.get("/")
    assert (
        "Nos sondes voient une panne de web1.kermor.example depuis 11:29. Personne n'est encore intervenu."
        " Le délai d'intervention garanti ne court pas" in page.text
    )
    assert "Nous nous en occupons" not in page.text
    assert "sans délai garanti" in page.text
    number = Ticket.objects.get().number
    assert "Aucun délai garanti ne court" in at_alices.get(f"/tickets/{number}/").text


def test_what_a_probe_saw_is_declared_from_the_home_with_this_very_incident(cast, at_alices, seen, hand):
    seen(Level.CRITICAL, "502 Bad Gateway", hand.instant)
    number = Ticket.objects.get().number
    there = f"/declare/?server={cast.web1.public_id}&which={number}"
    for page in (at_alices.get("/"), at_alices.get(f"/tickets/{number}/")):
        assert there.replace("&", "&amp;") in page.html
    assert (
        "Déclarer cette panne Le délai d'intervention garanti part quand vous la déclarez."
        in at_alices.get("/").text
    )
    form = at_alices.get(there).form("/declare/")
    assert (form.values["server"], form.values["which"]) == ([cast.web1.public_id], [str(number)])
    at_alices.send(form, blocked="yes", essential="no", text="Plus rien.")
    page = at_alices.get("/")
    assert "Une personne doit intervenir avant 13:30" in page.text
    assert "Déclarer cette panne" not in page.text


def test_who_took_what_nobody_declared_is_named_and_then_who_intervenes(cast, at_alices, seen, hand):
    seen(Level.CRITICAL, "502 Bad Gateway", hand.instant)
    ticket, hugo = Ticket.objects.get(), acting(cast.house.hugo, BEGINNING)
    hand.advance(minutes=2)
    handling.take(ticket, at=hand.instant, actor=hugo)
    assert (
        "Nous nous en occupons : Hugo Lemaire l'a pris en compte à 11:32, et n'est pas encore intervenu."
        in at_alices.get("/").text
    )
    hand.advance(minutes=2)
    work = intervening.start(ticket, at=hand.instant, actor=hugo)
    assert "Nous nous en occupons : Hugo Lemaire intervient depuis 11:34." in at_alices.get("/").text
    hand.advance(minutes=2)
    intervening.end(work, text="Relancé.", at=hand.instant, actor=hugo)
    page = at_alices.get("/")
    assert "Hugo Lemaire est intervenu à 11:34." in page.text
    assert "Nous nous en occupons" not in page.text


def test_what_runs_now_is_spoken_of_before_what_was_held(cast, at_alices, seen, hand):
    held = a_ticket(cast.web1, hand.instant, subject="Courriel en panne")
    hand.advance(minutes=4)
    intervening.start(held, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    seen(Level.CRITICAL, "502 Bad Gateway", hand.instant)
    assert "Nos sondes voient une panne de web1.kermor.example depuis 11:33." in at_alices.get("/").text
    a_ticket(cast.web1, hand.instant, priority="urgent")
    assert "Une personne doit intervenir avant demain 14:34" in at_alices.get("/").text
    a_ticket(cast.web1, hand.instant)
    assert "Une personne doit intervenir avant 13:34" in at_alices.get("/").text
    hand.move_to(paris("2026-11-23T13:35"))
    time_passes()
    assert "Une personne devait intervenir avant 13:34 , et personne ne l'a fait." in at_alices.get("/").text


def test_the_home_says_that_an_answer_is_awaited_until_it_came(cast, at_alices, hand):
    ticket = a_ticket(cast.web1, hand.instant)
    handling.wait_for_client(
        ticket, text="Quel mot de passe ?", at=hand.instant, actor=acting(cast.house.hugo, BEGINNING)
    )
    asked = f"Nous attendons votre réponse : #{ticket.number} La boutique répond 502"
    assert asked in at_alices.get("/").text
    there = f"/tickets/{ticket.number}/"
    page = at_alices.send(at_alices.get(there).form(f"{there}reply/"), text="Le voici.")
    assert "Nous attendons votre réponse" not in page.text
    assert "Nous attendons votre réponse" not in at_alices.get("/").text


def test_the_time_left_ticks_where_there_is_javascript_and_knows_the_words_of_lateness(cast, at_alices, hand):
    ticket = a_ticket(cast.web1, hand.instant)
    hand.advance(minutes=119)
    ticks = 'data-due="2026-11-23T12:30:00+00:00" data-now="2026-11-23T12:29:00+00:00"'
    assert f"reste <span {ticks}>1\u00a0min</span>" in at_alices.get("/").html
    page = at_alices.get(f"/tickets/{ticket.number}/")
    assert f'{ticks} data-late="Intervention en retard"' in page.html


def test_somebody_took_it_which_is_no_intervention(cast, at_alices, hand):
    ticket = a_ticket(cast.web1, hand.instant)
    hand.advance(minutes=4)
    handling.take(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    page = at_alices.get("/")
    assert "Pris en compte 11:34 Hugo Lemaire" in page.text
    assert "Une personne doit intervenir avant 13:30" in page.text


def test_it_is_late(cast, at_alices, hand):
    a_ticket(cast.web1, hand.instant)
    hand.move_to(paris("2026-11-23T15:10"))
    time_passes()
    page = at_alices.get("/")
    assert "Une personne devait intervenir avant 13:30 , et personne ne l'a fait." in page.text
    assert "1 h 40 de retard" in page.text


def test_somebody_intervened(cast, at_alices, hand):
    ticket = a_ticket(cast.web1, hand.instant)
    hand.move_to(paris("2026-11-23T11:58:20"))
    intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    page = at_alices.get("/")
    assert "Hugo Lemaire est intervenu à 11:58:20." in page.text
    assert "tenue 28 min sur 2 h" in page.text
    assert "Pris en compte 11:58 Hugo Lemaire" in page.text
    assert "personne encore" not in page.text


def test_staff_are_sent_on_to_the_desk(cast, at_hugos):
    assert at_hugos.get("/").response.redirect_chain == [("/desk/", 302)]


def test_who_has_no_role_any_more_is_signed_out(cast, hand):
    from astreinte.records.accounts import people

    reading = Reading(cast.alice)
    assert "Maison Kermor" in reading.get("/").text
    people.end_role(cast.alice.roles.get(), at=hand.instant, actor=SETUP)
    hand.advance(seconds=1)
    assert "Se connecter à Estran" in reading.get("/").text


def test_an_intervention_that_was_late_says_so_once_on_the_home(cast, at_alices, hand):
    ticket = a_ticket(cast.web1, hand.instant)
    hand.move_to(paris("2026-11-23T13:32:02"))
    time_passes()
    intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    time_passes()
    text = at_alices.get("/").text
    assert "Hugo Lemaire est intervenu à 13:32:02. C'était 2 min 02 s trop tard" in text
    assert text.count("une personne devait intervenir avant 13:30. Nous vous devons 17,86 €") == 1


def test_what_our_probes_opened_and_when_it_was_declared_are_told_apart(
    cast, at_alices, at_hugos, seen, hand
):
    seen(Level.CRITICAL, "502 Bad Gateway", hand.instant)
    number = Ticket.objects.get().number
    assert "pas déclaré par le client · incident" in at_hugos.get(f"/desk/tickets/{number}/").text
    assert "déclaré 11:36" not in at_alices.get("/").text
    hand.advance(minutes=6)
    there = f"/declare/?server={cast.web1.public_id}&which={number}"
    form = at_alices.get(there).form("/declare/")
    at_alices.send(form, blocked="yes", essential="no", text="Plus rien.")
    assert "Ouverture #1" in at_alices.get("/").text
    for page in (at_alices.get("/"), at_hugos.get("/desk/tickets/")):
        assert "11:29 déclaré 11:36" in page.text
    text = at_hugos.get(f"/desk/tickets/{number}/").text
    assert "déclaré à 11:36 · incident 1, vu par nos sondes à 11:29" in text
    assert "reçu 11:29" not in text
