"""The desk's simulations: two sets of terms over the real tickets of a year, in a process of its own (Part 2)."""

import pytest

from astreinte.doors import simulating
from astreinte.records.commitments.exporting import Difference, Export, Judged
from astreinte.records.commitments.models import Clock
from astreinte.records.contracts import binding
from astreinte.records.journal.models import Entry
from astreinte.records.worklog import intervening
from tests.builders import SETUP, a_ticket, acting, paris, some_terms

SIMULATIONS = "/desk/simulations/"


@pytest.fixture
def year(cast, hand):
    """Maison Kermor: a ticket of an hour and a half in business hours; Les Halles: one of three hours at night."""
    for server, received, taken in (
        (cast.web1, "2026-05-07 10:00", "2026-05-07 11:30"),
        (cast.app2, "2026-06-06 02:00", "2026-06-06 05:00"),
        (cast.web1, "2026-11-02 10:00", "2026-11-02 13:30"),
    ):
        ticket, at = a_ticket(server, paris(received)), paris(taken)
        intervening.start(
            ticket,
            at=hand.instant,
            started_at=at,
            evidence="le journal de la session",
            actor=acting(cast.house.hugo, at),
        )
    some_terms(cast.house, "offre-2027", {"targets": {"critical": {"business": "1h"}}}, at=hand.instant)
    return hand


def number_of(page, name):
    """The value of the choice of terms that is called so."""
    form = page.forms[-1]
    html = page.html.partition('name="second"')[2]
    assert form.choices["second"]
    return html.partition(f">{name}<")[0].rpartition('value="')[2].rstrip('"').partition('"')[0]


def test_an_hour_less_costs_so_much_more_and_changes_nothing(at_sofias, cast, year):
    before = Entry.objects.count(), list(Clock.objects.values_list("pk", "replaced_at"))
    first = at_sofias.get(SIMULATIONS)
    offer = number_of(first, "offre-2027")
    page = at_sofias.get(f"{SIMULATIONS}?year=2026&client=&first=&second={offer}")
    assert page.status == 200
    # Half an hour late in May: 5 x 500.00 / 119 h. In November 2 h 30 instead of 1 h 30: 5 x 500.00 / 140 h more.
    assert "Ces conditions auraient coûté 38,87 € de plus : 2 tickets en retard au lieu de 1." in page.text
    assert "3 tickets de 2026" in page.text
    for said in (
        "mai 2026",
        "novembre 2026",
        "#1 La boutique répond 502",
        "Maison Kermor",
        "66,66 %",
        "33,33 %",
    ):
        assert said in page.text
    assert "#2" not in page.text.partition("Les tickets qui changent")[2], "the night is promised as before"
    assert page.html.count('role="img"') == 2, "a chart for the screen and one for the phone"
    assert (Entry.objects.count(), list(Clock.objects.values_list("pk", "replaced_at"))) == before


@pytest.mark.parametrize("within", ["month", "ticket"])
def test_where_the_page_counts_a_cap_apart_it_says_so_of_the_terms_that_held(
    at_sofias, cast, year, monkeypatch, within
):
    usual = number_of(at_sofias.get(SIMULATIONS), "infogerance-2017")
    asked = f"{SIMULATIONS}?year=2026&second={usual}"
    said = "Les conditions qui valaient ne donnent pas ici ce qui a été jugé"
    assert said not in at_sofias.get(asked).text
    other = Difference("1", Judged(1, 2, 2), Judged(1, 2, 1), within)
    monkeypatch.setattr(Export, "differences", lambda export: [other])
    assert at_sofias.get(asked).text.count(said) == 1
    assert said not in at_sofias.get(f"{asked}&first={usual}").text


def test_one_client_and_a_promise_that_is_only_tried(at_sofias, cast, year):
    usual = number_of(at_sofias.get(SIMULATIONS), "infogerance-2017")
    page = at_sofias.get(
        f"{SIMULATIONS}?year=2026&client={cast.halles.pk}&first=&second={usual}&critical_night=2h&multiplier=10"
    )
    # One started hour late: 10 x 390.00 / the business hours of June.
    assert "Ces conditions auraient coûté 25,32 € de plus : 1 ticket en retard au lieu de 0." in page.text
    assert "targets.critical.non_business 2h" in page.text
    assert "infogerance-2017, changées" in page.text


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"year": "1026"}, "Écrivez une année, par exemple 2026."),
        ({"year": "2026", "critical": "deux heures"}, "écrivez une durée comme « 2h », « 30m » ou « 1h30m »"),
        ({"year": "2026", "multiplier": "-5"}, "penalty.multiplier"),
        ({"year": "2026", "second": "999999"}, "Choisissez dans la liste."),
    ],
)
def test_what_cannot_be_tried_is_said_under_its_field(at_sofias, year, said, refused):
    usual = number_of(at_sofias.get(SIMULATIONS), "infogerance-2017")
    query = "&".join(f"{key}={value}" for key, value in ({"second": usual} | said).items())
    page = at_sofias.get(f"{SIMULATIONS}?{query}")
    assert page.status == 422
    assert refused in page.text
    assert "Les tickets qui changent" not in page.text


def test_a_ticket_that_the_other_terms_cannot_judge_is_named(at_sofias, cast, year):
    no_critical = some_terms(cast.house, "sans-critique", {"targets": {"critical": None}}, at=year.instant)
    page = at_sofias.get(f"{SIMULATIONS}?year=2026&second={no_critical.pk}")
    assert page.status == 422
    assert "ticket.priority « critical » ne peut pas être jugé" in page.text


def test_no_terms_of_another_provider_are_offered_or_tried(at_sofias, cast, year):
    theirs = binding.write_terms(
        cast.other_house.provider, name="les leurs", patch={}, at=year.instant, actor=SETUP
    )
    assert "les leurs" not in at_sofias.get(SIMULATIONS).html
    assert at_sofias.get(f"{SIMULATIONS}?year=2026&second={theirs.pk}").status == 422


def test_a_child_that_takes_too_long_is_ended_and_the_page_says_what_to_do(at_sofias, year, monkeypatch):
    monkeypatch.setattr(simulating, "WITHIN_S", 0.001)
    usual = number_of(at_sofias.get(SIMULATIONS), "infogerance-2017")
    page = at_sofias.get(f"{SIMULATIONS}?year=2026&second={usual}")
    assert page.status == 422
    assert "Cela a pris trop de temps. Choisissez un client, ou passez par la ligne de commande." in page.text
