"""What an order line must have before it promises anything, and what of it is met (A1.1, A1.5, A2.1, A4.9).

The room that knows marks a condition as met, with its evidence. An order line that waits for its conditions is
suspended from its beginning; `activate` ends that, and refuses with one missing, and says which.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client
from astreinte.records.accounts.permissions import may
from astreinte.records.contracts import accepting
from astreinte.records.contracts.counsel import ANSWERS, Advice, AdviceStep
from astreinte.records.contracts.facts import ConditionStated, LineActivated
from astreinte.records.contracts.models import OrderLine
from astreinte.records.contracts.papers import Acceptance, Document, Publication
from astreinte.records.contracts.refusing import ContractError
from astreinte.records.contracts.stipulations import CONDITIONS, ConditionEntry, Suspension
from astreinte.records.journal import writing

OF_TEXTS = ("documents", "acceptance")
"""Conditions that the texts and who accepted them answer by themselves: nobody marks or waives them."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of an order line: whether it is met, by which evidence, and what it says of itself.

    `lacking` names the texts that are not accepted, or the advice that is not answered, by number. `waived`: the line
    may begin without it, for the reason that `evidence` gives.
    """

    kind: str
    met: bool
    evidence: str
    says: str
    lacking: tuple[str, ...] = ()
    waived: bool = False


def conditions(line: OrderLine, at: datetime) -> list[Condition]:
    """Return the conditions that an order line has at `at`, in the order of CONDITIONS; none where none is asked."""
    entries: dict[str, list[ConditionEntry]] = {}
    for row in ConditionEntry.objects.filter(line=line, at__lte=at).order_by("at", "pk"):
        entries.setdefault(row.kind, []).append(row)
    found = [_condition(kind, line, entries.get(kind, []), at) for kind in CONDITIONS]
    return [one for one in found if one is not None]


def missing(line: OrderLine, at: datetime) -> list[Condition]:
    """Return the conditions that are neither met nor waived."""
    return [one for one in conditions(line, at) if not one.met]


def is_waiting(line: OrderLine) -> bool:
    """Tell whether the line waits for its conditions, or will when it begins."""
    return _hold(line) is not None


@transaction.atomic
def require(line: OrderLine, kind: str, *, at: datetime, actor: Actor, says: str = "") -> None:
    """Ask one more condition of an order line that waits. Raises ContractError for a line that is active."""
    may(actor, "contracts.meet", line)
    known([kind])
    if not is_waiting(line):
        raise ContractError(
            f"order line {line.number}: is active; what it needs before it begins is said when it is written"
        )
    _state(line, kind, "required", says, at=at, actor=actor)


@transaction.atomic
def mark_met(line: OrderLine, kind: str, evidence: str, *, at: datetime, actor: Actor) -> None:
    """Say that a condition is met, by what evidence. Said again in the same words it changes nothing."""
    may(actor, "contracts.meet", line)
    _not_of_texts(kind)
    evidence = " ".join(evidence.split())
    if not evidence:
        raise ContractError(f"condition.evidence: {kind}: say what shows that it is met")
    last = ConditionEntry.objects.filter(line=line, kind=kind).order_by("at", "pk").last()
    if last is None or (last.state, last.says) != ("met", evidence[:1000]):
        _state(line, kind, "met", evidence, at=at, actor=actor)


@transaction.atomic
def lapse(line: OrderLine, kind: str, why: str, *, at: datetime, actor: Actor) -> None:
    """Say that what met a condition holds no more; an order line that is active stays so."""
    may(actor, "contracts.meet", line)
    _not_of_texts(kind)
    _state(line, kind, "lapsed", why, at=at, actor=actor)


@transaction.atomic
def waive(line: OrderLine, kind: str, *, reason: str, at: datetime, actor: Actor) -> None:
    """Let an order line begin without a condition, for a written reason that stays (A4.9): a manager decides.

    Nobody waives the client's acceptance of the texts: without it nothing binds.
    """
    may(actor, "contracts.change", line)
    _not_of_texts(kind)
    reason = " ".join(reason.split())
    if len(reason) < 10:
        raise ContractError(
            f"condition.reason: {reason!r}: write why the line may begin without it, in 10 characters or more"
        )
    if all(one.kind != kind for one in missing(line, at)):
        raise ContractError(f"condition: {kind}: is not missing on order line {line.number}")
    _state(line, kind, "waived", reason, at=at, actor=actor)


@transaction.atomic
def activate(line: OrderLine, *, at: datetime, actor: Actor) -> OrderLine:
    """Let an order line promise, from now or from its beginning on. Raises ContractError naming what is missing."""
    may(actor, "contracts.change", line)
    locked: OrderLine = OrderLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    hold = _hold(locked)
    if hold is None:
        raise ContractError(f"order line {line.number}: does not wait for anything")
    lacking = missing(locked, at)
    if lacking:
        told = "; ".join(f"{one.kind}: {one.says}" for one in lacking)
        raise ContractError(f"order line {line.number}: cannot become active: {told}")
    if hold.from_at < at:
        hold.until_at = at
    else:
        hold.withdrawn_at = at
    hold.save(update_fields=["until_at", "withdrawn_at"])
    fact = LineActivated(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[hold])
    return locked


def known(kinds: Collection[str]) -> None:
    """Refuse a kind of condition that there is not."""
    for kind in kinds:
        if kind not in CONDITIONS:
            raise ContractError(f"condition: {kind!r}: write one of {', '.join(CONDITIONS)}")


def accepted(client: Client, at: datetime) -> None:
    """Refuse a client that has not accepted what the provider published; the message names each text (A1.1)."""
    lacking = accepting.missing(client, at)
    if lacking:
        raise ContractError(
            f"client: {client.name} has not accepted {_named(lacking)}; let who signs for it accept in the portal,"
            ' or record the signed paper; or write the line with the condition "acceptance", and activate it then'
        )


def wait(line: OrderLine, requires: Collection[str], *, at: datetime, actor: Actor) -> None:
    """Suspend a new line from its beginning until these conditions are met; nothing for none."""
    if not requires:
        return
    hold = Suspension.objects.create(
        line=line,
        kind="conditions",
        reason=", ".join(sorted(set(requires), key=CONDITIONS.index)),
        from_at=line.from_at,
    )
    for number, kind in enumerate(sorted(set(requires), key=CONDITIONS.index)):
        _state(line, kind, "required", "", at=at, actor=actor, rows=() if number else (hold,))


def _state(
    line: OrderLine,
    kind: str,
    state: str,
    says: str,
    *,
    at: datetime,
    actor: Actor,
    rows: Collection[Suspension] = (),
) -> None:
    row = ConditionEntry.objects.create(
        line=line, kind=kind, state=state, says=says.strip()[:1000], by=str(actor), at=at
    )
    fact = ConditionStated(at=at, provider_id=line.provider_id, line_id=line.pk, condition=kind, state=state)
    writing.append(fact, actor=actor, rows=[row, *rows])


def _hold(line: OrderLine) -> Suspension | None:
    standing = Suspension.objects.standing().filter(line=line, kind="conditions", until_at=None)
    found: Suspension | None = standing.first()
    return found


def _condition(kind: str, line: OrderLine, entries: list[ConditionEntry], at: datetime) -> Condition | None:
    if kind in OF_TEXTS:
        return _of_texts(kind, line, at, asked=bool(entries))
    last, says = entries[-1] if entries else None, _says(entries)
    if last is not None and last.state == "waived":
        reason = f"{last.says} ({last.by}, {last.at:%Y-%m-%d})"
        return Condition(kind, met=True, evidence=reason, says=says, waived=True)
    if kind == "advice":
        found = _of_advice(line, at, asked=last is None or last.state == "required")
        if found is not None:
            return found
    if last is None:
        return None
    if last.state == "met":
        return _met(kind, last.says, says)
    return _unmet(kind, (last.says if last.state == "lapsed" else says) or "nothing shows yet that it is met")


def _of_advice(line: OrderLine, at: datetime, *, asked: bool) -> Condition | None:
    """Return what the mandatory advice itself says; None where there is none, or somebody said something since."""
    unanswered, answered = _advice(line, at)
    if unanswered:
        return _unmet("advice", f"advice {', '.join(unanswered)} is not answered", unanswered)
    return _met("advice", f"advice {', '.join(answered)} is answered") if answered and asked else None


def _met(kind: str, evidence: str, says: str = "") -> Condition:
    return Condition(kind, met=True, evidence=evidence, says=says)


def _unmet(kind: str, says: str, lacking: Iterable[str] = ()) -> Condition:
    return Condition(kind, met=False, evidence="", says=says, lacking=tuple(lacking))


def _says(entries: list[ConditionEntry]) -> str:
    """Return what was asked, in the words of the last who asked."""
    return next((row.says for row in reversed(entries) if row.state == "required" and row.says), "")


def _of_texts(kind: str, line: OrderLine, at: datetime, *, asked: bool) -> Condition | None:
    published = _published(line.client, at)
    if not published and not asked:
        return None
    if kind == "documents":
        absent = "no text is published; publish one (astreinte terms publish)"
        return _met(kind, _named(published)) if published else _unmet(kind, absent)
    lacking = accepting.missing(line.client, at)
    if lacking or not published:
        absent = f"not accepted by the client: {_named(lacking) or 'any text'}"
        return _unmet(kind, absent, (one.name for one in lacking))
    acts = Acceptance.objects.filter(client=line.client, at__lte=at).order_by("at", "pk")
    known_by = acts.select_related("version__document", "person")
    return _met(kind, "; ".join(f"{row.version}, {row.person.name}, {row.at:%Y-%m-%d}" for row in known_by))


def _published(client: Client, at: datetime) -> list[Document]:
    publications = Publication.objects.filter(document=OuterRef("pk"), published_at__lte=at)
    of_provider = Document.objects.filter(Exists(publications), provider=client.provider_id)
    concerning = of_provider.filter(client=None) | of_provider.filter(client=client)
    return list(concerning.order_by("pk"))


def _advice(line: OrderLine, at: datetime) -> tuple[list[str], list[str]]:
    """Return the numbers of the mandatory advice about the line: not answered, and answered."""
    replies = AdviceStep.objects.filter(advice=OuterRef("pk"), kind__in=ANSWERS, at__lte=at)
    told = Advice.objects.filter(line=line, mandatory=True, written_at__lte=at).order_by("number")
    with_answer = told.annotate(has_answer=Exists(replies)).values_list("number", "has_answer")
    return [str(one) for one, has in with_answer if not has], [str(one) for one, has in with_answer if has]


def _not_of_texts(kind: str) -> None:
    known([kind])
    if kind in OF_TEXTS:
        raise ContractError(
            f"condition: {kind}: the texts say it themselves; publish them, and let the client accept them"
        )


def _named(documents: Collection[Document]) -> str:
    return ", ".join(f"“{one.name}”" for one in documents)
