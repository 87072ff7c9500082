"""What the stories of commitments begin with."""

from collections.abc import Iterator

import pytest

from astreinte.loops import clock
from tests.records.commitments.relapsing import MORNING, Story
from tests.records.monitoring.watching import NOON


@pytest.fixture
def hand() -> Iterator[clock.Hand]:
    """The clock, that Monday at noon."""
    with clock.moved_to(NOON) as moved:
        yield moved


@pytest.fixture
def story() -> Iterator[Story]:
    """A shop that is watched, that Monday at 9:20."""
    with clock.moved_to(MORNING) as hand:
        yield Story(hand)
