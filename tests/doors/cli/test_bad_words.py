"""Wrong words are test data: each file of tests/data/bad/cli is one command line, with exactly what it must say."""

import difflib
import json

from astreinte.records.journal.models import Entry
from tests.builders import a_ticket, paris
from tests.house.reading import ROOT

CASES = sorted((ROOT / "tests" / "data" / "bad" / "cli").glob("*.json"))


def test_there_are_bad_words_to_refuse():
    assert len(CASES) > 40


def test_bad_words_get_their_exact_message_and_change_nothing(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    before, wrong = Entry.objects.count(), []
    for path in CASES:
        case = json.loads(path.read_text(encoding="utf-8"))
        ended = terminal.type(
            *case["words"], as_=case.get("as", "ada@estran.example"), stdin=case.get("stdin")
        )
        if (ended.code, ended.err, ended.out, Entry.objects.count()) != (
            case["code"],
            case["stderr"],
            "",
            before,
        ):
            said = "\n".join(difflib.ndiff([case["stderr"]], [ended.err]))
            wrong.append(f"{path.name}: exit {ended.code}, {Entry.objects.count() - before} entries\n{said}")
    assert not wrong, "\n\n".join(wrong)
