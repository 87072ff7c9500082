"""The people of these tests: a provider with its brand, a client, and who is to be told."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from astreinte.records.accounts import actors, founding, people
from astreinte.records.accounts.models import Client, Person, Provider
from astreinte.records.notices import telling
from astreinte.records.notices.models import Notice

AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
SYSTEM = actors.system("tickets")
HOST = "assistance.kermor.example"


@dataclass(frozen=True)
class Cast:
    """Alice and Bob speak for Kermor, Charlie for another client; Hugo is of the staff."""

    provider: Provider
    client: Client
    other: Client
    alice: Person
    bob: Person
    charlie: Person
    hugo: Person


def play(*, name: str = "Infogérance d’Armor", host: str = HOST) -> Cast:
    """Write the cast down."""
    provider, _, _ = founding.found(
        name=name, host=host, origin=f"https://{host}", at=AT, actor=actors.system("accounts")
    )
    by = actors.system("accounts")
    client = founding.add_client(provider, name="Maison Kermor", at=AT, actor=by)
    other = founding.add_client(provider, name="Atelier Brume", at=AT, actor=by)

    def person(who: str, role: str, client: Client | None, language: str = "fr") -> Person:
        return people.add_person(
            provider,
            email=f"{who.lower()}@{host}",
            name=who,
            role=role,
            client=client,
            language=language,
            at=AT,
            actor=by,
        )

    return Cast(
        provider=provider,
        client=client,
        other=other,
        alice=person("Alice", "technical", client),
        bob=person("Bob", "reader", client, "en-gb"),
        charlie=person("Charlie", "technical", other),
        hugo=person("Hugo", "engineer", None),
    )


def a_notice(
    cast: Cast,
    person: Person | None = None,
    *,
    fact: str = "tickets.TicketOpened:17",
    about: str = "ticket:17",
    subject: str = "Votre ticket n° 17",
    body: str = "Bonjour,\n\nnous intervenons avant 13:30.",
    at: datetime = AT,
) -> Notice:
    """Tell one person one thing."""
    with transaction.atomic():
        (notice,) = telling.tell(
            persons=[person or cast.alice],
            say=lambda _: (subject, body),
            about=about,
            entry_key=fact,
            client_id=cast.client.pk,
            at=at,
            actor=SYSTEM,
        )
    return notice


def states(notice: Notice) -> list[str]:
    """Return the states of the steps, oldest first."""
    return list(notice.steps.order_by("id").values_list("state", flat=True))


def state(notice: Notice) -> str:
    """Return the notice's state as a page would show it."""
    found: str = Notice.objects.with_state().values_list("state", flat=True).get(pk=notice.pk)
    return found
