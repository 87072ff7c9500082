"""Public holidays are frozen with the year: an upgrade of a library never moves a past deadline."""

import json
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.contracts.facts import YearFrozen
from astreinte.records.contracts.models import FrozenYear
from astreinte.records.journal import writing
from astreinte.rules.sla.calendar import holidays_of


def frozen(provider_id: int, calendar: str) -> dict[int, tuple[date, ...]]:
    """Return the years of a calendar that are frozen for a provider."""
    rows = FrozenYear.objects.filter(provider_id=provider_id, calendar=calendar).values_list("year", "days")
    return {year: tuple(date.fromisoformat(day) for day in json.loads(days)) for year, days in rows}


def freeze(
    provider_id: int, calendar: str, years: Iterable[int], *, at: datetime, actor: Actor
) -> dict[int, tuple[date, ...]]:
    """Freeze the years that are not yet, and return all that are frozen. Most calls write nothing."""
    known = frozen(provider_id, calendar)
    missing = sorted(set(years) - set(known))
    return {**known, **_frozen_now(provider_id, calendar, missing, at, actor)} if missing else known


@transaction.atomic
def _frozen_now(
    provider_id: int, calendar: str, years: list[int], at: datetime, actor: Actor
) -> dict[int, tuple[date, ...]]:
    known: dict[int, tuple[date, ...]] = {}
    for year in years:
        days = tuple(sorted(holidays_of(calendar, year)))
        row, made = FrozenYear.objects.get_or_create(
            provider_id=provider_id,
            calendar=calendar,
            year=year,
            defaults={"days": json.dumps([day.isoformat() for day in days]), "frozen_at": at},
        )
        if made:
            fact = YearFrozen(at=at, provider_id=provider_id, year_id=row.pk)
            writing.append(fact, actor=actor, rows=[row])
        known[year] = tuple(date.fromisoformat(day) for day in json.loads(row.days))
    return known
