"""Terms and contracts of a replay: by a line of their own or inline, before use, once or with the same contents."""

import json
from datetime import UTC, datetime

import pytest

from astreinte.rules.sla.replay import ReplayError, replay

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ACME = {"id": "acme", "price": "500.00", "period": "monthly"}


def line(**one):
    return json.dumps(one)


def ticket(name, contract="acme", **changed):
    return line(
        ticket={
            "id": name,
            "contract": contract,
            "priority": "critical",
            "receipts": [{"at": "2026-11-28T03:00:00+01:00", "channel": "phone"}],
            "intervention": "2026-11-28T09:30:00+01:00",
        }
        | changed
    )


def answers(*lines):
    return [json.loads(one) for one in replay(lines, now=NOW).answers]


def refused(*lines):
    with pytest.raises(ReplayError) as error:
        replay(lines, now=NOW)
    return error.value


def test_a_contract_given_inline_can_be_named_from_then_on():
    found = answers(ticket("1", ACME), ticket("2"))
    assert [one["due"] for one in found] == ["53.57", "53.57"]
    assert [one["contract"] for one in found] == ["acme", "acme"]


def test_an_inline_contract_may_stand_in_each_ticket():
    assert len(answers(*(ticket(str(name), ACME) for name in range(5)))) == 5


def test_terms_are_extended_inline_at_any_depth():
    terms = {
        "id": "outer",
        "extends": {
            "id": "inner",
            "extends": {"penalty": {"multiplier": "10"}},
            "penalty": {"rounding": "completed"},
        },
        "penalty": {"cap": None},
    }
    (first,) = answers(ticket("1", ACME | {"terms": terms}))
    assert first["due"] == "71.43"
    found = answers(line(contract=ACME | {"terms": terms}), ticket("1", ACME | {"id": "b", "terms": "inner"}))
    assert found[0]["due"] == "71.43"


def test_to_replay_under_other_terms_one_line_changes():
    lines = [line(contract=ACME | {"terms": "t"}), ticket("1")]
    (soft,) = answers(line(terms={"id": "t"}), *lines)
    (hard,) = answers(line(terms={"id": "t", "penalty": {"multiplier": "10"}}), *lines)
    assert (soft["due"], hard["due"]) == ("53.57", "107.14")


def test_the_same_definition_twice_is_one():
    terms = line(terms={"id": "t", "mixed_rule": "separate"})
    again = line(terms={"mixed_rule": "separate", "id": "t", "extends": "infogerance-2017"})
    contract, equal = (
        line(contract=ACME),
        line(contract=ACME | {"price": "500.0", "terms": "infogerance-2017"}),
    )
    assert len(answers(terms, again, contract, equal, ticket("1"))) == 1


@pytest.mark.parametrize(
    ("lines", "number", "key"),
    [
        ([line(terms={"id": "t"}), line(terms={"id": "t", "calendar": None})], 2, "terms.id"),
        ([line(contract=ACME), line(contract=ACME | {"price": "501.00"})], 2, "contract.id"),
        ([line(contract=ACME), ticket("1", ACME | {"period": "yearly"})], 2, "ticket.contract.id"),
        ([line(contract=ACME), ticket("1", ACME | {"terms": {"calendar": None}})], 2, "ticket.contract.id"),
        (
            [line(terms={"id": "t"}), line(contract=ACME | {"terms": {"id": "t", "calendar": None}})],
            2,
            "contract.terms.id",
        ),
        ([line(contract=ACME), ticket("1"), ticket("1")], 3, "ticket.id"),
        ([ticket("1")], 1, "ticket.contract"),
        ([line(contract=ACME | {"terms": "t"})], 1, "contract.terms"),
    ],
)
def test_two_meanings_of_one_id_and_an_id_without_one_are_refused(lines, number, key):
    error = refused(*lines)
    assert (error.line, error.key) == (number, key)


def test_the_same_id_may_be_two_tickets_of_two_contracts():
    assert len(answers(line(contract=ACME), ticket("1"), ticket("1", ACME | {"id": "zeta"}))) == 2


def test_ids_and_channels_are_any_text():
    odd = 'é"\\\u2028 {}'
    (found,) = answers(
        ticket(odd, ACME | {"id": odd}, receipts=[{"at": "2026-11-28T03:00:00Z", "channel": odd}])
    )
    assert (found["ticket"], found["contract"], found["status"]) == (odd, odd, "no_clock")


def test_terms_without_an_id_stand_for_themselves():
    assert answers(line(terms={"calendar": None}), line(contract=ACME), ticket("1"))[0]["due"] == "53.57"


def test_an_absent_key_may_be_written_as_null():
    plain = ticket("1", intervention=None, as_of=None, exclusion=None, suspensions=None)
    assert answers(line(contract=ACME), plain)[0]["status"] == "late"


def test_lines_may_be_spaced_and_end_in_any_newline():
    spaced = json.dumps(json.loads(ticket("1")), indent=1).replace("\n", " ")
    assert answers(f"  {line(contract=ACME)}\r\n", f"\t{spaced} \n")[0]["due"] == "53.57"


def test_an_excluded_ticket_of_a_one_off_order_gives_its_exclusion_first():
    once = ACME | {"period": "one_off"}
    found = answers(ticket("1", once, exclusion="force_majeure"), ticket("2", once))
    assert [(one["raw"], one["due"], one["reason"]) for one in found] == [
        ("0.00", "0.00", "force_majeure"),
        ("0.00", "0.00", "one_off"),
    ]


def test_an_exclusion_changes_nothing_on_a_ticket_that_is_not_late():
    at_once = "2026-11-28T03:10:00+01:00"
    (found,) = answers(ticket("1", ACME, exclusion="force_majeure", intervention=at_once))
    assert (found["status"], found["reason"]) == ("met", None)


def test_with_an_intervention_the_present_counts_for_nothing():
    lines = [line(contract=ACME), ticket("1", as_of="2026-12-28T03:00:00+01:00")]
    assert replay(lines, now=NOW) == replay(lines, now=datetime(2020, 1, 1, tzinfo=UTC))


def test_the_summary_is_in_the_order_of_contracts_then_months():
    later = {"receipts": [{"at": "2026-12-05T03:00:00+01:00", "channel": "phone"}],
             "intervention": "2026-12-05T09:30:00+01:00"}  # fmt: skip
    judged = replay(
        [ticket("1", ACME | {"id": "b"}, **later), ticket("2", "b"), ticket("3", ACME | {"id": "B"})], now=NOW
    )
    totals = [json.loads(one) for one in judged.summary]
    assert [(one["contract"], one["month"]) for one in totals] == [
        ("B", "2026-11"),
        ("b", "2026-11"),
        ("b", "2026-12"),
    ]
    assert [one["late"] for one in totals] == [1, 1, 1]
