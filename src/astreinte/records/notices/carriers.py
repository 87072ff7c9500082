"""Carriers: who takes a letter out of the house. They never touch the database.

An answer says what is sure. *Handed over*: the carrier took it upon itself; it is not *delivered*.
*Refused*: it will never take it. *Later*: it surely did not take it this time. *In doubt*: the text went
out and no answer came back, so the letter may have arrived.
"""

import os
import re
import smtplib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from astreinte.records.notices.letters import Letter

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FILES = "django.core.mail.backends.filebased.EmailBackend"


class Kind(Enum):
    """What an answer makes sure."""

    HANDED_OVER = "handed over"
    REFUSED = "refused"
    LATER = "later"
    IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one sending, with the carrier's own words."""

    kind: Kind
    detail: str


class Unreachable(Exception):
    """The carrier cannot be reached at all: nothing was said to it about any letter."""


class Carrier(Protocol):
    """Opened before each letter (again, when its line broke), and closed whatever happened."""

    def open(self) -> None:
        """Be ready to take a letter, or raise Unreachable."""

    def hand_over(self, letter: Letter) -> Answer:
        """Give one letter, once; the carrier is open."""

    def close(self) -> None:
        """Say goodbye; never fails."""


def chosen() -> Carrier:
    """Return the carrier that the settings name: an SMTP server, or files when none is set.

    Another backend of Django (that of its own test suite, for instance) is used as it is.
    """
    if settings.EMAIL_BACKEND == SMTP:
        return SmtpCarrier()
    if settings.EMAIL_BACKEND == FILES:
        return FileCarrier(settings.PLACES.data / "mail")
    return BackendCarrier(get_connection())


class FileCarrier:
    """Writes each letter into a folder, whole or not at all, so that nothing has to be installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Make the folder, readable by its owner alone: letters hold people's words."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"{self.folder}: {error.strerror or error}") from error

    def hand_over(self, letter: Letter) -> Answer:
        """Write `NAME.eml`."""
        path = self.folder / f"{letter.name}.eml"
        try:
            _write_whole(path, letter.text())
        except OSError as error:
            return Answer(Kind.LATER, f"cannot write {path.name}: {error.strerror or error}")
        return Answer(Kind.HANDED_OVER, f"written to {self.folder.name}/{path.name}")

    def close(self) -> None:
        """Nothing stays open."""


class BackendCarrier:
    """Any e-mail backend of Django. It tells less: an error in the middle leaves us in doubt."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def open(self) -> None:
        """Open the backend's connection."""
        try:
            self.backend.open()
        except OSError as error:
            raise Unreachable(str(error)) from error

    def hand_over(self, letter: Letter) -> Answer:
        """Let the backend send."""
        try:
            sent = self.backend.send_messages([letter.message])
        except OSError as error:
            return Answer(Kind.IN_DOUBT, str(error))
        kind = Kind.HANDED_OVER if sent else Kind.LATER
        return Answer(kind, f"{type(self.backend).__module__}: {sent or 0} sent")

    def close(self) -> None:
        """Close the backend's connection."""
        self.backend.close()


class SmtpCarrier:
    """An SMTP server, spoken to step by step so that it is known at which step a line broke."""

    def __init__(self) -> None:
        self.backend: EmailBackend | None = None

    def open(self) -> None:
        """Connect, with TLS and a password as the settings say; do nothing while the line stands."""
        if self.backend is not None:
            return
        backend = EmailBackend()
        try:
            backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"{backend.host}:{backend.port}: {_words(error)}") from error
        self.backend = backend

    def hand_over(self, letter: Letter) -> Answer:
        """Give one letter. A line that broke is closed: the next letter opens another."""
        if self.backend is None or self.backend.connection is None:
            raise RuntimeError("open the carrier before each letter")
        smtp = self.backend.connection
        text = letter.text()
        try:
            refusal = _envelope(smtp, letter)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer(Kind.LATER, f"the line broke before the text: {_words(error)}")
        if refusal is not None:
            self._start_afresh(smtp)
            return refusal
        try:
            answer = _text(smtp, text)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer(Kind.IN_DOUBT, f"the text was sent and no answer came: {_words(error)}")
        if answer.kind is not Kind.HANDED_OVER:
            self._start_afresh(smtp)
        return answer

    def close(self) -> None:
        """Say QUIT; a server that does not listen any more is left alone."""
        backend, self.backend = self.backend, None
        if backend is not None and backend.connection is not None:
            try:
                backend.connection.quit()
            except (OSError, smtplib.SMTPException):
                backend.connection.close()

    def _start_afresh(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.rset()
        except (OSError, smtplib.SMTPException):
            code = 421
        if code != 250:
            self.close()


def _envelope(smtp: smtplib.SMTP, letter: Letter) -> Answer | None:
    """Say who sends to whom; return the refusal, if any."""
    smtp.ehlo_or_helo_if_needed()
    said = smtp.mail(letter.sender)
    if said[0] != 250:
        # It is about us, not about this person: the sender's rights can be mended while the letter waits.
        return Answer(Kind.LATER, f"sender {letter.sender}: {_reply(said)}")
    said = smtp.rcpt(letter.recipient)
    if said[0] not in {250, 251}:
        return _refusal(said)
    said = smtp.docmd("DATA")
    return None if said[0] == 354 else _refusal(said)


def _text(smtp: smtplib.SMTP, text: bytes) -> Answer:
    """Send the text and read the one answer that matters (RFC 5321 4.5.2: a leading dot is doubled)."""
    text = re.sub(rb"(?m)^\.", b"..", text)
    smtp.send(text if text.endswith(b"\r\n") else text + b"\r\n")
    smtp.send(b".\r\n")
    said = smtp.getreply()
    return Answer(Kind.HANDED_OVER, _reply(said)) if said[0] == 250 else _refusal(said)


def _refusal(said: tuple[int, bytes]) -> Answer:
    """RFC 5321 4.2.1: 5xx is for good; 4xx, and what no standard knows, is for now."""
    return Answer(Kind.REFUSED if 500 <= said[0] < 600 else Kind.LATER, _reply(said))


def _reply(said: tuple[int, bytes]) -> str:
    code, text = said
    return f"{code} {text.decode('utf-8', 'replace')}".strip()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return _reply((error.smtp_code, raw if isinstance(raw, bytes) else raw.encode()))
    return str(error) or type(error).__name__


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is durable too, or "handed over" would be a hope
    finally:
        os.close(folder)
