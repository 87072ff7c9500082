"""Bad form posts are test data: the exact message under its field, and nothing changed."""

import pytest

from astreinte.records.accounts.models import EmergencyNumber
from astreinte.records.journal.models import Entry
from astreinte.records.tickets.models import Receipt
from tests.builders import a_declaration, a_server, a_ticket, paris
from tests.doors.browsing import plain

GOOD = {"key": "web:abcdefgh12345678", "blocked": "yes", "essential": "no", "text": "Plus rien."}
BAD = [
    pytest.param(
        {"server": []},
        "Cochez au moins un serveur. Si vous ne savez pas lequel, cochez celui dont vous vous servez le plus.",
        id="no server",
    ),
    pytest.param({"server": ["nonsense"]}, "Cochez des serveurs de la liste.", id="a server of nobody"),
    pytest.param(
        {"server": ["CHARLIES"]}, "Cochez des serveurs de la liste.", id="X.3: a server of another client"
    ),
    pytest.param(
        {"blocked": ""},
        "Choisissez une réponse. « Je ne sais pas » en est une : nous prenons le cas le plus grave et vérifions.",
        id="no answer",
    ),
    pytest.param({"blocked": "maybe"}, "Choisissez l'une des trois réponses.", id="an answer of ours"),
    pytest.param({"essential": ""}, "Choisissez une réponse : oui, ou non.", id="no third answer"),
    pytest.param(
        {"text": "  "},
        "Écrivez ce que vous voyez, par exemple « la boutique répond 502 sur toutes les pages depuis 11:20 ».",
        id="no text",
    ),
    pytest.param(
        {"text": "é" * 20_001},
        "Écrivez au plus 20 000 caractères, et envoyez le reste en réponse.",
        id="a novel",
    ),
    pytest.param(
        {"telephone": "06 39 98 01"},
        "« 06 39 98 01 » a 8 chiffres : un numéro français en compte dix, par exemple « 06 39 98 01 17 ».",
        id="eight digits",
    ),
    pytest.param(
        {"telephone": "demain"},
        "« demain » n'est pas un numéro de téléphone. Écrivez par exemple « 06 39 98 01 17 ».",
        id="no number",
    ),
    pytest.param(
        {"telephone": "+336"},
        "« +336 » n'est pas un numéro de téléphone. Écrivez par exemple « +33 6 39 98 01 17 ».",
        id="too short abroad",
    ),
    pytest.param(
        {"key": ""},
        "Cette page est trop ancienne. Rechargez-la avant d'envoyer.",
        id="without the key of the page",
    ),
    pytest.param(
        {"which": "99"}, "Cet incident n'est plus ouvert. Choisissez de nouveau.", id="an incident of nobody"
    ),
    pytest.param(
        {"which": "CHARLIES"},
        "Cet incident n'est plus ouvert. Choisissez de nouveau.",
        id="X.3: another client's incident",
    ),
]


@pytest.mark.parametrize(("wrong", "message"), BAD)
def test_what_is_wrong_stands_under_its_field_and_nothing_is_received(cast, at_alices, wrong, message):
    theirs = a_ticket(cast.app2, paris("2026-11-23T10:00"))
    known = {"server": {"CHARLIES": cast.app2.public_id}, "which": {"CHARLIES": str(theirs.number)}}
    said = GOOD | {"server": [cast.web1.public_id]}
    for name, value in wrong.items():
        meant = known.get(name, {})
        said[name] = (
            [meant.get(one, one) for one in value] if isinstance(value, list) else meant.get(value, value)
        )
    before = Entry.objects.count(), Receipt.objects.count()
    page = at_alices.post("/declare/", **said)
    assert page.status == 422
    assert plain(message) in page.text
    assert "Rien n'est encore envoyé : voyez plus bas ce qui manque. En urgence, appelez." in page.text
    assert (Entry.objects.count(), Receipt.objects.count()) == before


