"""Tickets, calls and interventions at the command line: what the person on call types at night."""

from dataclasses import replace

from astreinte.records.commitments import explaining
from astreinte.records.tickets.models import Call, Message, Receipt, Ticket
from astreinte.records.worklog.models import Intervention
from tests.builders import a_ticket, paris, time_passes

HUGO, ADA = "hugo@estran.example", "ada@estran.example"
NIGHT = "2026-11-23T03:12:00+01:00"


def enter(terminal, cast, *more, **how):
    words = (
        "--server",
        cast.web1.name,
        "--subject",
        "Boutique en panne",
        "--text",
        "502",
        "--priority",
        "critical",
    )
    return terminal.type("ticket", "add", *words, *more, **how)


def call(terminal, cast, *more, number="+33 2 61 91 00 24", at=NIGHT):
    words = (
        "--number",
        number,
        "--caller",
        "Alice Caradec",
        "--rang-at",
        at,
        "--text",
        "Plus rien ne marche.",
    )
    return terminal.type("call", "record", *words, "--server", cast.web1.name, *more, as_=HUGO)


def test_a_ticket_that_the_staff_writes_down_starts_no_clock_and_says_so(cast, terminal):
    ended = enter(terminal, cast, "--json", as_=HUGO)
    assert ended.code == 0, ended.err
    assert ended.json["standing"] == "no_clock"
    assert ended.json["receipts"][0]["channel"] == "desk"
    assert ended.json["client"] == "Maison Kermor"
    assert ended.err.startswith("#1 is open.\nLe délai d’intervention garanti ne court pas")


def test_the_same_key_again_is_the_same_ticket(cast, terminal):
    first = enter(terminal, cast, "--key", "mail-17", "--json", as_=HUGO).json
    assert enter(terminal, cast, "--key", "mail-17", "--json", as_=HUGO).json["number"] == first["number"]
    assert Ticket.objects.count() == 1


def test_a_call_to_the_emergency_number_starts_the_clock_at_its_first_ring(cast, terminal):
    ended = call(terminal, cast, "--missed", "--json")
    assert ended.code == 0, ended.err
    found = ended.json
    assert found["promise"]["started_at"] == "2026-11-23T02:12:00+00:00"
    assert found["promise"]["regime"] == "non_business"
    assert found["promise"]["deadline_at"] == "2026-11-23T06:12:00+00:00"
    (receipt,) = found["receipts"]
    assert (receipt["channel"], receipt["answered"], receipt["caller"]) == ("phone", False, "Alice Caradec")
    (listed,) = terminal.json("call", "list")
    assert (listed["emergency"], listed["ticket"]) == (True, found["number"])


def test_a_call_to_another_number_starts_nothing(cast, terminal):
    ended = call(terminal, cast, "--json", number="02 98 00 00 00")
    assert ended.json["standing"] == "no_clock"
    assert "02 98 00 00 00 is no emergency number, and starts no clock" in ended.err


def test_a_call_about_an_open_ticket_is_one_receipt_more(cast, terminal):
    ticket = a_ticket(cast.web1, paris("2026-11-23T10:00"))
    found = call(terminal, cast, "--ticket", str(ticket.number), "--json").json
    assert found["number"] == ticket.number
    assert [one["channel"] for one in found["receipts"]] == ["phone", "web"]
    assert found["promise"]["started_at"] == "2026-11-23T02:12:00+00:00"
    assert Call.objects.count() == 1


def test_taking_a_ticket_says_that_it_stops_no_clock(cast, terminal):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:00"))
    ended = terminal.type("take", str(ticket.number), "--json", as_=HUGO)
    assert ended.json["assignee"] == "Hugo Lemaire"
    assert ended.json["standing"] == "running"
    assert "This stops no clock: only an intervention does" in ended.err
    assert f"`astreinte intervention start {ticket.number}`" in ended.err
    assert "il reste 1\u00a0h\u00a030" in ended.err


def test_mine_shows_what_is_on_me_the_shortest_time_first(cast, terminal, hand):
    later = a_ticket(cast.web1, paris("2026-11-23T11:20"))
    sooner = a_ticket(cast.web1, paris("2026-11-23T11:00"))
    nobody = a_ticket(cast.web1, paris("2026-11-23T10:00"))
    for one in (later, sooner):
        terminal.type("take", str(one.number), as_=HUGO)
    ended = terminal.type("mine", "--json", as_=HUGO)
    assert [one["number"] for one in ended.json] == [sooner.number, later.number]
    assert "1 open ticket(s) are nobody's" in ended.err
    table = terminal.type("mine", as_=HUGO).out
    assert "1 h 30" in table
    assert "2026-11-23 13:00+01:00" in table
    assert f"\n{nobody.number} " not in table


