"""The cast, each with a token."""

from collections.abc import Iterator

import pytest

from astreinte.doors.api.bearing import PACE
from tests.builders import BEGINNING, Cast
from tests.doors.api.caller import Caller, calling


@pytest.fixture(autouse=True)
def pace() -> Iterator[None]:
    """Count from nothing: the tokens of another test have the same keys."""
    PACE.forget()
    yield
    PACE.forget()


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
