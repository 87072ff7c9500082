"""Who is told of a ticket, in which words, and that it is told once (A5.8, A6.1)."""

import pytest

from astreinte.loops import clock
from astreinte.records.journal import publishing
from astreinte.records.notices.models import Notice
from astreinte.records.tickets import conversation, opening
from tests.builders import a_declaration, acting, paris, the_cast, time_passes
from tests.records.journal.stories import seal_all

pytestmark = pytest.mark.django_db(transaction=True)

NOON = paris("2026-11-23 11:30")


def sent_to(person):
    return list(Notice.objects.filter(person=person).order_by("pk"))


def test_the_client_s_people_get_a_receipt_with_instant_deadline_and_the_head_of_the_journal():
    cast = the_cast()
    with clock.moved_to(NOON):
        seal_all()
        head = publishing.head(cast.house.provider.pk)
        ticket = a_declaration(cast.web1, NOON, by=acting(cast.alice, NOON)).ticket
        time_passes()
    for person in (cast.alice, cast.bob):
        receipt = next(one for one in sent_to(person) if "reçu" in one.subject)
        assert (
            receipt.subject.replace("\u00a0", " ").replace("\u202f", " ")
            == f"Ticket n° {ticket.number} reçu : La boutique répond 502"
        )
        body = receipt.body.replace("\u00a0", " ").replace("\u202f", " ")
        assert "le lundi 23 novembre 2026 à 11:30:00" in body
        assert "L’horloge court jusqu’au lundi 23 novembre 2026 à 13:30" in body
        assert str(head) in body
    assert not sent_to(cast.charlie)
    assert not sent_to(cast.victor)


def test_a5_8_who_writes_by_a_channel_that_starts_nothing_is_told_so_with_a_link_to_declare():
    cast = the_cast()
    with clock.moved_to(NOON):
        a_declaration(cast.web1, NOON, channel="email")
        time_passes()
    body = sent_to(cast.alice)[0].body
    assert "Le délai d’intervention garanti ne court pas" in body
    assert "seulement du formulaire de l’interface web ou d’un appel au numéro d’urgence" in body.replace(
        "\u00a0", " "
    )
    assert "https://testserver/declare/" in body


def test_the_duty_is_told_of_what_a_probe_saw_with_the_internal_objective():
    cast = the_cast()
    with clock.moved_to(NOON):
        a_declaration(cast.web1, NOON, channel="monitoring")
        time_passes()
    body = sent_to(cast.house.hugo)[0].body.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Objectif interne : lundi 23 novembre 2026 à 13:30." in body
    assert "déclarez" not in body
    assert "Plus aucune page ne s’affiche." in body
    assert len(sent_to(cast.house.hugo)) == 1  # nobody is told twice for one thing
    assert not sent_to(cast.alice)


def test_the_duty_is_told_that_taking_stops_nothing_and_those_who_manage_that_it_was_missed():
    cast = the_cast()
    with clock.moved_to(NOON) as hand:
        a_declaration(cast.web1, NOON, by=acting(cast.alice, NOON))
        time_passes()
        assert "n’arrête pas l’horloge" in sent_to(cast.house.hugo)[0].body
        hand.move_to(paris("2026-11-23 13:30:01"))
        time_passes()
        time_passes()
    missed = [one for one in sent_to(cast.house.sofia) if one.subject.startswith("Échéance dépassée")]
    assert len(missed) == 1
    assert "17,86" in missed[0].body


def test_an_internal_word_is_sent_to_nobody_and_a_public_one_to_the_other_side():
    cast = the_cast()
    hugo = acting(cast.house.hugo, NOON)
    with clock.moved_to(NOON):
        ticket = a_declaration(cast.web1, NOON, by=acting(cast.alice, NOON)).ticket
        time_passes()
        before = Notice.objects.count()
        conversation.note(ticket, "Mot de passe oublié, encore.", at=NOON, actor=hugo)
        time_passes()
        assert Notice.objects.count() == before
        conversation.reply(ticket, "Nous redémarrons la base.", at=NOON, actor=hugo)
        time_passes()
    assert any("Nous redémarrons la base." in one.body for one in sent_to(cast.bob))
    assert not any("Mot de passe" in one.body for one in Notice.objects.all())


def test_the_duty_is_told_that_what_a_probe_saw_is_declared_now_and_until_when():
    cast = the_cast()
    with clock.moved_to(NOON) as hand:
        ticket = a_declaration(cast.web1, NOON, channel="monitoring", text="").ticket
        time_passes()
        opening.join(
            ticket,
            text="Plus de paiement.",
            priority="critical",
            channel="web",
            key="this-one",
            at=hand.advance(minutes=5),
            actor=acting(cast.alice, NOON),
        )
        time_passes()
    told = [one for one in sent_to(cast.house.hugo) if one.subject.startswith("Déclaré")]
    assert len(told) == 1
    body = told[0].body.replace("\u00a0", " ").replace("\u202f", " ")
    assert "L’horloge court jusqu’au lundi 23 novembre 2026 à 13:35" in body
    assert "Plus de paiement." in body
    assert len(sent_to(cast.house.hugo)) == 2
