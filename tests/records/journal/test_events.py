"""An event is one canonical text, and the text is the event again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar
from uuid import UUID

import pytest

from astreinte.records.journal import canonical, events
from astreinte.records.journal.events import Event, EventError
from tests.records.sample.facts import AboutNothing, CaseOpened, Everything

AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
PARIS = timezone(timedelta(hours=1))


def everything(**more: Any) -> Everything:
    values: dict[str, Any] = {
        "at": AT,
        "provider_id": 1,
        "name": "été « 東京 »",
        "count": 3,
        "sure": True,
        "day": date(2026, 3, 29),
        "until_at": None,
        "numbers": (1, 2),
        "instants": (AT, AT + timedelta(microseconds=5)),
    }
    return Everything(**values | more)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"until_at": AT},
        {"numbers": ()},
        {"name": ""},
        {"at": datetime(2026, 11, 23, 11, 30, tzinfo=PARIS)},
    ],
)
def test_what_was_written_is_read_back_as_the_same_event(more):
    event = everything(**more)
    assert events.read("sample.Everything", events.written(event)) == event


def test_the_kind_is_the_room_and_the_class():
    assert events.kind_of(CaseOpened) == "sample.CaseOpened"
    assert events.kinds()["sample.CaseOpened"] is CaseOpened


def test_the_subject_is_what_the_event_is_about():
    assert events.subject_of(CaseOpened(at=AT, provider_id=1, case_id=12)) == "case:12"
    assert events.subject_of(everything(name="x")) == "name:x"


def test_an_event_about_nothing_is_refused():
    with pytest.raises(EventError, match=r"sample.AboutNothing: subject is ''; it must name the field"):
        events.subject_of(AboutNothing(at=AT, provider_id=1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", "3"),
        ("count", True),
        ("sure", 1),
        ("at", datetime(2026, 1, 1)),  # noqa: DTZ001  the very thing that is refused
        ("day", AT),
        ("name", None),
        ("until_at", "2026-11-23T10:30:00Z"),
        ("numbers", [1]),
        ("numbers", (1, "2")),
    ],
)
def test_a_field_of_another_type_is_refused_by_name(field, value):
    with pytest.raises(EventError, match=f"sample.Everything.{field}: "):
        events.written(everything(**{field: value}))


def test_a_field_added_since_takes_its_default():
    old = {"at": "2026-11-23T10:30:00Z", "provider_id": 1, "case_id": 12}
    assert events.read("sample.CaseOpened", old) == CaseOpened(at=AT, provider_id=1, case_id=12)


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("sample.Gone", {}, "sample.Gone: no room declares this event"),
        (
            "sample.CaseOpened",
            {"colour": "red"},
            "sample.CaseOpened: the entry has colour, the class has not",
        ),
        ("sample.CaseOpened", {"provider_id": 1}, r"sample.CaseOpened: .*missing.*'at'"),
        ("sample.CaseOpened", {"at": "yesterday"}, r"sample.CaseOpened: .*yesterday"),
    ],
)
def test_what_cannot_be_read_back_names_the_event(kind, values, words):
    with pytest.raises(EventError, match=words):
        events.read(kind, values)


def test_two_rooms_cannot_declare_one_kind():
    with pytest.raises(
        EventError, match=r"sample.CaseOpened: declared in tests.records.sample.facts and again in"
    ):

        @dataclass(frozen=True)
        class CaseOpened(Event):
            __module__ = "elsewhere.sample.facts"
            subject: ClassVar[str] = "case_id"
            case_id: int

    assert events.kinds()["sample.CaseOpened"].__module__ == "tests.records.sample.facts"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "é"]}, '{"a":[true,null,"é"],"b":1}'),
        (datetime(2026, 11, 23, 11, 30, tzinfo=PARIS), '"2026-11-23T10:30:00Z"'),
        (AT + timedelta(microseconds=120), '"2026-11-23T10:30:00.000120Z"'),
        (date(2026, 3, 29), '"2026-03-29"'),
        (Decimal("1.50"), '"1.50"'),
        (Fraction(1, 3), '"1/3"'),
        (timedelta(hours=2, microseconds=1), '"7200000001 us"'),
        (b"\x00\xff", '"AP8="'),
        (memoryview(b"\x00\xff"), '"AP8="'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ("line\nbreak", '"line\\nbreak"'),
    ],
)
def test_a_value_has_one_text(value, text):
    assert canonical.text(value) == text


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_has_no_canonical_text_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        canonical.text(value)
