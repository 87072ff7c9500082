"""A carrier says what is sure: real SMTP on loopback, and files."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core import mail

from astreinte.records.notices import carriers
from astreinte.records.notices.carriers import Carrier, FileCarrier, Kind, SmtpCarrier, Unreachable
from astreinte.records.notices.letters import Letter, letter_of
from tests.records.notices.cast import AT, Cast, a_notice
from tests.records.notices.mailserver import DROP, SILENCE, MailServer, nobody_listens


@pytest.fixture
def letter(cast: Cast) -> Letter:
    return letter_of(a_notice(cast, body=".au début\n..\nfin."), attempt=1, possible_duplicate=False, at=AT)


@pytest.fixture
def carrier(mail_server: MailServer):
    found = carriers.chosen()
    assert isinstance(found, SmtpCarrier)
    found.open()
    yield found
    found.close()


def test_a_250_is_handed_over_with_the_servers_own_words(
    carrier: Carrier, letter: Letter, mail_server: MailServer
) -> None:
    answer = carrier.hand_over(letter)
    assert (answer.kind, answer.detail) == (Kind.HANDED_OVER, "250 2.0.0 taken")
    assert mail_server.recipients == [letter.recipient]
    content = mail_server.received[0].get_content().replace("\r\n", "\n")
    assert content.startswith(".au début\n..\nfin.\n")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param("450 4.2.0 greylisted", Kind.LATER, id="for now"),
        pytest.param("421 4.3.2 shutting down", Kind.LATER, id="the server goes away"),
        pytest.param("554 5.7.1 this is spam", Kind.REFUSED, id="for good"),
        pytest.param(DROP, Kind.IN_DOUBT, id="the line is cut after the text"),
    ],
)
def test_what_the_server_does_with_the_text_is_told_apart(
    carrier: Carrier, letter: Letter, mail_server: MailServer, fault: str, kind: Kind
) -> None:
    mail_server.faults = [fault]
    answer = carrier.hand_over(letter)
    assert answer.kind is kind
    assert answer.detail.startswith(fault if fault != DROP else "the text was sent and no answer came")
    carrier.open()
    assert carrier.hand_over(letter).kind is Kind.HANDED_OVER


def test_a_server_that_keeps_silent_after_the_text_leaves_a_doubt(
    mail_server: MailServer, letter: Letter, settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    mail_server.faults = [SILENCE]
    carrier = SmtpCarrier()
    carrier.open()
    assert carrier.hand_over(letter).kind is Kind.IN_DOUBT
    assert len(mail_server.received) == 1
    carrier.close()


@pytest.mark.parametrize(
    ("said", "kind"),
    [("450 4.2.1 mailbox busy", Kind.LATER), ("550 5.1.1 unknown", Kind.REFUSED)],
)
def test_an_address_that_is_refused_never_gets_the_text(
    carrier: Carrier, letter: Letter, mail_server: MailServer, said: str, kind: Kind
) -> None:
    mail_server.at_rcpt = {letter.recipient: said}
    answer = carrier.hand_over(letter)
    assert (answer.kind, answer.detail) == (kind, said)
    assert mail_server.received == []
    mail_server.at_rcpt = {}
    assert carrier.hand_over(letter).kind is Kind.HANDED_OVER


def test_a_sender_that_is_refused_is_our_fault_and_waits(
    carrier: Carrier, letter: Letter, mail_server: MailServer
) -> None:
    mail_server.at_mail = "550 5.7.1 not your domain"
    answer = carrier.hand_over(letter)
    assert answer.kind is Kind.LATER
    assert answer.detail == "sender astreinte@armor.example: 550 5.7.1 not your domain"


def test_a_server_that_is_not_there_is_named(settings) -> None:
    port = nobody_listens()
    settings.EMAIL_BACKEND = carriers.SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with pytest.raises(Unreachable, match=f"^127.0.0.1:{port}: .*refused"):
        carriers.chosen().open()


def test_without_a_server_each_letter_is_a_file_that_only_its_owner_reads(
    letter: Letter, settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = carriers.FILES
    settings.PLACES = replace(settings.PLACES, data=tmp_path)
    carrier = carriers.chosen()
    carrier.open()
    answer = carrier.hand_over(letter)
    (path,) = (tmp_path / "mail").iterdir()
    assert answer.kind is Kind.HANDED_OVER
    assert answer.detail == f"written to mail/{letter.name}.eml"
    assert path.read_bytes() == letter.text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file in the way")
    with pytest.raises(Unreachable, match=r"mail: File exists"):
        FileCarrier(tmp_path / "mail").open()


def test_a_file_that_cannot_be_written_is_tried_later(letter: Letter, tmp_path: Path) -> None:
    carrier = FileCarrier(tmp_path)
    (tmp_path / f"{letter.name}.eml").mkdir()
    answer = carrier.hand_over(letter)
    assert answer.kind is Kind.LATER
    assert answer.detail.startswith(f"cannot write {letter.name}.eml: ")


def test_another_backend_of_django_is_used_as_it_is(letter: Letter) -> None:
    carrier = carriers.chosen()
    carrier.open()
    assert carrier.hand_over(letter).kind is Kind.HANDED_OVER
    carrier.close()
    assert [sent.subject for sent in mail.outbox] == [letter.message.subject]
