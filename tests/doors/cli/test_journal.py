"""`astreinte journal` and `astreinte deliveries`: look, verify, erase, retry, skip."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction

from astreinte.doors.cli import run
from astreinte.records.journal import claiming, publishing
from astreinte.records.journal.models import Delivery, Entry
from tests.builders import a_house
from tests.harness.emptying import lifted
from tests.records.journal.stories import AT, SEALED_APART, installed, open_case, seal_all
from tests.records.sample.facts import CaseOpened
from tests.records.sample.models import Case

pytestmark = pytest.mark.django_db(transaction=SEALED_APART)


@pytest.fixture
def provider() -> int:
    return a_house().provider.pk


def fail(event, at):
    raise ValueError("no calendar")


def test_the_list_is_one_json_array_the_newest_first(provider, capsys):
    first, second = open_case(provider), open_case(provider)
    seal_all()
    assert run(["journal", "list", "--kind", "sample.CaseOpened", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [line["entry"] for line in listed] == [second.pk, first.pk]
    assert listed[0]["kind"] == "sample.CaseOpened"
    assert listed[0]["words"] == "kept"
    assert listed[0]["place"].startswith(f"{provider}:")


def test_the_list_narrows_to_a_subject(provider, capsys):
    first, _ = open_case(provider), open_case(provider)
    assert run(["journal", "list", "--subject", first.subject, "--json"]) == 0
    assert [line["entry"] for line in json.loads(capsys.readouterr().out)] == [first.pk]


def test_the_list_shows_nothing_of_another_provider(provider, capsys):
    open_case(provider + 1)
    assert run(["journal", "list", "--kind", "sample.CaseOpened"]) == 0
    assert capsys.readouterr().err == "no entry\n"


def test_a_whole_record_is_said_to_be_whole(provider, capsys):
    open_case(provider)
    seal_all()
    head = publishing.head(provider)
    assert run(["journal", "head"]) == 0
    assert capsys.readouterr().out == f"{head}\n"
    assert run(["journal", "verify", "--head", str(head)]) == 0
    count = Entry.objects.count()
    assert capsys.readouterr().err == f"whole: {count} entries, {count} of them sealed\n"
    assert run(["journal", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_what_is_not_as_written_is_named_and_the_answer_is_no(provider, capsys):
    entry = open_case(provider)
    seal_all()
    head = publishing.head(provider)
    with transaction.atomic(), lifted(connection):
        Entry.objects.filter(pk=entry.pk).update(actor="person:13")
    assert run(["journal", "verify"]) == 1
    told = capsys.readouterr()
    assert told.out == f"entry {entry.pk} ({head.provider_id}:{head.seq}): altered after it was sealed\n"
    assert told.err == f"1 not as written, among {Entry.objects.count()} entries\n"
    assert run(["journal", "verify", "--json"]) == 1
    [finding] = json.loads(capsys.readouterr().out)
    assert finding == {
        "what": "entry",
        "number": f"{entry.pk} ({head.provider_id}:{head.seq})",
        "text": "altered after it was sealed",
    }


def test_a_head_that_is_not_in_the_chain_is_named(provider, capsys):
    open_case(provider)
    seal_all()
    assert run(["journal", "verify", "--head", f"{provider}:99:{'0' * 64}"]) == 1
    assert f"head {provider}:99: was published, but the chain ends at" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["journal", "verify", "--head", "12"], "'12': write PROVIDER:SEQ:HASH as a receipt prints it"),
        (["journal", "erase"], "name entries by their numbers, or give --subject"),
        (
            ["journal", "erase", "999999", "--reason", "x"],
            "entry 999999: there is none; `astreinte journal list`",
        ),
        (
            ["journal", "erase", "--subject", "case:0", "--reason", "x"],
            "--subject case:0: no entry with words",
        ),
        (
            ["deliveries", "retry", "999999"],
            "delivery 999999: there is none; `astreinte deliveries list` shows them",
        ),
        (["deliveries", "skip", "999999", "--reason", "x"], "delivery 999999: there is none"),
    ],
)
def test_wrong_words_are_refused_with_the_way_out(provider, capsys, words, said):
    assert run(words) == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_words_are_erased_after_a_look_at_what_would_be(provider, capsys):
    entry = open_case(provider, title="Alice")
    words = ["journal", "erase", "--subject", entry.subject, "--reason", "article 17"]
    assert run([*words, "--dry-run"]) == 0
    assert capsys.readouterr().err == f"would erase the words of entries {entry.pk}\n"
    assert Case.objects.get().title == "Alice"
    assert run(words) == 0
    assert capsys.readouterr().err == f"erased the words of entries {entry.pk}\n"
    assert Case.objects.get().title == ""
    assert run(["journal", "verify"]) == 0


def test_another_providers_words_are_not_erased(provider, capsys):
    entry = open_case(provider + 1, title="Alice")
    assert run(["journal", "erase", str(entry.pk), "--reason", "x"]) == 2
    assert Case.objects.get().title == "Alice"


def a_dead_one(provider: int) -> Delivery:
    open_case(provider)
    for day in range(claiming.TRIES):
        claimed = claiming.claim(AT + timedelta(days=day))
        assert claimed is not None
        claiming.run(claimed, AT + timedelta(days=day))
    return Delivery.objects.dead().get()


def test_a_dead_delivery_is_shown_with_its_reason(provider, capsys):
    with installed(later={CaseOpened: (fail,)}):
        dead = a_dead_one(provider)
        open_case(provider)
    assert run(["deliveries", "list", "--dead", "--json"]) == 0
    [line] = json.loads(capsys.readouterr().out)
    assert (line["delivery"], line["state"], line["attempts"]) == (dead.pk, "dead", 5)
    assert (line["error"], line["due_at"]) == ("ValueError: no calendar", None)
    assert run(["deliveries", "list", "--json"]) == 0
    assert [line["state"] for line in json.loads(capsys.readouterr().out)] == ["dead", "waiting"]


def test_a_dead_delivery_is_retried(provider, capsys):
    with installed(later={CaseOpened: (fail,)}):
        dead = a_dead_one(provider)
    assert run(["deliveries", "retry", str(dead.pk)]) == 0
    assert capsys.readouterr().err == f"delivery {dead.pk}: {dead.reaction} will be tried again\n"
    assert not Delivery.objects.dead().exists()


def test_a_dead_delivery_is_skipped_after_a_look_at_what_would_not_happen(provider, capsys):
    with installed(later={CaseOpened: (fail,)}):
        dead = a_dead_one(provider)
    words = ["deliveries", "skip", str(dead.pk), "--reason", "told by phone"]
    assert run([*words, "--dry-run"]) == 0
    assert Delivery.objects.dead().exists()
    assert run(words) == 0
    assert not Delivery.objects.unsettled().filter(pk=dead.pk).exists()
    assert run(["deliveries", "list", "--all", "--json"]) == 0
    states = {line["delivery"]: line["state"] for line in json.loads(capsys.readouterr().out)}
    assert states[dead.pk] == "skipped"
