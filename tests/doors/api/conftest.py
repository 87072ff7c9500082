"""The cast of tests/builders.py, each with a token, on a Monday at 11:30 in Paris."""

from collections.abc import Iterator

import pytest

from astreinte.doors.api.bearing import PACE
from astreinte.loops import clock
from tests.builders import BEGINNING, Cast, paris, the_cast
from tests.doors.api.caller import Caller, calling


@pytest.fixture
def hand() -> Iterator[clock.Hand]:
    PACE.forget()  # the tokens of another test have the same keys
    with clock.moved_to(paris("2026-11-23T11:30")) as moved:
        yield moved


@pytest.fixture
def cast(db: None, hand: clock.Hand) -> Cast:
    return the_cast()


@pytest.fixture
def alice(cast: Cast) -> Caller:
    return calling(cast.alice, BEGINNING)


@pytest.fixture
def bob(cast: Cast) -> Caller:
    return calling(cast.bob, BEGINNING)


@pytest.fixture
def charlie(cast: Cast) -> Caller:
    return calling(cast.charlie, BEGINNING)


@pytest.fixture
def hugo(cast: Cast) -> Caller:
    return calling(cast.house.hugo, BEGINNING)
