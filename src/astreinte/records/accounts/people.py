"""People come, get roles and mandates, and leave: all dated, nothing deleted."""

from datetime import datetime
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model

from astreinte.records.accounts import leaving
from astreinte.records.accounts.actors import CLIENT_ROLES, STAFF_ROLES, Actor
from astreinte.records.accounts.facts import PersonAdded, PersonChanged, RoleEnded, RoleGiven
from astreinte.records.accounts.founding import AccountError, named
from astreinte.records.accounts.models import Client, Person, Provider, Role
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing

LANGUAGES = ("fr", "en-gb")


@transaction.atomic
def add_person(
    provider: Provider,
    *,
    email: str,
    name: str,
    role: str,
    at: datetime,
    actor: Actor,
    client: Client | None = None,
    language: str = "fr",
    os_user: str | None = None,
) -> Person:
    """Add a person with a first role: at the provider, or a mandate for `client`."""
    may(actor, "accounts.manage" if client is None else "accounts.add_client", client or provider)
    email = _email(email)
    known = Person.objects.filter(email=email).first()
    if known is not None:
        way_out = (
            "give that person a role instead"
            if known.provider_id == provider.pk
            else "choose another address"
        )
        raise AccountError(f"person.email: {email} is known already; {way_out}")
    _spoken(language)
    _free(os_user, provider.pk)
    person = Person(
        provider=provider,
        email=email,
        name=named("person.name", name or email),
        language=language,
        os_user=os_user,
    )
    person.set_unusable_password()
    person.save()
    writing.append(
        PersonAdded(at=at, provider_id=provider.pk, person_id=person.pk), actor=actor, rows=[person]
    )
    give_role(person, role=role, client=client, from_at=at, at=at, actor=actor)
    return person


@transaction.atomic
def give_role(
    person: Person, *, role: str, client: Client | None, from_at: datetime, at: datetime, actor: Actor
) -> Role:
    """Give a person a role from an instant on: of the staff without a client, else at that client.

    Somebody who had left comes back by it, and needs a new invitation to sign in. Nobody is of the staff and of
    a client at once: whoever decides for a client would be its provider.
    """
    may(actor, "accounts.manage" if client is None else "accounts.add_client", client or person.provider)
    known = STAFF_ROLES if client is None else CLIENT_ROLES
    if role not in known:
        raise AccountError(f"role: {role!r}: write one of {', '.join(sorted(known))}")
    if client is not None and client.provider_id != person.provider_id:
        raise AccountError(f"role.client: {client.name} is a client of another provider")
    if Role.objects.as_of(from_at).filter(person=person, role=role).exists():
        raise AccountError(f"role: {person.email} is {role} already")
    _on_one_side(person, client, from_at)
    row = Role.objects.create(
        provider_id=person.provider_id, client=client, person=person, role=role, from_at=from_at
    )
    fact = RoleGiven(at=at, provider_id=person.provider_id, person_id=person.pk, role=role)
    rows: list[Model] = [row]
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        rows.append(person)
    writing.append(fact, actor=actor, rows=rows)
    return row


@transaction.atomic
def end_role(row: Role, *, at: datetime, actor: Actor) -> Role:
    """End a role: what was done under it stays (X.4). With the last one the person has left (`leaving`)."""
    may(actor, "accounts.manage" if row.client_id is None else "accounts.add_client", row)
    if row.until_at is None:
        row.until_at = at
        row.save(update_fields=["until_at"])
        fact = RoleEnded(at=at, provider_id=row.provider_id, person_id=row.person_id, role=row.role)
        writing.append(fact, actor=actor, rows=[row])
        leaving.shut_out_when_roleless(row.person_id, client_id=row.client_id, at=at, actor=actor)
    return row


@transaction.atomic
def end(person: Person, *, at: datetime, actor: Actor) -> Person:
    """Let a person leave: every role ends, and with it sessions, tokens, links and mandates (X.4)."""
    may(actor, "accounts.manage", person)
    if actor.person_id == person.pk:
        raise AccountError(
            f"person: {person.email} cannot leave by themselves; another administrator does it"
        )
    held = Role.objects.standing().filter(person=person).exclude(until_at__lte=at)
    if not held.exists():
        raise AccountError(f"person: {person.email} has no role left to end")
    for row in held.order_by("pk"):
        if row.from_at >= at:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            fact = RoleEnded(at=at, provider_id=row.provider_id, person_id=row.person_id, role=row.role)
            writing.append(fact, actor=actor, rows=[row])
        elif row.until_at is None:
            end_role(row, at=at, actor=actor)
    leaving.shut_out_when_roleless(person.pk, client_id=None, at=at, actor=actor)
    person.refresh_from_db()
    return person


@transaction.atomic
def change(
    person: Person,
    *,
    at: datetime,
    actor: Actor,
    name: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    os_user: str | None = None,
) -> Person:
    """Change how a person is shown and spoken to, or which OS user it is at the command line."""
    if actor.person_id != person.pk or os_user is not None:
        may(actor, "accounts.manage", person)
    if language is not None:
        _spoken(language)
    if zone is not None and zone not in available_timezones():
        raise AccountError(f"person.zone: {zone!r}: write a zone such as Europe/Paris")
    _free(os_user, person.provider_id, but=person)
    given = {
        "name": None if name is None else named("person.name", name),
        "language": language,
        "zone": zone,
        "os_user": os_user,
    }
    changed = {field: value for field, value in given.items() if value is not None}
    for field, value in changed.items():
        setattr(person, field, value)
    person.save(update_fields=list(changed))
    fact = PersonChanged(at=at, provider_id=person.provider_id, person_id=person.pk)
    writing.append(fact, actor=actor, rows=[person])
    return person


def _on_one_side(person: Person, client: Client | None, at: datetime) -> None:
    others = Role.objects.as_of(at).filter(person=person, client__isnull=client is not None)
    if others.exists():
        side = "of the provider's staff" if client is not None else "of a client's people"
        raise AccountError(
            f"role: {person.email} is {side}; end that first, or add another person with another address"
        )


def _spoken(language: str) -> None:
    if language not in LANGUAGES:
        raise AccountError(f"person.language: {language!r}: write fr or en-gb")


def _free(os_user: str | None, provider_id: int, but: Person | None = None) -> None:
    holder = Person.objects.filter(os_user=os_user).first() if os_user is not None else None
    if holder is not None and holder != but:
        who = holder.email if holder.provider_id == provider_id else "somebody else"
        raise AccountError(f"person.os_user: {os_user!r} is {who} at the command line; link another OS user")


def _email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise AccountError(
            f"person.email: {email!r} is no address; write it like ines@kermor.example"
        ) from None
    return email
