"""`astreinte sla`: replay, deadline, verify; data on stdout, words on stderr, 0, 1 or 2; no Django, no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from astreinte.doors.cli import run

DATA = Path(__file__).parents[2] / "data" / "sla"
CASES, ANSWERS, SUMMARY = (str(DATA / f"{name}.jsonl") for name in ("cases", "answers", "summary"))
NOON = ["--at", "2026-11-23T11:30:00+01:00"]
CRITICAL = ["deadline", "--priority", "critical", "--channel", "web", *NOON]


def sla(capsys, *arguments):
    code = run(["sla", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_replay_prints_the_worked_answers_and_writes_the_summary(capsys, tmp_path):
    path = tmp_path / "summary.jsonl"
    code, out, err = sla(capsys, "replay", CASES, "--summary", str(path))
    assert (code, err) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        json.loads(line) for line in Path(ANSWERS).read_text().splitlines()
    ]
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        json.loads(line) for line in Path(SUMMARY).read_text().splitlines()
    ]


def test_now_judges_a_ticket_without_an_intervention(capsys, tmp_path):
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"ticket":{"id":"1","contract":{"id":"a","price":"500.00","period":"monthly"},"priority":"critical",'
        '"receipts":[{"at":"2026-11-28T03:00:00+01:00","channel":"phone"}]}}\n'
    )
    for now, status, due in (
        ("2026-11-28T07:00:00+01:00", "running", "0.00"),
        ("2026-11-28T09:30:00+01:00", "late", "53.57"),
    ):
        _, out, _ = sla(capsys, "replay", str(cases), "--now", now)
        answer = json.loads(out)
        assert (answer["status"], answer["due"]) == (status, due)


def test_an_empty_file_has_no_answer(capsys, tmp_path):
    (tmp_path / "empty.jsonl").touch()
    assert sla(capsys, "replay", str(tmp_path / "empty.jsonl")) == (0, "", "")


def test_verify_says_yes_for_the_worked_answers(capsys):
    code, out, err = sla(capsys, "verify", CASES, ANSWERS)
    assert (code, out) == (0, "")
    assert "60 answers, all as worked out again" in err


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (
            lambda lines: [lines[0].replace('"25.32"', '"25.33"', 1), *lines[1:]],
            'line 1: ticket T5987: raw is "25.33"',
        ),
        (lambda lines: lines[:-1], "line 60: missing; worked out"),
        (lambda lines: [*lines, lines[0]], "line 61: one line too many"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 'line 1: ticket T5987: ticket is "T9454"'),
        (
            lambda lines: [lines[0].replace(',"reason":null', ""), *lines[1:]],
            "reason is absent, worked out null",
        ),
    ],
    ids=["a cent", "one missing", "one too many", "two exchanged", "a key missing"],
)
def test_verify_says_no_and_names_the_first_line_that_differs(bend, said, capsys, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(bend(Path(ANSWERS).read_text().splitlines())) + "\n")
    code, out, err = sla(capsys, "verify", CASES, str(path))
    assert (code, out) == (1, "")
    assert said in err


def test_verify_compares_values_not_the_order_of_keys(capsys, tmp_path):
    path = tmp_path / "answers.jsonl"
    lines = [json.loads(line) for line in Path(ANSWERS).read_text().splitlines()]
    path.write_text("".join(json.dumps(dict(reversed(line.items())), indent=None) + "\n" for line in lines))
    assert sla(capsys, "verify", CASES, str(path))[0] == 0


def test_answers_that_are_not_json_are_bad_input_not_a_no(capsys, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text("{}\nnot json\n")
    code, out, err = sla(capsys, "verify", CASES, str(path))
    assert (code, out) == (2, "")
    assert "line 2: not JSON" in err


def test_a_deadline_is_said_in_words_with_the_safe_target(capsys):
    code, out, err = sla(capsys, *CRITICAL, "--language", "en-gb")
    assert (code, err) == (0, "")
    assert "That was in business hours." in out
    assert "Deadline" in out
    assert "Monday 23 November 2026 at 13:30:00" in out
    assert "«\u00a02\u00a0heures (heures ouvrées) et 4\u00a0heures (heures non ouvrées)" in out
    assert "To keep every reading, intervene before: Monday 23 November 2026 at 13:30:00." in out


def test_a_deadline_says_the_holidays_that_it_met(capsys):
    asked = ["deadline", "--priority", "urgent", "--channel", "phone", "--at", "2026-11-10T17:00:00+01:00"]
    _, out, _ = sla(capsys, *asked)
    assert "Le mercredi\u00a011\u00a0novembre\u00a02026 est férié" in out


def test_json_gives_the_trace_with_the_words(capsys):
    code, out, err = sla(capsys, *CRITICAL, "--json")
    trace = json.loads(out)
    assert (code, err) == (0, "")
    assert trace["deadline"] == trace["safe_target"] == "2026-11-23T13:30:00+01:00"
    assert trace["regime"] == "business"
    assert trace["readings"]["separate"] == "2026-11-23T15:30:00+01:00"
    assert trace["why"]["paragraphs"]


@pytest.mark.parametrize("wrap", ["{}", '{{"terms":{}}}'], ids=["an object", "the line of a replay"])
def test_terms_of_a_file_are_followed(wrap, capsys, tmp_path):
    path = tmp_path / "gold.json"
    path.write_text(wrap.format('{"id":"gold","targets":{"critical":{"business":"1h"}}}'))
    _, out, _ = sla(capsys, *CRITICAL, "--terms", str(path), "--json")
    assert json.loads(out)["deadline"] == "2026-11-23T12:30:00+01:00"


@pytest.mark.parametrize(
    ("priority", "channel", "said"),
    [
        ("normal", "web", "La priorité Moyenne n’a pas de délai garanti"),
        ("critical", "email", "Une réception par courriel n’ouvre pas le délai contractuel"),
    ],
)
def test_where_no_clock_runs_the_answer_is_no(priority, channel, said, capsys):
    code, out, err = sla(capsys, "deadline", "--priority", priority, "--channel", channel, *NOON)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize(
    "arguments",
    [["replay", CASES], ["verify", CASES, ANSWERS], CRITICAL],
    ids=["replay", "verify", "deadline"],
)
def test_neither_django_nor_a_database_is_loaded(arguments):
    code = (
        "import sys; from astreinte.doors.cli import run; code = run(['sla', *sys.argv[1:]]);"
        "loaded = {name.partition('.')[0] for name in sys.modules};"
        "print(sorted(loaded & {'django', 'sqlite3', 'psycopg', 'asyncio'}), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == "[]"


def test_standard_input_is_a_file_like_another():
    with Path(CASES).open("rb") as cases:
        done = subprocess.run(
            [sys.executable, "-m", "astreinte.doors.cli", "sla", "replay", "-"],
            stdin=cases,
            capture_output=True,
            check=True,
        )
    assert len(done.stdout.splitlines()) == 60
