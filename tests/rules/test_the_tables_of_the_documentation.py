"""The tables of docs/rules run: a page cannot say one thing and the rules do another."""

import json
import re
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from astreinte.rules import money, responsibility
from astreinte.rules.sla import calendar, clock, months, penalties
from astreinte.rules.sla.clock import Receipt, Suspension
from astreinte.rules.sla.instants import duration_text, parse_duration, to_seconds
from astreinte.rules.sla.penalties import Price, Share
from astreinte.rules.sla.replay import replay
from tests.rules import prevailing, registered, texted
from tests.rules.orders import worked
from tests.rules.sla.reading import bound, paris, shown

PAGES = Path(__file__).parents[2] / "docs" / "rules"
MARK = re.compile(r"^<!-- runs: (.+) -->$")


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows():
    """Return every row of every table that runs: the page, the kind, the cells by their heads."""
    found = []
    for page in sorted(PAGES.glob("*.md")):
        lines = page.read_text().splitlines()
        for place, line in enumerate(lines):
            if (mark := MARK.match(line)) and lines[place + 1].startswith("|"):
                heads = cells(lines[place + 1])
                for number, row in enumerate(lines[place + 3 :], place + 4):
                    if not row.startswith("|"):
                        break
                    found.append(
                        (f"{page.name}:{number}", mark[1], dict(zip(heads, cells(row), strict=True)))
                    )
    return found


def terms(row):
    written = row.get("terms", "").strip("`")
    return bound(json.loads(written) if written else None)


def at_or_none(at):
    return shown(at) or "none"


def pauses(row):
    for one in filter(None, row["suspended"].split(", ")):
        start, end = one.split(" to ")
        yield Suspension(paris(start), None if end == "…" else paris(end))


def run_of(row):
    run = clock.run(
        terms(row), row["priority"], [Receipt(paris(row["received"]), "web")], suspensions=pauses(row)
    )
    assert run is not None
    return run


def price(row):
    euros, period = row["price"].split()
    return Price(money.parse_euros(euros), period)


def business_time(row):
    openings = terms(row).calendar.openings
    return {"business time": "yes" if openings.holds(to_seconds(paris(row["instant"]))) else "no"}


def hours_of_a_month(row):
    counted = {
        base: calendar.opening_seconds(terms(row), row["month"], base) for base in ("business", "elapsed")
    }
    return {
        "business hours": str(Fraction(counted["business"], 3600)),
        "days": str(calendar.opening_days(terms(row), row["month"])),
        "all hours": str(Fraction(counted["elapsed"], 3600)),
    }


def both_clocks(row, relapse=None):
    received = [
        (channel, paris(at)) for channel, at in (one.split(" ", 1) for one in row["receipts"].split(", "))
    ]
    given = [Receipt(at, channel) for channel, at in received]
    return {
        internal: clock.run(terms(row), "critical", given, internal=internal, relapse=relapse)
        for internal in (False, True)
    }


def receipts(row):
    runs = both_clocks(row)
    return {
        f"{name} clock": at_or_none(run and run.receipt.at)
        for name, run in (("contractual", runs[False]), ("internal", runs[True]))
    }


def relapse(row):
    runs = both_clocks(row, paris(row["relapse"]))
    for run in filter(None, runs.values()):
        assert clock.agrees(run.trace)
    return {
        "contractual clock": at_or_none(runs[False] and runs[False].receipt.at),
        "deadline": at_or_none(runs[False] and runs[False].deadline),
        "internal clock": at_or_none(runs[True] and runs[True].receipt.at),
    }


def deadline(row):
    return {"regime": run_of(row).regime, "deadline": at_or_none(run_of(row).deadline)}


def readings(row):
    received = [Receipt(paris(row["received"]), "web")]
    found = clock.readings(bound(), "critical", received)
    assert found is not None
    safe = clock.safe_target(bound(), "critical", received)
    return {rule: at_or_none(at) for rule, at in found} | {"safe target": at_or_none(safe)}


