"""A machine started again, and nobody had announced it: power, a crash, or somebody who did not say so (A4.3, A4.8)."""

from datetime import timedelta

from astreinte.records.accounts.actors import Actor
from astreinte.records.agenda.models import Window
from astreinte.records.journal import writing
from astreinte.records.monitoring.facts import RebootSeen
from astreinte.records.monitoring.models import Transition
from astreinte.rules.checks.outcome import Level

KIND = "boot"
AROUND = timedelta(minutes=15)
"""A start is told for ten minutes; the end of the work and the first result after it lie no farther apart."""


def is_one(transition: Transition) -> bool:
    """Tell whether a transition says that a machine started a short while ago. That ends no trouble, as warnings do."""
    return transition.check_ref.kind == KIND and transition.after == Level.WARNING.value


def note(transition: Transition, *, actor: Actor) -> None:
    """Write down the start of a machine that was up before, unless announced work covers it.

    A machine only grows older: it was up if it was good before. One that was young when it was seen for the first
    time, or is young still after a blind period, has not started again.
    """
    check = transition.check_ref
    earlier = check.transitions.filter(pk__lt=transition.pk).exclude(after=Level.STALE.value)
    before = earlier.order_by("-pk").values_list("after", flat=True).first()
    since = transition.first_at - AROUND
    announced = Window.objects.on(check.server).not_over(since).filter(withdrawn_at=None)
    if before != Level.OK.value or announced.filter(from_at__lte=transition.first_at).exists():
        return
    fact = RebootSeen(
        at=transition.at,
        provider_id=check.server.provider_id,
        check_id=check.pk,
        server_id=check.server_id,
        transition_id=transition.pk,
        since=since,
    )
    writing.append(fact, actor=actor)
