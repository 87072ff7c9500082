"""A file with one bad line gives no answer at all: the line, the key, the value and the way out, and exit 2."""

from pathlib import Path

import pytest

from astreinte.doors.cli import run

BAD = sorted((Path(__file__).parents[2] / "data" / "bad" / "sla" / "replay").glob("*.jsonl"))
CASES = Path(__file__).parents[2] / "data" / "sla" / "cases.jsonl"


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_bad_line_is_named_and_nothing_is_printed(path, capsys, tmp_path):
    summary = tmp_path / "summary.jsonl"
    code = run(["sla", "replay", str(path), "--summary", str(summary), "--now", "2030-01-01T00:00:00Z"])
    printed = capsys.readouterr()
    message = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert (code, printed.out) == (2, "")
    assert printed.err == f"error: {path}: {message}"
    assert not summary.exists()


def test_every_kind_of_error_of_the_format_has_its_file():
    assert len(BAD) >= 60


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["replay", "nowhere.jsonl"], "nowhere.jsonl: No such file or directory; name a file"),
        (["replay", "."], ".: Is a directory; name a file"),
        (
            ["replay", str(CASES), "--now", "2026-05-07T10:00:00"],
            "--now: 2026-05-07T10:00:00: an instant needs",
        ),
        (["replay", str(CASES), "--summary", "no/such/folder"], "--summary no/such/folder: No such file"),
        (["verify", str(CASES), "nowhere.jsonl"], "nowhere.jsonl: No such file"),
        (
            ["deadline", "--priority", "blocker", "--channel", "web", "--at", "2026-11-23T11:30:00Z"],
            "use critical",
        ),
        (["deadline", "--priority", "critical", "--channel", "web", "--at", "noon"], "--at: noon: expected"),
        (["deadline", "--priority", "critical", "--channel", "web"], "Missing option '--at'"),
        (["replay"], "Missing argument"),
        (["forecast"], "No such command"),
    ],
)
def test_wrong_use_exits_2_with_a_way_out_and_prints_nothing(arguments, said, capsys):
    assert run(["sla", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "expected one object of terms"),
        ('{"calendar":"FR-67"}', 'calendar: "FR-67": unknown subdivision'),
        ('{"extends":"gold"}', 'extends: "gold": no such terms'),
        (b"\xff", "not JSON"),
    ],
)
def test_bad_terms_are_named_with_their_file(text, said, tmp_path, capsys):
    path = tmp_path / "terms.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    asked = ["--priority", "critical", "--channel", "web", "--at", "2026-11-23T11:30:00Z"]
    assert run(["sla", "deadline", *asked, "--terms", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"error: --terms {path}: " in printed.err
    assert said in printed.err
