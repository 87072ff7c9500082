"""Who may sign, consent and claim for a client, at an instant and for what (X.4).

Two sources, and neither is stored twice: the role `signatory` is a mandate for everything, for as long as the
role holds; a `Mandate` adds one verb, for everything or for some order lines and servers. Whoever has a
mandate is one of the client's people: without any role there in force, it opens nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from django.db import transaction
from django.db.models import QuerySet

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.facts import MandateEnded, MandateGiven
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.models import MANDATED, Client, Mandate, Person, Role
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import NotAllowed, may
from astreinte.records.evidence.models import StoredFile
from astreinte.records.journal import writing

SIGNATORY = "signatory"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a mandate is about: everything of the client, or the order lines and servers with these keys."""

    line_ids: frozenset[int] = field(default_factory=frozenset)
    server_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_everything(self) -> bool:
        """Nothing is named, so nothing is left out."""
        return not self.line_ids and not self.server_ids

    def covers(self, line_id: int | None, server_id: int | None) -> bool:
        """Tell whether an act on that line or that server is within; an act on the whole client needs everything.

        The line that renews one of them is within too.
        """
        if self.is_everything or line_id in self.line_ids or server_id in self.server_ids:
            return True
        if line_id is None or not self.line_ids:
            return False
        return not self.line_ids.isdisjoint(_lines_before(line_id))

    def written(self) -> str:
        """Return it as the row keeps it: `line:3 server:12`, sorted, so that equal scopes are equal texts."""
        named = [*(("line", one) for one in self.line_ids), *(("server", one) for one in self.server_ids)]
        return " ".join(f"{kind}:{key}" for kind, key in sorted(named))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the scope that `written` wrote."""
        keys: dict[str, set[int]] = {"line": set(), "server": set()}
        for word in text.split():
            kind, _, key = word.partition(":")
            keys[kind].add(int(key))
        return cls(line_ids=frozenset(keys["line"]), server_ids=frozenset(keys["server"]))


EVERYTHING = Scope()


def _no_line(_line_id: int) -> Iterable[int]:
    return ()


_lines_before: Callable[[int], Iterable[int]] = _no_line


def renewals_by(lines_before: Callable[[int], Iterable[int]]) -> None:
    """Install who knows the order lines that one goes on from: whoever decides for a line decides for its renewal."""
    global _lines_before  # noqa: PLW0603  # one a process, installed at its start
    _lines_before = lines_before


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate that holds: whose, for what, since when. `mandate` is None for what comes with the role."""

    person: Person
    verb: str
    scope: Scope
    since: datetime
    until: datetime | None
    mandate: Mandate | None


@transaction.atomic
def give(
    person: Person,
    *,
    client: Client,
    verb: str,
    from_at: datetime,
    at: datetime,
    actor: Actor,
    scope: Scope = EVERYTHING,
    given_by: str = "",
    paper: StoredFile | None = None,
) -> Mandate:
    """Give a person of the client a mandate from an instant on. The caller found the scope's lines and servers.

    Raises AccountError for what cannot be, NotAllowed for who may not. Nobody gives a mandate to the provider's
    own staff: the provider does not decide for its client.
    """
    may(actor, "accounts.give_mandate", client)
    if verb not in MANDATED:
        raise AccountError(f"mandate.verb: {verb!r}: write one of {', '.join(MANDATED)}")
    if actor.person_id == person.pk:
        raise NotAllowed(
            f"mandate: {person.email} cannot give a mandate to themselves; somebody else gives it"
        )
    _one_of_its_people(person, client, from_at)
    _not_before_now(from_at, at)
    text = scope.written()
    standing = Mandate.objects.standing().filter(person=person, client=client, verb=verb, scope=text)
    twice = standing.exclude(until_at__lte=from_at).first()
    if twice is not None:
        raise AccountError(
            f"mandate: {person.email} holds this already, as mandate {twice.number}; end that one first"
        )
    row = Mandate.objects.create(
        provider_id=client.provider_id,
        client=client,
        person=person,
        number=next_number(client.provider_id, "mandate"),
        verb=verb,
        scope=text,
        given_by=" ".join(given_by.split())[:200],
        paper=paper,
        from_at=from_at,
        written_at=at,
    )
    fact = MandateGiven(
        at=at,
        provider_id=client.provider_id,
        person_id=person.pk,
        client_id=client.pk,
        mandate_id=row.pk,
        verb=verb,
    )
    writing.append(fact, actor=actor, rows=[row])
    return row


@transaction.atomic
def end(row: Mandate, *, until_at: datetime, at: datetime, actor: Actor) -> Mandate:
    """End a mandate, now or at a later instant; what was done under it stays as it was (X.4).

    Its holder may give it back. One that has not begun is withdrawn.
    """
    if actor.person_id != row.person_id:
        may(actor, "accounts.give_mandate", row)
    if row.until_at is not None or row.withdrawn_at is not None:
        raise AccountError(f"mandate {row.number}: has an end already; give another one if it should hold on")
    if until_at < at:
        raise AccountError(
            f"mandate.until: {until_at.isoformat()} is past, and what was done since stays;"
            " write an instant from now on"
        )
    return ended(row, until_at=until_at, at=at, actor=actor)


def ended(row: Mandate, *, until_at: datetime, at: datetime, actor: Actor) -> Mandate:
    """Write the end down, in the caller's transaction: for `end`, and for who leaves."""
    if until_at <= row.from_at:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    else:
        row.until_at = until_at
        row.save(update_fields=["until_at"])
    _tell_end(row, [row], at=at, actor=actor)
    return row


