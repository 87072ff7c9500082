"""Terms and order lines at the command line: a client is bound, covered, and everything is dated."""

import json

from tests.builders import a_client, a_server, a_ticket, paris

SOFIA = "sofia@estran.example"
FASTER = json.dumps({"targets": {"critical": {"business": "1h", "non_business": "3h"}}})


def add(terminal, *more, **changed):
    asked = {
        "client": "Maison Kermor",
        "plan": "Infogérance 24/7",
        "price": "390.00",
        "period": "monthly",
        "terms": "infogerance-2017",
        "from": "2026-12-01",
        **changed,
    }
    words = [word for name, value in asked.items() for word in (f"--{name}", value)]
    return terminal.type("contract", "add", *words, *more, "--json", as_=SOFIA)


def test_terms_are_written_from_a_file_or_from_standard_input(cast, terminal, tmp_path):
    path = tmp_path / "terms.json"
    path.write_text(FASTER, encoding="utf-8")
    assert terminal.json("terms", "add", "faster", str(path), as_=SOFIA)["name"] == "faster"
    found = terminal.json("terms", "add", "fastest", "-", "--extends", "faster", as_=SOFIA, stdin="{}")
    assert found["extends"] == "faster"
    shown = terminal.json("terms", "show", "fastest")
    assert shown["patch"] == {}
    assert shown["body"]["targets"]["critical"] == {"business": "1h", "non_business": "3h"}
    assert [one["name"] for one in terminal.json("terms", "list")] == [
        "infogerance-2017",
        "faster",
        "fastest",
    ]


def test_a_client_is_bound_from_a_date_and_the_message_says_which_midnight(cast, terminal):
    new = a_server(cast.kermor, "db1.kermor.example")
    ended = add(terminal, "--server", new.name)
    assert ended.code == 0, ended.err
    assert ended.json["since"] == "2026-11-30T23:00:00+00:00"
    assert ended.json["price"] == "390.00"
    assert ended.err == (
        "order line 3 binds Maison Kermor from 2026-12-01, midnight in Paris on, and covers 1 server(s)\n"
    )
    shown = terminal.json("contract", "show", "3")
    assert shown["servers"] == ["db1.kermor.example"]
    assert shown["values"]["targets"]["critical"] == {"business": "2h", "non_business": "4h"}
    assert shown["values_at"] == "2026-11-30T23:00:00+00:00"


def test_a_binding_that_cannot_cover_its_server_binds_nothing(cast, terminal):
    ended = add(terminal, "--server", "app2.halles.example")
    assert ended.code == 2
    assert "is not a server of the client of order line" in ended.err
    assert [one["number"] for one in terminal.json("contract", "list")] == [1, 2]


def test_a_price_holds_from_its_date_on(cast, terminal):
    terminal.type("contract", "price", "1", "600.00", "--from", "2026-12-01", as_=SOFIA)
    assert terminal.json("contract", "show", "1")["price"] == "500.00"
    assert terminal.json("contract", "show", "1", "--at", "2026-12-01")["price"] == "600.00"
    assert terminal.json("contract", "show", "1", "--at", "2026-11-30T23:59:59+01:00")["price"] == "500.00"


def test_another_line_covers_a_server_from_a_date_on(cast, terminal):
    assert add(terminal).code == 0
    done = terminal.type("contract", "cover", "3", "web1.kermor.example", "--from", "2026-12-15", as_=SOFIA)
    assert done.code == 0, done.err
    assert terminal.json("contract", "show", "1", "--at", "2026-12-14")["servers"] == ["web1.kermor.example"]
    assert terminal.json("contract", "show", "1", "--at", "2026-12-15")["servers"] == []
    assert terminal.json("contract", "show", "3", "--at", "2026-12-15")["servers"] == ["web1.kermor.example"]


def test_other_terms_bind_from_a_date_on(cast, terminal):
    terminal.type("terms", "add", "faster", "-", as_=SOFIA, stdin=FASTER)
    terminal.type("contract", "terms", "1", "faster", "--from", "2026-12-01", as_=SOFIA)
    assert terminal.json("contract", "show", "1")["terms"] == "infogerance-2017"
    assert terminal.json("contract", "show", "1", "--at", "2026-12-01")["terms"] == "faster"


