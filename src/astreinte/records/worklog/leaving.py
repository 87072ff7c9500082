"""An intervention that nobody ended is over when its ticket is closed: whoever closes it says that the work is done."""

from collections.abc import Iterable
from datetime import datetime

from astreinte.records.accounts.actors import system
from astreinte.records.journal import writing
from astreinte.records.worklog.facts import InterventionEnded
from astreinte.records.worklog.models import Intervention


def end_left_open(interventions: Iterable[Intervention], *, at: datetime) -> None:
    """End those that are still open as of `at`, the closing of their ticket; nothing is said of what was done.

    One that began later, written down afterwards on the closed ticket, ends as it begins.
    """
    for row in interventions:
        if row.ended_at is not None:
            continue
        row.ended_at = max(row.started_at, at)
        row.save(update_fields=["ended_at"])
        fact = InterventionEnded(
            at=row.ended_at,
            provider_id=row.ticket.provider_id,
            ticket_id=row.ticket_id,
            intervention_id=row.pk,
        )
        writing.append(fact, actor=system("worklog"), rows=[row])
