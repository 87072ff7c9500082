"""`server`, `service`, `check`, `incident`: what they do, show and refuse, in the words of a command line."""

import json
from datetime import timedelta
from typing import Any

import pytest

from astreinte.doors import cli
from astreinte.engine.probes.kinds import KINDS
from astreinte.loops import clock
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import Check
from tests import builders
from tests.harness.installing import Installation
from tests.records.monitoring.watching import CRITICAL, NOON, OK, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house() -> None:
    house = builders.a_house()
    builders.a_client(house, "Maison Kermor")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command that must go well; return what it printed as JSON."""

    def run(*words: str) -> Any:
        capsys.readouterr()
        code = cli.run([*words, "--json"])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return json.loads(printed.out)

    return run


def test_a_server_is_added_for_a_client_listed_shown_and_ended(said) -> None:
    added = said(
        "server", "add", "web1.kermor.example", "--client", "maison kermor", "--address", "192.0.2.7"
    )
    assert (added["client"], added["address"]) == ("Maison Kermor", "192.0.2.7")
    assert [one["name"] for one in said("server", "list")] == ["web1.kermor.example"]
    said("service", "add", "web1.kermor.example", "shop", "--essential")
    whole = said("server", "show", "web1.kermor.example")
    assert [(one["name"], one["essential"]) for one in whole["services"]] == [("shop", True)]
    assert said("server", "end", "web1.kermor.example")["until"]
    assert said("server", "list") == []


def test_a_server_without_a_client_is_the_providers_own(said) -> None:
    assert said("server", "add", "tool1")["client"] == "Estran"


def test_a_check_has_server_kind_level_since_and_text(said) -> None:
    said("server", "add", "web1")
    said("check", "add", "web1", "http", "url=http://web1:8080/health?full=1", "status=200", "--name", "shop")
    recorded(Check.objects.get(), [OK, OK])
    (one,) = said("check", "list")
    assert {key: one[key] for key in ("server", "kind", "text")} == {
        "server": "web1",
        "kind": "http",
        "text": "ok",
    }
    assert (one["level"], one["last_level"]) == ("stale", "ok")  # those results are long past
    whole = said("check", "show", "web1", "shop")
    assert whole["options"] == {"host": "web1", "path": "/health?full=1", "port": 8080, "status": "200"}
    assert [step["after"] for step in whole["transitions"]] == ["ok"]
    assert said("check", "end", "web1", "shop")["watched_until"]
    assert said("check", "list") == []


def test_a_check_has_the_pace_of_its_kind_unless_told_otherwise(said) -> None:
    said("server", "add", "web1", "--address", "127.0.0.1")
    assert said("check", "add", "web1", "memory")["attempts"] == 20
    slow = said("check", "add", "web1", "tcp", "port=22", "--every-s", "60", "--attempts", "2")
    assert [slow[key] for key in ("name", "every_s", "retry_s", "attempts")] == ["tcp 22", 60, 5, 2]


def test_a_check_is_shown_as_it_stood_at_a_past_instant(said, capsys) -> None:
    with clock.moved_to(NOON) as hand:
        said("server", "add", "web1")
        said("check", "add", "web1", "http", "url=http://web1:8080/", "--name", "shop")
        recorded(Check.objects.get(), [OK, OK, CRITICAL, CRITICAL, CRITICAL])
        hand.advance(timedelta(minutes=10))
        then = said("check", "show", "web1", "shop", "--at", (NOON + timedelta(seconds=7)).isoformat())
        assert (then["level"], then["since"]) == ("ok", (NOON + timedelta(seconds=5)).isoformat())
        assert [one["after"] for one in then["transitions"]] == ["ok"]
        assert cli.run(["check", "show", "web1", "shop", "--at", "2026-11-24T12:00+01:00"]) == 2
        assert "--at: '2026-11-24T12:00+01:00': is yet to come; write an instant up to now" in (
            capsys.readouterr().err
        )
        assert cli.run(["check", "show", "web1", "shop", "--at", "2026-11-23T11:59:59+01:00"]) == 2


def test_an_incident_is_listed_while_it_is_open_and_shown_with_its_timeline(said) -> None:
    said("server", "add", "web1")
    said("check", "add", "web1", "tcp", "port=22")
    recorded(Check.objects.get(), [OK, OK, *[CRITICAL] * 3])
    (one,) = said("incident", "list")
    whole = said("incident", "show", str(one["number"]))
    assert [step["level"] for step in whole["timeline"]] == ["critical"]
    assert [link["check"] for link in whole["checks"]] == ["tcp 22"]
    recorded(Check.objects.get(), [OK, OK], start=NOON + timedelta(seconds=25))
    assert said("incident", "list") == []
    assert [one["recovered_at"][:16] for one in said("incident", "list", "--all")] == ["2026-11-23T11:00"]


def test_words_are_for_people_and_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", "list"]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "nothing is watched; `astreinte check add SERVER KIND` adds a check\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            "server add web_1/x",
            "server.name: 'web_1/x': write a host name or an IP address, for instance web1.kermor.example",
            id="a server name that is none",
        ),
        pytest.param(
            "server add web1 --client Nobody",
            "client 'Nobody': none of this number or name; there are: Estran, Maison Kermor",
            id="a client that is not there",
        ),
        pytest.param(
            "check add web9 tcp port=22",
            "server 'web9': none of this name; there are: web0",
            id="a server that is not there",
        ),
        pytest.param(
            "check add web0 telepathy",
            f"kind: 'telepathy' is not known; there are {', '.join(KINDS)}",
            id="an unknown kind",
        ),
        pytest.param(
            "check add web0 tcp port=many", "port: a whole number, not 'many'", id="a port that is none"
        ),
        pytest.param(
            "check add web0 tcp port", "'port': write OPTION=VALUE, for instance port=8080", id="no value"
        ),
        pytest.param(
            "check add web0 tcp", "port: missing; the port that must accept a connection", id="missing"
        ),
        pytest.param(
            "check add web0 http url=ftp://x/",
            "url: 'ftp://x/': write http://HOST:PORT/PATH or https://HOST/PATH",
            id="an address of another kind",
        ),
        pytest.param(
            "check add web0 disk",
            "kind: disk looks at this very machine, and 192.0.2.7 is another; give that server a check over the"
            " network, for instance http or tcp",
            id="this machine's disk on another server",
        ),
        pytest.param(
            "check end web0 shop",
            "check 'shop': web0 has none of this name; it has: none",
            id="no such check",
        ),
        pytest.param(
            "incident show 7",
            "incident 7: none of this number; `astreinte incident list` shows them",
            id="no such incident",
        ),
    ],
)
def test_bad_words_are_refused_with_the_way_out_and_nothing_changes(
    capsys: pytest.CaptureFixture[str], words: str, message: str
) -> None:
    cli.run(["server", "add", "web0", "--address", "192.0.2.7"])
    capsys.readouterr()
    assert cli.run(words.split()) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"error: {message}\n")
    assert (Server.objects.count(), Check.objects.count()) == (1, 0)


def test_somebody_of_another_provider_sees_nothing(said) -> None:
    said("server", "add", "web1", "--as", "ada@estran.example")
    other = builders.a_house("Autre", host="autre.example")
    assert said("server", "list", "--as", other.ada.email) == []
    assert cli.run(["server", "show", "web1", "--as", other.ada.email]) == 2


def test_a_client_adds_no_check(said, capsys: pytest.CaptureFixture[str]) -> None:
    said("server", "add", "web1", "--client", "Maison Kermor")
    client = Server.objects.get().client
    from astreinte.records.accounts import people
    from astreinte.records.accounts.models import Provider

    people.add_person(
        Provider.objects.get(),
        email="alice@kermor.example",
        name="Alice",
        role="technical",
        client=client,
        at=builders.BEGINNING,
        actor=builders.SETUP,
    )
    assert [one["name"] for one in said("server", "list", "--as", "alice@kermor.example")] == ["web1"]
    capsys.readouterr()
    assert cli.run(["check", "add", "web1", "tcp", "port=22", "--as", "alice@kermor.example"]) == 2
    assert "monitoring.change" in capsys.readouterr().err
    assert Check.objects.count() == 0


def test_a_command_before_the_first_start_names_the_folder_and_makes_nothing_in_it(
    installation: Installation,
) -> None:
    done = installation.run("check", "list")
    assert done.returncode == 3
    assert f"error: {installation.data}: no installation is here" in done.stderr
    assert "ASTREINTE_DATA says in which folder yours is" in done.stderr
    assert "`make run` or `astreinte up` makes one" in done.stderr
    assert list(installation.data.iterdir()) == []


def test_a_command_on_a_database_without_tables_names_the_folder(installation: Installation) -> None:
    (installation.data / "key").write_text("k" * 64, encoding="ascii")
    (installation.data / "key").chmod(0o600)
    (installation.data / "astreinte.sqlite3").touch()
    done = installation.run("check", "list")
    assert done.returncode == 3
    assert f"error: the database of {installation.data} is not made, or is of another version" in done.stderr
