"""`astreinte terms check|render|search|diff`: a text alone is enough, without Django and without a database."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from astreinte.doors.cli import run
from astreinte.words import printing
from tests.house.reading import ROOT

TEXT = ROOT / "tests" / "data" / "contract" / "a-text-with-flaws.md"
CLEAN = "# Titre\n\n## Article 1 – Prix\n\n{{company.name}} facture.\n"


@pytest.fixture
def typed(capsys, monkeypatch):
    """Types `astreinte terms WORDS…`, `stdin` given as bytes; returns exit code, stdout and stderr."""

    def type_(*words, stdin=b""):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run(["terms", *map(str, words)])
        return code, *capsys.readouterr()

    return type_


def test_check_lists_the_flaws_with_line_and_column_and_says_no(typed):
    code, out, err = typed("check", TEXT)
    assert (code, err) == (1, f"{TEXT}: 25 to report; nothing was changed\n")
    lines = out.splitlines()
    assert len(lines) == 25
    assert f"{TEXT}:5:13: double space: 1  Objet: several spaces in a row; pages show one" in lines
    assert sum(": NFD: " in line for line in lines) == 17
    assert any(line.startswith(f"{TEXT}:12:31: stray mark: ") for line in lines)
    assert any(line.startswith(f"{TEXT}:25:1: dash: – 2 heures si tout est arrêté") for line in lines)


def test_check_says_yes_of_a_clean_text(typed):
    assert typed("check", "-", stdin=CLEAN.encode()) == (0, "", "-: nothing to report; nothing was changed\n")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"caf\xe9", "-:1:4: not utf8: byte 0xe9: not UTF-8; save the text as UTF-8"),
        (
            b"%PDF-1.7\n\x00",
            "-:2:1: binary: a zero byte: binary data; give the source of the text (Markdown)",
        ),
        (b"", "-:1:1: empty: 0 bytes: there is nothing in it; give the text"),
        (
            b" " * (20 * 1024 * 1024 + 1),
            "-:1:1: too big: 20971521 bytes: a text of more than 20 MB is no contract",
        ),
        ("é".encode() * 3 + b"\n{{nom}}", "-:2:1: placeholder: {{nom}}: unknown placeholder; known are"),
    ],
    ids=["Latin-1", "binary", "empty", "more than 20 MB", "an unknown placeholder"],
)
def test_check_says_what_is_no_text(typed, raw, said):
    code, out, _ = typed("check", "-", stdin=raw)
    assert code == 1
    assert out.startswith(said)
    assert out.count("\n") == 1


def test_check_with_json_prints_what_a_program_reads(typed):
    _, out, _ = typed("check", TEXT, "--json")
    assert json.loads(out)[0].keys() == {"line", "column", "kind", "seen", "way_out"}


def test_check_sets_the_keys_beside_the_clauses(typed, tmp_path):
    clauses, terms = tmp_path / "clauses.json", tmp_path / "terms.json"
    clauses.write_text(
        '{"targets.critical.business": "3.2.1", "penalty.cap": "4.1.1", "penalty.multiplier": "9.1"}'
    )
    terms.write_text('{"targets": {"critical": {"business": "1h"}}}')
    code, out, _ = typed("check", TEXT, "--clauses", clauses, "--terms", terms)
    assert code == 1
    assert out.splitlines()[-2:] == [
        f"{TEXT}:25:1: differs: targets.critical.business is 1h: art.\u00a03, para.\u00a02, sentence\u00a01 says 2h"
        " or 4h; change the key, or the clause",
        f"{TEXT}:1:1: no clause: penalty.multiplier is 5: the text has no clause '9.1'; `astreinte terms search`"
        " shows where words stand",
    ]


def test_render_prints_a_page_with_the_name_as_text(typed):
    code, out, err = typed("render", TEXT, "--company", "<b>A&B</b> {{x}}")
    assert (code, err) == (0, "")
    assert out.startswith("<!doctype html>")
    assert out.count("&lt;b&gt;A&amp;B&lt;/b&gt; {{x}}") == 6
    assert "company.name" not in out


def test_render_says_where_a_name_that_begins_with_a_vowel_reads_badly(typed):
    text = CLEAN + "\nLe service de {{company.name}}.\n"
    code, out, err = typed("render", "-", "--company", "Estran", stdin=text.encode())
    assert (code, err) == (0, "-: reads 'de Estran' on line 7: the text is not rewritten\n")
    assert "Le service de Estran." in out
    assert typed("render", "-", "--company", "Ponant", stdin=text.encode())[2] == ""
    assert typed("render", "-", "--company", "Estran", "--language", "en-gb", stdin=text.encode())[2] == ""


def test_render_writes_a_pdf(typed, tmp_path):
    code, out, err = typed(
        "render", "-", "--company", "P", "--pdf", tmp_path / "out.pdf", stdin=CLEAN.encode()
    )
    assert (code, out, err) == (0, "", "")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_search_finds_every_place_and_says_no_when_there_is_none(typed):
    code, out, _ = typed("search", TEXT, "ouvrées", "--json")
    assert code == 0
    assert [(hit["line"], hit["anchor"]) for hit in json.loads(out)] == [
        (25, "3.2.1"),
        (25, "3.2.1"),
        (27, "3.3.1"),
        (29, "3.4.2"),
    ]
    assert typed("search", TEXT, "chauffage") == (1, "", f"{TEXT}: 'chauffage' is not there\n")


def test_diff_says_what_changed_clause_by_clause(typed, tmp_path):
    new = tmp_path / "new.md"
    new.write_text(CLEAN.replace("facture", "ne facture rien") + "\nRien d'autre.\n", encoding="utf-8")
    old = tmp_path / "old.md"
    old.write_text(CLEAN, encoding="utf-8")
    assert typed("diff", old, new) == (
        0,
        "changed 1.1.1\n  - {{company.name}} facture.\n  + {{company.name}} ne facture rien.\nadded 1.2.1\n"
        "  + Rien d'autre.\n",
        "",
    )
    assert typed("diff", old, old) == (0, "", "they say the same\n")


def test_a_text_in_other_bytes_is_told_apart_from_one_in_other_words(typed, tmp_path):
    (tmp_path / "new.md").write_text(CLEAN.replace("\n\n{{", "\n{{"), encoding="utf-8")
    code, out, _ = typed("diff", "-", tmp_path / "new.md", stdin=CLEAN.encode())
    assert (code, out) == (
        0,
        "form: the words are the same; blank space, broken lines or the encoding of accents differ\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "nowhere.md"], "nowhere.md: No such file or directory; name a text that can be read"),
        (["render", "nowhere.md", "--company", "A"], "nowhere.md: No such file or directory"),
        (["render", TEXT, "--company", " "], f"{TEXT}: line 6: {{{{company.name}}}}: its value is empty"),
        (["render", TEXT], "Missing option '--company'"),
        (
            ["render", TEXT, "--company", "A", "--pdf", "no/such/out.pdf"],
            "--pdf no/such/out.pdf: there is no folder no/such;",
        ),
        (["search", "-", "x"], "-: line 1, column 1: 0 bytes: there is nothing in it"),
        (["diff", TEXT, "nowhere.md"], "nowhere.md: No such file"),
        (["check", TEXT, "--clauses", "-"], "--clauses -: not JSON"),
        (["check", TEXT, "--clauses", TEXT], f"--clauses {TEXT}: not JSON"),
    ],
)
def test_wrong_use_exits_2_with_a_way_out_and_prints_nothing(typed, words, said):
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_a_text_is_checked_where_there_is_no_data_folder_and_nothing_of_django_is_loaded(tmp_path):
    told = (
        "import sys; from astreinte.doors.cli import run; code = run(sys.argv[1:]);"
        "sys.exit(code if not [name for name in sys.modules if name.partition('.')[0] == 'django'] else 99)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told, "terms", "search", str(TEXT), "ouvrées"],
        env={"ASTREINTE_DATA": str(tmp_path / "none")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not Path(tmp_path / "none").exists()


def test_a_machine_that_cannot_draw_says_so_and_makes_no_file(typed, tmp_path, monkeypatch):
    def cannot(page):
        raise printing.PrintingError(printing.missing())

    monkeypatch.setattr(printing, "pdf", cannot)
    code, out, err = typed("render", TEXT, "--company", "P", "--pdf", tmp_path / "out.pdf")
    assert (code, out) == (3, "")
    assert err.startswith(
        "error: not now, nothing was changed: no PDF on this machine: as root, `apt-get install"
    )
    assert not (tmp_path / "out.pdf").exists()
