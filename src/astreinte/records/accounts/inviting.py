"""A person gets in for the first time: a link that works once, by a click and a POST, for a day."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from astreinte.records.accounts import actors, secret
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.facts import InvitationRefused, InvitationUsed, PersonInvited
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.models import Invitation, Person, Role
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing

VALID_FOR = timedelta(hours=24)


@transaction.atomic
def invite(person: Person, *, at: datetime, actor: Actor, valid_for: timedelta = VALID_FOR) -> str:
    """Make a one-time link for a person; return its secret part, which is not kept."""
    is_staff = Role.objects.as_of(at).filter(person=person, client=None).exists()
    may(actor, "accounts.manage" if is_staff else "accounts.add_client", person)
    text = secret.new()
    row = Invitation.objects.create(
        person=person, digest=secret.digest(text), made_at=at, ends_at=at + valid_for
    )
    fact = PersonInvited(at=at, provider_id=person.provider_id, person_id=person.pk)
    writing.append(fact, actor=actor, rows=[row])
    return text


def open_at(text: str, at: datetime) -> Invitation | None:
    """Return the invitation that a link names, when it can still be used. Looking at it does not use it."""
    return (
        Invitation.objects.select_related("person__provider")
        .filter(digest=secret.digest(text), used_at=None, ends_at__gt=at, person__is_active=True)
        .first()
    )


@transaction.atomic
def note_refused(text: str, *, at: datetime) -> None:
    """Write down that a link of ours was tried that opens nothing any more; what we never made is nobody's."""
    row = Invitation.objects.select_related("person").filter(digest=secret.digest(text)).first()
    if row is None:
        return
    why = "used" if row.used_at is not None else "old" if row.person.is_active else "left"
    fact = InvitationRefused(at=at, provider_id=row.person.provider_id, person_id=row.person_id, why=why)
    writing.append(fact, actor=actors.NOBODY)


@transaction.atomic
def accept(text: str, *, password: str, at: datetime) -> Person:
    """Use the link: set the password. A second use, or a late one, is refused.

    Raises AccountError, or Django's ValidationError with the reasons why the password is too weak.
    """
    row = open_at(text, at)
    if row is None:
        raise AccountError("invitation: this link was used or is too old; ask for a new one")
    person = row.person
    validate_password(password, person)
    if not Invitation.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
        raise AccountError("invitation: this link was used or is too old; ask for a new one")
    row.refresh_from_db()
    person.set_password(password)
    person.save(update_fields=["password"])
    fact = InvitationUsed(at=at, provider_id=person.provider_id, person_id=person.pk)
    writing.append(fact, actor=actors.of_person(person, at), rows=[row])
    return person
