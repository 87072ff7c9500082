"""One story from the first result that is bad to the sum that is owed, read on the pages at each turn."""

from datetime import timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach, Settlement, Verdict
from astreinte.records.tickets.models import Receipt, Ticket
from tests.builders import paris, the_cast, time_passes
from tests.journeys.shown import Page, amounts, everywhere, in_cli_json, on_desk, on_portal, signed_in
from tests.journeys.visitor import form_on
from tests.records.monitoring.watching import CRITICAL, OK, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)


def probes_see(hand, check, level, attempts=3):
    """The watch tries so many times, five seconds apart, and what it saw is recorded."""
    recorded(check, [level] * attempts, start=hand.instant)
    hand.advance(timedelta(seconds=5 * (attempts - 1)))
    time_passes()


def test_a_dead_shop_is_seen_declared_missed_taken_up_and_owed():
    cast = the_cast()
    alice, hugo = signed_in(cast.alice), signed_in(cast.house.hugo)
    with clock.moved_to(paris("2026-11-23 14:00")) as hand:
        check = a_check(cast.web1, at=hand.instant)
        probes_see(hand, check, OK)
        assert not Ticket.objects.exists()

        hand.move_to(paris("2026-11-23 14:10"))
        probes_see(hand, check, CRITICAL)
        ticket = Ticket.objects.get()
        assert (ticket.client, ticket.server) == (cast.kermor, cast.web1)
        desk, portal = on_desk(ticket, cast.house.hugo), on_portal(ticket, cast.alice)
        assert "Aucune horloge contractuelle ne court" in desk.text
        assert "Aucun délai garanti ne court" in portal.text
        assert (portal.why("why"), portal.part("sum")) == (None, None)

        hand.move_to(paris("2026-11-23 14:20"))
        asked = Page(alice.get("/declare/", {"server": cast.web1.public_id}))
        assert f"Oui, celui-ci : #{ticket.number}" in asked.text
        form = form_on(asked.root, "key")
        said = form.filled(
            server=cast.web1.public_id,
            blocked="yes",
            essential="yes",
            text="La boutique ne répond plus.",
            which=str(ticket.number),
        )
        answer = alice.post("/declare/", said, follow=True)
        again = alice.post("/declare/", said, follow=True)
        assert answer.redirect_chain == again.redirect_chain
        receipt = Page(answer)
        assert f"#{ticket.number}" in receipt.text
        assert (
            "Le ticket a été reçu dans l’interface web le lundi 23 novembre 2026 à 14:20:00" in receipt.text
        )
        assert "16:20" in receipt.text
        assert Ticket.objects.get() == ticket
        assert list(Receipt.objects.order_by("at").values_list("channel", flat=True)) == ["monitoring", "web"]
        promised = everywhere(ticket, cast)
        assert "dans l’interface web le lundi 23 novembre 2026 à 14:20:00" in str(promised.deadline)

        hand.move_to(paris("2026-11-23 16:00"))
        probes_see(hand, check, OK)
        recovered = on_portal(ticket, cast.alice)
        assert "Rétabli 16:00. Non garanti par l’article 5." in recovered.says("left")
        assert "Reste pour intervenir" in recovered.says("left")
        assert everywhere(ticket, cast) == promised

        hand.move_to(paris("2026-11-23 16:20"))
        time_passes()
        assert not Breach.objects.exists()
        hand.advance(seconds=1)
        time_passes()
        assert Breach.objects.get().at == hand.instant
        assert (
            "personne n’est intervenu avant 16:20. Nous vous devons 17,86 €"
            in on_portal(ticket, cast.alice).text
        )

        hand.move_to(paris("2026-11-23 17:25"))
        assert hugo.post(f"/desk/tickets/{ticket.number}/start/").status_code == 302
        hand.advance(minutes=20)
        ended = hugo.post(
            f"/desk/tickets/{ticket.number}/end/", {"end-text": "php-fpm relancé, mémoire augmentée."}
        )
        assert ended.status_code == 302
        time_passes()
        assert Verdict.objects.get(clock__kind="contractual").late_seconds == 65 * 60
        assert Settlement.objects.latest("pk").due_cents == 35_71

        owed = everywhere(ticket, cast)
        assert "Le retard est de 1 h 05. Il est retenu par heure entamée : 2 h." in str(owed.sum)
        assert "5 × 500,00 € ÷ 140 h × 2 h = 35,71 €" in str(owed.sum)
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert amounts(page) == ["35,71 €"]
            assert "Intervention commencée à 17:25, échéance 16:20" in page.says("left")
            assert [one.split(" ")[0] for one in page.steps()] == [
                *("14:10", "14:10", "14:10", "14:20", "16:00", "16:20", "17:25", "17:25", "17:45", "17:45"),
            ]
            told = " / ".join(page.steps())
            for step in (
                *("Vu par nos sondes", "Confirmé par nos sondes", "Reçu : l’horloge démarre"),
                *("Nos sondes revoient le service", "La promesse est manquée"),
                "Hugo Lemaire commence l’intervention",
            ):
                assert step in told
                told = told[told.index(step) :]
        shown = in_cli_json("incident", "show", str(ticket.incident.number), person=cast.house.hugo)
        # Between the two batches of this story nobody measured anything: that is no OK, and no outage either.
        assert [step["level"] for step in shown["timeline"]] == ["critical", "stale", "ok"]
