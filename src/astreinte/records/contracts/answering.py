"""The client answers a request for consent: by a link that is one person's and works once, or signed in (A2.2).

What is refused here is written in the journal before it is refused: a link tried twice, by another account, by
somebody whose mandate ended, or after the scope changed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from astreinte.records.accounts import secret
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.mandates import SIGNATORY, Scope
from astreinte.records.accounts.models import Mandate, Role
from astreinte.records.contracts import consenting
from astreinte.records.contracts.counsel import CONSENT_ANSWERS, Consent, ConsentLink, ConsentRequest
from astreinte.records.contracts.facts import ConsentAnswered, ConsentLinkRefused
from astreinte.records.journal import writing

REFUSALS = {
    "used": "this link was used already; it works once",
    "expired": "this link is too old; ask for a new one",
    "other_account": "this link is another person's; sign in as the one to whom it was sent",
    "no_mandate": "no mandate to consent to all of this is in force; ask somebody who holds one",
    "void": "what was asked no longer holds: its scope changed, or it was taken back; answer the new request",
    "answered": "this was answered already",
    "over": "the time of this work is over; ask for another time",
    "changed": "another text was shown than this one; read it again",
    "advice": "advice comes before consent: answer it first",
    "factor": "this is risky work: confirm with your second factor first",
    "account": "only a person of the client, signed in, consents",
}


class ConsentRefused(Exception):
    """The answer was refused: `why` is one of REFUSALS."""

    def __init__(self, request: ConsentRequest, why: str) -> None:
        super().__init__(f"consent {request.number}: {REFUSALS[why]}")
        self.request = request
        self.why = why


@dataclass(frozen=True, slots=True)
class Factor:
    """What the person showed beside the password just now ("totp", "webauthn"…), and whether they must."""

    shown: str = ""
    wanted: bool = False


NO_FACTOR = Factor()


def find_link(text: str) -> ConsentLink | None:
    """Return the link of this text, whatever became of it; None for a text that we never made."""
    known = consenting.signed_link(text)
    if known is None:
        return None
    links = ConsentLink.objects.select_related("request__client", "person")
    return links.filter(digest=secret.digest(known)).first()


def look(link: ConsentLink, *, at: datetime, actor: Actor) -> None:
    """Return when the link can still be answered by its person. Looking does not use it: mail scanners look.

    Raises ConsentRefused, written down first. Whether the actor is that person is asked when it is not nobody.
    """
    why = _why_not_link(link, at)
    if not why and actor.person_id is not None and actor.person_id != link.person_id:
        why = "other_account"
    if why:
        _refuse(link.request, why, at=at, actor=actor)


def answer_link(
    link: ConsentLink,
    *,
    answer: str,
    sha256: str,
    at: datetime,
    actor: Actor,
    factor: Factor = NO_FACTOR,
    remark: str = "",
    from_address: str = "",
) -> Consent:
    """Answer by a link, which is used by it. Raises ConsentRefused, written down first."""
    look(link, at=at, actor=actor)
    return _answer(
        link.request,
        Consent(answer=answer, sha256=sha256, how="link", remark=remark, from_address=from_address),
        factor=factor,
        link=link,
        at=at,
        actor=actor,
    )


def answer_request(
    request: ConsentRequest,
    *,
    answer: str,
    sha256: str,
    at: datetime,
    actor: Actor,
    factor: Factor = NO_FACTOR,
    remark: str = "",
    from_address: str = "",
) -> Consent:
    """Answer on the portal, signed in with a mandate. Raises ConsentRefused, written down first."""
    return _answer(
        request,
        Consent(answer=answer, sha256=sha256, how="portal", remark=remark, from_address=from_address),
        factor=factor,
        link=None,
        at=at,
        actor=actor,
    )


def why_not(request: ConsentRequest, *, at: datetime, actor: Actor) -> str:
    """Return why the actor cannot answer a request at `at`, one of REFUSALS, or "" when nothing hinders."""
    if actor.kind != "person" or actor.client_id != request.client_id:
        return "account"
    state = consenting.state(request)
    if state != "asked":
        return "void" if state == "void" else "answered"
    if request.ends_at is not None and request.ends_at <= at:
        return "over"
    if not consenting.mandated_over(request, actor.person_id, at):
        return "no_mandate"
    return "advice" if consenting.advice_first(request, at) else ""


def _why_not_link(link: ConsentLink, at: datetime) -> str:
    state = consenting.state(link.request)
    if link.used_at is not None:
        return "used"
    if state != "asked":
        return "void" if state == "void" else "answered"
    if link.ends_at <= at:
        return "expired"
    if not link.person.is_active or not consenting.mandated_over(link.request, link.person_id, at):
        return "no_mandate"
    return ""


def _answer(
    request: ConsentRequest,
    row: Consent,
    *,
    factor: Factor,
    link: ConsentLink | None,
    at: datetime,
    actor: Actor,
) -> Consent:
    if row.answer not in CONSENT_ANSWERS:
        raise consenting.ConsentError(f"consent.answer: {row.answer!r}: write given or refused")
    why = why_not(request, at=at, actor=actor)
    if why == "advice" and row.answer == "refused":
        why = ""  # a no needs no advice
    if not why and row.sha256 != request.sha256:
        why = "changed"
    if not why and row.answer == "given" and request.risky and factor.wanted and not factor.shown:
        why = "factor"
    if why:
        _refuse(request, why, at=at, actor=actor)
    row.request, row.at, row.second_factor = request, at, factor.shown[:20]
    row.remark, row.from_address = row.remark.strip()[: consenting.LONGEST], row.from_address[:64]
    row.person_id = actor.person_id or 0
    row.mandate = mandate_used(request, row.person_id, at)
    try:
        return _written(row, link, actor)
    except IntegrityError:  # two clicks at once: one row, and one link used
        _refuse(request, "used" if link is not None else "answered", at=at, actor=actor)
        raise


@transaction.atomic
def _written(row: Consent, link: ConsentLink | None, actor: Actor) -> Consent:
    rows: list[Consent | ConsentLink] = [row]
    row.save(force_insert=True)
    if link is not None:
        link.used_at = row.at
        link.save(update_fields=["used_at"])
        rows.append(link)
    fact = ConsentAnswered(
        at=row.at,
        provider_id=row.request.provider_id,
        request_id=row.request_id,
        person_id=row.person_id,
        answer=row.answer,
        sha256=row.sha256,
    )
    writing.append(fact, actor=actor, rows=rows)
    return row


def mandate_used(request: ConsentRequest, person_id: int, at: datetime) -> Mandate | None:
    """Return the mandate under which a person consents; None for that of the role of a signatory."""
    roles = Role.objects.as_of(at).filter(person=person_id, client=request.client_id, role=SIGNATORY)
    if roles.exists():
        return None
    wanted = consenting.wanted(request, at)
    held = Mandate.objects.as_of(at).filter(person=person_id, client=request.client_id, verb="consent")
    fits = (row for row in held.order_by("pk") if wanted.within(Scope.read(row.scope).covers))
    return next(fits, held.order_by("pk").first())


def _refuse(request: ConsentRequest, why: str, *, at: datetime, actor: Actor) -> None:
    """Write the refusal down in a transaction of its own, so that it stays; then refuse."""
    with transaction.atomic():
        fact = ConsentLinkRefused(
            at=at,
            provider_id=request.provider_id,
            request_id=request.pk,
            person_id=actor.person_id,
            why=why,
        )
        writing.append(fact, actor=actor)
    raise ConsentRefused(request, why)
