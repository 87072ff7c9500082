"""The pages that say no: an unknown host, a stranger, an old form, a busy database, our own fault."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError, connection, connections
from django.test import Client as Browser

from astreinte.doors import pieces, who
from astreinte.records.accounts.models import Brand
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Receipt
from tests.builders import a_house
from tests.doors.browsing import BACKEND, Reading, plain


def said(response):
    return plain(response.content.decode())


def test_the_host_gives_the_brand(cast):
    ours, theirs = Browser(SERVER_NAME="testserver"), Browser(SERVER_NAME="ressac.test")
    assert "Se connecter à Estran" in said(ours.get("/compte/login/"))
    assert "Se connecter à Ressac" in said(theirs.get("/compte/login/"))


def test_an_unknown_host_is_told_so_when_there_are_several_brands(cast):
    response = Browser(SERVER_NAME="ailleurs.example").get("/")
    assert response.status_code == 404
    assert "Aucune marque ne répond au nom ailleurs.example." in said(response)


def test_an_unknown_host_is_the_only_brand_there_is(db, hand):
    a_house()
    assert "Se connecter à Estran" in said(Browser(SERVER_NAME="10.0.0.7").get("/compte/login/"))


def test_a_port_does_not_count(cast):
    assert who.brand_of("TestServer:8420") == cast.house.brand
    Brand.objects.filter(pk=cast.house.brand.pk).update(host="::1")
    assert who.brand_of("[::1]:8420") == cast.house.brand


def test_somebody_of_another_provider_is_nobody_under_our_host(cast):
    page = Reading(cast.victor).get("/desk/")
    assert page.status == 404
    assert Reading(cast.victor, host="ressac.test").get("/desk/").status == 200


def test_the_brand_gives_its_colours_and_nothing_else(cast):
    Brand.objects.filter(pk=cast.house.brand.pk).update(colour="#123456", on_colour="}*{a:b}")
    style = Browser().get("/brand.css").content.decode()
    assert "--brand:#123456;" in style
    assert "a:b" not in style


def test_an_address_that_is_not_there(cast, at_alices):
    page = at_alices.get("/nulle-part/")
    assert page.status == 404
    assert "Il n'y a rien ici" in page.text


def test_a_form_that_is_too_old_changes_nothing(cast):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.alice, backend=BACKEND)
    response = browser.post("/declare/", {"server": cast.web1.public_id})
    assert response.status_code == 403
    assert "Ce formulaire est trop ancien" in said(response)
    assert "Rien n'a été envoyé. Rechargez la page" in said(response)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param("database is locked", id="SQLite"),
        pytest.param("canceling statement due to lock timeout", id="PostgreSQL"),
    ],
)
def test_a_busy_database_says_try_again_and_that_nothing_was_recorded(cast, at_alices, monkeypatch, refusal):
    def refuses(**_anything):
        raise OperationalError(refusal)

    form = at_alices.get("/declare/").form("/declare/")
    monkeypatch.setattr(opening, "declare", refuses)
    page = at_alices.send(form, server=cast.web1.public_id, blocked="yes", essential="no", text="Plus rien.")
    assert page.status == 503
    assert "Occupé, réessayez Rien n'a été enregistré." in page.text
    assert page.response.headers["Retry-After"] == "5"


@pytest.mark.django_db(transaction=True)
def test_somebody_else_who_holds_the_database_makes_a_page_say_so(cast, at_alices, monkeypatch):
    form = at_alices.get("/declare/").form("/declare/")
    monkeypatch.setattr(who, "WAIT_S", 0 if connection.vendor == "sqlite" else 1)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        if connection.vendor != "sqlite":
            cursor.execute("LOCK TABLE tickets_receipt IN ACCESS EXCLUSIVE MODE")
            connection.close()  # the next request waits as told now
        said = {"server": cast.web1.public_id, "blocked": "yes", "essential": "no", "text": "Plus rien."}
        assert at_alices.send(form, **said).status == 503
        cursor.execute("ROLLBACK")
    other.close()
    assert "Reçu à 11:30:00." in at_alices.send(form, **said).text, "the same form, sent again, is received"


def test_another_fault_of_the_database_is_not_called_busy(cast, at_alices, monkeypatch):
    def breaks(**_anything):
        raise OperationalError("disk I/O error")

    form = at_alices.get("/declare/").form("/declare/")
    monkeypatch.setattr(opening, "declare", breaks)
    page = at_alices.send(form, server=cast.web1.public_id, blocked="yes", essential="no", text="Plus rien.")
    assert page.status == 500
    assert "Quelque chose a cassé chez nous" in page.text


def test_a_page_waits_three_seconds_for_a_lock_and_no_longer(cast, at_alices):
    at_alices.get("/")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone()[0] == 3000
        else:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone()[0] == "3s"


def test_nobody_signs_up_by_themselves(cast):
    response = Browser().get("/compte/signup/")
    assert "On entre ici sur invitation." in said(response)
    refused = Browser().post("/compte/signup/", {"email": "x@y.example", "password1": "un mot de passe long"})
    assert "On entre ici sur invitation." in said(refused)


def test_an_address_is_not_changed_behind_the_journals_back(cast, at_alices):
    assert at_alices.get("/compte/email/").status == 404


def test_signing_in_and_out(cast):
    cast.alice.set_password("un mot de passe long")
    cast.alice.save()
    alice = Reading()
    page = alice.get("/declare/")
    assert urlsplit(page.response.redirect_chain[-1][0]).path == "/compte/login/"
    form = page.form("/compte/login/")
    wrong = alice.send(form, login="alice@kermor.example", password="autre chose")
    assert wrong.status == 200
    assert "Déclarer une panne" not in wrong.text
    page = alice.send(form, login="alice@kermor.example", password="un mot de passe long")
    assert "Quatre questions." in page.text, "signing in leads on to where one was going"
    alice.send(alice.get("/compte/logout/").form("/compte/logout/"))
    assert "Se connecter à Estran" in alice.get("/").text


def test_the_link_of_a_forgotten_password_has_the_brands_address_whatever_host_was_sent(db, hand, mailoutbox):
    house = a_house(host="estran.example")
    liar = Browser(SERVER_NAME="voleur.example")
    liar.post("/compte/password/reset/", {"email": house.hugo.email})
    (mail,) = mailoutbox
    assert mail.subject.startswith("[Estran] ")
    assert "https://estran.example/compte/password/reset/key/" in mail.body
    assert "voleur" not in mail.body + mail.subject
    liar.post("/compte/password/reset/", {"email": "inconnu@ailleurs.example"})
    assert len(mailoutbox) == 1, "nobody has us write to strangers"


def test_each_shape_that_a_page_shows_is_in_the_sprite(cast, at_hugos, at_alices):
    sprite = Path(str(finders.find("astreinte/sprite.svg"))).read_text()
    drawn = {f"s-{shape}" for shape in pieces.SHAPES.values()}
    for page in (
        at_hugos.get("/desk/"),
        at_hugos.get("/desk/servers/"),
        at_alices.get("/"),
        at_alices.get("/declare/"),
    ):
        drawn |= set(re.findall(r"sprite\.svg#([\w-]+)", page.html))
    assert not [shape for shape in drawn if f'id="{shape}"' not in sprite]
