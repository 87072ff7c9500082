"""Somebody is to be told: the row stands with its fact, once, in the person's own words."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from astreinte.records.accounts import actors, people
from astreinte.records.accounts.models import Brand, Person
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.journal.models import Entry
from astreinte.records.notices import telling
from astreinte.records.notices.models import Notice, NoticeStep, Sending
from astreinte.words import hearer
from tests.records.notices.cast import AT, HOST, SYSTEM, Cast, a_notice, play, state, states


def tell(cast: Cast, *persons: Person, fact: str = "tickets.TicketOpened:17", **more):
    return telling.tell(
        persons=persons,
        say=more.pop("say", lambda person: ("Ticket", "Bonjour.")),
        about=more.pop("about", "ticket:17"),
        entry_key=fact,
        client_id=cast.client.pk,
        at=more.pop("at", AT),
        actor=more.pop("actor", SYSTEM),
    )


def test_a_notice_is_queued_with_its_step_its_lease_and_its_entry(cast: Cast) -> None:
    notice = a_notice(cast)
    assert state(notice) == "queued"
    assert (notice.address, notice.sender, notice.host) == (cast.alice.email, cast.provider.name, HOST)
    sending = Sending.objects.get(notice=notice)
    assert (sending.due_at, sending.attempts, sending.settled_at) == (AT, 0, None)
    entry = Entry.objects.get(kind="notices.NoticeQueued")
    assert entry.subject == f"notice:{notice.pk}"
    assert entry.words is not None
    assert "nous intervenons avant 13:30" in entry.words
    assert "nous intervenons" not in entry.body


def test_a_fact_that_is_taken_back_tells_nobody(cast: Cast) -> None:
    def fact() -> None:
        with transaction.atomic():
            tell(cast, cast.alice)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fact()
    assert not Notice.objects.exists()
    assert not NoticeStep.objects.exists()


def test_nobody_is_told_twice_for_one_fact(cast: Cast) -> None:
    assert len(tell(cast, cast.alice, cast.bob, cast.alice)) == 2
    assert tell(cast, cast.alice, cast.bob, at=AT + timedelta(minutes=1)) == []
    assert len(tell(cast, cast.alice, cast.bob, cast.hugo)) == 1
    assert list(Notice.objects.order_by("id").values_list("number", flat=True)) == [1, 2, 3]


def test_another_fact_about_the_same_thing_is_told(cast: Cast) -> None:
    tell(cast, cast.alice)
    assert len(tell(cast, cast.alice, fact="tickets.TicketClosed:17")) == 1


def test_each_is_told_in_their_language_and_zone(cast: Cast) -> None:
    people.change(cast.bob, zone="America/Montreal", at=AT, actor=SYSTEM)
    seen = {}

    def say(person: Person) -> tuple[str, str]:
        seen[person.name] = (translation.get_language(), timezone.get_current_timezone_name())
        assert seen[person.name] == (hearer().language, hearer().timezone)
        return "Ticket", "…"

    tell(cast, cast.alice, cast.bob, say=say)
    assert seen == {"Alice": ("fr", "Europe/Paris"), "Bob": ("en-gb", "America/Montreal")}
    assert translation.get_language() != "en-gb"
    bodies = dict(Notice.objects.values_list("person__name", "body"))
    assert bodies["Alice"].endswith(f"-- \n{cast.provider.name}\nMessage n°\u00a01\n")
    assert bodies["Bob"].endswith(f"-- \n{cast.provider.name}\nMessage No.\u00a02\n")


def test_numbers_run_within_a_provider(cast: Cast) -> None:
    others = play(name="Autre", host="autre.example")
    assert a_notice(cast).number == 1
    assert a_notice(others, fact="tickets.TicketOpened:18").number == 1
    assert a_notice(cast, fact="tickets.TicketOpened:19").number == 2


@pytest.mark.parametrize(
    ("said", "written"),
    [
        pytest.param("Panne\r\nBcc: x@y.example", "Panne Bcc: x@y.example", id="a header in disguise"),
        pytest.param("de\tl’e\u0301te\u0301 ", "de l’été", id="letters are composed"),
        pytest.param("ticket n°\u00a017\u202f!", "ticket n°\u00a017\u202f!", id="French spaces stay"),
        pytest.param("a\x00b\u2028c", "a b c", id="controls"),
    ],
)
def test_a_subject_is_one_line(cast: Cast, said: str, written: str) -> None:
    assert a_notice(cast, subject=said).subject == written


def test_a_text_keeps_its_lines_and_no_control(cast: Cast) -> None:
    body = a_notice(cast, body="un\r\ndeux\rtrois\x00\x1b[2J\tquatre").body
    assert body.startswith("un\ndeux\ntrois\ufffd\ufffd[2J\tquatre\n\n-- \n")


@pytest.mark.parametrize(("subject", "body"), [("  \n", "texte"), ("sujet", " \n")])
def test_a_notice_without_subject_or_text_is_refused(cast: Cast, subject: str, body: str) -> None:
    with pytest.raises(telling.NoticeError, match="a notice needs a subject and a text"):
        a_notice(cast, subject=subject, body=body)
    assert not Notice.objects.exists()


def test_a_person_without_an_address_is_not_forgotten_but_shown_as_failed(cast: Cast) -> None:
    Person.objects.filter(pk=cast.alice.pk).update(email="")
    cast.alice.refresh_from_db()
    notice = a_notice(cast)
    assert states(notice) == ["queued", "failed"]
    assert Sending.objects.get(notice=notice).settled_at == AT
    assert Entry.objects.filter(kind="notices.NoticeFailed").exists()


def test_a_provider_without_a_brand_is_named(cast: Cast) -> None:
    Brand.objects.all().delete()
    with pytest.raises(telling.NoticeError, match=r"notice\.sender: provider \d+ has no brand"):
        a_notice(cast)


def test_staff_tells_only_people_of_its_own_provider(cast: Cast) -> None:
    others = play(name="Autre", host="autre.example")
    hugo = actors.of_person(cast.hugo, AT)
    assert tell(cast, cast.alice, actor=hugo)
    with pytest.raises(NotAllowed, match="different providers"):
        tell(cast, others.alice, actor=hugo)
    with pytest.raises(NotAllowed, match=r"notices\.tell"):
        tell(cast, cast.bob, actor=actors.of_person(cast.alice, AT))


def test_a_stranger_sees_nothing_and_a_colleague_what_is_the_clients(cast: Cast) -> None:
    others = play(name="Autre", host="autre.example")
    notice = a_notice(cast)
    (of_the_house,) = telling.tell(
        persons=[cast.hugo],
        say=lambda _: ("Interne", "…"),
        about="ticket:17",
        entry_key="x",
        at=AT,
        actor=SYSTEM,
    )

    def seen(person: Person) -> list[int]:
        return sorted(
            Notice.objects.visible_to(actors.of_person(person, AT)).values_list("number", flat=True)
        )

    assert seen(cast.alice) == seen(cast.bob) == [notice.number]
    assert seen(cast.hugo) == [notice.number, of_the_house.number]
    assert seen(cast.charlie) == seen(others.hugo) == seen(others.alice) == []
    for person in (cast.charlie, others.hugo):
        assert not NoticeStep.objects.visible_to(actors.of_person(person, AT)).exists()
    assert not Sending.objects.visible_to(actors.of_person(cast.alice, AT)).exists()


def test_what_was_said_about_one_thing_is_found(cast: Cast) -> None:
    notice = a_notice(cast)
    a_notice(cast, fact="tickets.TicketOpened:18", about="ticket:18")
    assert list(Notice.objects.about("ticket:17")) == [notice]


@pytest.mark.parametrize("table", ["notices_notice", "notices_noticestep"])
@pytest.mark.parametrize("bend", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_what_was_said_and_done_cannot_be_bent(cast: Cast, table: str, bend: str) -> None:
    a_notice(cast)
    with pytest.raises(IntegrityError, match=table), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(bend.format(table))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once() -> None:
    cast = play()
    both = threading.Barrier(2)
    told: list[int] = []

    def work() -> None:
        def say(person: Person) -> tuple[str, str]:
            return "Ticket", "Bonjour."

        try:
            both.wait()
            told.append(len(tell(cast, cast.alice, cast.bob, say=say)))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(told) == [0, 2]
    assert Notice.objects.count() == Sending.objects.count() == 2
