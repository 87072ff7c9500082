"""The desk gives mandates with their paper, advises, asks consent, changes what it asked (A2.1, A2.2, X.4)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from astreinte.records.accounts import mandates
from astreinte.records.accounts.models import Mandate
from astreinte.records.contracts import advising, consenting
from astreinte.records.contracts.models import Advice, ConsentRequest, ConsentVoid
from tests.builders import SETUP
from tests.doors.browsing import Reading


@pytest.fixture
def bob_may(cast, hand):
    return mandates.give(
        cast.bob, client=cast.kermor, verb="consent", from_at=hand.instant, at=hand.instant, actor=SETUP
    )


def the_form(page, path: str = ""):
    """The form of a page that stands alone: it goes to its own address."""
    return next(form for form in page.forms if form.action == path and form.method == "post")


def test_x_4_a_mandate_is_given_with_its_paper_and_ended(cast, at_sofias):
    there = "/desk/clients/2/mandates/"
    page = at_sofias.get(there)
    paper = SimpleUploadedFile("delegation.pdf", b"%PDF-1.7 signed", "application/pdf")
    said = {"person": cast.bob.pk, "verb": "consent", "servers": [cast.web1.pk], "given_by": "Y. Kermor"}
    values = {name: value[0] for name, value in the_form(page).values.items() if value}
    done = at_sofias.post(there, **(values | said | {"paper": paper}))
    assert "Le mandat n° 1 est donné." in done.text
    assert "Bob Tanguy" in done.text
    row = Mandate.objects.get()
    kept = at_sofias.get("/desk/mandates/1/paper/")
    assert kept.html == "%PDF-1.7 signed"
    assert kept.response.headers["Content-Disposition"].startswith("attachment")
    shown = at_sofias.get("/desk/mandates/1/")
    for word in ("Y. Kermor", "delegation.pdf", "web1.kermor.example"):
        assert word in shown.text
    at_sofias.send(shown.form("/desk/mandates/1/end/"))
    row.refresh_from_db()
    assert row.until_at is not None or row.withdrawn_at is not None


def test_an_engineer_gives_no_mandate(cast, at_hugos):
    values = {"person": cast.bob.pk, "verb": "sign", "from_at": "12:00"}
    assert at_hugos.post("/desk/clients/2/mandates/", **values).status == 403
    assert not Mandate.objects.exists()


def test_a2_1_what_is_proposed_is_completed_and_sent(cast, at_hugos, bob_may):
    page = at_hugos.get("/desk/clients/2/advise/")
    form = the_form(page)
    assert form.values["risk"] == ["no_backup"], "what the product knows suggests it"
    assert "web1.kermor.example" in form.values["title"][0]
    done = at_hugos.send(form, "/desk/clients/2/advise/", recommendation="La nôtre.", mandatory="on")
    assert "Envoyé à Bob Tanguy." in done.text
    row = Advice.objects.get()
    assert (row.recommendation, row.mandatory, row.line) == ("La nôtre.", True, cast.line)
    assert [one.kind for one in row.steps.all()] == ["delivered"]
    assert (
        "Tous ceux qui peuvent répondre l'ont reçu."
        in at_hugos.send(done.form("/desk/advice/1/deliver/")).text
    )


def test_a_mandatory_advice_about_no_order_line_says_what_is_missing(cast, at_hugos):
    form = the_form(at_hugos.get("/desk/clients/2/advise/"))
    page = at_hugos.send(form, "/desk/clients/2/advise/", mandatory="on", line="")
    assert "Choisissez la ligne de commande qui attend la réponse." in page.text
    assert not Advice.objects.exists()


def test_nobody_who_may_answer_is_said_so(cast, at_hugos):
    form = the_form(at_hugos.get("/desk/clients/2/advise/"))
    page = at_hugos.send(form, "/desk/clients/2/advise/")
    assert "Personne chez le client ne peut encore y répondre" in page.text
    assert advising.unanswered(cast.line, Advice.objects.get().written_at) == []


def test_a2_2_consent_is_asked_changed_and_taken_back(cast, at_hugos, bob_may):
    there = "/desk/clients/2/consent/"
    form = the_form(at_hugos.get(there))
    said = {"title": "Remplacer le disque", "text": "Arrêt de 30 min.", "servers": [str(cast.web1.pk)]}
    page = at_hugos.send(form, there, **said, minutes="30", price="120,00")
    assert "Demandé à Bob Tanguy" in page.text
    assert "120,00 €" in page.text
    change = "/desk/consents/1/change/"
    anew = at_hugos.send(the_form(at_hugos.get(change)), change, minutes="45")
    assert "45 min" in anew.text
    first, second = ConsentRequest.objects.order_by("number")
    assert (consenting.state(first), second.replaces, second.price_cents) == ("void", first, 120_00)
    same = at_hugos.send(the_form(at_hugos.get("/desk/consents/2/change/")), "/desk/consents/2/change/")
    assert "Rien ne change du périmètre" in same.text
    at_hugos.send(at_hugos.get("/desk/consents/2/").form("/desk/consents/2/void/"), reason="Le disque tient.")
    assert ConsentVoid.objects.get(request=second).reason == "Le disque tient."


def test_consent_is_not_asked_of_nobody(cast, at_hugos):
    there = "/desk/clients/2/consent/"
    form = the_form(at_hugos.get(there))
    page = at_hugos.send(form, there, title="Disque", text="Arrêt.", servers=[str(cast.web1.pk)])
    assert "Personne chez le client n'a mandat de donner l'accord pour tout cela." in page.text
    assert not ConsentRequest.objects.exists()


def test_the_desk_has_no_button_that_consents(cast, at_hugos, bob_may):
    there = "/desk/clients/2/consent/"
    form = the_form(at_hugos.get(there))
    at_hugos.send(form, there, title="Disque", text="Arrêt.", servers=[str(cast.web1.pk)])
    assert "Nous donnons notre accord" not in at_hugos.get("/desk/consents/1/").text
    assert Reading(cast.house.hugo).post("/consents/1/", answer="given").status == 404
