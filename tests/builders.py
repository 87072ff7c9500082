"""The cast, and how to make what a story needs. Instants are written as civil time of Paris.

Alice speaks for the client Maison Kermor, Bob is her colleague, Charlie is of another client and must see
nothing; Hugo is on duty, Sofia manages, Ada administers; Victor works for another provider.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from astreinte.loops import deliver, seal
from astreinte.records.accounts import actors, founding, people
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand, Client, Person, Provider
from astreinte.records.commitments import standing
from astreinte.records.commitments.standing import Standing
from astreinte.records.contracts import binding
from astreinte.records.contracts.models import OrderLine, Terms
from astreinte.records.inventory import listing
from astreinte.records.inventory.models import Server
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Receipt, Ticket
from tests.harness.remembering import remembered

PARIS = ZoneInfo("Europe/Paris")
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SETUP = actors.system("tests")


def paris(text: str, fold: int = 0) -> datetime:
    """Return an instant in UTC from civil time of Paris; `fold=1` is the second pass of the repeated hour."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold).astimezone(UTC)


@dataclass(frozen=True)
class House:
    """A provider with its brand, its internal client and its staff."""

    provider: Provider
    brand: Brand
    internal: Client
    ada: Person
    hugo: Person
    sofia: Person


def a_house(name: str = "Estran", host: str = "testserver", at: datetime = BEGINNING) -> House:
    """A provider; its people have addresses at NAME.example."""
    provider, brand, internal = founding.found(
        name=name, host=host, origin=f"https://{host}", at=at, actor=SETUP
    )
    domain = f"{name.lower()}.example"

    def staff(who: str, role: str) -> Person:
        return people.add_person(
            provider,
            email=f"{who.split(maxsplit=1)[0].lower()}@{domain}",
            name=who,
            role=role,
            at=at,
            actor=SETUP,
        )

    founding.set_emergency_number(brand, number="+33 2 61 91 00 24", from_at=at, at=at, actor=SETUP)
    return House(
        provider,
        brand,
        internal,
        staff("Ada Morvan", "admin"),
        staff("Hugo Lemaire", "engineer"),
        staff("Sofia Marchetti", "manager"),
    )


def a_client(house: House, name: str = "Maison Kermor", at: datetime = BEGINNING) -> Client:
    """A client of the house."""
    return founding.add_client(house.provider, name=name, at=at, actor=SETUP)


def a_person(
    house: House,
    name: str,
    *,
    client: Client | None = None,
    role: str = "technical",
    at: datetime = BEGINNING,
    email: str = "",
) -> Person:
    """Somebody with a role: of the staff without a client."""
    address = (
        email
        or f"{name.split(maxsplit=1)[0].lower()}@{(client or house.provider).name.split()[-1].lower()}.example"
    )
    return people.add_person(
        house.provider, email=address, name=name, role=role, client=client, at=at, actor=SETUP
    )


def acting(person: Person, at: datetime) -> Actor:
    """The person as actor at an instant."""
    return actors.of_person(person, at)


def a_server(
    client: Client, name: str = "web1.kermor.example", at: datetime = BEGINNING, address: str = ""
) -> Server:
    """A server of the client."""
    return listing.add_server(client=client, name=name, address=address, at=at, actor=SETUP)


def some_terms(
    house: House,
    name: str = "infogerance-2017",
    patch: dict[str, Any] | None = None,
    at: datetime = BEGINNING,
) -> Terms:
    """Terms of the house; without a patch, the built-in ones. Written once a name."""
    known = Terms.objects.filter(provider=house.provider, name=name).first()
    return known or binding.write_terms(house.provider, name=name, patch=patch or {}, at=at, actor=SETUP)


def a_contract(
    client: Client,
    *servers: Server,
    terms: Terms,
    cents: int = 500_00,
    period: str = "monthly",
    at: datetime = BEGINNING,
    plan: str = "Infogérance",
) -> OrderLine:
    """An order line that binds the client and covers the servers from the same instant."""
    line = binding.bind(
        client=client,
        plan=plan,
        price_cents=cents,
        period=period,
        terms=terms,
        from_at=at,
        at=at,
        actor=SETUP,
    )
    for server in servers:
        binding.cover(line=line, server=server, from_at=at, at=at, actor=SETUP)
    return line


def a_declaration(
    server: Server,
    at: datetime,
    *,
    by: Actor = SETUP,
    priority: str = "critical",
    channel: str = "web",
    subject: str = "La boutique répond 502",
    text: str = "Plus aucune page ne s’affiche.",
    key: str = "",
) -> Receipt:
    """What the client declared, received at `at`."""
    return opening.declare(
        client=server.client,
        server=server,
        subject=subject,
        text=text,
        priority=priority,
        channel=channel,
        key=key or opening.new_key(channel),
        at=at,
        actor=by,
    )


def a_ticket(server: Server, at: datetime, **how: Any) -> Ticket:
    """The ticket of a declaration."""
    return a_declaration(server, at, **how).ticket


def stands(ticket: Ticket, at: datetime) -> Standing:
    """How the ticket stands at an instant, read anew."""
    return standing.of(Ticket.objects.get(pk=ticket.pk), at)


def time_passes() -> None:
    """Let the loops do what is due by the clock that the test moved: deliveries, then seals."""
    deliver.deliver_due()
    seal.seal_waiting()


@dataclass(frozen=True)
class Cast:
    """The whole cast on one contract of 500.00 a month, and Charlie's and Victor's beside it."""

    house: House
    kermor: Client
    alice: Person
    bob: Person
    web1: Server
    line: OrderLine
    halles: Client
    charlie: Person
    app2: Server
    other_house: House
    victor: Person


@remembered
def the_cast() -> Cast:
    """Maison Kermor with Alice and Bob, the Coopérative Les Halles with Charlie, another provider with Victor."""
    house = a_house()
    terms = some_terms(house)
    kermor, halles = a_client(house), a_client(house, "Coopérative Les Halles")
    web1, app2 = a_server(kermor), a_server(halles, "app2.halles.example")
    line = a_contract(kermor, web1, terms=terms)
    a_contract(halles, app2, terms=terms, cents=390_00)
    other = a_house("Ressac", "ressac.test")
    return Cast(
        house=house,
        kermor=kermor,
        alice=a_person(house, "Alice Caradec", client=kermor),
        bob=a_person(house, "Bob Tanguy", client=kermor),
        web1=web1,
        line=line,
        halles=halles,
        charlie=a_person(house, "Charlie Le Goff", client=halles),
        app2=app2,
        other_house=other,
        victor=a_person(other, "Victor Quéré", role="admin"),
    )
