"""A row holds during [from_at, until_at), is never edited, and no two hold at one instant (X.2)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import isolate_apps

from astreinte.records.validity.models import Validity
from tests.records.sample.models import Fee, Server

pytestmark = pytest.mark.django_db

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 1, 12, 0, 0, 250_000, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def server() -> Server:
    return Server.objects.create(name="web1")


def fee(server: Server, start: datetime, end: datetime | None = None, **more) -> Fee:
    values = {"channel": "web", "cents": 1, "from_at": start, "until_at": end} | more
    made: Fee = Fee.objects.create(server=server, **values)
    return made


def test_a_row_holds_from_its_start_until_just_before_its_end(server):
    held = fee(server, JANUARY, MAY)
    instants = (JANUARY - MOMENT, JANUARY, MAY - MOMENT, MAY)
    assert [Fee.objects.as_of(at).filter(pk=held.pk).exists() for at in instants] == [
        False,
        True,
        True,
        False,
    ]


def test_a_row_without_an_end_holds_until_further_notice(server):
    held = fee(server, JANUARY)
    assert Fee.objects.as_of(datetime(2126, 1, 1, tzinfo=UTC)).get() == held


def test_a_withdrawn_row_never_held(server):
    held = fee(server, JANUARY)
    Fee.objects.filter(pk=held.pk).update(withdrawn_at=MARCH)
    assert not Fee.objects.as_of(JANUARY).exists()
    fee(server, JANUARY, cents=2)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(JANUARY, MAY, id="the same time"),
        pytest.param(MARCH, None, id="begins inside, has no end"),
        pytest.param(JANUARY - timedelta(days=9), JANUARY + MOMENT, id="ends a moment inside"),
        pytest.param(MAY - MOMENT, None, id="begins a moment before the end"),
        pytest.param(MARCH, MARCH + MOMENT, id="a moment in the middle"),
        pytest.param(JANUARY - timedelta(days=9), None, id="around it"),
    ],
)
def test_two_rows_for_one_thing_never_hold_at_one_instant(server, start, end):
    fee(server, JANUARY, MAY)
    with pytest.raises(IntegrityError, match="sample_fee"), transaction.atomic():
        fee(server, start, end)
    with pytest.raises(ValidationError, match="sample_fee: another row with the same server, channel holds"):
        Fee(server=server, channel="web", cents=1, from_at=start, until_at=end).full_clean()


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"channel": "phone"}, id="of another channel"),
        pytest.param({"channel": None}, id="of no channel"),
        pytest.param({"withdrawn_at": MARCH}, id="withdrawn"),
    ],
)
def test_rows_about_different_things_may_hold_together(server, more):
    fee(server, JANUARY, **more)
    fee(server, JANUARY)
    if more.get("channel", "") is None:
        fee(server, JANUARY, **more)


def test_one_row_may_begin_at_the_instant_when_another_ends(server):
    fee(server, JANUARY, MARCH)
    Fee(server=server, channel="web", cents=1, from_at=MARCH).full_clean()
    fee(server, MARCH, MAY)
    fee(Server.objects.create(name="other"), JANUARY, MAY)


def test_an_update_cannot_make_two_rows_overlap(server):
    fee(server, MARCH, MAY)
    held = fee(server, JANUARY, MARCH, withdrawn_at=None)
    for change in ({"until_at": MAY}, {"channel": "phone"}, {"from_at": MARCH}):
        with pytest.raises(IntegrityError, match="sample_fee"), transaction.atomic():
            Fee.objects.filter(pk=held.pk).update(**change)


def test_the_end_is_said_once(server):
    held = fee(server, JANUARY)
    held.until_at = MARCH
    held.save()
    for end in (MAY, None):
        with pytest.raises(IntegrityError, match="sample_fee"), transaction.atomic():
            Fee.objects.filter(pk=held.pk).update(until_at=end)


def test_a_withdrawal_is_not_taken_back(server):
    held = fee(server, JANUARY, withdrawn_at=MARCH)
    with pytest.raises(IntegrityError, match="sample_fee"), transaction.atomic():
        Fee.objects.filter(pk=held.pk).update(withdrawn_at=None)


@pytest.mark.parametrize(
    "end", [pytest.param(JANUARY, id="empty"), pytest.param(JANUARY - MOMENT, id="reversed")]
)
def test_a_row_ends_after_it_begins(server, end):
    with pytest.raises(IntegrityError, match="sample_fee"), transaction.atomic():
        fee(server, JANUARY, end)
    with pytest.raises(ValidationError, match="ends before it begins"):
        Fee(server=server, channel="web", cents=1, from_at=JANUARY, until_at=end).full_clean()


def test_raw_sql_is_refused_as_well(server):
    held = fee(server, JANUARY, MARCH)
    with (
        pytest.raises(IntegrityError, match="sample_fee"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE sample_fee SET until_at = NULL WHERE id = %s", [held.pk])


def test_a_row_may_be_saved_again_with_what_it_has(server):
    held = fee(server, JANUARY, MARCH)
    held.cents = 5
    held.save()
    held.full_clean()
    assert Fee.objects.get().cents == 5


@isolate_apps("tests.records.sample")
def test_a_model_without_the_constraint_is_refused_at_the_start():
    class Loose(Validity):
        class Meta:
            app_label = "sample"

    assert [each.id for each in Loose.check()] == ["validity.E001"]
    assert not Fee.check()
