"""A6.1, A6.2 on the page: what was missed, what is owed to the cent, why; the client reads what the staff reads."""

import json

import pytest

from astreinte.records.commitments.models import Clock
from astreinte.records.tickets import conversation
from astreinte.records.worklog import intervening
from tests.builders import BEGINNING, a_ticket, acting, paris, time_passes


@pytest.fixture
def night(cast, hand):
    """A call of Saturday at 03:00, due at 07:00, taken up at 09:30: three started hours."""
    ticket = a_ticket(cast.web1, paris("2026-11-28T03:00"), channel="phone")
    hand.move_to(paris("2026-11-28T09:30"))
    time_passes()
    intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    time_passes()
    hand.advance(minutes=5)
    return ticket


def test_the_admission_comes_first_with_the_sum(night, at_alices):
    page = at_alices.get(f"/tickets/{night.number}/")
    assert (
        "Nous avons manqué notre promesse : personne n'est intervenu avant 07:00."
        " Nous vous devons 53,57 € si vous le demandez." in page.text
    )
    assert "Garantie manquée : intervention en retard" in page.text


def test_each_number_of_the_formula_has_its_source(night, at_alices):
    text = at_alices.get(f"/tickets/{night.number}/").text
    formula = (
        "5 multiplicateur, art. 6 × 500,00 € forfait mensuel HT, en vigueur à l'échéance ÷ 140 h heures d'ouverture"
        " de novembre 2026 × 3 h comptées, pour 2 h 30 de retard = 53,57 € arrondi une fois, au centime"
    )
    assert formula in text
    assert "Article 6. À votre demande, déduit de la facture suivante." in text
    assert "Article 6, Conditions Particulières d'Infogérance" in text


def test_both_sides_read_the_same_reasons(night, at_alices, at_hugos):
    def reasons(page):
        return page.html.split('<div class="law">')[1:]

    client, staff = at_alices.get(f"/tickets/{night.number}/"), at_hugos.get(f"/desk/tickets/{night.number}/")
    whole = [part.split("</div>")[0] for part in reasons(client)]
    assert whole
    assert whole == [part.split("</div>")[0] for part in reasons(staff)]


def test_a_trace_that_does_not_give_the_number_again_is_said(night, at_alices, monkeypatch):
    clock = Clock.objects.get(ticket=night, kind="contractual")
    wrong = json.loads(clock.trace) | {"allowed_seconds": 14_401}
    loads = json.loads
    monkeypatch.setattr(json, "loads", lambda text: wrong if text == clock.trace else loads(text))
    text = at_alices.get(f"/tickets/{night.number}/").text
    assert "Le recalcul depuis ce qui est conservé ne redonne pas ce nombre. Demandez-nous pourquoi." in text


def test_a_clock_that_still_runs_late_says_what_the_next_hour_costs(cast, hand, at_alices):
    ticket = a_ticket(cast.web1, paris("2026-11-28T03:00"))
    hand.move_to(paris("2026-11-28T08:12"))
    time_passes()
    text = at_alices.get(f"/tickets/{ticket.number}/").text
    assert "Intervention en retard HNO 4 h compté jour et nuit 1 h 12 min 00" in text
    assert "35,71 € à cet instant, si vous le demandez" in text
    assert "53,57 € à partir de 09:00" in text


def test_the_cap_of_the_month_is_said_when_it_cuts(cast, hand, at_alices):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    hand.move_to(paris("2026-11-25T11:30"))
    time_passes()
    text = at_alices.get(f"/tickets/{ticket.number}/").text
    assert "500,00 € à cet instant, si vous le demandez, coupé par le plafond du mois" in text
    assert "Dû : 500,00 €." in text
    assert "Le plafond du mois est de 500,00 €" in text


def test_a_kept_promise_owes_nothing(cast, hand, at_alices):
    ticket = a_ticket(cast.web1, hand.instant)
    hand.move_to(paris("2026-11-23T11:58:20"))
    intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    text = at_alices.get(f"/tickets/{ticket.number}/").text
    assert "Garantie tenue : intervention à temps HO 2 h horloge arrêtée 28 min" in text
    assert "Dû Rien. Marge : 1 h 31" in text
    assert "Ce qui est dû, au centime" not in text


def test_the_client_reads_public_messages_only(cast, hand, at_alices):
    ticket = a_ticket(cast.web1, hand.instant)
    hugo = acting(cast.house.hugo, BEGINNING)
    conversation.note(ticket, "Même faute qu'en mai.", at=hand.instant, actor=hugo)
    conversation.reply(ticket, "Nous regardons le pool PHP.", at=hand.instant, actor=hugo)
    page = at_alices.get(f"/tickets/{ticket.number}/")
    assert "Nous regardons le pool PHP." in page.text
    assert "en mai" not in page.html
    assert "Interne" not in page.text


def test_a_reply_is_added_and_stops_nothing(cast, hand, at_alices):
    ticket = a_ticket(cast.web1, hand.instant)
    form = at_alices.get(f"/tickets/{ticket.number}/").form(f"/tickets/{ticket.number}/reply/")
    page = at_alices.send(form, text="Cela remarche à moitié.")
    assert "Alice Caradec Maison Kermor 11:30 Cela remarche à moitié." in page.text
    assert Clock.objects.get(ticket=ticket, kind="contractual").deadline_at == paris("2026-11-23T13:30")
    empty = at_alices.send(form, text=" ")
    assert empty.status == 422
    assert "Écrivez votre message, par exemple « cela remarche depuis 12:31 »." in empty.text
