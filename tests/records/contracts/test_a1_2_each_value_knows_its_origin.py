"""Specific contract over special terms over general terms, in the versions that the client accepted (A0.1, A1.2)."""

from datetime import date, timedelta

import pytest

from astreinte.records.contracts import binding, documents, overlaying, resolving
from astreinte.records.contracts.resolving import Source
from tests.builders import SETUP, paris, some_terms, the_cast
from tests.records.contracts.signed import accepted, signs, transcribed
from tests.records.contracts.texts import SALE, SPECIAL, a_text, a_version, both_texts, published

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")
LATER = NOON + timedelta(hours=2)
SIGNED = paris("2026-11-20 10:00")
CP = {"penalty.cap": "6.1.1", "targets.critical.business": "5.1.1"}


def of(cast, key, at=NOON):
    return next(one for one in resolving.explained(cast.line, cast.web1, at) if one.key == key)


def signed_cast():
    """The cast, with both texts accepted and transcribed: the general terms of sale would halve the cap."""
    cast = the_cast()
    special, sale = both_texts(cast.house)
    transcribed(special, some_terms(cast.house), CP)
    half = some_terms(cast.house, "cgv", {"penalty": {"cap": "0.5"}})
    transcribed(sale, half, {"penalty.cap": "4.1.1"})
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), SIGNED)
    return cast, special, sale


def test_a1_2_the_special_terms_say_the_cap_and_the_general_ones_are_shown_as_overridden():
    cast, special, _sale = signed_cast()
    cap = of(cast, "penalty.cap")
    assert (cap.value, cap.clause) == ("1", "6.1.1")
    assert cap.source == Source("special", SPECIAL, 1, date(2026, 1, 1), special.public_id)
    assert [(one.value, one.source.name, one.source.version, one.clause) for one in cap.overrode] == [
        ("0.5", SALE, 1, "4.1.1")
    ]
    assert of(cast, "penalty.multiplier").source == Source("terms", "infogerance-2017")
    assert resolving.in_force(cast.web1, NOON).origin == ("infogerance-2017", f"{SALE} v1", f"{SPECIAL} v1")


def test_a_text_that_is_not_accepted_says_nothing():
    cast, *_ = signed_cast()
    before = SIGNED - timedelta(seconds=1)
    assert of(cast, "penalty.cap", before).source.kind == "terms"


def test_a_lower_document_that_comes_later_does_not_prevail():
    cast, _special, _sale = signed_cast()
    newer = published(
        cast.house,
        kind="general_sale",
        name=SALE,
        content=a_text("general_sale", SALE, "10 %"),
        on=date(2026, 11, 22),
        at=SIGNED,
    )
    transcribed(newer, some_terms(cast.house, "cgv-2", {"penalty": {"cap": "0.1"}}), {"penalty.cap": "4.1.1"})
    accepted(cast.house, cast.kermor, cast.alice, SIGNED + timedelta(hours=1))
    cap = of(cast, "penalty.cap")
    assert (cap.value, [one.value for one in cap.overrode]) == ("1", ["0.1"])


def test_a0_1_an_instant_before_the_day_of_the_second_version_is_governed_by_the_first_and_says_so():
    cast, _special, _sale = signed_cast()
    second = published(cast.house, content=a_text(cap="200 %"), on=date(2026, 12, 1), at=SIGNED)
    transcribed(second, some_terms(cast.house, "cp-2", {"penalty": {"cap": "2"}}), CP)
    accepted(cast.house, cast.kermor, cast.alice, NOON)
    ends = paris("2026-12-01 00:00")
    found = [of(cast, "penalty.cap", at) for at in (ends - timedelta(seconds=1), ends)]
    assert [(one.value, one.source.version) for one in found] == [("1", 1), ("2", 2)]


def test_what_the_order_agreed_otherwise_prevails_over_the_texts_and_a_specific_contract_over_it():
    cast, *_ = signed_cast()
    quick = {"targets": {"critical": {"business": "1h"}}}
    premium = binding.write_terms(
        cast.house.provider, name="premium", patch=quick, extends=some_terms(cast.house), at=NOON, actor=SETUP
    )
    binding.change_terms(line=cast.line, terms=premium, from_at=NOON, at=NOON, actor=SETUP)
    value = of(cast, "targets.critical.business")
    assert (value.value, value.source) == ("1h", Source("order", "premium"))
    assert [(one.value, one.source.name, one.clause) for one in value.overrode] == [("2h", SPECIAL, "5.1.1")]
    overlaying.lay(
        line=cast.line,
        title="Boutique",
        patch={"targets": {"critical": {"business": "30m"}}},
        from_at=NOON,
        until_at=None,
        at=NOON,
        actor=SETUP,
    )
    value = of(cast, "targets.critical.business")
    assert (value.value, str(value.source)) == ("30m", "Boutique")
    assert [one.source.kind for one in value.overrode] == ["order", "special", "terms"]


def test_a_text_that_the_client_did_not_accept_takes_nothing_away_from_what_its_order_agreed():
    cast, *_ = signed_cast()
    quick = {"targets": {"critical": {"business": "1h"}}}
    premium = binding.write_terms(
        cast.house.provider, name="premium", patch=quick, extends=some_terms(cast.house), at=NOON, actor=SETUP
    )
    binding.change_terms(line=cast.line, terms=premium, from_at=NOON, at=NOON, actor=SETUP)
    draft = a_version(cast.house, content=a_text(cap="200 %"), on=date(2026, 12, 1), at=NOON)
    transcribed(draft, premium, CP, LATER)
    assert [of(cast, "targets.critical.business", at).value for at in (NOON, LATER)] == ["1h", "1h"]
    documents.publish(draft, at=LATER, actor=SETUP)
    accepted(cast.house, cast.kermor, cast.alice, LATER)
    ends = paris("2026-12-01 00:00")
    found = [of(cast, "targets.critical.business", at) for at in (NOON, LATER, ends)]
    assert [(one.value, one.source.kind) for one in found] == [
        ("1h", "order"),
        ("1h", "order"),
        ("1h", "special"),
    ]
