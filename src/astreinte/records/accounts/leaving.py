"""A leaver is shut out: sessions, tokens, links and mandates end with the last role (X.4).

What was done before stays. Somebody who comes back is given a role and a new invitation; nothing old opens again.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Model, Q

from astreinte.records.accounts import mandates
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.facts import PersonLeft
from astreinte.records.accounts.models import Invitation, Mandate, Person, Role, Token
from astreinte.records.journal import writing


def shut_out_when_roleless(person_id: int, *, client_id: int | None, at: datetime, actor: Actor) -> bool:
    """End what hung on roles that are gone, in the caller's transaction; tell whether the person left for good.

    The mandates for a client end with the last role there, all the rest with the last role at all.
    """
    held = Role.objects.standing().filter(Q(until_at=None) | Q(until_at__gt=at), person_id=person_id)
    gone = not held.exists()
    mandates_left = Mandate.objects.standing().filter(
        Q(until_at=None) | Q(until_at__gt=at), person_id=person_id
    )
    if not gone:
        if client_id is None or held.filter(client_id=client_id).exists():
            return False
        mandates_left = mandates_left.filter(client_id=client_id)
    for row in mandates_left.order_by("pk"):
        mandates.cut(row, at=at, actor=actor)
    person = Person.objects.get(pk=person_id)
    if gone and person.is_active:
        _shut_out(person, at=at, actor=actor)
    return gone


def _shut_out(person: Person, *, at: datetime, actor: Actor) -> None:
    """Let nothing of this person's open anything any more.

    Sessions carry a digest of the password: an unusable one ends them all, wherever they are. Passkeys and
    authenticator apps go too: somebody who comes back adds new ones.
    """
    Authenticator.objects.filter(user=person).delete()
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    closed: list[Model] = [person]
    for token in Token.objects.standing().filter(person=person, until_at=None).order_by("pk"):
        token.until_at = at
        token.save(update_fields=["until_at"])
        closed.append(token)
    for link in Invitation.objects.filter(person=person, used_at=None, ends_at__gt=at).order_by("pk"):
        link.ends_at = at
        link.save(update_fields=["ends_at"])
        closed.append(link)
    fact = PersonLeft(at=at, provider_id=person.provider_id, person_id=person.pk)
    writing.append(fact, actor=actor, rows=closed)
