"""`probe run`, `probe check`: one attempt now, its raw answer, and an exit code that a script can read."""

import socket
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from astreinte.doors import cli
from astreinte.engine.probes import plugin
from astreinte.project.places import Places
from astreinte.records.monitoring.models import Check
from tests import builders
from tests.doors.cli.typed import Ended, Terminal


@pytest.fixture
def listening():
    """A port that accepts connections."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> Ended:
    code = cli.run(["probe", *words])
    return Ended(code, *capsys.readouterr())


def test_what_is_well_is_said_with_its_values_and_times(capsys, listening):
    ended = typed(capsys, "run", "tcp", "127.0.0.1", f"port={listening}", "--json")
    assert ended.code == 0, ended.err
    said = ended.json
    assert (said["kind"], said["target"], said["options"]) == ("tcp", "127.0.0.1", {"port": listening})
    assert (said["level"], set(said["values"])) == ("ok", {"connect_s"})
    assert said["took_s"] >= said["values"]["connect_s"]


def test_a_person_reads_the_same_line_by_line(capsys, listening):
    ended = typed(capsys, "run", "tcp", "127.0.0.1", f"port={listening}")
    lines = [line.split(maxsplit=1) for line in ended.out.splitlines()]
    assert [line[0] for line in lines][:5] == ["kind", "target", "options", "level", "text"]
    assert lines[2][1].strip() == f"port={listening}"
    assert lines[-2][0] == "connect_s"


def test_what_is_not_well_ends_with_one(capsys):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    ended = typed(capsys, "run", "tcp", "127.0.0.1", f"port={port}", "--json")
    assert (ended.code, ended.json["level"]) == (1, "critical")


def test_what_we_could_not_tell_ends_with_three(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "PLACES", Places(Path("/x"), plugins=str(tmp_path)))
    monkeypatch.setattr(plugin.shelf, "folders", ())
    ended = typed(capsys, "run", "plugin", "127.0.0.1", "plugin=check_it")
    assert ended.code == 3
    assert f"check_it: no such plugin in ASTREINTE_PLUGINS={tmp_path}" in ended.out


@pytest.mark.parametrize("kind", ["disk", "memory", "load", "mounts", "boot", "oom", "swap", "clock"])
def test_this_very_machine_is_looked_at(capsys, kind):
    ended = typed(capsys, "run", kind, "localhost", "--json")
    assert ended.code in {0, 1}, ended.err
    assert ended.json["level"] != "inconclusive"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "ping", "localhost"), "error: kind: 'ping' is not known; there are "),
        (("run", "tcp", "localhost"), "error: port: missing; the port that must accept a connection\n"),
        (("run", "tcp", "localhost", "22"), "error: '22': write OPTION=VALUE, for instance port=8080\n"),
        (
            ("run", "disk", "192.0.2.7"),
            "error: kind: disk looks at this very machine, and 192.0.2.7 is another",
        ),
    ],
)
def test_wrong_use_is_named_and_nothing_is_tried(capsys, words, message):
    ended = typed(capsys, *words)
    assert (ended.code, ended.out, ended.err[: len(message)]) == (2, "", message)


@pytest.mark.django_db
def test_a_check_is_tried_with_its_own_options_and_nothing_is_recorded(terminal: Terminal, listening):
    builders.a_house()
    terminal.json("server", "add", "web1", "--address", "127.0.0.1")
    terminal.json("check", "add", "web1", "tcp", f"port={listening}", "--name", "shop")
    said = terminal.json("probe", "check", "web1", "shop")
    assert (said["level"], said["options"]) == ("ok", {"port": listening})
    assert Check.objects.get().state.last_at is None
    ended = terminal.type("probe", "check", "web1", "nothing")
    assert (ended.code, ended.err) == (
        2,
        "error: check 'nothing': web1 has none of this name; it has: shop\n",
    )
