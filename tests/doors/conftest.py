"""The cast of tests/builders.py before the pages, on a Monday at 11:30 in Paris."""

from collections.abc import Iterator

import pytest

from astreinte.loops import clock
from tests.builders import Cast, paris, the_cast
from tests.doors.browsing import Reading


@pytest.fixture
def hand() -> Iterator[clock.Hand]:
    with clock.moved_to(paris("2026-11-23T11:30")) as moved:
        yield moved


@pytest.fixture
def cast(db: None, hand: clock.Hand) -> Cast:
    return the_cast()


@pytest.fixture
def at_alices(cast: Cast) -> Reading:
    """Alice at her browser."""
    return Reading(cast.alice)


@pytest.fixture
def at_hugos(cast: Cast) -> Reading:
    """Hugo, who is on duty, at his browser."""
    return Reading(cast.house.hugo)


@pytest.fixture
def at_sofias(cast: Cast) -> Reading:
    """Sofia, who manages, at her browser."""
    return Reading(cast.house.sofia)
