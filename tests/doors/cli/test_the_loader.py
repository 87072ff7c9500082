"""`astreinte` itself: nouns are found without being imported, and every end has its exit code."""

import subprocess
import sys

import pytest

from astreinte import __version__
from astreinte.doors import cli
from astreinte.doors.cli import outcome


class TermsLikeError(ValueError):
    __module__ = "astreinte.rules.sla.terms"


class OurMistakeError(RuntimeError):
    __module__ = "astreinte.records.journal.writing"


def ending(error: BaseException) -> int:
    def command() -> None:
        raise error

    return outcome.of(command)


def test_help_lists_every_noun_with_its_line(capsys):
    assert cli.run(["--help"]) == 0
    printed = capsys.readouterr().out
    for noun, line in cli.nouns().items():
        assert line, f"the module of {noun} has no docstring"
        assert f"  {noun} " in printed
        assert line in printed


def test_help_loads_neither_django_nor_a_noun():
    script = "import sys; from astreinte.doors import cli; cli.run(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = done.stdout.rpartition("\n\n")[2].split()
    assert not {name for name in loaded if name.partition(".")[0] in {"django", "sqlite3", "typer"}}
    assert not {name for name in loaded if name.startswith("astreinte.doors.cli.")}


def test_the_version_is_told(capsys):
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out == f"astreinte {__version__}\n"


def test_a_mistyped_noun_names_the_nearest(capsys, monkeypatch):
    monkeypatch.setattr(cli, "nouns", lambda: {"server": "", "ticket": ""})
    assert cli.run(["tiket", "list"]) == 2
    assert (
        capsys.readouterr().err
        == "error: 'tiket' is no noun of astreinte; did you mean `astreinte ticket`?\n"
    )


def test_a_noun_like_no_other_is_sent_to_the_help(capsys, monkeypatch):
    monkeypatch.setattr(cli, "nouns", lambda: {"server": ""})
    assert cli.run(["zzz"]) == 2
    assert (
        capsys.readouterr().err
        == "error: 'zzz' is no noun of astreinte; `astreinte --help` lists what there is.\n"
    )


def test_every_noun_tells_its_verbs_without_loading_django():
    script = (
        "import sys; from astreinte.doors import cli;"
        "print({noun: cli.run([noun, '--help']) for noun in cli.nouns()}, 'django' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == f"{dict.fromkeys(cli.nouns(), 0)} False\n"
    for noun in cli.nouns():
        assert f"Usage: astreinte {noun} " in done.stdout


def test_bad_input_is_one_line_and_exits_2(capsys):
    assert ending(TermsLikeError("business_hours.mon-fri[1]: closes before it opens (14:00-12:00)")) == 2
    assert (
        capsys.readouterr().err == "error: business_hours.mon-fri[1]: closes before it opens (14:00-12:00)\n"
    )


def test_a_file_that_is_not_there_exits_2(capsys):
    assert ending(FileNotFoundError(2, "No such file or directory", "cases.jsonl")) == 2
    assert "cases.jsonl" in capsys.readouterr().err


def test_a_locked_database_exits_3_and_says_that_nothing_changed(capsys):
    from django.db import OperationalError

    assert ending(OperationalError("database is locked")) == 3
    assert capsys.readouterr().err == "error: not now, nothing was changed: database is locked; try again\n"


def test_django_s_refusals_are_bad_input(capsys):
    from django.core.exceptions import ValidationError

    assert ending(ValidationError(["until_at: before from_at"])) == 2
    assert capsys.readouterr().err == "error: until_at: before from_at\n"


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OurMistakeError("append needs a transaction"), id="ours"),
        pytest.param(KeyError("x"), id="Python's"),
    ],
)
def test_our_own_error_is_one_line_and_its_traceback_is_kept(error, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("ASTREINTE_DATA", str(tmp_path))
    monkeypatch.delenv("ASTREINTE_DEBUG", raising=False)
    assert ending(error) == 70
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"the traceback is in {tmp_path / 'errors.log'}" in said
    assert "Traceback" in (tmp_path / "errors.log").read_text()


def test_the_traceback_is_shown_when_asked_for(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("ASTREINTE_DATA", str(tmp_path))
    monkeypatch.setenv("ASTREINTE_DEBUG", "1")
    assert ending(KeyError("x")) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_left_is_no_error():
    script = (
        "import sys; from astreinte.doors.cli import outcome;"
        "print(outcome.of(lambda: print('x' * 10**6)), file=sys.stderr)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert (process.returncode, said) == (0, "0\n")


def test_an_interruption_exits_130(capsys):
    assert ending(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == "interrupted\n"