def cut(row: Mandate, *, at: datetime, actor: Actor) -> None:
    """End a mandate now, in the caller's transaction, though a later end may be written already.

    An end is written once: such a row is withdrawn, and what it was until now is said again by another one.
    """
    if row.until_at is None or at <= row.from_at:
        ended(row, until_at=at, at=at, actor=actor)
        return
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    again = Mandate.objects.get(pk=row.pk)
    again.pk, again.until_at, again.withdrawn_at = None, at, None
    again.number = next_number(row.provider_id, "mandate")
    again.save(force_insert=True)
    _tell_end(row, [row, again], at=at, actor=actor)


def _tell_end(row: Mandate, rows: list[Mandate], *, at: datetime, actor: Actor) -> None:
    fact = MandateEnded(
        at=at,
        provider_id=row.provider_id,
        person_id=row.person_id,
        client_id=row.client_id,
        mandate_id=row.pk,
        verb=row.verb,
    )
    writing.append(fact, actor=actor, rows=rows)


def holds(
    person_id: int | None,
    client_id: int,
    verb: str,
    at: datetime,
    *,
    line_id: int | None = None,
    server_id: int | None = None,
) -> bool:
    """Tell whether the person may do `verb` for the client at `at`, on that line or server; on everything without.

    Asked about a past instant, it answers as of then: what was done under a mandate that ended since stays so.
    """
    if person_id is None:
        return False
    roles = list(Role.objects.as_of(at).filter(person_id=person_id).values_list("client_id", "role"))
    if None in {client for client, _ in roles}:
        return False  # of the provider's staff: nobody is both at once
    here = {role for client, role in roles if client == client_id}
    if not here:
        return False
    if SIGNATORY in here:
        return True
    given = Mandate.objects.as_of(at).filter(person_id=person_id, client_id=client_id, verb=verb)
    return any(Scope.read(text).covers(line_id, server_id) for text in given.values_list("scope", flat=True))


def require(
    person_id: int | None,
    client_id: int,
    verb: str,
    at: datetime,
    *,
    line_id: int | None = None,
    server_id: int | None = None,
) -> None:
    """Raise NotAllowed, with the way out, unless `holds`."""
    if holds(person_id, client_id, verb, at, line_id=line_id, server_id=server_id):
        return
    who = Person.objects.filter(pk=person_id).values_list("email", flat=True).first() or "this actor"
    last = (
        Mandate.objects.standing()
        .filter(person_id=person_id, client_id=client_id, verb=verb, until_at__lte=at)
        .order_by("-until_at")
        .first()
    )
    since = f"; mandate {last.number} ended at {last.until_at.isoformat()}" if last is not None else ""
    raise NotAllowed(
        f"mandate: {who} holds no mandate to {verb} for this{since};"
        " ask somebody who holds one, or have one given (astreinte mandate add)"
    )


def in_force(client: Client, at: datetime, verb: str = "", *, to_come: bool = False) -> list[Held]:
    """Return who may do what for the client at `at`, of one verb or all: by name, roles' own mandates first.

    `to_come` adds the mandates that are given and have not begun.
    """
    wanted = [verb] if verb else list(MANDATED)
    roles = (
        Role.objects.as_of(at).filter(client=client).select_related("person").order_by("person__name", "pk")
    )
    of_client = {role.person_id for role in roles}
    of_staff = set(
        Role.objects.as_of(at)
        .filter(client=None, person_id__in=of_client)
        .values_list("person_id", flat=True)
    )
    by_role = [
        Held(role.person, each, EVERYTHING, role.from_at, role.until_at, None)
        for role in roles
        if role.role == SIGNATORY and role.person_id not in of_staff
        for each in wanted
    ]
    standing = Mandate.objects.standing().exclude(until_at__lte=at) if to_come else Mandate.objects.as_of(at)
    given = standing.filter(client=client, verb__in=wanted, person_id__in=of_client - of_staff)
    by_mandate = [
        Held(row.person, row.verb, Scope.read(row.scope), row.from_at, row.until_at, row)
        for row in given.select_related("person").order_by("person__name", "number")
    ]
    return [*by_role, *by_mandate]


def holders(
    client_id: int, verb: str, at: datetime, *, line_id: int | None, server_ids: Iterable[int] = ()
) -> list[Person]:
    """Return the active people who may do `verb` on that line, or on every one of these servers."""
    servers: list[int | None] = [*server_ids] or [None]
    return [
        person
        for person in people_of(client_id, at)
        if all(holds(person.pk, client_id, verb, at, line_id=line_id, server_id=server) for server in servers)
    ]


def people_of(client_id: int, at: datetime) -> QuerySet[Person]:
    """Return the active people who have a role at the client at `at`, by name."""
    roles = Role.objects.as_of(at).filter(client_id=client_id)
    people: QuerySet[Person] = Person.objects.filter(pk__in=roles.values("person_id"), is_active=True)
    return people.order_by("name", "pk")


def _one_of_its_people(person: Person, client: Client, at: datetime) -> None:
    roles = list(Role.objects.as_of(at).filter(person=person).values_list("client_id", flat=True))
    if None in roles:
        raise AccountError(
            f"mandate: {person.email} works for the provider, which decides nothing for its client;"
            " give the mandate to one of the client's people"
        )
    if client.pk not in roles:
        raise AccountError(
            f"mandate: {person.email} is none of the people of {client.name} then; give them a role there first"
        )


def _not_before_now(from_at: datetime, at: datetime) -> None:
    if from_at < at:
        raise AccountError(
            f"mandate.from: {from_at.isoformat()} is past, and nobody consents backwards; write an instant from now on"
        )
