"""A client is bound to terms, at a price, from an instant on; what holds is as of the event (A1.1, A5.11)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.contracts import binding, freezing, overlaying, resolving
from astreinte.records.contracts.binding import ContractError
from astreinte.records.contracts.models import Coverage, FrozenYear, OrderLine, Terms
from astreinte.rules.sla import calendar
from astreinte.rules.sla.terms import TermsError
from tests.builders import SETUP, a_contract, a_server, a_ticket, acting, paris, some_terms, stands, the_cast

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")


def test_a1_1_a_server_is_covered_by_one_line_at_any_instant():
    cast = the_cast()
    other = a_contract(cast.kermor, terms=some_terms(cast.house), plan="Premium")
    binding.cover(line=other, server=cast.web1, from_at=NOON, at=NOON, actor=SETUP)
    assert resolving.in_force(cast.web1, NOON - timedelta(seconds=1)).line == cast.line
    assert resolving.in_force(cast.web1, NOON).line == other
    assert Coverage.objects.as_of(NOON).filter(server=cast.web1).count() == 1


def test_a_running_clock_keeps_the_terms_of_its_receipt():
    cast = the_cast()
    ticket = a_ticket(cast.web1, paris("2026-11-23 11:30"))
    quick = some_terms(
        cast.house, "quick", {"targets": {"critical": {"business": "1h", "non_business": "1h"}}}
    )
    binding.change_terms(line=cast.line, terms=quick, from_at=NOON, at=NOON, actor=SETUP)
    assert stands(ticket, NOON).promise.deadline_at == paris("2026-11-23 13:30")
    assert stands(a_ticket(cast.web1, NOON), NOON).promise.deadline_at == paris("2026-11-23 13:00")


def test_a5_11_an_upgrade_of_the_library_never_moves_a_deadline(monkeypatch):
    cast = the_cast()
    before = stands(
        a_ticket(cast.web1, paris("2026-12-24 17:00"), priority="urgent"), NOON
    ).promise.deadline_at
    monkeypatch.setattr(calendar, "holidays_of", lambda name, year: ())
    monkeypatch.setattr(freezing, "holidays_of", lambda name, year: ())
    after = stands(
        a_ticket(cast.web1, paris("2026-12-24 17:00"), priority="urgent"), NOON
    ).promise.deadline_at
    assert before == after == paris("2026-12-28 18:00")


def test_the_years_ahead_are_frozen_when_terms_are_written_and_once():
    cast = the_cast()
    years = list(FrozenYear.objects.filter(provider=cast.house.provider).values_list("year", flat=True))
    assert sorted(years) == [2025, 2026, 2027, 2028]
    assert "2026-11-11" in json.loads(FrozenYear.objects.get(provider=cast.house.provider, year=2026).days)


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        pytest.param(
            {"targets": {"critical": {"non_business": "4h", "business": None}}},
            "targets.critical",
            id="non-business alone",
        ),
        pytest.param(
            {"business_hours": {"mon-fri": ["14:00-12:00"]}},
            "business_hours.mon-fri",
            id="closes before it opens",
        ),
        pytest.param({"calendar": "FR-XX"}, "calendar", id="unknown calendar"),
        pytest.param({"penalties": {}}, "penalties", id="unknown key"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_place_and_nothing_is_written(patch, message):
    cast = the_cast()
    with pytest.raises(TermsError) as refused:
        binding.write_terms(cast.house.provider, name="wrong", patch=patch, at=NOON, actor=SETUP)
    assert str(refused.value).startswith(message)
    assert not Terms.objects.filter(name="wrong").exists()


def test_terms_are_never_changed_only_written_under_another_name():
    cast = the_cast()
    with pytest.raises(ContractError, match="terms never change; choose another name"):
        binding.write_terms(cast.house.provider, name="infogerance-2017", patch={}, at=NOON, actor=SETUP)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param(
            {"period": "weekly"},
            "period: 'weekly': write one of monthly, quarterly, yearly, one_off",
            id="period",
        ),
        pytest.param(
            {"price_cents": -1},
            "price: -1 cents: write an amount above zero, such as 390.00: article 6 counts a penalty by it",
            id="price",
        ),
        pytest.param({"plan": " "}, "plan: '': write a name of 1 to 100 characters", id="plan"),
    ],
)
def test_a_client_is_not_bound_by_what_cannot_be(how, message):
    cast = the_cast()
    asked = {
        "client": cast.kermor,
        "plan": "Infogérance",
        "price_cents": 500_00,
        "period": "monthly",
        "terms": some_terms(cast.house),
        "from_at": NOON,
        "at": NOON,
        "actor": SETUP,
    }
    before = OrderLine.objects.count()
    with pytest.raises(ContractError) as refused:
        binding.bind(**{**asked, **how})
    assert str(refused.value) == message
    assert OrderLine.objects.count() == before


def test_x_3_nobody_covers_another_client_s_server_nor_binds_for_another_provider():
    cast = the_cast()
    with pytest.raises(ContractError, match="is not a server of the client of order line"):
        binding.cover(line=cast.line, server=cast.app2, from_at=NOON, at=NOON, actor=SETUP)
    with pytest.raises(NotAllowed):
        binding.change_price(
            line=cast.line, price_cents=1, from_at=NOON, at=NOON, actor=acting(cast.victor, NOON)
        )
    with pytest.raises(NotAllowed):
        binding.change_price(
            line=cast.line, price_cents=1, from_at=NOON, at=NOON, actor=acting(cast.alice, NOON)
        )


def test_a_price_is_not_slipped_in_before_one_that_is_known():
    cast = the_cast()
    later = NOON + timedelta(days=40)
    binding.change_price(line=cast.line, price_cents=600_00, from_at=later, at=NOON, actor=SETUP)
    with pytest.raises(ContractError, match="one begins at 2027-01-02T11:00:00"):
        binding.change_price(line=cast.line, price_cents=700_00, from_at=NOON, at=NOON, actor=SETUP)


def test_two_overlays_never_hold_at_once():
    cast = the_cast()
    laid: dict[str, Any] = {
        "line": cast.line,
        "patch": {"penalty": {"multiplier": "10"}},
        "at": NOON,
        "actor": SETUP,
    }
    overlaying.lay(title="Noël", from_at=NOON, until_at=NOON + timedelta(days=9), **laid)
    with pytest.raises(
        ContractError, match=r"'Noël' is in force in that time, and says penalty\.multiplier too; end it"
    ):
        overlaying.lay(title="Soldes", from_at=NOON + timedelta(days=8), until_at=None, **laid)
    overlaying.lay(title="Soldes", from_at=NOON + timedelta(days=9), until_at=None, **laid)


def test_when_a_line_ends_its_servers_are_covered_no_more():
    cast = the_cast()
    server = a_server(cast.kermor, "db1.kermor.example")
    line = a_contract(cast.kermor, server, terms=some_terms(cast.house))
    binding.end_line(line=line, until_at=NOON, at=NOON, actor=SETUP)
    assert resolving.in_force(server, NOON) is None
    assert resolving.in_force(server, NOON - timedelta(seconds=1)).line == line


def test_the_principal_of_several_servers_is_the_first_that_a_line_covers():
    cast = the_cast()
    lab = a_server(cast.kermor, "a-lab.kermor.example")
    assert resolving.principal_first([lab, cast.web1], NOON) == [cast.web1, lab]
    assert resolving.principal_first([lab], NOON) == [lab]
