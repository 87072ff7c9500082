"""The sixty worked tickets, computed elsewhere by counting one second at a time, come out as they should."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from astreinte.rules.sla.replay import replay

DATA = Path(__file__).parents[2] / "data" / "sla"
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def lines(name):
    return (DATA / name).read_text().splitlines()


@pytest.fixture(scope="module")
def judged():
    return replay(lines("cases.jsonl"), now=NOW)


def test_every_ticket_has_one_answer_in_the_order_of_the_tickets(judged):
    assert len(judged.answers) == len(lines("answers.jsonl")) == 60


@pytest.mark.parametrize("place", range(60))
def test_a_worked_ticket_is_answered_to_the_second_and_to_the_cent(judged, place):
    assert json.loads(judged.answers[place]) == json.loads(lines("answers.jsonl")[place])


def test_the_summary_adds_up_by_contract_and_month(judged):
    assert [json.loads(line) for line in judged.summary] == [
        json.loads(line) for line in lines("summary.jsonl")
    ]


def test_bytes_and_text_are_read_alike(judged):
    assert replay((DATA / "cases.jsonl").read_bytes().splitlines(), now=NOW) == judged


def test_the_order_of_the_tickets_changes_no_answer(judged):
    cases = lines("cases.jsonl")
    tickets = [line for line in cases if line.startswith('{"ticket"') and '"contract":{' not in line]
    others = [line for line in cases if line not in tickets]
    again = replay([*others, *reversed(tickets)], now=NOW)
    assert sorted(again.answers) == sorted(judged.answers)
    assert again.summary == judged.summary
