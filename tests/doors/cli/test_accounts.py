"""Providers, brands, clients, people, roles, tokens and numbers at the command line: all dated, nothing deleted."""

import os
import pwd

from django.test import Client as Browser

from astreinte.records.accounts import actors
from astreinte.records.accounts.models import Person, Token
from astreinte.records.journal.models import Entry
from tests.builders import paris

HUGO, ADA, SOFIA = "hugo@estran.example", "ada@estran.example", "sofia@estran.example"


def test_a_second_provider_is_founded_by_the_owner_of_the_data_alone(cast, terminal, monkeypatch):
    words = ("provider", "add", "Grève", "--host", "greve.test")
    assert terminal.type(*words, as_="").code == 0
    names = [one["name"] for one in terminal.type("provider", "list", "--json", as_="").json]
    assert names == ["Estran", "Grève", "Ressac"]
    assert [one["name"] for one in terminal.json("provider", "list", as_=ADA)] == ["Estran"]
    assert terminal.json("provider", "show")["brands"] == ["Estran"]
    monkeypatch.setattr(os, "geteuid", lambda: 65_000)
    refused = terminal.type(*words, as_="")
    assert refused.code == 2
    assert "only the owner of the data folder and root may do this" in refused.err


def test_a_brand_is_added_and_changed_but_never_to_what_nobody_can_read(cast, terminal):
    added = terminal.json("brand", "add", "Kermor Assistance", "--host", "assistance.kermor.example")
    assert added["origin"] == "https://assistance.kermor.example"
    words = ("brand", "change", "assistance.kermor.example")
    changed = terminal.json(
        *words, "--name", "Kermor 24/7", "--colour", "#7a1f2b", "--origin", "https://aide.example/"
    )
    assert (changed["name"], changed["colour"], changed["origin"]) == (
        "Kermor 24/7",
        "#7a1f2b",
        "https://aide.example",
    )
    assert Entry.objects.filter(kind="accounts.BrandChanged").count() == 1
    refused = terminal.type(*words, "--colour", "#ffff00")
    assert refused.code == 2
    assert "#ffffff on #ffff00 has a contrast of 1.1; choose colours with 4.5 or more" in refused.err
    assert len(terminal.json("brand", "list")) == 2


def test_a_client_is_added_and_shows_its_people_lines_and_servers(cast, terminal):
    assert terminal.json("client", "add", "Atelier Brume", as_=SOFIA)["number"] == 4
    assert [one["name"] for one in terminal.json("client", "list")] == [
        "Estran",
        "Maison Kermor",
        "Coopérative Les Halles",
        "Atelier Brume",
    ]
    shown = terminal.json("client", "show", "2")
    assert [one["name"] for one in shown["people"]] == ["Alice Caradec", "Bob Tanguy"]
    assert shown["lines"][0]["plan"] == "Infogérance"
    assert shown["servers"][0]["name"] == "web1.kermor.example"


def test_a_person_is_invited_by_a_link_that_lets_them_in(cast, terminal):
    words = ("person", "add", "ines@kermor.example", "--name", "Inès", "--role", "technical", "--client", "2")
    added = terminal.json(*words, "--invite", as_=SOFIA)
    assert added["roles"] == ["technical of Maison Kermor"]
    assert added["can_sign_in"] is False
    assert added["link"].startswith("https://testserver/invitation/")
    assert Browser().get(added["link"].removeprefix("https://testserver")).status_code == 200
    again = terminal.type("person", "invite", "ines@kermor.example", "--json", as_=SOFIA)
    assert again.json["link"] != added["link"]
    assert "it works once, within 24 h" in again.err


def test_a_person_is_linked_to_the_os_user_and_acts_without_being_named(cast, terminal):
    user = pwd.getpwuid(os.geteuid()).pw_name
    changed = terminal.json("person", "change", HUGO, "--os-user", user, "--language", "en-gb")
    assert (changed["os_user"], changed["language"]) == (user, "en-gb")
    ended = terminal.type("mine", "--json", as_="")
    assert ended.code == 0, ended.err
    assert terminal.json("person", "show", HUGO)["os_user"] == user


def test_people_of_one_client(cast, terminal):
    listed = terminal.json("person", "list", "--client", "Maison Kermor")
    assert [one["name"] for one in listed] == ["Alice Caradec", "Bob Tanguy"]
    assert len(terminal.json("person", "list")) == 6


def test_a_role_is_given_from_a_date_and_ends(cast, terminal, hand):
    given = terminal.type("role", "give", HUGO, "manager", "--from", "2026-12-01", "--json")
    assert given.json["since"] == "2026-11-30T23:00:00+00:00"
    hugo = Person.objects.get(email=HUGO)
    assert actors.of_person(hugo, paris("2026-11-30T12:00")).roles == {"engineer"}
    assert actors.of_person(hugo, paris("2026-12-01T12:00")).roles == {"engineer", "manager"}
    assert terminal.type("role", "end", HUGO, "engineer", "--dry-run").code == 0
    assert [one["role"] for one in terminal.json("role", "list", "--person", HUGO)] == ["engineer"]
    ended = terminal.json("role", "end", HUGO, "engineer")
    assert ended["until"] == "2026-11-23T10:30:00+00:00"
    assert terminal.json("role", "list", "--person", HUGO) == []
    assert len(terminal.json("role", "list", "--person", HUGO, "--all")) == 2


def test_a_mandate_is_of_a_client(cast, terminal, hand):
    assert (
        terminal.json("role", "give", "bob@kermor.example", "signatory", "--client", "2")["client"]
        == "Maison Kermor"
    )
    hand.advance(days=1)
    refused = terminal.type("role", "end", "bob@kermor.example", "signatory")
    assert refused.code == 2
    assert "does not hold it; they hold: signatory, technical" in refused.err
    assert terminal.type("role", "end", "bob@kermor.example", "signatory", "--client", "2").code == 0


def test_a_token_is_shown_once_opens_the_api_and_ends(cast, terminal, hand):
    issued = terminal.type("token", "add", "alice@kermor.example", "import", "--json")
    assert "only a digest of it is stored" in issued.err
    text = issued.json["token"]
    assert text not in str(list(Token.objects.values_list("digest", flat=True)))
    assert "token" not in terminal.json("token", "list")[0]
    hand.advance(days=1)
    header = {"Authorization": f"Bearer {text}"}
    assert Browser().get("/api/v1/servers", headers=header).status_code == 200
    terminal.type("token", "end", "alice@kermor.example", "import", "--dry-run")
    assert Browser().get("/api/v1/servers", headers=header).status_code == 200
    assert terminal.type("token", "end", "alice@kermor.example", "import").code == 0
    assert Browser().get("/api/v1/servers", headers=header).status_code == 401
    assert terminal.json("token", "list") == []
    assert len(terminal.json("token", "list", "--all")) == 1


def test_an_emergency_number_is_defined_from_a_date_and_ends(cast, terminal):
    added = terminal.type("number", "add", "02 98 11 22 33", "--from", "2026-11-01", "--json")
    assert added.json["number"] == "+33298112233"
    assert added.err == "a call to +33298112233 starts the clock from 2026-11-01, midnight in Paris on\n"
    assert len(terminal.json("number", "list")) == 2
    assert terminal.json("number", "end", "02 98 11 22 33")["until"] == "2026-11-23T10:30:00+00:00"
    assert [one["number"] for one in terminal.json("number", "list")] == ["+33261910024"]
    assert len(terminal.json("number", "list", "--all")) == 2
