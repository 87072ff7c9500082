"""Mandates, advice and consents at the command line, and a person who leaves (A2.1, A2.2, X.4)."""

from astreinte.records.accounts import mandates
from astreinte.records.contracts.models import Advice, ConsentRequest
from astreinte.records.evidence import keeping
from tests.builders import paris

SOFIA, ADA, HUGO, BOB = (
    "sofia@estran.example",
    "ada@estran.example",
    "hugo@estran.example",
    "bob@kermor.example",
)
GIVE = ("mandate", "add", BOB, "consent", "--client", "Maison Kermor")


def test_x_4_a_mandate_is_given_with_its_paper_shown_and_ended(cast, terminal, tmp_path):
    paper = tmp_path / "délégation.pdf"
    paper.write_bytes(b"%PDF-1.7 signed")
    words = ("--server", "web1.kermor.example", "--given-by", "Yann Kermor", "--paper", str(paper))
    row = terminal.json(*GIVE, *words, as_=SOFIA)
    assert (row["over"], row["given_by"], row["paper"]) == (
        "web1.kermor.example",
        "Yann Kermor",
        "délégation.pdf",
    )
    assert [one["number"] for one in terminal.json("mandate", "list", "--client", "2")] == [1]
    assert terminal.json("mandate", "show", "1") == row
    kept = cast.bob.mandates.get().paper
    assert kept is not None
    assert keeping.read(kept) == b"%PDF-1.7 signed"
    assert terminal.type("mandate", "end", "1", "--dry-run", as_=SOFIA).code == 0
    assert terminal.json("mandate", "end", "1", as_=SOFIA)["withdrawn"], "it had not begun: the same instant"
    assert terminal.json("mandate", "list") == []


def test_a_mandate_names_what_is_the_client_s_own(cast, terminal):
    refused = terminal.type(*GIVE, "--server", "app2.halles.example", as_=SOFIA)
    assert refused.code == 2
    assert "app2.halles.example is not of Maison Kermor; name what is theirs" in refused.err
    assert terminal.type(*GIVE, as_=HUGO).code == 2, "an engineer gives no mandate"


def test_x_4_a_person_leaves(cast, terminal):
    terminal.json(*GIVE, as_=SOFIA)
    assert terminal.json("person", "end", BOB, as_=ADA)["roles"] == []
    refused = terminal.type(*GIVE, as_=SOFIA)
    assert "is none of the people of Maison Kermor then; give them a role there first" in refused.err


def test_a2_1_advice_is_proposed_from_facts_and_sent(cast, terminal):
    terminal.json(*GIVE, as_=SOFIA)
    words = ("advice", "add", "--client", "2", "--risk", "no_backup", "--line", "1", "--mandatory")
    row = terminal.json(*words, "--recommendation", "La nôtre, chaque nuit.", as_=HUGO)
    assert row["title"].startswith("web1.kermor.example")
    assert row["recommendation"] == "La nôtre, chaque nuit."
    sent = terminal.json("advice", "deliver", "1", as_=HUGO)
    assert [(one["what"], one["email"]) for one in sent["steps"]] == [("delivered", BOB)]
    assert terminal.json("advice", "list")[0]["answer"] is None
    refused = terminal.type("advice", "add", "--client", "2", "--risk", "other", as_=HUGO)
    assert "advice.title: '': write what it is about" in refused.err
    assert Advice.objects.count() == 1


def test_a2_2_consent_is_asked_changed_and_taken_back(cast, terminal):
    about = ("--client", "2", "--title", "Disque", "--text", "Arrêt de 30 min.")
    ask = ("consent", "ask", *about, "--server", "web1.kermor.example", "--minutes", "30", "--risky")
    refused = terminal.type(*ask, as_=HUGO)
    assert "nobody of Maison Kermor holds a mandate to consent to all of this" in refused.err
    terminal.json(*GIVE, as_=SOFIA)
    row = terminal.json(*ask, as_=HUGO)
    assert (row["state"], row["asked"], row["risky"]) == ("asked", [BOB], True)
    later = terminal.json("consent", "change", "1", "--minutes", "45", as_=HUGO)
    assert (later["replaces"], later["minutes"]) == (1, 45)
    assert later["sha256"] != row["sha256"]
    assert terminal.json("consent", "show", "1")["void_reason"] == "scope changed"
    terminal.json("consent", "end", "2", "--reason", "Le disque tient.", as_=HUGO)
    assert {one["state"] for one in terminal.json("consent", "list")} == {"void"}
    assert ConsentRequest.objects.count() == 2


def test_no_command_consents_for_the_client(cast, terminal):
    for words in (("consent", "give", "1"), ("advice", "answer", "1")):
        assert terminal.type(*words, as_=BOB).code == 2
    at = paris("2026-11-23T11:30")
    assert not mandates.holds(cast.house.ada.pk, cast.kermor.pk, "consent", at)


def test_x_4_the_provider_says_of_whom_it_wants_a_second_factor(cast, terminal):
    assert terminal.json("provider", "show")["second_factor"] == "offered"
    words = ("provider", "change", "--second-factor")
    assert terminal.type(*words, "required", as_=SOFIA).code == 2, "an administrator does"
    assert terminal.json(*words, "required", as_=ADA)["second_factor"] == "required"
    assert terminal.json("provider", "show")["second_factor"] == "required"
    refused = terminal.type(*words, "always", as_=ADA)
    assert "second_factor: 'always': write one of offered, required" in refused.err
