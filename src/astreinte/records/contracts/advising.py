"""The provider advises before the work; the client answers, and what it set aside is remembered (A2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from astreinte.records.accounts import mandates
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand, Client, Person
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import NotAllowed, may
from astreinte.records.contracts.counsel import ANSWERS, RISKS, Advice, AdviceStep
from astreinte.records.contracts.facts import AdviceAnswered, AdviceDelivered, AdviceRead, AdviceWritten
from astreinte.records.contracts.models import Coverage, OrderLine
from astreinte.records.inventory.models import Server
from astreinte.records.journal import canonical, writing
from astreinte.records.notices import telling
from astreinte.words import counsel as words

PARTS = ("needs", "options", "recommendation", "risks", "not_included")
LONGEST, LONGEST_TITLE = 20_000, 200


class AdviceError(ValueError):
    """Something about an advice that cannot be: names the place, the value and the way out."""


@dataclass(frozen=True, slots=True)
class Text:
    """An advice in full. Each part says something: a bare heading advises nobody."""

    title: str
    needs: str
    options: str
    recommendation: str
    risks: str
    not_included: str

    def __post_init__(self) -> None:
        for part in ("title", *PARTS):
            said = getattr(self, part).strip()
            if not said or len(said) > LONGEST:
                raise AdviceError(
                    f"advice.{part}: {said[:40]!r}: write what it is about, in 1 to {LONGEST} characters"
                )
        if len(self.title.strip()) > LONGEST_TITLE:
            raise AdviceError(f"advice.title: {self.title[:40]!r}…: write at most {LONGEST_TITLE} characters")

    def parts(self) -> dict[str, str]:
        """Return the parts by name, stripped."""
        return {"title": " ".join(self.title.split())} | {part: getattr(self, part).strip() for part in PARTS}


@transaction.atomic
def write(
    client: Client,
    *,
    risk: str,
    text: Text,
    mandatory: bool,
    at: datetime,
    actor: Actor,
    line: OrderLine | None = None,
    server: Server | None = None,
) -> Advice:
    """Write an advice down, as of now and never before: what is written after an incident is later for ever.

    A mandatory one is about an order line, which does not begin until it is answered. Raises AdviceError.
    """
    may(actor, "contracts.advise", client)
    if risk not in RISKS:
        raise AdviceError(f"advice.risk: {risk!r}: write one of {', '.join(RISKS)}")
    if mandatory and line is None:
        raise AdviceError("advice.line: a mandatory advice is about an order line; name it with its number")
    for name, thing in (("line", line), ("server", server)):
        if thing is not None and thing.client_id != client.pk:
            raise AdviceError(f"advice.{name}: {thing} is not of {client.name}; name one of theirs")
    parts = text.parts()
    row = Advice.objects.create(
        provider_id=client.provider_id,
        client=client,
        line=line,
        server=server,
        number=next_number(client.provider_id, "advice"),
        risk=risk,
        mandatory=mandatory,
        sha256=canonical.digest(canonical.text(parts)),
        written_at=at,
        by=str(actor),
        **parts,
    )
    fact = AdviceWritten(at=at, provider_id=row.provider_id, advice_id=row.pk, client_id=client.pk)
    writing.append(fact, actor=actor, rows=[row])
    return row


@transaction.atomic
def deliver(advice: Advice, *, at: datetime, actor: Actor) -> list[Person]:
    """Send an advice, whole, to those who may answer it; return them. Raises AdviceError when there is nobody."""
    may(actor, "contracts.advise", advice)
    people = answerers(advice, at)
    if not people:
        raise AdviceError(
            f"advice {advice.number}: nobody of {advice.client.name} may answer it; give somebody a mandate"
            " (astreinte mandate add EMAIL consent)"
        )
    told_before = set(_steps(advice, "delivered").values_list("person_id", flat=True))
    new = [person for person in people if person.pk not in told_before]
    rows = AdviceStep.objects.bulk_create(
        AdviceStep(advice=advice, person=person, at=at, kind="delivered", by=str(actor)) for person in new
    )
    if rows:
        fact = AdviceDelivered(at=at, provider_id=advice.provider_id, advice_id=advice.pk)
        writing.append(fact, actor=actor, rows=rows)
    brand = Brand.objects.filter(provider_id=advice.provider_id).order_by("pk").first()
    origin = "" if brand is None else brand.origin
    telling.tell(
        persons=new,
        say=lambda _: words.advice_letter(
            words.AdviceFacts(
                provider=advice.provider.name,
                number=advice.number,
                sha256=advice.sha256,
                link=f"{origin}/advice/{advice.number}/",
                parts=parts_of(advice),
            )
        ),
        about=f"advice:{advice.number}",
        entry_key=f"advice:{advice.pk}",
        client_id=advice.client_id,
        at=at,
        actor=actor,
    )
    return new


@transaction.atomic
def mark_read(advice: Advice, *, at: datetime, actor: Actor) -> None:
    """Note that a person of the client opened an advice, the first time: nobody can say later that it was not seen."""
    if actor.kind != "person" or actor.person_id is None or actor.client_id != advice.client_id:
        return
    row, first = AdviceStep.objects.get_or_create(
        advice=advice, person_id=actor.person_id, kind="read", defaults={"at": at, "by": str(actor)}
    )
    if first:
        fact = AdviceRead(at=at, provider_id=advice.provider_id, advice_id=advice.pk, person_id=row.person_id)
        writing.append(fact, actor=actor, rows=[row])


def answer(
    advice: Advice,
    *,
    answer: str,
    sha256: str,
    at: datetime,
    actor: Actor,
    remark: str = "",
    from_address: str = "",
) -> AdviceStep:
    """Accept or refuse an advice, for the client, once; a refusal is kept for as long as the contract.

    `sha256` is that of the text which was shown. Only a person of the client with a mandate to consent or to sign:
    never the staff, never a token. Raises AdviceError, NotAllowed.
    """
    if answer not in ANSWERS:
        raise AdviceError(f"advice.answer: {answer!r}: write accepted or refused")
    person_id = actor.person_id
    if person_id is None or not may_answer(advice, actor, at):
        raise NotAllowed(
            f"advice {advice.number}: {actor.label or actor.kind} holds no mandate to consent to it;"
            " ask somebody of the client who does"
        )
    if sha256 != advice.sha256:
        raise AdviceError(f"advice {advice.number}: another text was shown than this one; read it again")
    row = AdviceStep(
        advice=advice,
        person_id=person_id,
        at=at,
        kind=answer,
        remark=remark.strip()[:LONGEST],
        from_address=from_address[:64],
        by=str(actor),
    )
    try:
        return _answered(row, actor)
    except IntegrityError:
        raise AdviceError(f"advice {advice.number}: is answered already; ask for another advice") from None


@transaction.atomic
def _answered(row: AdviceStep, actor: Actor) -> AdviceStep:
    row.save(force_insert=True)
    fact = AdviceAnswered(
        at=row.at,
        provider_id=row.advice.provider_id,
        advice_id=row.advice_id,
        person_id=row.person_id,
        answer=row.kind,
    )
    writing.append(fact, actor=actor, rows=[row])
    return row


def may_answer(advice: Advice, actor: Actor, at: datetime) -> bool:
    """Tell whether the actor may answer: a person, not a token, with a mandate over what it is about."""
    return actor.kind == "person" and any(
        mandates.holds(
            actor.person_id, advice.client_id, verb, at, line_id=advice.line_id, server_id=advice.server_id
        )
        for verb in ("consent", "sign")
    )


def answerers(advice: Advice, at: datetime) -> list[Person]:
    """Return the people who may answer an advice at `at`, by name."""
    found = {
        person.pk: person
        for verb in ("consent", "sign")
        for person in mandates.holders(
            advice.client_id,
            verb,
            at,
            line_id=advice.line_id,
            server_ids=[] if advice.server_id is None else [advice.server_id],
        )
    }
    return sorted(found.values(), key=lambda person: (person.name, person.pk))


def answered(advice: Advice) -> AdviceStep | None:
    """Return the client's answer, or None while there is none."""
    return _steps(advice, *ANSWERS).select_related("person").first()


