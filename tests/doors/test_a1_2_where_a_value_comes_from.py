"""Desk and portal say where each value comes from, what an order waits for, and what nothing governs (A1.1 to A1.4)."""

from datetime import timedelta

import pytest

from astreinte.records.contracts import binding, orders, overlaying, renewing
from astreinte.records.contracts.models import OrderLine, Overlay
from tests.builders import BEGINNING, SETUP, a_server, acting, paris, some_terms
from tests.doors.browsing import Reading
from tests.records.contracts.signed import accepted, signs, transcribed
from tests.records.contracts.texts import SALE, SPECIAL, both_texts

HERE = "/desk/contracts/1/"
SLOW = '{"targets": {"critical": {"business": "3h"}}}'


@pytest.fixture
def signed(cast):
    """Both texts are accepted: the general terms of sale would halve the cap."""
    special, sale = both_texts(cast.house)
    transcribed(special, some_terms(cast.house), {"penalty.cap": "6.1.1"})
    transcribed(sale, some_terms(cast.house, "cgv", {"penalty": {"cap": "0.5"}}), {"penalty.cap": "4.1.1"})
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), BEGINNING)
    return cast


def test_a1_2_both_sides_read_who_says_a_value_and_what_it_prevails_over(signed, at_alices, at_sofias):
    for page in (at_sofias.get(f"{HERE}origins/"), at_alices.get("/contract/origins/")):
        assert (
            f"penalty.cap 1 {SPECIAL} v1, art. 6, § 1, phrase 1 conditions particulières"
            f" 0.5 {SALE} v1, art. 4, § 1, phrase 1"
        ) in page.text
    before = at_alices.get("/contract/origins/?at=2025-06-01")
    assert "Rien ne nous liait alors" in before.text


def test_a1_3_a_worse_one_waits_on_the_pages_until_who_signs_for_the_client_approves_it(cast, at_sofias):
    page = at_sofias.get(HERE)
    page = at_sofias.send(
        page.form(f"{HERE}overlay/"),
        **{"overlay-title": "Lent", "overlay-patch": SLOW, "overlay-servers": cast.web1.public_id},
    )
    assert "« Lent » est moins favorable au client (targets.critical.business)" in page.text
    assert "attend une seconde personne" in page.text
    assert "Vous l'avez écrit : Ada Morvan peut l'approuver, ou qui signe pour le client." in page.text
    alice = Reading(cast.alice)
    assert not [form for form in alice.get("/contract/origins/").forms if form.action.endswith("specific/")]
    signs(cast.kermor, cast.alice)
    page = alice.get("/contract/origins/")
    assert "targets.critical.business 3h" in page.text
    page = alice.send(page.form("/contract/specific/"))
    assert "Approuvé : « Lent » est en vigueur." in page.text
    assert Overlay.objects.get().approval.by_client


def test_a_colleague_approves_it_on_the_desk(cast, at_sofias):
    at = paris("2026-11-23 11:30")
    overlaying.lay(
        line=cast.line,
        title="Lent",
        patch={"targets": {"critical": {"business": "3h"}}},
        from_at=at,
        until_at=None,
        at=at,
        actor=acting(cast.house.sofia, at),
    )
    ada = Reading(cast.house.ada)
    page = ada.send(ada.get(HERE).form(f"{HERE}overlay/approve/"))
    assert "Approuvé : « Lent » est en vigueur." in page.text
    assert not overlaying.is_pending(Overlay.objects.get())


@pytest.mark.parametrize(
    ("where", "action"),
    [("/contract/origins/", "/contract/specific/"), (HERE, f"{HERE}overlay/approve/")],
    ids=["portal", "desk"],
)
def test_what_was_laid_again_under_the_same_title_is_read_before_it_is_approved(cast, hand, where, action):
    at, later = hand.instant, hand.instant + timedelta(days=1)

    def lay(hours: int, **how) -> Overlay:
        patch = {"targets": {"critical": {"business": f"{hours}h"}}}
        said = {"title": "Lent", "from_at": later, "until_at": None} | how
        return overlaying.lay(line=cast.line, patch=patch, at=at, actor=SETUP, **said)

    signs(cast.kermor, cast.alice)
    reading = Reading(cast.alice if where.startswith("/contract/") else cast.house.ada)
    lay(1, from_at=at, until_at=later)
    shown = lay(3)
    form = reading.get(where).form(action)
    shown.withdrawn_at = at
    shown.save(update_fields=["withdrawn_at"])
    again = lay(9)
    page = reading.send(form)
    assert "Ceci a changé depuis l'affichage de la page" in page.text
    assert overlaying.is_pending(again)
    page = reading.send(reading.get(where).form(action))
    assert page.status == 200
    assert "Approuvé : « Lent » est en vigueur." in page.text
    assert not overlaying.is_pending(again)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        pytest.param({}, "Ceci ne dit rien.", id="nothing"),
        pytest.param(
            {"overlay-patch": '{"penalty": {"cap": "9"}}'}, "est en vigueur en même temps", id="one key"
        ),
    ],
)
def test_what_cannot_lie_there_is_told_under_its_field(cast, at_sofias, said, message):
    at = paris("2026-11-23 11:30")
    overlaying.lay(
        line=cast.line,
        title="Noël",
        patch={"penalty": {"cap": "2"}},
        from_at=at,
        until_at=None,
        at=at,
        actor=SETUP,
    )
    page = at_sofias.send(at_sofias.get(HERE).form(f"{HERE}overlay/"), **{"overlay-title": "Soldes", **said})
    assert message in page.text
    assert Overlay.objects.count() == 1


