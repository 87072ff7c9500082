"""A5.6, A4.18: a declaration is durable, with our instant, before its receipt is shown; a double click is one."""

import pytest

from astreinte.records.journal.models import Publication
from astreinte.records.tickets.models import Receipt, Ticket
from tests.builders import a_client, a_person, a_server
from tests.doors.browsing import Reading
from tests.records.journal.stories import seal_all

WORDS = {
    "blocked": "yes",
    "essential": "no",
    "text": "Plus aucune page ne s'affiche. On venait de livrer.",
    "telephone": "06 39 98 01 17",
}


def declared(at_alices, cast, **said):
    form = at_alices.get("/declare/").form("/declare/")
    return form, at_alices.send(form, **{"server": cast.web1.public_id, **WORDS, **said})


def test_four_answers_give_a_receipt_with_number_instant_deadline_regime_and_why(
    cast, at_alices, at_hugos, hand
):
    hand.advance(seconds=0.412)
    _, page = declared(at_alices, cast)
    assert page.status == 200
    assert "Reçu à 11:30:00. Nous devons intervenir avant 13:30:00." in page.text
    assert "Reçu n° 1" in page.text
    assert "lundi 23 novembre 2026" in page.text
    assert "11:30:00,412, heure de notre serveur" in page.text
    assert "HO 2 h" in page.text
    assert "17,86 € par heure entamée de retard, à votre demande, au plus 500,00 € ce mois" in page.text
    assert "Ce qui n'est pas promis un délai de rétablissement" in page.text
    assert "Article 5" in page.text
    receipt = Receipt.objects.get()
    assert receipt.channel == "web"
    assert receipt.at == hand.instant
    ticket = receipt.ticket
    assert (ticket.subject, ticket.priority) == ("Plus aucune page ne s'affiche", "critical")
    assert "rappeler au 06 39 98 01 17" in at_hugos.get("/desk/tickets/1/").text


def test_a_double_click_is_one_ticket_and_shows_the_first_receipt(cast, at_alices, hand):
    form, first = declared(at_alices, cast)
    hand.advance(seconds=2)
    second = at_alices.send(form, server=cast.web1.public_id, **WORDS)
    assert Ticket.objects.count() == Receipt.objects.count() == 1
    assert second.response.redirect_chain == first.response.redirect_chain
    assert "Reçu à 11:30:00." in second.text


def test_another_declaration_is_another_ticket(cast, at_alices):
    declared(at_alices, cast)
    _, page = declared(at_alices, cast, which="another")
    assert Ticket.objects.count() == 2
    assert "Reçu n° 2" in page.text


@pytest.mark.django_db(transaction=True)  # the sealer seals what was committed
def test_the_head_of_the_journal_is_published_with_the_receipt_and_stays_the_same(cast, at_alices, hand):
    seal_all()
    _, page = declared(at_alices, cast)
    published = Publication.objects.get(where=f"receipt {Receipt.objects.get().public_id}")
    head = f"{published.provider_id}:{published.seq}:{published.chain}"
    assert head in page.text
    hand.advance(hours=1)
    seal_all()
    again = at_alices.get(page.response.redirect_chain[-1][0])
    assert head in again.text


@pytest.mark.parametrize(
    ("answers", "priority", "due"),
    [
        pytest.param(
            {"blocked": "yes", "essential": "no"}, "critical", "avant 13:30:00", id="totally prevented"
        ),
        pytest.param(
            {"blocked": "no", "essential": "yes"}, "critical", "avant 13:30:00", id="an essential function"
        ),
        pytest.param(
            {"blocked": "unknown", "essential": "no"}, "critical", "avant 13:30:00", id="the gravest case"
        ),
        pytest.param({"blocked": "no", "essential": "no"}, "urgent", "avant demain 14:30:00", id="degraded"),
    ],
)
def test_the_answers_map_to_a_priority_of_article_5(cast, at_alices, answers, priority, due):
    _, page = declared(at_alices, cast, **answers)
    assert Ticket.objects.get().priority == priority
    assert due in page.text


def test_this_one_adds_a_receipt_to_the_open_incident(cast, at_alices, hand):
    declared(at_alices, cast)
    hand.advance(minutes=11)
    form = at_alices.get("/declare/").form("/declare/")
    assert form.choices["which"] == {"1", "another"}
    page = at_alices.send(form, server=cast.web1.public_id, which="1", **WORDS)
    assert Ticket.objects.count() == 1
    assert Receipt.objects.count() == 2
    assert "Reçu à 11:41:00." in page.text
    assert "Le délai court depuis 11:30 : une réception antérieure compte." in page.text


def test_each_receipt_can_be_found_again_from_its_ticket(cast, at_alices, hand):
    _, first = declared(at_alices, cast)
    hand.advance(minutes=11)
    declared(at_alices, cast, which="1")
    page = at_alices.get("/tickets/1/")
    assert (
        "Reçus Le premier qui compte fait foi. 11:30:00 interface web celui qui compte 11:41:00 interface web"
        in page.text
    )
    assert first.response.redirect_chain[-1][0] in page.html


def test_several_servers_are_one_ticket_with_a_principal_one(cast, at_alices):
    db1 = a_server(cast.kermor, "db1.kermor.example")
    _, page = declared(at_alices, cast, server=[db1.public_id, cast.web1.public_id])
    ticket = Ticket.objects.get()
    assert {ticket.server.name, *(mention.server.name for mention in ticket.mentions.all())} == {
        "db1.kermor.example",
        "web1.kermor.example",
    }
    assert "db1.kermor.example" in page.text


def test_a_server_without_an_order_line_is_received_without_a_promise(cast, at_alices):
    bare = a_server(cast.kermor, "bare.kermor.example")
    _, page = declared(at_alices, cast, server=bare.public_id)
    assert "Reçu à 11:30:00." in page.text
    assert "Aucun contrat ne couvre ce serveur : aucun délai d'intervention n'est garanti." in page.text
    assert "Nous devons intervenir" not in page.text


def test_of_several_servers_one_that_an_order_line_covers_gives_terms_and_fee(cast, at_alices):
    bare = a_server(cast.kermor, "bare.kermor.example")
    _, page = declared(at_alices, cast, server=[bare.public_id, cast.web1.public_id])
    assert Ticket.objects.get().server == cast.web1
    assert "Nous devons intervenir avant 13:30:00." in page.text


def test_a_client_without_a_server_is_received_all_the_same(cast):
    bare = a_client(cast.house, "Cabinet Verdier")
    dina = Reading(a_person(cast.house, "Dina", client=bare, email="dina@verdier.example"))
    page = dina.get("/declare/")
    assert "Aucun de vos serveurs n'est encore infogéré : dites plus bas de quoi il s'agit." in page.text
    page = dina.send(page.form("/declare/"), **WORDS)
    assert "Reçu à 11:30:00." in page.text
    assert Ticket.objects.get().server is None
