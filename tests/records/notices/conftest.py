"""The cast, and a mail server that the settings name."""

from collections.abc import Iterator

import pytest

from tests.records.notices.cast import Cast, play
from tests.records.notices.mailserver import MailServer, named_by


@pytest.fixture
def cast(db: None) -> Cast:
    """A provider with its people."""
    return play()


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """A real SMTP server, the one that the settings name."""
    with named_by(settings) as server:
        yield server
