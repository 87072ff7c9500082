"""A6.3 « sans pouvoir excéder le montant total du forfait mensuel »."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from astreinte.rules.sla import months, penalties
from astreinte.rules.sla.penalties import PenaltyError, Price, Share
from tests.rules.sla.reading import bound, paris

FIRST = paris("2026-11-02 10:00")
FEE = Price(50000, "monthly")


def settled(*shares, price=FEE, **penalty):
    return penalties.settle(bound({"penalty": penalty}), price, shares)


def share(name, raw, *, hours=0, exclusion=None):
    return Share(name, FIRST + timedelta(hours=hours), raw, exclusion)


def test_twenty_eight_hours_reach_the_fee_exactly_and_two_hundred_stay_there():
    terms = bound()
    for hours in (28, 200):
        late = months.Late("1", penalties.raw(terms, FEE, FIRST, hours * 3600))
        assert months.owed([late]).due_cents == 50000
    assert penalties.raw(terms, FEE, FIRST, 28 * 3600).raw_cents == 50000


def test_three_late_tickets_share_the_cap_in_the_order_of_their_deadlines():
    found = settled(share("c", 30000, hours=2), share("a", 30000, hours=1), share("b", 10000))
    assert [(due.share.id, due.cents, due.reason) for due in found.dues] == [
        ("b", 10000, None),
        ("a", 30000, None),
        ("c", 10000, "cap"),
    ]
    assert (found.raw_cents, found.due_cents, found.cap_cents) == (70000, 50000, 50000)


def test_of_two_deadlines_at_one_instant_the_id_comes_first_as_text():
    found = settled(share("9", 40000), share("10", 40000))
    assert [(due.share.id, due.cents) for due in found.dues] == [("10", 40000), ("9", 10000)]


def test_one_ticket_more_changes_who_is_paid_but_never_the_total_above_the_cap():
    before = settled(share("b", 40000, hours=1))
    after = settled(share("b", 40000, hours=1), share("a", 40000))
    assert before.dues[0].cents == 40000
    assert [due.cents for due in after.dues] == [40000, 10000]


def test_an_excluded_ticket_is_due_nothing_and_uses_up_nothing():
    found = settled(share("a", 45000, exclusion="force_majeure"), share("b", 45000, hours=1))
    assert [(due.cents, due.reason) for due in found.dues] == [(0, "force_majeure"), (45000, None)]
    assert found.raw_cents == 90000


def test_the_cap_itself_is_cut_not_rounded():
    price = Price(200000, "quarterly")
    assert price.monthly == Fraction(200000, 3)
    assert settled(share("a", 10**6), price=price).cap_cents == 66666


def test_a_cap_for_each_ticket_alone():
    found = settled(share("a", 60000), share("b", 60000), cap_scope="ticket")
    assert [due.cents for due in found.dues] == [50000, 50000]
    assert found.cap_cents == 50000


def test_without_a_cap_everything_is_due():
    found = settled(share("a", 10**7), cap=None)
    assert (found.due_cents, found.cap_cents, found.dues[0].reason) == (10**7, None, None)


def test_three_quarters_of_a_fee_can_be_the_cap():
    assert settled(share("a", 10**7), cap="0.75").due_cents == 37500


def test_a_one_off_order_is_due_nothing_and_has_no_cap():
    found = settled(share("a", 0), price=Price(79900, "one_off"))
    assert (found.due_cents, found.dues[0].reason, found.cap_cents) == (0, "one_off", None)


def test_a_settlement_of_two_months_is_refused():
    with pytest.raises(PenaltyError, match="2026-11, 2026-12"):
        settled(share("a", 1), share("b", 1, hours=24 * 29))


def test_no_late_ticket_settles_to_nothing():
    assert (settled().due_cents, settled().month) == (0, None)


shares = some.lists(
    some.tuples(
        some.integers(0, 10**6), some.integers(0, 600), some.sampled_from([None, None, "force_majeure"])
    ),
    max_size=12,
).map(
    lambda rows: [
        share(str(name), raw, hours=hours, exclusion=cause) for name, (raw, hours, cause) in enumerate(rows)
    ]
)


@given(shares, some.sampled_from(["month", "ticket"]), some.sampled_from(["1", "0.5", "0", None]))
def test_never_above_the_cap_and_the_parts_are_the_total(rows, scope, cap):
    found = settled(*rows, cap=cap, cap_scope=scope)
    assert found.due_cents == sum(due.cents for due in found.dues)
    assert found.raw_cents == sum(row.raw_cents for row in rows)
    assert all(0 <= due.cents <= due.share.raw_cents for due in found.dues)
    if found.cap_cents is not None:
        most = found.cap_cents if scope == "month" else found.cap_cents * len(rows)
        assert found.due_cents <= most


@given(shares)
def test_the_order_in_which_tickets_are_given_changes_nothing(rows):
    assert settled(*rows) == settled(*reversed(rows))
