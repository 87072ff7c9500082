"""One-off orders and subscriptions: their periods, discounts, renewal, suspension and end (A1.4)."""

from datetime import date, timedelta
from typing import Any

import pytest

from astreinte.records.accounts import mandates
from astreinte.records.accounts.mandates import Scope
from astreinte.records.contracts import binding, overlaying, renewing, resolving
from astreinte.records.contracts.models import OrderLine, Price
from astreinte.records.contracts.refusing import ContractError
from astreinte.records.journal import verifying
from astreinte.rules import money
from tests.builders import SETUP, Cast, a_server, paris, some_terms, the_cast

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")
NEW_YEAR = paris("2027-01-01 00:00")


def bound(cast: Cast, **how: Any) -> OrderLine:
    """A line of Maison Kermor from New Year on, with its own server."""
    said: dict[str, Any] = {
        "plan": "Premium",
        "price_cents": 450_00,
        "period": "monthly",
        "from_at": NEW_YEAR,
    }
    line = binding.bind(
        client=cast.kermor, terms=some_terms(cast.house), at=NOON, actor=SETUP, **(said | how)
    )
    server = a_server(cast.kermor, "db1.kermor.example")
    binding.cover(line=line, server=server, from_at=line.from_at, at=NOON, actor=SETUP)
    return line


def test_a1_4_a_quarter_a_month_and_a_year_have_their_monthly_fee():
    cast = the_cast()
    for cents, period, monthly in ((1500_00, "quarterly", 500_00), (5400_00, "yearly", 450_00)):
        line = binding.bind(
            client=cast.kermor,
            plan=period,
            price_cents=cents,
            period=period,
            terms=some_terms(cast.house),
            from_at=NEW_YEAR,
            at=NOON,
            actor=SETUP,
        )
        assert resolving.fee(line, NEW_YEAR).monthly == monthly


def test_the_fee_is_the_one_after_discount_and_the_price_before_it_is_kept():
    line = bound(the_cast(), price_cents=400_00, full_cents=450_00, discount="engagement d’un an")
    price = Price.objects.get(line=line)
    assert (price.cents, price.full_cents, price.discount) == (400_00, 450_00, "engagement d’un an")
    assert resolving.fee(line, NEW_YEAR).monthly == 400_00
    assert [one.cents for one in renewing.instalments(line, date(2027, 2, 15))] == [400_00, 400_00]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param({"price_cents": 0}, "price: 0 cents: write an amount above zero", id="nothing"),
        pytest.param({"full_cents": 450_00}, "is not above the price after discount", id="no discount"),
        pytest.param({"full_cents": 500_00}, "say what the discount is for", id="a discount for nothing"),
        pytest.param(
            {"discount": "Noël"}, "write the price before the discount too", id="a discount of nothing"
        ),
        pytest.param({"until_at": NEW_YEAR}, "is not after its beginning", id="ends as it begins"),
        pytest.param({"notice_days": -1}, "notice: -1 days: write a number of days", id="notice"),
    ],
)
def test_an_order_that_cannot_be_is_refused(how, message):
    with pytest.raises(ContractError, match=message):
        bound(the_cast(), **how)


def test_a_one_off_order_has_its_end_and_no_monthly_fee():
    cast = the_cast()
    line = bound(cast, period="one_off", until_at=NEW_YEAR + timedelta(days=10))
    server = line.coverages.get().server
    assert resolving.in_force(server, NEW_YEAR).line == line
    assert resolving.in_force(server, NEW_YEAR + timedelta(days=10)) is None
    assert resolving.fee(line, NEW_YEAR).monthly is None
    assert (renewing.instalments(line, date(2030, 1, 1)), renewing.period_at(line, NEW_YEAR)) == ([], None)
    with pytest.raises(ContractError, match="is a one-off order; bind the client by another one"):
        renewing.renew(line, at=NOON, actor=SETUP)


def test_a_line_without_tacit_renewal_ends_with_its_first_period():
    line = bound(the_cast(), period="yearly", tacit=False, from_at=paris("2028-02-29 00:00"))
    assert line.until_at == paris("2029-02-28 00:00")