def unanswered(line: OrderLine, at: datetime) -> list[Advice]:
    """Return the mandatory advice about an order line that was not answered at `at`, by number."""
    replies = AdviceStep.objects.filter(advice=OuterRef("pk"), kind__in=ANSWERS, at__lte=at)
    there = Advice.objects.filter(line=line, mandatory=True, written_at__lte=at)
    return list(there.filter(~Exists(replies)).order_by("number"))


def refused_about(servers: Sequence[Server], risks: Sequence[str], at: datetime) -> QuerySet[Advice]:
    """Return the advice that the client had refused by `at` about these servers and risks: what was foretold.

    About a server, about the order line that covered it then, or about all that the client has.
    """
    refusals = AdviceStep.objects.filter(advice=OuterRef("pk"), kind="refused", at__lte=at)
    lines = Coverage.objects.as_of(at).filter(server__in=servers).values("line_id")
    clients = {server.client_id for server in servers}
    about = (
        Q(server__in=servers) | Q(server=None, line__in=lines) | Q(server=None, line=None, client__in=clients)
    )
    return Advice.objects.filter(about, Exists(refusals), risk__in=risks).order_by("number")


def parts_of(advice: Advice) -> dict[str, str]:
    """Return the parts of an advice by name, title first."""
    return {part: getattr(advice, part) for part in ("title", *PARTS)}


def _steps(advice: Advice, *kinds: str) -> QuerySet[AdviceStep]:
    return AdviceStep.objects.filter(advice=advice, kind__in=kinds).order_by("pk")
