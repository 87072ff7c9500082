"""The provider asks the client's consent to work, and keeps what exactly was consented to (A2.2).

A request is asked once, for one scope, known by its digest. A changed scope is another request, and the first,
with any consent to it, no longer holds. The answer is that of a person of the client with a mandate over the whole
scope at that instant, later than the advice, by a link that is theirs and works once, or signed in on the portal.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from astreinte.records.accounts import mandates, secret
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand, Client, Person
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.contracts import advising
from astreinte.records.contracts.counsel import (
    Advice,
    AdviceStep,
    Consent,
    ConsentLink,
    ConsentRequest,
    ConsentServer,
    ConsentVoid,
)
from astreinte.records.contracts.facts import ConsentAsked, ConsentVoided
from astreinte.records.contracts.models import Coverage, OrderLine
from astreinte.records.inventory.models import Server
from astreinte.records.journal import canonical, writing
from astreinte.records.notices import telling
from astreinte.words import counsel as words

VALID_FOR = timedelta(hours=72)
LONGEST = 20_000
_SIGNER = signing.Signer(salt="astreinte.contracts.consent")

Covers = Callable[[int | None, int | None], bool]
"""Whether a mandate covers that order line or that server, by key; neither: everything."""


class ConsentError(ValueError):
    """Something about a consent that cannot be: names the place, the value and the way out."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All that is consented to. `price_cents` before tax; None: at no extra price. `minutes` of work planned."""

    title: str
    text: str
    servers: tuple[Server, ...] = ()
    line: OrderLine | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    price_cents: int | None = None
    minutes: int | None = None
    risky: bool = False
    advice: Advice | None = None

    def written(self, client: Client) -> str:
        """Return the canonical text of the scope, of which the digest is taken: nothing that matters is outside."""
        return canonical.text(
            {
                "client": client.public_id,
                "title": self.title,
                "text": self.text,
                "servers": sorted(one.public_id for one in self.servers),
                "line": None if self.line is None else self.line.public_id,
                "starts_at": self.starts_at,
                "ends_at": self.ends_at,
                "price_cents": self.price_cents,
                "minutes": self.minutes,
                "risky": self.risky,
                "advice": None if self.advice is None else self.advice.sha256,
            }
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a mandate to consent must reach: the order line, each server with the line that covers it, the price."""

    line_id: int | None
    servers: Mapping[int, int | None]
    priced: bool

    def within(self, covers: Covers) -> bool:
        """Tell whether all of it is covered; `covers(None, None)` answers for everything of the client.

        A server alone carries no price: money is promised on an order line.
        """
        by_line = [line is not None and covers(line, None) for line in self.servers.values()]
        if self.line_id is not None and not covers(self.line_id, None):
            return False
        if self.priced and self.line_id is None and not all(by_line) and not covers(None, None):
            return False
        return all(line or covers(None, server) for server, line in zip(self.servers, by_line, strict=True))


@transaction.atomic
def ask(
    client: Client,
    scope: Scope,
    *,
    at: datetime,
    actor: Actor,
    to: Sequence[Person] = (),
    by_phone: bool = False,
    valid_for: timedelta = VALID_FOR,
    replaces: ConsentRequest | None = None,
) -> ConsentRequest:
    """Ask the client's consent, and send each of its people who may give it a link of their own.

    `to` narrows them. `by_phone`: somebody said yes on the telephone, and reads back what was understood. Raises
    ConsentError: an advice that was not delivered before, nobody with a mandate over the whole scope.
    """
    may(actor, "contracts.ask_consent", client)
    scope = _usable(client, scope, at)
    people = _asked(client, scope, to, at)
    text = scope.written(client)
    request = ConsentRequest.objects.create(
        provider_id=client.provider_id,
        client=client,
        line=scope.line,
        advice=scope.advice,
        replaces=replaces,
        number=next_number(client.provider_id, "consent"),
        title=scope.title,
        text=scope.text,
        starts_at=scope.starts_at,
        ends_at=scope.ends_at,
        price_cents=scope.price_cents,
        minutes=scope.minutes,
        risky=scope.risky,
        by_phone=by_phone,
        scope=text,
        sha256=canonical.digest(text),
        asked_at=at,
        by=str(actor),
    )
    servers = ConsentServer.objects.bulk_create(
        ConsentServer(request=request, server=one) for one in scope.servers
    )
    links = _links(request, people, at, at + valid_for)
    fact = ConsentAsked(
        at=at,
        provider_id=request.provider_id,
        request_id=request.pk,
        client_id=client.pk,
        sha256=request.sha256,
    )
    writing.append(fact, actor=actor, rows=[request, *servers, *(row for row, _ in links)])
    _tell(request, {row.person_id: (text, row.ends_at) for row, text in links}, people, at, actor)
    return request


@transaction.atomic
def change(request: ConsentRequest, scope: Scope, *, at: datetime, actor: Actor) -> ConsentRequest:
    """Change the scope of what was asked: the request, and any consent to it, no longer holds; another is asked.

    Raises ConsentError when nothing changes, or the request no longer holds as it is.
    """
    may(actor, "contracts.ask_consent", request)
    if _usable(request.client, scope, at).written(request.client) == request.scope:
        raise ConsentError(f"consent {request.number}: nothing of its scope changes; leave it as it is")
    void(request, reason="scope changed", at=at, actor=actor)
    return ask(request.client, scope, replaces=request, at=at, actor=actor)


@transaction.atomic
def void(request: ConsentRequest, *, reason: str, at: datetime, actor: Actor) -> ConsentVoid:
    """Take a request back, or let a consent hold no more from now on, with the reason."""
    if actor.kind != "person" or not _mandated(request, actor.person_id, at):
        may(actor, "contracts.ask_consent", request)
    reason = " ".join(reason.split())
    if not reason:
        raise ConsentError("consent.reason: write why it no longer holds")
    if ConsentVoid.objects.filter(request=request).exists():
        raise ConsentError(f"consent {request.number}: no longer holds already; ask for another one")
    row = ConsentVoid.objects.create(request=request, at=at, reason=reason[:500], by=str(actor))
    fact = ConsentVoided(at=at, provider_id=request.provider_id, request_id=request.pk)
    writing.append(fact, actor=actor, rows=[row])
    return row


def scope_of(request: ConsentRequest) -> Scope:
    """Return the scope of a request, as it was asked."""
    held = request.servers.select_related("server").order_by("server__name")
    return Scope(
        title=request.title,
        text=request.text,
        servers=tuple(row.server for row in held),
        line=request.line,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        price_cents=request.price_cents,
        minutes=request.minutes,
        risky=request.risky,
        advice=request.advice,
    )


def said_scope(request: ConsentRequest) -> words.Scope:
    """Return the scope as words say it."""
    return words.Scope(
        servers=tuple(one.name for one in scope_of(request).servers),
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        price_cents=request.price_cents,
        minutes=request.minutes,
    )


def given_for(server: Server, at: datetime) -> QuerySet[ConsentRequest]:
    """Return the requests about a server to which consent was given by `at`, holds still, and whose window is open."""
    return (
        ConsentRequest.objects.filter(
            servers__server=server, consent__answer="given", consent__at__lte=at, void__isnull=True
        )
        .exclude(starts_at__gt=at)
        .exclude(ends_at__lte=at)
        .order_by("number")
    )


def state(request: ConsentRequest) -> str:
    """Return how a request stands: void, given, refused or asked."""
    if ConsentVoid.objects.filter(request=request).exists():
        return "void"
    found = Consent.objects.filter(request=request).first()
    return "asked" if found is None else found.answer


def wanted(request: ConsentRequest, at: datetime) -> Wanted:
    """Return what a mandate must reach at `at` to be one over the whole scope of a request."""
    servers = request.servers.values_list("server_id", flat=True)
    return _wanted(request.line, list(servers), request.price_cents, at)


def mandated_over(request: ConsentRequest, person_id: int | None, at: datetime) -> bool:
    """Tell whether a person may consent to the whole scope of a request at `at`."""
    return _mandated(request, person_id, at)


def advice_first(request: ConsentRequest, at: datetime) -> list[Advice]:
    """Return the advice that has to be answered before a request: its own, and what is mandatory for its order line."""
    open_ = [] if request.line is None else advising.unanswered(request.line, at)
    own = request.advice
    if own is not None and own not in open_ and advising.answered(own) is None:
        open_.append(own)
    return open_


def signed_link(text: str) -> str | None:
    """Return the secret of a link whose signature is ours, or None."""
    try:
        return _SIGNER.unsign(text)
    except signing.BadSignature:
        return None


def _usable(client: Client, scope: Scope, at: datetime) -> Scope:
    title, text = " ".join(scope.title.split()), scope.text.strip()
    if not title or len(title) > 200:
        raise ConsentError(f"consent.title: {title[:40]!r}: write what is to be done, in 1 to 200 characters")
    if not text or len(text) > LONGEST:
        raise ConsentError(
            f"consent.text: {text[:40]!r}: write what will be done, in 1 to {LONGEST} characters"
        )
    if scope.line is None and not scope.servers:
        raise ConsentError("consent.scope: is about nothing; name the servers or the order line")
    for name, thing in (("line", scope.line), *(("server", one) for one in scope.servers)):
        if thing is not None and thing.client_id != client.pk:
            raise ConsentError(f"consent.{name}: {thing} is not of {client.name}; name one of theirs")
    _in_time(scope, at)
    if scope.advice is not None:
        _advised(client, scope.advice, at)
    return replace(scope, title=title, text=text)


def _in_time(scope: Scope, at: datetime) -> None:
    start, end = scope.starts_at, scope.ends_at
    if end is not None and (end <= at or (start is not None and end <= start)):
        raise ConsentError(
            f"consent.until: {end.isoformat()} is past or before it begins; write a window that is to come"
        )


def _advised(client: Client, advice: Advice, at: datetime) -> None:
    if advice.client_id != client.pk:
        raise ConsentError(f"consent.advice: {advice.number} was given to another client")
    if not AdviceStep.objects.filter(advice=advice, kind="delivered", at__lte=at).exists():
        raise ConsentError(
            f"consent.advice: {advice.number} was not delivered yet, and consent comes after advice;"
            f" deliver it first (astreinte advice deliver {advice.number})"
        )


def _asked(client: Client, scope: Scope, to: Sequence[Person], at: datetime) -> list[Person]:
    wanted = _wanted(scope.line, [one.pk for one in scope.servers], scope.price_cents, at)
    people = [
        one for one in mandates.people_of(client.pk, at) if wanted.within(_held_by(one.pk, client.pk, at))
    ]
    for person in to:
        if person not in people:
            raise ConsentError(
                f"consent.to: {person.email} holds no mandate to consent to all of this;"
                " ask somebody who does, or have one given (astreinte mandate add)"
            )
    if not people:
        raise ConsentError(
            f"consent.to: nobody of {client.name} holds a mandate to consent to all of this;"
            " have one given first (astreinte mandate add)"
        )
    return list(to) or people


def _mandated(request: ConsentRequest, person_id: int | None, at: datetime) -> bool:
    return wanted(request, at).within(_held_by(person_id, request.client_id, at))


def _held_by(person_id: int | None, client_id: int, at: datetime) -> Covers:
    return lambda line, server: mandates.holds(
        person_id, client_id, "consent", at, line_id=line, server_id=server
    )


def _wanted(
    line: OrderLine | None, server_ids: Collection[int], price_cents: int | None, at: datetime
) -> Wanted:
    held = Coverage.objects.as_of(at).filter(server__in=server_ids).values_list("server_id", "line_id")
    return Wanted(
        None if line is None else line.pk, dict.fromkeys(server_ids) | dict(held), bool(price_cents)
    )


def _links(
    request: ConsentRequest, people: Iterable[Person], at: datetime, ends_at: datetime
) -> list[tuple[ConsentLink, str]]:
    made = []
    for person in people:
        text = secret.new()
        row = ConsentLink.objects.create(
            request=request, person=person, digest=secret.digest(text), made_at=at, ends_at=ends_at
        )
        made.append((row, _SIGNER.sign(text)))
    return made


def _tell(
    request: ConsentRequest,
    links: dict[int, tuple[str, datetime]],
    people: Sequence[Person],
    at: datetime,
    actor: Actor,
) -> None:
    brand = Brand.objects.filter(provider_id=request.provider_id).order_by("pk").first()
    origin = "" if brand is None else brand.origin

    def say(person: Person) -> tuple[str, str]:
        text, ends_at = links[person.pk]
        return words.consent_letter(
            words.ConsentFacts(
                provider=request.provider.name,
                number=request.number,
                title=request.title,
                text=request.text,
                scope=said_scope(request),
                sha256=request.sha256,
                link=f"{origin}/consents/link/{text}/",
                ends_at=ends_at,
                by_phone=request.by_phone,
            )
        )

    telling.tell(
        persons=people,
        say=say,
        about=f"consent:{request.number}",
        entry_key=f"consent:{request.pk}",
        client_id=request.client_id,
        at=at,
        actor=actor,
    )