def test_a_renewed_line_keeps_price_terms_servers_and_specific_contracts():
    cast = the_cast()
    line = bound(cast, tacit=False, price_cents=400_00, full_cents=450_00, discount="fidélité")
    server = line.coverages.get().server
    overlaying.lay(
        line=line,
        title="Boutique",
        patch={"targets": {"critical": {"business": "1h"}}},
        servers=[server],
        from_at=NEW_YEAR,
        until_at=None,
        at=NOON,
        actor=SETUP,
    )
    ends = paris("2027-02-01 00:00")
    assert line.until_at == ends
    follows = renewing.renew(line, at=NOON, actor=SETUP)
    assert (follows.renews, follows.from_at, follows.until_at) == (line, ends, paris("2027-03-01 00:00"))
    for at, expected in ((ends - timedelta(seconds=1), line), (ends, follows)):
        found = resolving.in_force(server, at)
        assert (found.line, found.terms.target("critical").business) == (expected, 3600)
        assert resolving.fee(found.line, at).cents == 400_00
    with pytest.raises(ContractError, match=f"was renewed already, by line {follows.number}"):
        renewing.renew(line, at=NOON, actor=SETUP)
    assert verifying.verify() == []


def test_a_line_begun_on_the_last_of_a_month_is_renewed_to_the_last_of_each():
    line = bound(the_cast(), tacit=False, from_at=paris("2027-01-31 00:00"))
    second = renewing.renew(line, at=NOON, actor=SETUP)
    third = renewing.renew(second, at=NOON, actor=SETUP)
    ends = [one.until_at for one in (line, second, third)]
    assert ends == [paris("2027-02-28 00:00"), paris("2027-03-31 00:00"), paris("2027-04-30 00:00")]
    (whole,) = renewing.instalments(second, date(2027, 6, 1))
    assert (whole.period.number, whole.charged_days, whole.cents) == (1, 31, 450_00)
    assert renewing.period_at(second, paris("2027-03-30 12:00")) == whole.period


def test_a_renewal_that_goes_on_by_itself_ends_on_the_last_of_a_month_when_noticed():
    line = bound(the_cast(), tacit=False, from_at=paris("2027-01-31 00:00"))
    follows = renewing.renew(line, at=NOON, actor=SETUP, tacit=True)
    assert renewing.ends_when_noticed(follows, NOON) == date(2027, 3, 31), "not before it begins"
    assert renewing.ends_when_noticed(follows, paris("2027-04-01 00:00")) == date(2027, 4, 30)


def test_what_follows_a_line_that_ended_between_anniversaries_is_counted_anew():
    line = bound(the_cast(), tacit=False, until_at=paris("2027-01-20 00:00"))
    follows = renewing.renew(line, at=NOON, actor=SETUP)
    assert follows.until_at == paris("2027-02-20 00:00")
    assert [one.cents for one in renewing.instalments(follows, date(2027, 6, 1))] == [450_00]


def test_a_line_that_waits_for_its_conditions_is_not_renewed():
    line = bound(the_cast(), tacit=False, requires=["access"])
    with pytest.raises(ContractError, match=r"waits for its conditions, .* activate it first"):
        renewing.renew(line, at=NOON, actor=SETUP)
    assert not OrderLine.objects.filter(renews=line).exists()


def test_a_specific_contract_that_ends_after_the_line_goes_along_up_to_its_end():
    line = bound(the_cast(), tacit=False)
    patch = {"targets": {"critical": {"business": "1h"}}}
    stops = paris("2027-02-15 00:00")
    for title, until in (("Soldes", stops), ("Étrennes", paris("2027-01-10 00:00"))):
        overlaying.lay(
            line=line,
            title=title,
            patch=patch if title == "Soldes" else {"targets": {"major": {"business": "2h"}}},
            from_at=NEW_YEAR,
            until_at=until,
            at=NOON,
            actor=SETUP,
        )
    follows = renewing.renew(line, at=NOON, actor=SETUP)
    row = follows.overlays.get()
    assert (row.title, row.from_at, row.until_at) == ("Soldes", follows.from_at, stops)


