"""Of whom the provider wants a second factor: a dated row, so that it can be said what was asked when (X.4)."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.facts import SecondFactorChanged, SecondFactorPolicySet
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.models import Mandate, Person, Provider, SecondFactorPolicy
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing

POLICIES = ("offered", "required")
ADMINISTERS, SIGNS = frozenset({"admin", "manager"}), frozenset({"signatory"})


def policy(provider_id: int, at: datetime) -> str:
    """Return what holds at `at`: offered to everybody, or required of who administers and who signs."""
    row = SecondFactorPolicy.objects.as_of(at).filter(provider_id=provider_id).first()
    return "offered" if row is None else row.policy


@transaction.atomic
def set_policy(provider: Provider, *, policy: str, at: datetime, actor: Actor) -> SecondFactorPolicy:
    """Say from now on of whom a second factor is wanted. Raises AccountError."""
    may(actor, "accounts.manage", provider)
    if policy not in POLICIES:
        raise AccountError(f"second_factor: {policy!r}: write one of {', '.join(POLICIES)}")
    before = SecondFactorPolicy.objects.as_of(at).filter(provider=provider).first()
    if before is not None and before.policy == policy:
        raise AccountError(f"second_factor: is {policy} already")
    rows = []
    if before is not None:
        before.until_at = at
        before.save(update_fields=["until_at"])
        rows.append(before)
    row = SecondFactorPolicy.objects.create(provider=provider, policy=policy, from_at=at)
    fact = SecondFactorPolicySet(at=at, provider_id=provider.pk, policy=policy)
    writing.append(fact, actor=actor, rows=[*rows, row])
    return row


def is_required(actor: Actor, at: datetime) -> bool:
    """Tell whether the actor must have a second factor at `at`: who administers, signs, or holds a mandate to."""
    if actor.person_id is None or actor.provider_id is None or policy(actor.provider_id, at) == "offered":
        return False
    if actor.roles & (ADMINISTERS | SIGNS):
        return True
    held = Mandate.objects.as_of(at).filter(person_id=actor.person_id)
    return held.filter(Q(verb="sign") | Q(verb="consent")).exists()


@transaction.atomic
def reset(person: Person, *, at: datetime, actor: Actor) -> None:
    """Take the second factors of somebody away who lost them: an administrator does, after asking who it is.

    Raises AccountError when there is none.
    """
    may(actor, "accounts.manage", person)
    if actor.person_id == person.pk:
        raise AccountError("second_factor: yours is removed on your own page, or by another administrator")
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise AccountError(f"second_factor: {person.email} has none")
    note_change(person, what="reset", at=at, actor=actor)


@transaction.atomic
def note_change(person: Person, *, what: str, at: datetime, actor: Actor) -> None:
    """Write down that a person added or removed a second factor: never the secret itself."""
    fact = SecondFactorChanged(at=at, provider_id=person.provider_id, person_id=person.pk, what=what[:60])
    writing.append(fact, actor=actor)
