"""What the stories of killed processes may ask for."""

from collections.abc import Iterator

import pytest

from tests.doors.cli.running import end_watch
from tests.harness.installing import Installation
from tests.journeys.killing import Postbox
from tests.records.notices.mailserver import running


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A real SMTP server on loopback, and what it received."""
    with running() as server:
        yield Postbox(server)


@pytest.fixture
def mailing(installation: Installation, postbox: Postbox) -> Iterator[Installation]:
    """The installation of the story, which sends its letters to the postbox."""
    yield installation.told(ASTREINTE_SMTP=f"smtp://127.0.0.1:{postbox.server.port}")
    end_watch(installation)
