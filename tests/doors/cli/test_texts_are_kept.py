"""Texts at the command line: brought in, published, compared, transcribed, accepted on paper, asked for."""

import json

import pytest

from astreinte.records.accounts import mandates
from astreinte.records.accounts.models import Role
from tests.builders import BEGINNING, SETUP
from tests.records.contracts.texts import SPECIAL, a_text

SOFIA = "sofia@estran.example"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cp.md"
    path.write_bytes(a_text())
    return path


def take(terminal, file, effective="2026-11-23", *more):
    return terminal.type(
        "terms", "import", str(file), "--name", SPECIAL, "--effective", effective, *more, as_=SOFIA
    )


def test_a_text_is_imported_published_listed_and_cited(cast, terminal, file):
    ended = take(terminal, file)
    assert (ended.code, ended.err) == (
        0,
        f"{SPECIAL} v1 is kept as a draft; `astreinte terms publish` shows it to clients\n"
        "odd in the text: 1; `astreinte terms check FILE` says what and where\n",
    )
    assert terminal.json("terms", "publish", SPECIAL, as_=SOFIA)["status"] == "published"
    row = terminal.json("terms", "documents")[0]
    assert (row["version"], row["effective_on"], row["kind"]) == (1, "2026-11-23", "special")
    found = terminal.json("terms", "clauses", SPECIAL)
    assert {"anchor": "6.1.1", "line": 10, "text": "Le plafond est de 100 % du forfait mensuel."} in found


def test_two_versions_that_are_kept_are_compared(cast, terminal, file):
    take(terminal, file)
    file.write_bytes(a_text(cap="50 %"))
    take(terminal, file, "2026-12-01")
    found = terminal.json("terms", "diff", f"{SPECIAL}:1", f"{SPECIAL}:2", "--stored")
    assert [(one["kind"], one["is"]) for one in found] == [("changed", "6.1.1")]


def test_what_a_text_promises_is_written_down_by_one_and_checked_by_another(cast, terminal, file):
    take(terminal, file)
    mapping = json.dumps({"penalty.cap": "6.1.1"})
    words = ("terms", "transcribe", SPECIAL, "infogerance-2017", "-")
    assert terminal.json(*words, as_=SOFIA, stdin=mapping)["checked"] is False
    ended = terminal.type("terms", "checked", SPECIAL, as_=SOFIA)
    assert (ended.code, ended.err) == (
        2,
        "error: transcription.check: a second person checks it, known by name;"
        " ask a colleague who manages contracts\n",
    )
    assert terminal.json("terms", "checked", SPECIAL, as_="ada@estran.example")["checked_by"] == "Ada Morvan"
    assert terminal.json("terms", "document", SPECIAL)["transcription"]["mapping"] == {"penalty.cap": "6.1.1"}


def test_a_provider_with_one_person_is_told_that_nobody_can_check(cast, terminal, file):
    Role.objects.filter(person=cast.house.sofia).update(withdrawn_at=BEGINNING)
    alone = "ada@estran.example"
    terminal.type("terms", "import", str(file), "--name", SPECIAL, "--effective", "2026-11-23", as_=alone)
    ended = terminal.type("terms", "transcribe", SPECIAL, "infogerance-2017", "-", as_=alone, stdin="{}")
    assert "it counts as unchecked, and there is nobody else here who could check it" in ended.err
    ended = terminal.type("terms", "checked", SPECIAL, as_=alone)
    assert "it stays in use, and shown as unchecked" in ended.err


def test_the_own_texts_are_kept_with_the_clause_of_each_value(cast, terminal):
    rows = terminal.json("terms", "own", "infogerance-2017", "--effective", "2026-12-01", as_=SOFIA)
    assert [row["kind"] for row in rows] == ["special", "general_sale", "general_service"]
    promised = terminal.json("terms", "document", rows[0]["name"])["transcription"]
    assert promised["terms"] == "infogerance-2017"
    assert {"targets.critical.business", "penalty.cap", "business_hours"} <= promised["mapping"].keys()
    for row in rows:
        assert terminal.json("terms", "publish", row["name"], as_=SOFIA)["status"] == "published"
    ended = terminal.type("terms", "own", "infogerance-2017", "--effective", "2026-12-01", as_=SOFIA)
    assert (ended.code, "this very file for this very day already" in ended.err) == (2, True)


def test_a_signed_paper_is_recorded_shown_and_counted(cast, terminal, file, tmp_path):
    mandates.give(cast.alice, client=cast.kermor, verb="sign", from_at=BEGINNING, at=BEGINNING, actor=SETUP)
    take(terminal, file)
    terminal.type("terms", "publish", SPECIAL, as_=SOFIA)
    asked = terminal.type("acceptance", "invite", SPECIAL, "--json", as_=SOFIA)
    assert asked.code == 1
    assert "Coopérative Les Halles: nobody there holds a mandate to sign" in asked.err
    assert [row["person"] for row in asked.json] == [cast.alice.email]
    paper = tmp_path / "signe.pdf"
    paper.write_bytes(b"%PDF-1.7")
    words = ("--document", f"{SPECIAL}:1", "--person", cast.alice.email, "--signed", "2026-11-23")
    row = terminal.json("acceptance", "record", "Maison Kermor", str(paper), *words, as_=SOFIA)[0]
    assert (row["how"], row["by"]) == ("signed_pdf", f"person:{cast.house.sofia.pk}")
    assert terminal.json("acceptance", "show", row["act"])[0]["person"] == "Alice Caradec"
    assert len(terminal.json("acceptance", "list", "--client", "Maison Kermor")) == 1
    answered = terminal.type("acceptance", "answers", SPECIAL, "--json", as_=SOFIA)
    assert (answered.code, answered.err) == (1, "1 of 2 clients have accepted it\n")
    assert {one["client"]: one["accepted_by"] for one in answered.json} == {
        "Coopérative Les Halles": None,
        "Maison Kermor": cast.alice.email,
    }