def lateness(row):
    run = run_of(row)
    late = run.late_seconds(paris(row["intervention"]))
    return {
        "deadline": at_or_none(run.deadline),
        "late by": duration_text(late) if late else "nothing",
        "first late second": at_or_none(run.first_late_at),
    }


def penalty(row):
    found = penalties.raw(terms(row), price(row), paris(row["deadline"]), parse_duration(row["late by"]))
    return {
        "opening hours": duration_text(found.opening_seconds),
        "charged": duration_text(found.charged_seconds),
        "penalty": money.text(found.raw_cents),
    }


def cap(row):
    tickets = next(value for head, value in row.items() if head.startswith("tickets"))
    shares = []
    for one in tickets.split("; "):
        name, day, hour, raw, *cause = one.split(" ")
        cents = money.half_up(money.parse_euros(raw))
        shares.append(Share(name, paris(f"{day} {hour}"), cents, cause[0] if cause else None))
    settled = penalties.settle(terms(row), price(row), shares)
    return {
        "due": "; ".join(
            " ".join(filter(None, [due.share.id, money.text(due.cents), due.reason])) for due in settled.dues
        )
    }


def outages(row):
    listed = next(value for head, value in row.items() if head.startswith("outages"))
    lates = []
    for one in listed.split("; "):
        name, day, hour, late = one.split(" ")
        raw = penalties.raw(terms(row), price(row), paris(f"{day} {hour}"), parse_duration(late))
        ticket, _, again = name.partition("/")
        lates.append(months.Late(name, raw, ticket=ticket if again else None))
    owed = months.owed(lates)
    assert months.recompute(json.loads(json.dumps(owed.trace))).trace == owed.trace
    return {
        "penalties": "; ".join(f"{due.share.id} {money.text(due.share.raw_cents)}" for due in owed.dues),
        "due": "; ".join(
            " ".join(filter(None, [due.share.id, money.text(due.cents), due.reason])) for due in owed.dues
        ),
    }


def who_answers(row):
    managed = {flag: row[flag] == "managed" for flag in ("infrastructure", "system")}
    duty = responsibility.who_acts(responsibility.Layer(row["layer"]), **managed)
    return {"who acts": duty.acts, "who informs": duty.informs or "–"}


def what_a_check_speaks_of(row):
    return {"layer": responsibility.layer_of(row["kind of check"])}


KINDS = {
    "business time": business_time,
    "hours of a month": hours_of_a_month,
    "receipts": receipts,
    "relapse": relapse,
    "deadline": deadline,
    "readings": readings,
    "lateness": lateness,
    "penalty": penalty,
    "cap": cap,
    "outages": outages,
    **worked.KINDS,
    **registered.KINDS,
    **prevailing.KINDS,
    **texted.KINDS,
    "who answers": who_answers,
    "what a check speaks of": what_a_check_speaks_of,
}
ROWS = rows()


@pytest.mark.parametrize(("place", "kind", "row"), ROWS, ids=[place for place, *_ in ROWS])
def test_a_row_of_the_documentation_is_what_the_rules_say(place, kind, row):
    worked_out = KINDS[kind](row)
    assert {head: row[head] for head in worked_out} == worked_out


def test_every_kind_of_table_is_on_some_page():
    assert {kind for _, kind, _ in ROWS} == set(KINDS)


def test_every_page_of_a_rule_has_a_table_that_runs():
    pages = {place.partition(":")[0] for place, *_ in ROWS}
    assert pages == {
        "application.md",
        "calendar.md",
        "clock.md",
        "lateness.md",
        "penalty.md",
        "periods.md",
        "readings.md",
        "responsibility.md",
        "texts.md",
    }


def test_the_example_of_the_replay_gives_the_answer_beside_it():
    blocks = re.findall(r"```json\n(.*?)```", (PAGES / "replay.md").read_text(), re.S)
    cases, answer = (block.splitlines() for block in blocks)
    judged = replay(cases, now=datetime(2030, 1, 1, tzinfo=UTC))
    assert json.loads(judged.answers[0]) == json.loads(answer[0])
    assert len(judged.answers) == 2