def test_a1_1_a_client_that_accepted_nothing_is_bound_by_a_line_that_waits(cast, at_sofias):
    both_texts(cast.house)
    form = at_sofias.get("/desk/contracts/bind/").form("")
    said = {
        "client": str(cast.kermor.pk),
        "plan": "Premium",
        "price": "390",
        "period": "monthly",
        "terms": (form.choices["terms"] - {""}).pop(),
        "from_at": "2026-12-01",
    }
    page = at_sofias.send(form, "/desk/contracts/bind/", **said)
    assert f"Ce client n'a pas accepté : {SPECIAL}, {SALE}." in page.text
    page = at_sofias.send(form, "/desk/contracts/bind/", **said, requires="acceptance")
    line = OrderLine.objects.get(plan="Premium")
    here = f"/desk/contracts/{line.number}/"
    page = at_sofias.send(at_sofias.get(here).form(f"{here}activate/"))
    assert "Pas encore. Il manque : Textes acceptés par le client." in page.text
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), paris("2026-11-23 11:30"))
    page = at_sofias.send(at_sofias.get(here).form(f"{here}activate/"))
    assert "La commande est active" in page.text
    assert not orders.is_waiting(line)


def test_a_condition_is_waived_for_a_written_reason(cast, at_sofias):
    at = paris("2026-11-23 11:30")
    line = binding.bind(
        client=cast.kermor,
        plan="Premium",
        price_cents=390_00,
        period="monthly",
        terms=some_terms(cast.house),
        from_at=at,
        at=at,
        actor=SETUP,
        requires=["coverage"],
    )
    here = f"/desk/contracts/{line.number}/"
    page = at_sofias.send(at_sofias.get(here).form(f"{here}waive/"), reason="non")
    assert "Écrivez pourquoi, en 10 caractères ou plus" in page.text
    page = at_sofias.send(page.form(f"{here}waive/"), reason="pas d'onduleur à surveiller")
    assert "levée" in page.text
    assert "pas d'onduleur à surveiller" in page.text


def test_a1_4_a_suspension_is_read_on_both_sides_and_ends(cast, at_sofias, at_alices):
    page = at_sofias.send(at_sofias.get(HERE).form(f"{HERE}suspend/"), reason="travaux chez le client")
    assert "La commande est suspendue" in page.text
    assert "elle ne promet rien : travaux chez le client" in at_alices.get("/contract/").text
    page = at_sofias.send(page.form(f"{HERE}resume/"))
    assert "La commande promet à nouveau." in page.text
    assert renewing.suspended(cast.line, paris("2026-11-23 11:31")) is None


def test_orphans_are_listed_and_our_own_house_is_none(cast, at_sofias):
    a_server(cast.kermor, "oublie.kermor.example")
    a_server(cast.house.internal, "a-nous.estran.example")
    page = at_sofias.get("/desk/contracts/orphans/")
    assert "oublie.kermor.example Maison Kermor" in page.text
    assert "a-nous.estran.example" not in page.text
    assert "régie par aucun texte publié" in page.text


def test_a1_3_the_page_of_a_server_promises_what_its_own_specific_contract_says(cast, at_sofias, at_alices):
    other = a_server(cast.kermor, "db1.kermor.example")
    at = paris("2026-11-23 11:30")
    binding.cover(line=cast.line, server=other, from_at=at, at=at, actor=SETUP)
    overlaying.lay(
        line=cast.line,
        title="Boutique",
        patch={"targets": {"critical": {"business": "1h"}}},
        servers=[cast.web1],
        from_at=at,
        until_at=None,
        at=at,
        actor=SETUP,
    )
    for reading, page in ((at_sofias, "/desk/servers/"), (at_alices, "/servers/")):
        assert "1 h pour intervenir" in reading.get(f"{page}{cast.web1.public_id}/").text
        assert "1 h pour intervenir" not in reading.get(f"{page}{other.public_id}/").text
