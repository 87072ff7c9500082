"""What a line must have, where its values come from, how it goes on: at the command line (A1.1 to A1.4)."""

import json

import pytest

from tests.builders import BEGINNING, a_server, some_terms
from tests.records.contracts.signed import accepted, signs, transcribed
from tests.records.contracts.texts import SALE, SPECIAL, both_texts

SOFIA = "sofia@estran.example"
SLOW = json.dumps({"targets": {"critical": {"business": "3h"}}})


@pytest.fixture
def add(cast, terminal):
    """A second line of Maison Kermor, from the first of January 2099 on."""

    def added(*more):
        words = ["contract", "add", "--client", "Maison Kermor", "--plan", "Premium", "--period", "monthly"]
        words += ["--price", "390.00", "--terms", "infogerance-2017", "--from", "2090-01-01", *more]
        return terminal.type(*words, "--json", as_=SOFIA)

    return added


def test_a1_1_a_line_waits_until_the_texts_are_accepted_and_the_message_names_them(cast, terminal, add):
    both_texts(cast.house)
    refused = add()
    assert refused.code == 2
    assert f"Maison Kermor has not accepted “{SPECIAL}”, “{SALE}”" in refused.err
    line = str(add("--requires", "access", "--requires", "acceptance").json["number"])
    ended = terminal.type("contract", "activate", line, as_=SOFIA)
    assert (ended.code, "cannot become active: acceptance: not accepted by the client" in ended.err) == (
        2,
        True,
    )
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), BEGINNING)
    assert terminal.type("contract", "met", line, "access", "connexion SSH du matin", as_=SOFIA).code == 0
    listed = terminal.json("contract", "conditions", line)
    assert [(one["condition"], one["met"]) for one in listed] == [
        ("documents", True),
        ("acceptance", True),
        ("access", True),
    ]
    assert terminal.type("contract", "activate", line, as_=SOFIA).err == f"order line {line} is active\n"
    assert terminal.json("contract", "show", line)["waits"] is False


def test_a1_3_a_worse_one_says_who_may_approve_it_and_holds_once_somebody_does(cast, terminal):
    a_server(cast.kermor, "shop.kermor.example")
    words = ["contract", "overlay", "1", "Lent", "-", "--from", "2090-01-01", "--clause", "Trois heures."]
    ended = terminal.type(*words, "--server", "shop.kermor.example", as_=SOFIA, stdin=SLOW)
    assert "it is worse for the client, and holds once approved: ask ada@estran.example, or" in ended.err
    (row,) = terminal.json("contract", "show", "1")["overlays"]
    assert (row["pending"], row["servers"], row["clause"]) == (True, ["shop.kermor.example"], "Trois heures.")
    assert "you wrote it" in terminal.type("contract", "approve", "1", "Lent", as_=SOFIA).err
    assert terminal.json("contract", "approve", "1", "Lent")["overlays"][0]["pending"] is False


def test_of_two_that_wait_under_one_title_the_one_that_was_read_is_approved(cast, terminal):
    for words in (["2090-01-01", "--until", "2090-02-01"], ["2090-02-01"]):
        terminal.type("contract", "overlay", "1", "Lent", "-", "--from", *words, as_=SOFIA, stdin=SLOW)
    _, second = terminal.json("contract", "show", "1")["overlays"]
    for words in ([], ["--sha256", "0" * 64]):
        ended = terminal.type("contract", "approve", "1", "Lent", *words)
        assert ended.code == 2
        assert "say with --sha256 which one you have read" in ended.err
    after = terminal.json("contract", "approve", "1", "Lent", "--sha256", second["sha256"])["overlays"]
    assert [one["pending"] for one in after] == [True, False]


def test_a1_2_explain_says_document_article_and_what_it_prevails_over(cast, terminal):
    special, sale = both_texts(cast.house)
    transcribed(special, some_terms(cast.house), {"penalty.cap": "6.1.1"})
    half = some_terms(cast.house, "cgv", {"penalty": {"cap": "0.5"}})
    transcribed(sale, half, {"penalty.cap": "4.1.1"})
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), BEGINNING)
    listed = terminal.json("contract", "explain", "Maison Kermor", "--at", "2026-11-23", as_=cast.alice.email)
    (cap,) = (one for one in listed if one["key"] == "penalty.cap")
    assert (cap["value"], cap["source"], cap["clause"]) == (
        "1",
        f"{SPECIAL} v1",
        "art.\u00a06, §\u00a01, phrase\u00a01",
    )
    assert cap["over"] == [f"0.5 {SALE} v1 art.\u00a04, §\u00a01, phrase\u00a01"]
    assert terminal.type("contract", "explain", "Maison Kermor", as_=cast.charlie.email).code == 2


def test_orphans_are_servers_under_no_line_and_lines_under_no_accepted_text(cast, terminal):
    a_server(cast.kermor, "forgotten.kermor.example")
    a_server(cast.house.internal, "our-own.estran.example")
    listed = terminal.json("contract", "orphans")
    assert [(one["what"], one["name"], one["why"].partition(":")[0]) for one in listed] == [
        ("server", "forgotten.kermor.example", "under no order line"),
        ("order line", "2", "governed by no published text"),
        ("order line", "1", "governed by no published text"),
    ]
    both_texts(cast.house)
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), BEGINNING)
    lines = [one for one in terminal.json("contract", "orphans") if one["what"] == "order line"]
    assert [(one["name"], one["why"]) for one in lines] == [("2", f"not accepted: {SPECIAL}, {SALE}")]


def test_a1_4_a_line_is_suspended_resumed_discounted_and_renewed(cast, terminal, add):
    line = str(
        add("--no-tacit", "--notice", "30", "--full-price", "450.00", "--discount", "fidélité").json["number"]
    )
    shown = terminal.json("contract", "show", line)
    assert shown["until"] == "2090-01-31T23:00:00+00:00"
    assert (shown["monthly"], shown["prices"][0]["full"], shown["prices"][0]["discount"]) == (
        "390.00",
        "450.00",
        "fidélité",
    )
    follows = terminal.json("contract", "renew", line, "--price", "400.00", as_=SOFIA)
    assert (follows["since"], follows["price"]) == (shown["until"], "400.00")
    assert terminal.json("contract", "show", str(follows["number"]))["renews"] == int(line)
    ended = terminal.type("contract", "suspend", "1", "--reason", "travaux chez le client", as_=SOFIA)
    assert ended.code == 0, ended.err
    assert terminal.json("contract", "show", "1")["suspended"] == "travaux chez le client"
    assert "promises nothing now: travaux" in terminal.type("contract", "explain", "Maison Kermor").err
    assert terminal.type("contract", "resume", "1", as_=SOFIA).code == 0
    assert terminal.json("contract", "show", "1")["suspended"] is None
