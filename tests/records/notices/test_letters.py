"""The letter: its identity and its thread are ours, and it says that a machine wrote it."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from astreinte.records.notices import letters
from astreinte.records.notices.models import Notice
from tests.records.notices.cast import AT, HOST, Cast, a_notice


def letter(notice: Notice, *, attempt: int = 1, possible_duplicate: bool = False) -> EmailMessage:
    text = letters.letter_of(
        notice, attempt=attempt, possible_duplicate=possible_duplicate, at=AT + timedelta(seconds=3)
    ).text()
    assert text.isascii()
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert max(map(len, text.split(b"\r\n"))) <= 998
    read = message_from_bytes(text, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_the_headers_say_who_writes_and_that_a_machine_does(cast: Cast, settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "astreinte@armor.example"
    notice = a_notice(cast)
    read = letter(notice)
    assert read["From"] == "Infogérance d’Armor <astreinte@armor.example>"
    assert read["To"] == cast.alice.email
    assert read["Subject"] == "Votre ticket n° 17"
    assert read["Date"] == "Mon, 23 Nov 2026 10:30:03 +0000"
    assert read["Message-ID"] == f"<{notice.public_id}@{HOST}>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "fr"
    assert read["In-Reply-To"] is None
    assert read.get_content().replace("\r\n", "\n") == notice.body


def test_a_thread_holds_what_the_same_person_was_told_about_the_same_thing(cast: Cast) -> None:
    first = a_notice(cast)
    a_notice(cast, cast.bob)
    a_notice(cast, about="ticket:18", fact="tickets.TicketOpened:18")
    second = a_notice(cast, fact="tickets.TicketTaken:17")
    third = a_notice(cast, fact="tickets.TicketClosed:17")
    assert letter(second)["In-Reply-To"] == letters.message_id(first)
    assert letter(third)["In-Reply-To"] == letters.message_id(second)
    assert letter(third)["References"].split() == [letters.message_id(first), letters.message_id(second)]


def test_a_long_thread_names_its_first_and_its_last_letters(cast: Cast) -> None:
    notices = [a_notice(cast, fact=f"x{turn}") for turn in range(15)]
    named = letter(notices[-1])["References"].split()
    assert named[0] == letters.message_id(notices[0])
    assert named[1:] == [letters.message_id(notice) for notice in notices[4:14]]


def test_what_is_about_nothing_starts_no_thread(cast: Cast) -> None:
    a_notice(cast, about="", fact="a")
    assert letter(a_notice(cast, about="", fact="b"))["References"] is None


@pytest.mark.parametrize(
    ("who", "mark"),
    [
        ("alice", "Votre ticket n° 17 (message n°\u00a01 envoyé à nouveau, peut-être déjà reçu)"),
        ("bob", "Votre ticket n° 17 (message No.\u00a01 sent again, perhaps received already)"),
    ],
)
def test_a_possible_double_carries_the_number_of_the_first_and_the_same_identity(
    cast: Cast, who: str, mark: str
) -> None:
    notice = a_notice(cast, getattr(cast, who))
    again = letter(notice, attempt=2, possible_duplicate=True)
    assert str(again["Subject"]) == mark
    assert again["Message-ID"] == letter(notice)["Message-ID"]
    assert f"\u00a0{notice.number}\n" in notice.body


def test_what_would_smuggle_a_header_in_cannot_be_written(cast: Cast) -> None:
    notice = a_notice(cast)
    notice.address = "alice@kermor.example\nBcc: charlie@brume.example"
    with pytest.raises(ValueError, match="Invalid address"):
        letter(notice)


def test_every_language_has_its_words() -> None:
    assert letters.SIGNED.keys() == letters.SENT_BEFORE.keys() == {"fr", "en-gb"}
