"""`sla export` and `sla compare`, and `server manage`: what they write, say and refuse."""

import json
import subprocess
import sys

import pytest

from astreinte.records.worklog import intervening
from tests.builders import a_ticket, acting, paris, time_passes

ADA, SOFIA, CHARLIE = "ada@estran.example", "sofia@estran.example", "charlie@halles.example"
OFFER = {"targets": {"critical": {"business": "1h"}}}


@pytest.fixture
def late(cast, hand):
    """An hour and a half to intervene, for each of two clients."""
    for server in (cast.web1, cast.app2):
        ticket, at = a_ticket(server, paris("2026-11-02 10:00")), paris("2026-11-02 11:30")
        evidence = "le journal de la session"
        hugo = acting(cast.house.hugo, at)
        intervening.start(ticket, at=hand.instant, started_at=at, evidence=evidence, actor=hugo)
    time_passes()


def test_an_export_goes_into_a_replay_and_into_a_comparison(terminal, late, tmp_path):
    cases, offer = tmp_path / "kermor.jsonl", tmp_path / "offer.json"
    offer.write_text(json.dumps(OFFER))
    ended = terminal.type(
        "sla", "export", "--client", "Maison Kermor", "--year", "2026", "--out", str(cases), as_=SOFIA
    )
    assert (ended.code, ended.out) == (0, "")
    assert "1 ticket of 2026, up to 2026-11-23 11:30:00+01:00" in ended.err
    answer = json.loads(terminal.type("sla", "replay", str(cases), as_="").out)
    assert (answer["status"], answer["deadline"]) == ("met", "2026-11-02T12:00:00+01:00")
    told = terminal.type("sla", "compare", str(cases), "--terms", str(offer), as_="")
    plain = told.out.replace("\u00a0", " ").replace("\u202f", " ")
    assert plain.startswith(
        "Ces conditions auraient coûté 17,86 € de plus : 1 ticket en retard au lieu de 0."
    )
    found = json.loads(
        terminal.type("sla", "compare", str(cases), "--terms", str(offer), "--json", as_="").out
    )
    assert found["months"] == [{"month": "2026-11", "late": [0, 1], "due": ["0.00", "17.86"]}]
    same = terminal.type(
        "sla",
        "compare",
        str(cases),
        "--terms",
        str(offer),
        "--against",
        str(offer),
        "--language",
        "en-gb",
        as_="",
    )
    assert same.out.startswith("These terms would have cost the same: 1 ticket late instead of 1.")


def test_without_a_client_an_export_has_whatever_its_asker_may_see(terminal, late):
    def lines_of(who):
        return [
            json.loads(line)
            for line in terminal.type("sla", "export", "--year", "2026", as_=who).out.splitlines()
        ]

    def tickets(lines):
        return [line["ticket"]["id"] for line in lines if "ticket" in line]

    assert tickets(lines_of(ADA)) == ["1", "2"]
    assert tickets(lines_of(CHARLIE)) == ["2"]
    assert lines_of("victor@ressac.example") == []


def test_a_comparison_loads_neither_django_nor_a_database(tmp_path):
    cases, offer = tmp_path / "cases.jsonl", tmp_path / "offer.json"
    cases.write_text("")
    offer.write_text(json.dumps(OFFER))
    code = (
        "import sys; from astreinte.doors.cli import run; code = run(['sla', *sys.argv[1:]]);"
        "loaded = {name.partition('.')[0] for name in sys.modules};"
        "print(sorted(loaded & {'django', 'sqlite3', 'psycopg', 'asyncio'}), file=sys.stderr); sys.exit(code)"
    )
    words = ["compare", str(cases), "--terms", str(offer)]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "[]")


def test_terms_that_cannot_judge_the_file_are_refused_by_the_line(terminal, late, tmp_path):
    cases, offer = tmp_path / "all.jsonl", tmp_path / "offer.json"
    terminal.type("sla", "export", "--year", "2026", "--out", str(cases))
    offer.write_text(json.dumps({"targets": {"critical": None}}))
    ended = terminal.type("sla", "compare", str(cases), "--terms", str(offer), as_="")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f'error: {cases}: line 3: ticket.priority: "critical": not a priority')


def test_what_of_a_server_is_managed_is_said_shown_and_changed_from_a_day_on(cast, terminal):
    name = cast.web1.name
    said = terminal.json("server", "manage", name, "--no-infrastructure", "--system", as_=SOFIA)
    assert (said["infrastructure_managed"], said["system_managed"]) == (False, True)
    layers = {one["layer"]: one["duty"] for one in said["layers"]}
    assert layers["os"] == "Estran agit"
    assert layers["hardware"] == "Maison Kermor agit, Estran informe"
    later = terminal.json("server", "manage", name, "--infrastructure", "--from", "2027-01-01", as_=SOFIA)
    assert (later["infrastructure_managed"], later["system_managed"]) == (True, True), "what is unsaid stays"
    shown = terminal.json("server", "show", name, as_=SOFIA)
    assert (shown["infrastructure_managed"], shown["system_managed"]) == (False, True), "today"
    assert terminal.json("server", "show", cast.app2.name)["infrastructure_managed"] is None
