"""What the stories of the rooms begin with."""

import pytest

from tests.builders import Cast, the_cast


@pytest.fixture
def cast() -> Cast:
    return the_cast()