def test_a_specific_contract_lies_over_the_terms_for_a_while(cast, terminal):
    words = ("contract", "overlay", "1", "Fêtes", "-", "--from", "2026-12-20", "--until", "2027-01-04")
    assert terminal.type(*words, as_=SOFIA, stdin=FASTER).code == 0
    during = terminal.json("contract", "show", "1", "--at", "2026-12-24")
    assert during["values"]["targets"]["critical"]["business"] == "1h"
    assert during["origin"] == ["infogerance-2017", "Fêtes"]
    after = terminal.json("contract", "show", "1", "--at", "2027-01-04")
    assert after["values"]["targets"]["critical"]["business"] == "2h"


def test_a_specific_contract_ends_when_it_is_ended(cast, terminal, hand):
    terminal.type("contract", "overlay", "1", "Fêtes", "-", "--from", "2026-11-24", as_=SOFIA, stdin=FASTER)
    hand.advance(days=2)
    ended = terminal.json("contract", "end-overlay", "1", "Fêtes", "--at", "2026-12-01", as_=SOFIA)
    assert ended["overlays"][0]["until"] == "2026-11-30T23:00:00+00:00"
    assert terminal.json("contract", "show", "1", "--at", "2026-12-02")["origin"] == ["infogerance-2017"]
    refused = terminal.type("contract", "end-overlay", "1", "Fêtes", as_=SOFIA)
    assert "none of this title without an end; order line 1 has: Fêtes" in refused.err


def test_a_change_that_has_not_begun_is_taken_back_and_what_was_before_goes_on(cast, terminal):
    terminal.type("contract", "price", "1", "600.00", "--from", "2026-12-01", as_=SOFIA)
    terminal.type("contract", "withdraw", "1", "price", "--dry-run", as_=SOFIA)
    assert terminal.json("contract", "show", "1", "--at", "2026-12-02")["price"] == "600.00"
    assert terminal.type("contract", "withdraw", "1", "price", as_=SOFIA).code == 0
    assert terminal.json("contract", "show", "1", "--at", "2026-12-02")["price"] == "500.00"
    assert "none is to come" in terminal.type("contract", "withdraw", "1", "price", as_=SOFIA).err


def test_a_rehearsed_end_changes_nothing_and_a_true_one_uncovers(cast, terminal):
    words = ("contract", "end", "1", "--at", "2026-12-01")
    assert terminal.type(*words, "--dry-run", as_=SOFIA).code == 0
    assert terminal.json("contract", "show", "1")["until"] is None
    assert terminal.json(*words, as_=SOFIA)["until"] == "2026-11-30T23:00:00+00:00"
    assert terminal.json("contract", "show", "1", "--at", "2026-12-02")["servers"] == []
    assert terminal.type(*words, as_=SOFIA).code == 2


def test_who_intervenes_does_not_bind(cast, terminal):
    refused = terminal.type(
        "contract", "price", "1", "1.00", "--from", "2026-12-01", as_="hugo@estran.example"
    )
    assert refused.code == 2
    assert refused.err == "error: contracts.change: Hugo Lemaire has none of the roles admin, manager\n"
    assert terminal.json("contract", "show", "1", "--at", "2026-12-02")["price"] == "500.00"


def test_the_lines_of_one_client(cast, terminal):
    assert [
        one["number"] for one in terminal.json("contract", "list", "--client", "Coopérative Les Halles")
    ] == [2]


def test_what_the_command_line_bound_is_what_the_clock_uses(cast, terminal, hand):
    a_client(cast.house, "Atelier Brume")
    terminal.type("server", "add", "brume1", "--client", "Atelier Brume")
    terminal.type("terms", "add", "faster", "-", as_=SOFIA, stdin=FASTER)
    changed = {"client": "Atelier Brume", "terms": "faster", "from": "2026-11-01"}
    hand.advance(minutes=1)
    assert add(terminal, "--server", "brume1", **changed).code == 0
    from astreinte.records.inventory.models import Server

    ticket = a_ticket(Server.objects.get(name="brume1"), paris("2026-11-23T11:31"))
    assert terminal.json("why", str(ticket.number))["said"].count("12:31") == 1
