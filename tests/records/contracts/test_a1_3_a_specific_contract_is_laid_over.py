"""A specific contract applies from its start, on the servers that it names, and is read twice when worse (A1.3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.contracts import binding, overlaying, resolving
from astreinte.records.contracts.models import Overlay
from astreinte.records.contracts.refusing import ContractError
from astreinte.records.journal import verifying
from tests.builders import SETUP, Cast, a_person, a_server, acting, paris, some_terms, the_cast
from tests.records.contracts.signed import accepted, signs, transcribed
from tests.records.contracts.texts import both_texts

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")
LATER = NOON + timedelta(days=8)
SOON = {"targets": {"critical": {"business": "1h"}}}
SLOW = {"targets": {"critical": {"business": "3h"}}}


def laid(cast: Cast, patch: dict[str, Any], **how: Any) -> Overlay:
    """A specific contract of Maison Kermor that Sofia wrote at noon."""
    said: dict[str, Any] = {
        "title": "Contrat spécifique",
        "from_at": NOON,
        "until_at": None,
        "at": NOON,
    } | how
    return overlaying.lay(line=cast.line, patch=patch, actor=acting(cast.house.sofia, NOON), **said)


def critical(server, at):
    return resolving.in_force(server, at).terms.target("critical").business // 3600


def test_a1_3_it_applies_from_its_start_only_on_the_listed_servers_only():
    cast = the_cast()
    shop = a_server(cast.kermor, "shop.kermor.example")
    binding.cover(line=cast.line, server=shop, from_at=NOON, at=NOON, actor=SETUP)
    laid(cast, SOON, servers=[shop], from_at=LATER, until_at=LATER + timedelta(days=1))
    instants = [LATER - timedelta(seconds=1), LATER, LATER + timedelta(days=1)]
    assert [critical(shop, at) for at in instants] == [2, 1, 2]
    assert [critical(cast.web1, at) for at in instants] == [2, 2, 2]
    assert verifying.verify() == []


def test_a1_3_a_longer_time_is_told_and_waits_for_a_second_person():
    cast = the_cast()
    row = laid(cast, SLOW)
    assert (row.worse, overlaying.is_pending(row)) == ('["targets.critical.business"]', True)
    assert overlaying.pending(cast.line, NOON) == [row]
    with pytest.raises(NotAllowed, match=r"you wrote it; ask ada@estran\.example"):
        overlaying.approve(row, at=NOON, actor=acting(cast.house.sofia, NOON))
    assert critical(cast.web1, NOON) == 2
    overlaying.approve(row, at=LATER, actor=acting(cast.house.ada, LATER))
    assert [critical(cast.web1, at) for at in (LATER - timedelta(seconds=1), LATER)] == [2, 3]
    assert overlaying.pending(cast.line, LATER) == []
    with pytest.raises(ContractError, match="does not wait for anybody"):
        overlaying.approve(row, at=LATER, actor=acting(cast.house.ada, LATER))
    assert verifying.verify() == []


def test_who_signs_for_the_client_is_a_second_person_too_and_nobody_else_of_it():
    cast = the_cast()
    gwen = a_person(cast.house, "Gwen Riou", client=cast.kermor, role="signatory")
    row = laid(cast, SLOW)
    for person in (cast.alice, cast.charlie, cast.house.hugo, cast.victor):
        with pytest.raises(NotAllowed):
            overlaying.approve(row, at=NOON, actor=acting(person, NOON))
    assert overlaying.approve(row, at=NOON, actor=acting(gwen, NOON)).by_client
    assert critical(cast.web1, NOON) == 3


def test_a_provider_with_one_person_is_told_that_the_client_is_left():
    cast = the_cast()
    row = laid(cast, SLOW)
    assert overlaying.ask(row, NOON).startswith("ask ada@estran.example, or somebody with a mandate to sign")
    alone = acting(cast.victor, NOON)
    assert overlaying.readers(row, NOON).of_client == ()
    cast.house.ada.is_active = False
    cast.house.ada.save(update_fields=["is_active"])
    assert overlaying.ask(row, NOON) == (
        "nobody else manages contracts here, so it is for somebody with a mandate to sign for Maison Kermor"
        " (nobody has one yet) to approve"
    )
    with pytest.raises(NotAllowed, match="belongs to another provider"):
        overlaying.approve(row, at=NOON, actor=alone)


def test_one_that_is_over_or_taken_back_is_approved_no_more():
    cast = the_cast()
    row = laid(cast, SLOW, until_at=LATER)
    with pytest.raises(ContractError, match="is over; lay it again"):
        overlaying.approve(row, at=LATER, actor=acting(cast.house.ada, LATER))


def test_whether_one_still_waits_is_looked_at_under_its_lock():
    cast = the_cast()
    row = laid(cast, SLOW, from_at=LATER)
    Overlay.objects.filter(pk=row.pk).update(withdrawn_at=NOON)
    with pytest.raises(ContractError, match="is over; lay it again"):
        overlaying.approve(row, at=NOON, actor=acting(cast.house.ada, NOON))
    with CaptureQueriesContext(connection) as seen:
        overlaying.approve(laid(cast, SLOW), at=NOON, actor=acting(cast.house.ada, NOON))
    locked = [one["sql"] for one in seen if "FOR NO KEY UPDATE" in one["sql"] and "title" in one["sql"]]
    assert bool(locked) is connection.features.has_select_for_no_key_update


def test_what_was_read_is_told_from_what_has_the_same_title_or_was_laid_again():
    cast = the_cast()
    over = laid(cast, SOON, until_at=LATER)
    first = laid(cast, SLOW, from_at=LATER, until_at=LATER + timedelta(days=1))
    second = laid(cast, SLOW, from_at=LATER + timedelta(days=1))
    digests = {overlaying.digest(row): row for row in (over, first, second)}
    assert len(digests) == 3
    for row in (first, second):
        assert overlaying.as_read(cast.line, overlaying.digest(row), NOON) == row
    for said in (overlaying.digest(over), "", "0" * 64):
        with pytest.raises(ContractError, match="read it again"):
            overlaying.as_read(cast.line, said, NOON)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        pytest.param(
            {"patch": SOON}, "on web1.kermor.example, and says targets.critical.business too", id="one key"
        ),
        pytest.param(
            {"patch": {"penalty": {"cap": "2"}}, "title": "Noël"},
            "'Noël' is in force in that time",
            id="one name",
        ),
        pytest.param({"patch": SOON, "servers": []}, "says targets.critical.business too", id="all servers"),
        pytest.param({"patch": {}}, "says nothing; write the values that differ, or a clause", id="nothing"),
        pytest.param({"patch": {}, "clause": " \n"}, "says nothing", id="a clause of blanks"),
        pytest.param({"patch": SOON, "until_at": NOON}, "is not after its start", id="over before it begins"),
        pytest.param(
            {"patch": SOON, "from_at": NOON - timedelta(1)},
            "is past; write an instant from now on",
            id="the past",
        ),
        pytest.param(
            {"patch": {"business_hours": {"mon-fri": None}}}, "has no opening hours", id="never open"
        ),
    ],
)
def test_what_cannot_lie_there_is_refused_and_nothing_is_written(other, message):
    cast = the_cast()
    laid(cast, {"targets": {"critical": {"business": "90m"}}}, title="Noël", servers=[cast.web1])
    with pytest.raises(ContractError) as refused:
        laid(cast, **{"servers": [cast.web1], **other})
    assert message in str(refused.value)
    assert Overlay.objects.count() == 1


def test_a_server_of_another_client_is_in_no_scope():
    cast = the_cast()
    with pytest.raises(ContractError, match=r"app2\.halles\.example is not a server of the client"):
        laid(cast, SOON, servers=[cast.app2])


def test_several_hold_at_once_where_neither_servers_nor_keys_meet():
    cast = the_cast()
    shop = a_server(cast.kermor, "shop.kermor.example")
    binding.cover(line=cast.line, server=shop, from_at=NOON, at=NOON, actor=SETUP)
    laid(cast, SOON, title="Boutique", servers=[shop])
    laid(cast, {"targets": {"critical": {"business": "30m"}}}, title="Site", servers=[cast.web1])
    laid(cast, {"penalty": {"multiplier": "10"}}, title="Pénalités")
    laid(cast, {}, title="Confidentialité", clause="Le Prestataire ne cite pas le Client comme référence.")
    found = resolving.in_force(shop, NOON)
    assert found.origin == ("infogerance-2017", "Boutique", "Pénalités", "Confidentialité")
    assert (found.terms.target("critical").business, found.terms.penalty.multiplier) == (3600, 10)
    assert resolving.in_force(cast.web1, NOON).terms.target("critical").business == 1800
    assert resolving.of_line(cast.line, NOON).terms.target("critical").business == 7200


def test_each_value_says_that_the_specific_contract_prevailed():
    cast = the_cast()
    laid(cast, SOON)
    values = {one.key: one for one in resolving.explained(cast.line, cast.web1, NOON)}
    value = values["targets.critical.business"]
    assert (value.value, str(value.source), value.source.kind) == ("1h", "Contrat spécifique", "specific")
    assert [(one.value, str(one.source)) for one in value.overrode] == [("2h", "infogerance-2017")]
    assert str(values["penalty.cap"].source) == "infogerance-2017"


@pytest.mark.parametrize("on_web1", [False, True])
def test_a1_3_worse_is_what_is_worse_than_the_texts_that_the_client_accepted(on_web1):
    cast = the_cast()
    special, _ = both_texts(cast.house)
    quick = some_terms(cast.house, "quick", {"targets": {"critical": {"business": "1h"}}})
    transcribed(special, quick, {"targets.critical.business": "5.1.1"})
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), NOON)
    row = laid(
        cast,
        {"targets": {"critical": {"business": "90m"}}},
        title="Boutique",
        servers=[cast.web1] if on_web1 else [],
    )
    assert (row.worse, overlaying.is_pending(row)) == ('["targets.critical.business"]', True)
    assert critical(cast.web1, NOON) == 1


def test_it_is_usable_over_the_texts_that_the_client_accepted():
    cast = the_cast()
    special, _ = both_texts(cast.house)
    weekend = some_terms(cast.house, "weekend", {"business_hours": {"mon-fri": None, "sat": ["09:00-12:00"]}})
    transcribed(special, weekend, {"business_hours": "5.1.1"})
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), NOON)
    with pytest.raises(ContractError, match="has no opening hours"):
        laid(cast, {"business_hours": {"sat": None}})


@pytest.mark.parametrize("on_shop", ["10h", "4h"])
def test_what_is_worse_on_some_servers_alone_is_told(on_shop):
    cast = the_cast()
    shop = a_server(cast.kermor, "shop.kermor.example")
    binding.cover(line=cast.line, server=shop, from_at=NOON, at=NOON, actor=SETUP)
    laid(cast, {"targets": {"urgent": {"business": on_shop}}}, title="Boutique", servers=[shop])
    nights = (
        "9h" if on_shop == "10h" else "6h"
    )  # longer than the days of the line (8 h), or than those of the shop
    row = laid(cast, {"targets": {"urgent": {"non_business": nights}}}, title="Nuits")
    assert row.worse == '["targets.urgent.non_business"]'
