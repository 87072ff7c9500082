"""API tokens: shown once, kept as a digest."""

from datetime import datetime

from django.db import transaction

from astreinte.records.accounts import secret
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.facts import TokenEnded, TokenIssued
from astreinte.records.accounts.models import Person, Role, Token
from astreinte.records.accounts.permissions import NotAllowed, may
from astreinte.records.journal import writing


@transaction.atomic
def issue(person: Person, *, name: str, at: datetime, actor: Actor) -> tuple[Token, str]:
    """Issue a token that acts as `person`; return it with its text, which is not kept."""
    if actor.person_id != person.pk:
        may(actor, "accounts.manage", person)
    role = Role.objects.as_of(at).filter(person=person).order_by("client_id", "id").first()
    if role is None:
        raise NotAllowed(f"{person.email}: has no role in force, so a token of theirs would open nothing")
    text = secret.new()
    token = Token.objects.create(
        provider_id=person.provider_id,
        client_id=role.client_id,
        person=person,
        name=name,
        digest=secret.digest(text),
        role="",
        from_at=at,
    )
    fact = TokenIssued(at=at, provider_id=person.provider_id, token_id=token.pk)
    writing.append(fact, actor=actor, rows=[token])
    return token, text


@transaction.atomic
def end(token: Token, *, at: datetime, actor: Actor) -> Token:
    """End a token: it opens nothing any more from `at` on."""
    if actor.person_id != token.person_id:
        may(actor, "accounts.manage", token)
    if token.until_at is None:
        token.until_at = at
        token.save(update_fields=["until_at"])
        fact = TokenEnded(at=at, provider_id=token.provider_id, token_id=token.pk)
        writing.append(fact, actor=actor, rows=[token])
    return token
