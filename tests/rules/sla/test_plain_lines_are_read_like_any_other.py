"""The quick reading of a plain ticket line accepts nothing that the careful reading would read otherwise."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from astreinte.rules.sla import lines, plain, tickets
from astreinte.rules.sla.definitions import Definitions
from astreinte.rules.sla.lines import Refused
from astreinte.rules.sla.replay import ReplayError, replay

NOW = datetime(2030, 1, 1, tzinfo=UTC)
CONTRACT = {"id": "acme", "price": "500.00", "period": "monthly"}
AT = "2026-11-28T03:00:00+01:00"
PLAIN = {
    "id": "1",
    "contract": "acme",
    "priority": "critical",
    "receipts": [{"at": AT, "channel": "phone"}],
    "intervention": "2026-11-28T09:30:00+01:00",
}


def known():
    found = Definitions()
    found.define_contract(CONTRACT)
    found.orders["acme"].starts["monitoring"] = False
    return found.orders


def written(ticket, *, spaced=False):
    return json.dumps({"ticket": ticket}, separators=None if spaced else (",", ":"), ensure_ascii=False)


texts = some.one_of(
    some.sampled_from(["acme", "critical", "web", "phone", "monitoring", AT, "1"]), some.text(max_size=12)
)
instants = some.one_of(
    some.sampled_from([AT, "2026-05-07T11:59:59.999+02:00", "2026-05-07T10:00:00Z", "2026-05-07T10:00:00"]),
    texts,
)
receipts = some.lists(some.fixed_dictionaries({"at": instants, "channel": texts}), max_size=3)
ticket_objects = some.fixed_dictionaries(
    {
        "id": texts,
        "contract": some.one_of(some.just("acme"), texts),
        "priority": some.one_of(some.just("critical"), texts),
        "receipts": receipts,
    },
    optional={"intervention": instants, "as_of": instants, "exclusion": texts},
)


@given(ticket_objects, some.booleans())
def test_what_is_read_plainly_is_what_is_read_carefully(ticket, spaced):
    text = written(ticket, spaced=spaced)
    orders = known()
    found = plain.read(text, orders)
    if found is None:
        return
    order, quick = found
    assert order is orders[ticket["contract"]]
    kind, obj = lines.read(text)
    assert kind == "ticket"
    assert tickets.read(obj, order) == quick


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("drop", ["", "intervention"])
def test_an_ordinary_line_is_plain_however_json_spaces_it(spaced, drop):
    ticket = {key: value for key, value in PLAIN.items() if key != drop}
    assert plain.read(written(ticket, spaced=spaced) + "\n", known()) is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(written(PLAIN) + "x", id="a letter after it"),
        pytest.param(written(PLAIN)[:-1], id="cut short"),
        pytest.param(written(PLAIN).replace('"1"', '"1\\n"'), id="an escape"),
        pytest.param(written(PLAIN).replace('"1"', '"1\t"'), id="a control character"),
        pytest.param(written(PLAIN | {"exclusion": "force_majeure"}), id="an exclusion"),
        pytest.param(written(PLAIN | {"suspensions": []}), id="suspensions"),
        pytest.param(written(PLAIN | {"receipts": []}), id="no receipt"),
        pytest.param(written(PLAIN | {"priority": "blocker"}), id="an unknown priority"),
        pytest.param(written(PLAIN | {"contract": "acne"}), id="an unknown contract"),
        pytest.param(
            written(PLAIN | {"receipts": [{"at": AT, "channel": "fax"}]}), id="a channel not met before"
        ),
        pytest.param(written(PLAIN | {"intervention": AT[:-6]}), id="an instant without offset"),
        pytest.param(written(PLAIN).replace('"id":"1"', '"id":"1","id":"2"'), id="a key twice"),
        pytest.param(written({key: PLAIN[key] for key in reversed(PLAIN)}), id="another order"),
        pytest.param(written(PLAIN).replace("}]", ",}]"), id="a comma too many"),
    ],
)
def test_everything_else_is_left_to_the_careful_reading(text):
    assert plain.read(text, known()) is None


def test_a_plain_ticket_that_comes_twice_is_refused_all_the_same():
    contract = json.dumps({"contract": CONTRACT})
    with pytest.raises(ReplayError, match=r"line 3: ticket\.id"):
        replay([contract, written(PLAIN), written(PLAIN)], now=NOW)


def test_the_careful_reading_refuses_what_was_left_to_it():
    with pytest.raises(Refused, match="not JSON"):
        lines.read(written(PLAIN) + "x")