def test_starting_an_intervention_stops_the_clock_and_its_end_is_read_by_the_client(cast, terminal, hand):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    hand.advance(minutes=38)
    started = terminal.type("intervention", "start", str(ticket.number), "--json", as_=HUGO)
    assert started.json["standing"] == "met"
    assert "Hugo Lemaire intervenes on #1" in started.err
    hand.advance(minutes=10)
    ended = terminal.type("intervention", "end", str(ticket.number), "nginx redémarré.", "--json", as_=HUGO)
    assert ended.json["messages"][-1]["text"] == "nginx redémarré."
    (work,) = terminal.json("intervention", "list", "--ticket", "1")
    assert work["ended_at"] == "2026-11-23T11:18:00+00:00"
    assert terminal.json("intervention", "list", "--running") == []


def test_an_intervention_written_down_afterwards_says_so_and_keeps_its_evidence(cast, terminal, hand):
    a_ticket(cast.web1, paris("2026-11-23T11:30"))
    hand.advance(hours=1)
    words = ("intervention", "start", "1", "--started-at", "2026-11-23T11:40:00+01:00")
    refused = terminal.type(*words, as_=HUGO)
    assert refused.code == 2
    assert "intervention.evidence: 0 characters" in refused.err
    found = terminal.json(*words, "--evidence", "journal ssh 8812, 11:40", as_=HUGO)
    assert found["interventions"][0]["afterwards"] is True
    assert Intervention.objects.get().evidence == "journal ssh 8812, 11:40"


