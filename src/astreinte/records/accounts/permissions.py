"""Who may do what, on one page. Every activity asks `may(actor, verb, object)` first."""

from django.db import models

from astreinte.records.accounts.reach import Reach
from astreinte.records.accounts.who import Actor


class NotAllowed(Exception):
    """The actor may not do this to that object."""


ADMIN = frozenset({"admin"})
MANAGERS = frozenset({"admin", "manager"})
STAFF = frozenset({"admin", "manager", "engineer"})
HANDS = frozenset({"admin", "manager", "engineer", "technical", "signatory"})

VERBS: dict[str, frozenset[str]] = {
    "accounts.manage": ADMIN,
    "accounts.add_client": MANAGERS,
    "accounts.give_mandate": MANAGERS,
    "accounts.change_self": STAFF | {"accountant", "technical", "signatory", "billing", "reader"},
    "journal.erase": ADMIN,
    "journal.deliveries": ADMIN,
    "evidence.keep": HANDS,
    "inventory.change": STAFF,
    "contracts.change": MANAGERS,
    "contracts.meet": STAFF | {"technical", "signatory", "billing", "reader"},
    "contracts.approve": MANAGERS | {"technical", "signatory", "billing", "reader"},
    "contracts.advise": STAFF,
    "contracts.ask_consent": STAFF,
    "agenda.announce": STAFF,
    "monitoring.change": STAFF,
    "monitoring.silence": STAFF,
    "tickets.declare": HANDS,
    "tickets.reply": HANDS,
    "tickets.enter": STAFF,
    "tickets.note": STAFF,
    "tickets.handle": STAFF,
    "worklog.intervene": STAFF,
    "notices.read": STAFF,
    "notices.tell": STAFF,
    "notices.retry": STAFF,
    "notices.receive": STAFF,
}


def may(actor: Actor, verb: str, on: models.Model | None = None) -> None:
    """Return when the actor may do `verb` to `on` (or at all, without one); raise NotAllowed otherwise."""
    allowed = VERBS[verb]
    if actor.is_system:
        return
    if not actor.roles & allowed:
        who = actor.label or actor.kind  # the primary key stays inside
        raise NotAllowed(f"{verb}: {who} has none of the roles {', '.join(sorted(allowed))}")
    if on is None:
        return
    reach: Reach = on.reach  # type: ignore[attr-defined]  # each model that a verb names declares it
    provider_id, client_id = reach.ids(on)
    if provider_id != actor.provider_id:
        raise NotAllowed(f"{verb}: {on._meta.label} belongs to another provider")
    if actor.client_id is not None and client_id != actor.client_id:
        raise NotAllowed(f"{verb}: {on._meta.label} belongs to another client")


def can(actor: Actor, verb: str, on: models.Model | None = None) -> bool:
    """Return whether `may` would let it pass: for what a page offers."""
    try:
        may(actor, verb, on)
    except NotAllowed:
        return False
    return True
