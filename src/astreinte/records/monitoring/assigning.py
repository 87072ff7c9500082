"""What is to be watched at an instant, for whoever hands it to the watchers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from astreinte.records.journal.models import Entry
from astreinte.records.monitoring.models import Check

COLUMNS = (
    *("public_id", "kind", "server__address", "options"),
    *("every_s", "retry_s", "attempts", "recoveries"),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """One check to be run. Seconds as in `Check`; `target` is the server's address."""

    check_id: str
    kind: str
    target: str
    options: Mapping[str, Any]
    every_s: int
    retry_s: int
    attempts: int
    recoveries: int


def duties(at: datetime) -> list[Duty]:
    """Return every check in force at `at` on a server in force."""
    rows = (
        Check.objects.as_of(at)
        .filter(Q(server__until_at=None) | Q(server__until_at__gt=at), server__withdrawn_at=None)
        .order_by("id")
        .values_list(*COLUMNS)
    )
    return [
        Duty(check_id, kind, target, json.loads(options), *numbers)
        for check_id, kind, target, options, *numbers in rows
    ]


def version() -> int:
    """Return a number that grows when anything was declared: while it stands still, so do the duties."""
    return Entry.objects.aggregate(last=Max("id"))["last"] or 0