def test_a_diagnostic_stops_the_clock(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    text = "Le disque est plein : les journaux ne tournent plus. Nous les vidons."
    assert terminal.json("intervention", "diagnose", "1", text, as_=HUGO)["standing"] == "met"


def test_reply_is_read_by_both_sides_and_note_by_the_staff_alone(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    terminal.type("ticket", "reply", "1", "-", as_=HUGO, stdin="Nous regardons.\n")
    terminal.type("ticket", "note", "1", "Encore ce disque.", as_=HUGO)
    assert list(Message.objects.order_by("pk").values_list("text", "public"))[1:] == [
        ("Nous regardons.", True),
        ("Encore ce disque.", False),
    ]


def test_waiting_for_the_client_stops_nothing_and_says_so(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    ended = terminal.type("ticket", "wait", "1", "Pouvez-vous nous donner l’accès ?", "--json", as_=HUGO)
    assert (ended.json["state"], ended.json["standing"]) == ("waiting", "running")
    assert "Nothing in article 5 suspends the delay" in ended.err
    assert terminal.json("ticket", "resume", "1", as_=HUGO)["state"] == "open"


def test_a_ticket_is_not_closed_without_an_intervention_or_a_reason(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    refused = terminal.type("ticket", "close", "1", as_=HUGO)
    assert refused.code == 2
    assert "nobody intervened; start an intervention, or give the reason" in refused.err
    assert terminal.json("ticket", "close", "1", "--reason", "Fausse alerte.", as_=HUGO)["state"] == "closed"
    assert terminal.json("ticket", "list") == []
    assert [one["state"] for one in terminal.json("ticket", "list", "--all")] == ["closed"]


def test_a_closed_ticket_is_opened_again_by_its_client_and_its_clock_runs_on(cast, terminal, hand):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    terminal.type("ticket", "close", "1", "--reason", "Fausse alerte.", as_=HUGO)
    hand.advance(minutes=30)
    found = terminal.json("ticket", "reopen", "1", "Toujours en panne.", as_="alice@kermor.example")
    assert (found["state"], found["standing"]) == ("open", "running")
    assert found["promise"]["deadline_at"] == "2026-11-23T12:00:00+00:00"


def test_a_ticket_that_came_without_a_server_is_placed_and_gets_its_terms(cast, terminal):
    words = ("--client", "2", "--subject", "s", "--text", "t", "--priority", "critical")
    assert terminal.json("ticket", "add", *words, as_=HUGO)["standing"] == "uncovered"
    found = terminal.json("ticket", "place", "1", "web1.kermor.example", as_=HUGO)
    assert found["server"]["name"] == "web1.kermor.example"
    assert found["standing"] == "no_clock"


def test_a_rehearsed_merge_shows_what_would_hold_and_changes_nothing(cast, terminal):
    stays = a_ticket(cast.web1, paris("2026-11-23T11:20"))
    gone = a_ticket(cast.web1, paris("2026-11-23T11:00"))
    words = ("ticket", "merge", str(gone.number), "--into", str(stays.number))
    rehearsed = terminal.type(*words, "--dry-run", "--json", as_=HUGO)
    assert rehearsed.json["promise"]["started_at"] == "2026-11-23T10:00:00+00:00"
    assert rehearsed.err.endswith("--dry-run: nothing was changed\n")
    assert Ticket.objects.get(pk=gone.pk).state == "open"
    done = terminal.type(*words, "--json", as_=HUGO)
    assert done.json == rehearsed.json
    assert Ticket.objects.get(pk=gone.pk).merged_into == stays


def test_a_ticket_can_be_joined_by_one_more_declaration(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"), priority="urgent")
    found = terminal.json("ticket", "join", "1", "--text", "Eux aussi.", "--priority", "critical", as_=HUGO)
    assert found["priority"] == "critical"
    assert Receipt.objects.filter(ticket__number=1).count() == 2


def test_a_ticket_is_given_to_somebody_of_the_staff(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    found = terminal.json("ticket", "assign", "1", "sofia@estran.example", as_=HUGO)
    assert found["assignee"] == "Sofia Marchetti"
    refused = terminal.type("ticket", "assign", "1", "alice@kermor.example", as_=HUGO)
    assert refused.code == 2
    assert "is not of the provider's staff" in refused.err


def test_why_says_the_deadline_the_sum_and_that_the_trace_gives_them_again(cast, terminal, hand):
    a_ticket(cast.web1, paris("2026-11-23T11:30"))
    hand.move_to(paris("2026-11-23T16:00"))
    time_passes()
    ended = terminal.type("why", "1", as_=HUGO)
    assert ended.code == 0
    assert "13:30" in ended.out
    assert "53,57\u00a0€" in ended.out
    assert "Article\u00a05" in ended.out
    assert "Article\u00a06" in ended.out
    assert ended.out.count("Recalculé depuis la trace conservée\u00a0: identique.") == 2
    assert terminal.type("ticket", "why", "1", as_=HUGO).out == ended.out
    found = terminal.json("why", "1", as_=HUGO)
    assert (found["deadline"]["agrees"], found["sum"]["agrees"]) == (True, True)


def test_why_says_that_the_trace_does_not_give_the_number_and_exits_1(cast, terminal, monkeypatch):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    whole = explaining.deadline
    monkeypatch.setattr(
        explaining, "deadline", lambda clock, **how: replace(whole(clock, **how), agrees=False)
    )
    ended = terminal.type("why", str(ticket.number), as_=HUGO)
    assert ended.code == 1
    assert "Recalculé depuis la trace conservée\u00a0: DIFFÉRENT." in ended.out
    assert "`astreinte journal verify`" in ended.out


def test_why_of_a_merged_ticket_is_that_of_the_one_that_stays(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    a_ticket(cast.web1, paris("2026-11-23T11:10"))
    terminal.type("ticket", "merge", "2", "--into", "1", as_=HUGO)
    ended = terminal.type("why", "2", as_=HUGO)
    assert ended.err == "#2 is merged into #1, whose promise holds\n"
    assert ended.out.startswith("#1 ")


def test_breach_and_settlement_show_what_was_missed_and_what_is_owed(cast, terminal, hand):
    a_ticket(cast.web1, paris("2026-11-23T11:30"))
    assert terminal.json("breach", "list") == []
    assert terminal.type("settlement", "show", "1", "2026-11").code == 1
    hand.move_to(paris("2026-11-23T16:00"))
    time_passes()
    (missed,) = terminal.json("breach", "list", "--running")
    assert (missed["ticket"], missed["missed_at"], missed["due"]) == (1, "2026-11-23T12:30:01+00:00", "53.57")
    terminal.type("intervention", "start", "1", as_=HUGO)
    time_passes()
    assert terminal.json("breach", "list", "--running") == []
    (owed,) = terminal.json("settlement", "list", "--month", "2026-11")
    assert (owed["line"], owed["due"], owed["cap"]) == (1, "53.57", "500.00")
    whole = terminal.json("settlement", "show", "1", "2026-11")
    assert whole["shares"] == [{"ticket": 1, "late_s": 9000, "raw": "53.57", "due": "53.57", "reason": None}]
    before = [one["due"] for one in terminal.json("settlement", "list", "--history")]
    assert before[-1] == "53.57"


def test_somebody_of_a_client_sees_their_own_tickets_alone(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    assert terminal.json("ticket", "list", as_="charlie@halles.example") == []
    refused = terminal.type("ticket", "show", "1", as_="charlie@halles.example")
    assert refused.code == 2
    assert refused.err == "error: ticket 1: none of this number; `astreinte ticket list` shows them\n"
    assert terminal.json("ticket", "show", "1", as_="alice@kermor.example")["number"] == 1


def test_an_intervention_needs_a_person(cast, terminal):
    a_ticket(cast.web1, paris("2026-11-23T11:00"))
    ended = terminal.type("intervention", "start", "1", as_="")
    assert ended.code == 2
    assert "nobody who may act here; --as EMAIL says as whom" in ended.err
