"""Makes an actor of a person, a token or an OS user, with the roles in force at an instant."""

from datetime import datetime

from astreinte.records.accounts import secret
from astreinte.records.accounts.models import Person, Provider, Role, Token
from astreinte.records.accounts.who import CLIENT_ROLES, NOBODY, STAFF_ROLES, Actor, system

__all__ = ["CLIENT_ROLES", "NOBODY", "STAFF_ROLES", "Actor", "of_os", "of_person", "of_token", "system"]


def of_person(person: Person, at: datetime) -> Actor:
    """Return the person as actor, with the roles in force at `at`; without one, it reaches nothing.

    A role at the provider comes before one at a client: nobody is both at once.
    """

    roles = list(Role.objects.as_of(at).filter(person=person).order_by("id").values_list("client_id", "role"))
    staff = frozenset(role for client, role in roles if client is None)
    if staff or not roles or not person.is_active:
        held, client_id = (staff if person.is_active else frozenset()), None
    else:
        client_id = roles[0][0]
        held = frozenset(role for client, role in roles if client == client_id)
    return Actor(
        "person",
        str(person.pk),
        provider_id=person.provider_id if held else None,
        client_id=client_id,
        roles=held,
        label=person.name,
        person_id=person.pk,
    )


def of_token(text: str, at: datetime) -> Actor:
    """Return the actor of an API token, or NOBODY when it is unknown, ended or withdrawn."""

    token = Token.objects.as_of(at).select_related("person").filter(digest=secret.digest(text)).first()
    if token is None:
        return NOBODY
    person = of_person(token.person, at)
    if person.provider_id != token.provider_id or person.client_id != token.client_id:
        return NOBODY
    return Actor(
        "token",
        str(token.pk),
        provider_id=token.provider_id,
        client_id=token.client_id,
        roles=person.roles & {token.role} if token.role else person.roles,
        label=token.name,
        person_id=token.person_id,
    )


def of_os(user: str, at: datetime, *, provider_id: int | None = None, owner: bool = False) -> Actor:
    """Return who works at the command line: the person linked to the OS user.

    The owner of the data folder (or root) without a linked person acts as administrator of `provider_id`,
    or of the only provider there is: it could read the database anyway.
    """

    person = Person.objects.filter(os_user=user, is_active=True).first()
    if person is not None:
        found = of_person(person, at)
        if found.roles:
            return found
    if not owner:
        return NOBODY
    if provider_id is None:
        only = list(Provider.objects.order_by("id").values_list("pk", flat=True)[:2])
        provider_id = only[0] if len(only) == 1 else None
    roles = frozenset({"admin"}) if provider_id is not None else frozenset()
    return Actor("os", user, provider_id=provider_id, roles=roles, label=user)
