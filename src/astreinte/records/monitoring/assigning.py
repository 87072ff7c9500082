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


def changes(since: int) -> tuple[bool, int]:
    """Say whether servers or checks were declared after the entry `since`, and which entry is the last by now.

    To be asked again with that one. Most entries (tickets, letters, transitions) change no duty, and five
    thousand checks are not read again for each of them.
    """
    newer = Entry.objects.filter(id__gt=since)
    last = newer.aggregate(last=Max("id"))["last"] or since
    declared = Q(kind__startswith="inventory.") | Q(kind__startswith="monitoring.Check")
    return newer.filter(declared, id__lte=last).exists(), last
