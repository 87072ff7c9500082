"""Finds the people, contracts and tickets that a command names, within what the actor may see."""

from datetime import datetime

from astreinte.doors.cli.finding import NotFoundError, numbered
from astreinte.records.accounts import telephones
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand, Client, EmergencyNumber, Person, Provider, Role, Token
from astreinte.records.contracts import overlaying
from astreinte.records.contracts.models import Binding, Coverage, OrderLine, Overlay, Price, Terms
from astreinte.records.tickets.models import Ticket

Change = Price | Binding | Overlay | Coverage
CHANGES: dict[str, type[Change]] = {"price": Price, "terms": Binding, "overlay": Overlay, "cover": Coverage}


def provider(actor: Actor) -> Provider:
    """Return the provider that the actor works for."""
    return Provider.objects.visible_to(actor).get()


def brand(name: str, actor: Actor) -> Brand:
    """Return the brand of this name or host; without a name, the first one."""
    seen = Brand.objects.visible_to(actor).order_by("pk")
    found = (
        (seen.filter(name__iexact=name) | seen.filter(host=name.lower())).first() if name else seen.first()
    )
    if found is None:
        there = ", ".join(seen.values_list("name", flat=True)[:20])
        raise NotFoundError(f"brand {name!r}: none of this name or host; there are: {there or 'none'}")
    return found


def number(text: str, actor: Actor, at: datetime) -> EmergencyNumber:
    """Return the emergency number in force at `at`."""
    seen = EmergencyNumber.objects.visible_to(actor).as_of(at).select_related("brand")
    found: EmergencyNumber | None = seen.filter(number=telephones.normal(text)).first()
    if found is None:
        there = ", ".join(seen.order_by("number").values_list("number", flat=True)[:20])
        raise NotFoundError(f"number {text!r}: is no emergency number; there are: {there or 'none'}")
    return found


def a_client(text: str, actor: Actor) -> Client:
    """Return the client of this number or name, which must be named."""
    seen = Client.objects.visible_to(actor)
    found = seen.filter(number=int(text)).first() if text.isdecimal() and len(text) < 10 else None
    found = found or seen.filter(name__iexact=text).first()
    if found is None:
        there = ", ".join(seen.filter(internal=False).order_by("name").values_list("name", flat=True)[:20])
        raise NotFoundError(f"client {text!r}: none of this number or name; there are: {there or 'none'}")
    return found


def person(email: str, actor: Actor) -> Person:
    """Return the person of this address, of the actor's provider."""
    found: Person | None = Person.objects.visible_to(actor).filter(email=email.strip().lower()).first()
    if found is None:
        raise NotFoundError(
            f"person {email!r}: none of this address; `astreinte person list` shows who there is"
        )
    return found


def role(of: Person, name: str, client: Client | None, actor: Actor, at: datetime) -> Role:
    """Return the role in force of a person."""
    held = Role.objects.visible_to(actor).as_of(at).filter(person=of)
    found: Role | None = held.filter(role=name, client=client).first()
    if found is None:
        there = ", ".join(sorted(row.role for row in held))
        raise NotFoundError(f"role {name!r}: {of.email} does not hold it; they hold: {there or 'none'}")
    return found


def token(of: Person, name: str, actor: Actor, at: datetime) -> Token:
    """Return the token in force of a person, by its name."""
    held = Token.objects.visible_to(actor).as_of(at).filter(person=of)
    found: Token | None = held.filter(name=name).order_by("pk").first()
    if found is None:
        there = ", ".join(held.order_by("name").values_list("name", flat=True))
        raise NotFoundError(f"token {name!r}: {of.email} has none of this name; they have: {there or 'none'}")
    return found


def terms(name: str, actor: Actor) -> Terms:
    """Return the terms of this name."""
    seen = Terms.objects.visible_to(actor)
    found = seen.filter(name=name).first()
    if found is None:
        there = ", ".join(seen.order_by("name").values_list("name", flat=True)[:20])
        raise NotFoundError(
            f"terms {name!r}: none of this name; there are: {there or 'none: `astreinte terms add` writes some'}"
        )
    return found


def line(number_: int, actor: Actor) -> OrderLine:
    """Return the order line of this number."""
    seen = OrderLine.objects.visible_to(actor).select_related("client")
    return numbered(OrderLine, seen, number_, "contract list")


def overlay(of: OrderLine, title: str, actor: Actor) -> Overlay:
    """Return the specific contract of this title that lies over an order line and has no end yet."""
    seen = Overlay.objects.visible_to(actor).standing().filter(line=of)
    found: Overlay | None = seen.filter(title=title, until_at=None).first()
    if found is None:
        there = ", ".join(seen.order_by("from_at").values_list("title", flat=True))
        raise NotFoundError(
            f"overlay {title!r}: none of this title without an end; order line {of.number} has: {there or 'none'}"
        )
    return found


def pending(of: OrderLine, title: str, sha256: str, at: datetime) -> Overlay:
    """Return the specific contract of this title, and digest if said, that waits for a second person."""
    waiting = overlaying.pending(of, at)
    titled = [row for row in waiting if row.title == title]
    found = [row for row in titled if sha256 in {"", overlaying.digest(row)}]
    if len(found) > 1 or (titled and not found):
        there = ", ".join(f"{overlaying.digest(row)} ({row.from_at.isoformat()})" for row in titled)
        raise NotFoundError(
            f"overlay {title!r}: say with --sha256 which one you have read; of this title wait: {there}"
        )
    if not found:
        there = ", ".join(row.title for row in waiting)
        raise NotFoundError(
            f"overlay {title!r}: none of this title waits; on order line {of.number} wait: {there or 'none'}"
        )
    return found[0]


def to_come(of: OrderLine, what: str, actor: Actor, at: datetime) -> Change:
    """Return the last change of a kind that is written for an order line and has not begun at `at`."""
    if what not in CHANGES:
        raise NotFoundError(f"change {what!r}: write one of {', '.join(CHANGES)}")
    seen = CHANGES[what].objects.visible_to(actor).standing().filter(line=of, from_at__gt=at)
    found: Change | None = seen.order_by("-from_at", "-pk").first()
    if found is None:
        raise NotFoundError(
            f"{what} of order line {of.number}: none is to come; what holds already is changed, not taken back"
        )
    return found


def ticket(number_: int, actor: Actor) -> Ticket:
    """Return the ticket of this number."""
    seen = Ticket.objects.visible_to(actor).select_related("client", "server", "assignee", "merged_into")
    return numbered(Ticket, seen, number_, "ticket list")