def test_what_was_answered_is_kept(cast, at_alices):
    form = at_alices.get("/declare/").form("/declare/")
    page = at_alices.send(form, server=cast.web1.public_id, blocked="no", text="Très lent.", telephone="06")
    kept = page.form("/declare/").values
    assert kept["server"] == [cast.web1.public_id]
    assert kept["blocked"] == ["no"]
    assert kept["text"] == ["Très lent."]
    assert kept["telephone"] == ["06"]
    assert kept["key"] == form.values["key"], "one key from the first page to the receipt"


def test_an_open_incident_on_the_chosen_server_must_be_told_apart(cast, at_alices):
    a_declaration(cast.web1, paris("2026-11-23T11:00"))
    page = at_alices.post("/declare/", **GOOD, server=[cast.web1.public_id])
    assert page.status == 422
    assert "Un incident est ouvert sur ce serveur. Est-ce celui-ci, ou un autre ?" in page.text
    assert page.form("/declare/").choices["which"] == {"1", "another"}


def test_a_reader_may_not_declare(cast, at_alices, hand):
    from tests.builders import a_person
    from tests.doors.browsing import Reading

    reader = a_person(
        cast.house, "Rémi Caradec", client=cast.kermor, role="reader", email="remi@kermor.example"
    )
    for path in ("/", "/tickets/", f"/servers/{cast.web1.public_id}/"):
        assert "Déclarer une panne" not in Reading(reader).get(path).text
    page = Reading(reader).post("/declare/", **GOOD, server=[cast.web1.public_id])
    assert page.status == 403
    assert "Votre rôle ne le permet pas." in page.text
    assert not Receipt.objects.exists()


def test_this_one_needs_no_server_ticked(cast, at_alices):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:00"))
    page = at_alices.post("/declare/", **GOOD, which=str(ticket.number))
    assert "Reçu à 11:30:00." in page.text
    assert Receipt.objects.filter(ticket=ticket).count() == 2


def test_the_only_server_is_ticked_beforehand(cast, at_alices):
    assert at_alices.get("/declare/").form("/declare/").values["server"] == [cast.web1.public_id]


def test_the_question_of_this_one_stays_after_an_error(cast, at_alices):
    number = a_ticket(cast.web1, paris("2026-11-23T11:00")).number
    page = at_alices.post("/declare/", **GOOD | {"text": ""}, which=str(number))
    assert page.status == 422
    form = page.form("/declare/")
    assert form.choices["which"] == {str(number), "another"}
    assert (form.values["which"], form.values["server"]) == ([str(number)], [cast.web1.public_id])
    page = at_alices.post("/declare/", **GOOD)
    assert "Cochez au moins un serveur." in page.text
    assert page.form("/declare/").choices["which"] == {str(number), "another"}


def test_an_incident_of_another_server_than_the_one_ticked_is_refused(cast, at_alices):
    number = a_ticket(cast.web1, paris("2026-11-23T11:00")).number
    other = a_server(cast.kermor, "db1.kermor.example")
    page = at_alices.post("/declare/", **GOOD, server=[other.public_id], which=str(number))
    assert page.status == 422
    assert (
        f"L'incident #{number} touche un autre serveur que ce que vous avez coché. Cochez le sien, ou choisissez"
        " « Non, un autre »." in page.text
    )
    assert Receipt.objects.count() == 1


def test_what_was_received_as_low_is_not_raised_and_the_reason_is_said(cast, at_alices):
    number = a_ticket(cast.web1, paris("2026-11-23T11:00"), priority="low").number
    page = at_alices.post("/declare/", **GOOD, which=str(number))
    assert page.status == 422
    assert (
        f"Le ticket #{number} a été reçu avec la priorité « Faible », et ce que vous décrivez est « Critique »."
        " Choisissez « Non, un autre » : un nouveau ticket sera ouvert." in page.text
    )
    assert page.form("/declare/").values["which"] == [str(number)]
    assert Receipt.objects.count() == 1


def test_nobody_is_told_to_call_where_no_number_is_defined(cast, at_alices):
    EmergencyNumber.objects.all().delete()
    page = at_alices.post("/declare/", **GOOD)
    assert "Rien n'est encore envoyé : voyez plus bas ce qui manque." in page.text
    assert "En urgence, appelez." not in page.text
    assert "our et nuit" not in page.text
