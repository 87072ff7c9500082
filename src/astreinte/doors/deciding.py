"""What a client decides: who may, what it was advised, to what it consented. As portal and desk both show it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from astreinte.records.accounts import mandates
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.mandates import Held, Scope
from astreinte.records.accounts.models import Client
from astreinte.records.contracts import advising, answering, consenting
from astreinte.records.contracts.counsel import ANSWERS
from astreinte.records.contracts.models import (
    Advice,
    AdviceStep,
    Consent,
    ConsentRequest,
    ConsentVoid,
    OrderLine,
)
from astreinte.records.inventory.models import Server
from astreinte.words import counsel as words

MAY = {
    "sign": lazy("Sign documents and orders"),
    "consent": lazy("Consent to work, answer advice"),
    "claim": lazy("Claim penalties"),
}
CONSENT_STATES = {
    "asked": lazy("Waits for an answer"),
    "given": lazy("Consent given"),
    "refused": lazy("Consent refused"),
    "void": lazy("No longer holds"),
}
ADVICE_STATES = {
    "": lazy("Waits for an answer"),
    "accepted": lazy("Advice followed"),
    "refused": lazy("Advice set aside"),
}
STEPS = {
    "delivered": lazy("Sent to"),
    "read": lazy("Read by"),
    "accepted": lazy("Followed by"),
    "refused": lazy("Set aside by"),
}
WHY_NOT = {
    "used": lazy("This link was used already: it works once."),
    "expired": lazy("This link is too old. Ask us for a new one."),
    "other_account": lazy("This link is another person’s. Sign in as the one to whom it was sent."),
    "no_mandate": lazy(
        "No mandate to consent to all of this is in force. Somebody who holds one can answer."
    ),
    "void": lazy("What was asked no longer holds: its scope changed, or it was taken back."),
    "answered": lazy("This was answered already."),
    "over": lazy("The time of this work is over. Ask us for another time."),
    "changed": lazy("This is not the text that was shown to you. Read it again."),
    "advice": lazy("Advice comes before consent. Answer the advice first."),
    "factor": lazy("This is risky work. Confirm it with your second factor."),
    "account": lazy("Only a person of the client consents, signed in."),
}


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One line of "who may do what"."""

    held: Held
    may: str
    over: str
    source: str

    @property
    def number(self) -> int | None:
        """The number of the mandate; None for what comes with the role of a signatory."""
        return None if self.held.mandate is None else self.held.mandate.number


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """An advice with its answer, and its parts under their headings."""

    advice: Advice
    reply: AdviceStep | None
    state: str
    risk: str

    @property
    def open(self) -> bool:
        """It waits for an answer."""
        return self.reply is None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A request for consent with its answer."""

    request: ConsentRequest
    code: str
    state: str
    scope: tuple[str, ...]
    answer: Consent | None
    void: ConsentVoid | None

    @property
    def open(self) -> bool:
        """It waits for an answer."""
        return self.code == "asked"


def who_may(client: Client, *, actor: Actor, at: datetime) -> list[MandateRow]:
    """Return who may sign, consent and claim for a client at `at`, and who will."""
    return [
        MandateRow(held, str(MAY[held.verb]), over(held.scope, actor=actor), _source(held))
        for held in mandates.in_force(client, at, to_come=True)
    ]


def over(scope: Scope, *, actor: Actor) -> str:
    """Return what a mandate is about, in words."""
    if scope.is_everything:
        return _("everything")
    lines = OrderLine.objects.visible_to(actor).filter(pk__in=scope.line_ids).order_by("number")
    servers = Server.objects.visible_to(actor).filter(pk__in=scope.server_ids).order_by("name")
    named = [_("order line n° %(number)s") % {"number": line.number} for line in lines]
    return ", ".join([*named, *(server.name for server in servers)])


def advice(row: Advice) -> AdviceRow:
    """Return an advice as a page shows it."""
    reply = advising.answered(row)
    code = "" if reply is None else reply.kind
    return AdviceRow(row, reply, str(ADVICE_STATES[code]), words.risk_name(row.risk))


def advice_parts(row: Advice) -> list[tuple[str, str]]:
    """Return the parts of an advice under their headings."""
    return [
        (_("What you need"), row.needs),
        (_("What is possible"), row.options),
        (_("What we advise"), row.recommendation),
        (_("Risks and limits"), row.risks),
        (_("What is not included"), row.not_included),
    ]


def advice_steps(row: Advice) -> list[tuple[str, AdviceStep]]:
    """Return what became of an advice, in order."""
    steps = AdviceStep.objects.filter(advice=row).select_related("person").order_by("at", "pk")
    return [(str(STEPS[one.kind]), one) for one in steps]


def consent(row: ConsentRequest) -> ConsentRow:
    """Return a request for consent as a page shows it."""
    code = consenting.state(row)
    return ConsentRow(
        request=row,
        code=code,
        state=str(CONSENT_STATES[code]),
        scope=tuple(words.scope_lines(consenting.said_scope(row))),
        answer=Consent.objects.filter(request=row).select_related("person", "mandate").first(),
        void=ConsentVoid.objects.filter(request=row).first(),
    )


def of_client(client: Client, *, actor: Actor) -> dict[str, list[AdviceRow] | list[ConsentRow]]:
    """Return the advice and the consents of a client, the latest first."""
    given = Advice.objects.visible_to(actor).filter(client=client).select_related("line", "server")
    asked = ConsentRequest.objects.visible_to(actor).filter(client=client)
    return {
        "advice": [advice(one) for one in given.order_by("-number")],
        "consents": [consent(one) for one in asked.order_by("-number")],
    }


def waiting(*, actor: Actor, at: datetime) -> tuple[list[Advice], list[ConsentRequest]]:
    """Return the advice and the requests that wait for an answer which the actor may give, oldest first."""
    open_advice = Advice.objects.visible_to(actor).exclude(steps__kind__in=ANSWERS).order_by("number")
    asked = ConsentRequest.objects.visible_to(actor).filter(consent__isnull=True, void__isnull=True)
    return (
        [one for one in open_advice if advising.may_answer(one, actor, at)],
        [
            one
            for one in asked.exclude(ends_at__lte=at).order_by("number")
            if consenting.mandated_over(one, actor.person_id, at)
        ],
    )


def why_not(code: str) -> str:
    """Return why an answer is refused."""
    return str(WHY_NOT[code])


def hindrance(row: ConsentRequest, *, actor: Actor, at: datetime) -> str:
    """Return why the actor cannot consent to a request now, in words; empty when nothing hinders."""
    code = answering.why_not(row, at=at, actor=actor)
    return why_not(code) if code else ""


def _source(held: Held) -> str:
    if held.mandate is None:
        return _("by the role of signatory")
    if held.mandate.given_by:
        return _("mandate n° %(number)s, given by %(who)s") % {
            "number": held.mandate.number,
            "who": held.mandate.given_by,
        }
    return _("mandate n° %(number)s") % {"number": held.mandate.number}
