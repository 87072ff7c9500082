"""What every test may ask for. The cast and the builders are in tests/builders.py."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from astreinte.loops import clock
from tests.harness.installing import Installation, installed

pytest_plugins = [
    "pytester",
    "tests.harness.order",
    "tests.harness.network",
    "tests.harness.skips",
    "tests.harness.databases",
    "tests.harness.emptying",
]

# No test asserts how long it takes: on a busy machine an example may well take a second.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Where the hand-moved clock starts: a Monday, 11:00 in Paris, in business hours."""


@pytest.fixture
def hand() -> Iterator[clock.Hand]:
    """The clock of doors and loops, standing at MONDAY until the test moves it: `hand.advance(hours=2)`."""
    with clock.moved_to(MONDAY) as moved:
        yield moved


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A data folder and an empty database of its own, for tests that start the real processes."""
    with installed(tmp_path / "data") as found:
        yield found
