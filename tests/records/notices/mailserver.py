"""A real SMTP server on loopback that can misbehave: it refuses, loses the line, keeps silent."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPT = "250 2.0.0 taken"
DROP = "drop"
"""Take the text, then cut the line without an answer."""
SILENCE = "silence"
"""Take the text, then say nothing at all."""


class MailServer:
    """What was received, in order; `faults` holds what to say to the next letters, then all is accepted."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.faults: list[str] = []
        self.at_rcpt: dict[str, str] = {}
        self.at_mail = ""
        self.on_text: Callable[[], None] | None = None
        self.port = 0
        self._silent = asyncio.Event()

    @property
    def subjects(self) -> list[str]:
        """The subjects of what was received."""
        return [str(letter["Subject"]) for letter in self.received]

    async def handle_MAIL(  # noqa: N802  aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the sender unless told otherwise."""
        if self.at_mail:
            return self.at_mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the address unless told otherwise."""
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Receive the text, and misbehave if it is the turn of a fault."""
        fault = self.faults.pop(0) if self.faults else ACCEPT
        if fault[0] in "45":
            return fault
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.received.append(letter)
        self.recipients += envelope.rcpt_tos
        if self.on_text:
            self.on_text()
        if fault == DROP:
            server.transport.abort()
        if fault == SILENCE:
            await self._silent.wait()
        return fault if fault[0] == "2" else ACCEPT


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running() -> Iterator[MailServer]:
    """Serve on a free port of loopback until the end."""
    server = MailServer()
    controller = _AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.loop.call_soon_threadsafe(server._silent.set)
        controller.stop()


@contextmanager
def named_by(settings: Any) -> Iterator[MailServer]:
    """Serve, and have Django's settings name this server."""
    with running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "astreinte@armor.example"
        yield server


def nobody_listens() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
