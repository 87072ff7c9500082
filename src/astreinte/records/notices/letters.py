"""A notice as it goes over the wire: an e-mail whose identity and thread are ours.

RFC 5322 3.6.4 (identification fields) and RFC 3834 (automatic mail says so, and is not answered by machines).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from io import BytesIO
from unicodedata import normalize

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import sanitize_address

from astreinte.records.notices.models import Notice

THREAD_LENGTH = 10  # RFC 5322 lets References grow for ever; readers of mail need the first and the last ones

SIGNED = {"fr": "Message n°\u00a0{number}", "en-gb": "Message No.\u00a0{number}"}
SENT_BEFORE = {
    "fr": "{subject} (message n°\u00a0{number} envoyé à nouveau, peut-être déjà reçu)",
    "en-gb": "{subject} (message No.\u00a0{number} sent again, perhaps received already)",
}


# Not str.split(): it takes a no-break space for a space, and French needs it where it is.
_BREAKS = re.compile(r"[ \x00-\x1f\x7f\x85\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a carrier takes: bare addresses for the envelope, and the message with its headers.

    `name` is the letter's own among all sendings: number, public id and attempt.
    """

    sender: str
    recipient: str
    name: str
    message: EmailMessage

    def text(self) -> bytes:
        """Return the message as it is transmitted, with CRLF at each line's end."""
        written, made, subject = BytesIO(), self.message.message(), str(self.message.subject)
        if not subject.isascii():  # Django begins a long one on the second line, read as a blank by many
            made.replace_header("Subject", Header(subject, "utf-8", header_name="Subject").encode())
        # A line that begins with "From " is left alone: that is for mailboxes, not for the wire.
        BytesGenerator(written, mangle_from_=False).flatten(made, linesep="\r\n")
        return written.getvalue()


def one_line(subject: str) -> str:
    """Return a subject on one line, letters composed; spaces that hold words together stay."""
    return _BREAKS.sub(" ", normalize("NFC", subject)).strip(" ")


def plain(body: str) -> str:
    """Return a text with its letters composed and without the controls that no mail may hold (RFC 5322 3.5)."""
    return _CONTROLS.sub("\ufffd", normalize("NFC", body.replace("\r\n", "\n").replace("\r", "\n")))


def signed(body: str, *, sender: str, number: int, language: str) -> str:
    """Return the body with the brand and the notice's number below it (RFC 3676: `-- ` opens a signature)."""
    return f"{body.rstrip()}\n\n-- \n{sender}\n{SIGNED[language].format(number=number)}\n"


def letter_of(notice: Notice, *, attempt: int, possible_duplicate: bool, at: datetime) -> Letter:
    """Return the letter for one sending. Sent again, it keeps its Message-ID and says that it may be a double.

    Raises ValueError when an address or a header cannot be written.
    """
    sender = sanitize_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], "utf-8")
    recipient = sanitize_address(notice.address, "utf-8")
    subject = notice.subject
    if possible_duplicate:
        subject = SENT_BEFORE[notice.language].format(subject=subject, number=notice.number)
    message = EmailMessage(
        subject=subject,
        body=notice.body,
        from_email=formataddr((notice.sender, sender)),
        to=[recipient],
        headers=_headers(notice, at),
    )
    # Quoted-printable: every server takes it, and French stays readable in the raw text.
    message.encoding = Charset("utf-8")
    message.encoding.body_encoding = QP
    letter = Letter(
        sender=sender,
        recipient=recipient,
        name=f"{notice.number}-{notice.public_id}-{attempt}",
        message=message,
    )
    letter.text()  # what cannot be written is found out before anything is said to the carrier
    return letter


def message_id(notice: Notice) -> str:
    """Return the Message-ID of a notice: the same for each of its sendings."""
    return f"<{notice.public_id}@{notice.host}>"


def _headers(notice: Notice, at: datetime) -> dict[str, str]:
    headers = {
        "Message-ID": message_id(notice),
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",  # what Exchange heeds in place of RFC 3834
        "Content-Language": notice.language,
    }
    thread = [message_id(earlier) for earlier in _earlier(notice)]
    if thread:
        headers["In-Reply-To"] = thread[-1]
        headers["References"] = " ".join(thread[:1] + thread[1:][-THREAD_LENGTH:])
    return headers


def _earlier(notice: Notice) -> list[Notice]:
    """Return what the same person was told before about the same thing, oldest first."""
    earlier = Notice.objects.filter(person_id=notice.person_id, about=notice.about, pk__lt=notice.pk)
    return list(earlier.order_by("id").only("public_id", "host")) if notice.about else []