def test_a_line_that_is_suspended_is_renewed_suspended_and_resumed_as_one():
    line = bound(the_cast(), tacit=False)
    server = line.coverages.get().server
    renewing.suspend(line, reason="chantier chez le client", from_at=NEW_YEAR, at=NOON, actor=SETUP)
    follows = renewing.renew(line, at=NOON, actor=SETUP)
    assert resolving.in_force(server, follows.from_at) is None
    assert renewing.suspended(follows, follows.from_at).reason == "chantier chez le client"
    goes_on = paris("2027-01-20 00:00")
    renewing.resume(line, until_at=goes_on, at=NOON, actor=SETUP)
    assert resolving.in_force(server, goes_on).line == line
    assert resolving.in_force(server, follows.from_at).line == follows
    assert verifying.verify() == []


def test_a_mandate_over_a_line_holds_for_the_one_that_renews_it_and_not_the_other_way_round():
    cast = the_cast()
    line = bound(cast, tacit=False)
    second = renewing.renew(line, at=NOON, actor=SETUP)
    third = renewing.renew(second, at=NOON, actor=SETUP)
    mandates.give(
        cast.bob,
        client=cast.kermor,
        verb="consent",
        scope=Scope(line_ids=frozenset({second.pk})),
        from_at=NOON,
        at=NOON,
        actor=SETUP,
    )
    held = [
        mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON, line_id=one.pk)
        for one in (line, second, third, cast.line)
    ]
    assert held == [False, True, True, False]


def test_a_line_that_goes_on_by_itself_or_is_over_is_not_renewed():
    cast = the_cast()
    with pytest.raises(ContractError, match="has no end, and is renewed by itself"):
        renewing.renew(cast.line, at=NOON, actor=SETUP)
    line = bound(cast, tacit=False)
    with pytest.raises(ContractError, match=r"its end: .* is past"):
        renewing.renew(line, at=paris("2027-02-01 00:01"), actor=SETUP)


def test_notice_ends_a_tacit_line_with_the_first_period_in_time():
    line = bound(the_cast(), period="yearly", notice_days=90)
    assert renewing.ends_when_noticed(line, paris("2027-10-03 23:59")) == date(2028, 1, 1)
    assert renewing.ends_when_noticed(line, paris("2027-10-04 00:00")) == date(2029, 1, 1)
    assert renewing.period_at(line, paris("2027-10-04 00:00")).ends == date(2028, 1, 1)


def test_a_suspended_line_promises_nothing_and_costs_nothing_until_it_is_resumed():
    cast = the_cast()
    line = bound(cast, price_cents=310_00)
    server = line.coverages.get().server
    stops, goes_on = paris("2027-01-11 00:00"), paris("2027-01-21 00:00")
    renewing.suspend(line, reason="impayé depuis soixante jours", from_at=stops, at=NOON, actor=SETUP)
    assert resolving.in_force(server, stops - timedelta(seconds=1)).line == line
    assert resolving.in_force(server, goes_on) is None
    renewing.resume(line, until_at=goes_on, at=stops, actor=SETUP)
    assert resolving.in_force(server, goes_on - timedelta(seconds=1)) is None
    assert resolving.in_force(server, goes_on).line == line
    assert [money.text(one.cents) for one in renewing.instalments(line, date(2027, 2, 1))] == ["210.00"]
    assert verifying.verify() == []


def test_a_suspension_that_has_not_begun_is_taken_back():
    cast = the_cast()
    row = renewing.suspend(cast.line, reason="travaux chez le client", from_at=NEW_YEAR, at=NOON, actor=SETUP)
    renewing.resume(cast.line, until_at=NOON, at=NOON, actor=SETUP)
    row.refresh_from_db()
    assert row.withdrawn_at == NOON
    assert resolving.in_force(cast.web1, NEW_YEAR).line == cast.line


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param({"reason": "impayé"}, "write why, in 10 characters or more", id="no reason"),
        pytest.param(
            {"from_at": NOON - timedelta(1)}, "is past; write an instant from now on", id="the past"
        ),
        pytest.param({"until_at": NOON}, "is not after its start", id="over before it begins"),
        pytest.param({"from_at": NEW_YEAR}, "is suspended already from", id="twice"),
    ],
)
def test_a_suspension_that_cannot_be_is_refused(how, message):
    cast = the_cast()
    why = "travaux chez le client"
    renewing.suspend(cast.line, reason=why, from_at=NEW_YEAR, at=NOON, actor=SETUP)
    with pytest.raises(ContractError, match=message):
        renewing.suspend(cast.line, **{"reason": why, "from_at": NOON, "at": NOON, "actor": SETUP, **how})
