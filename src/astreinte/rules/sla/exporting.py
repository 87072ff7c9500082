"""Judged tickets as lines of the interchange format: a replay of them gives what was judged (docs/rules/replay.md).

The public holidays that were frozen are written as closed days and the calendar is none, so that the lines come to the
same anywhere and whenever, whatever a library holds for a holiday by then (AMB-21).
"""

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from astreinte.rules import money
from astreinte.rules.sla import terms
from astreinte.rules.sla.calendar import holidays_of
from astreinte.rules.sla.penalties import Price

Json = dict[str, Any]
Holidays = Mapping[int, Sequence[date]]

_BASE: Json = {key: value for key, value in terms.BUILT_IN.items() if key != "id"}


@dataclass(frozen=True, slots=True)
class Case:
    """One promise as it was judged, or a ticket without one: what the rules were given, and nothing else.

    `line` names the order line; `body` is the complete terms that held, `holidays` what was frozen of their calendar,
    `years` those that the ticket met. `ticket` holds the keys of the interchange format but for `contract`.
    """

    line: str
    price: Price
    body: Json
    holidays: Holidays
    years: range
    ticket: Json


def lines(cases: Iterable[Case]) -> Iterator[Json]:
    """Give the lines: terms and contracts before their first use, then the tickets, in the order of the cases.

    An order line whose terms or price changed is one contract for each of them, `12` and then `12/2`: the format knows
    one price and one set of terms a contract. Raises money.MoneyError for a price that no decimal text holds.
    """
    known = _Known()
    several = list(cases)
    for case in several:
        known.meet(case)
    for case in several:
        contract = yield from known.contract(case)
        rest = dict(case.ticket)
        yield {"ticket": {"id": rest.pop("id"), "contract": contract, **rest}}


def patch(base: Json, wanted: Json) -> Json:
    """Return what changes `base` into `wanted` as a JSON Merge Patch (RFC 7396): what `wanted` lacks is null.

    A null in `wanted` is as good as an absent key. Lists are replaced whole.
    """
    gone: Json = {key: None for key in base if wanted.get(key) is None}
    changed = {
        key: patch(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in wanted.items()
        if value is not None and value != base.get(key)
    }
    return gone | changed


def standalone(body: Json, holidays: Holidays) -> Json:
    """Return complete terms that need no calendar: the public holidays of those years are closed days."""
    closed = {*body.get("closed_days", []), *(day.isoformat() for days in holidays.values() for day in days)}
    return {key: value for key, value in body.items() if key != "id"} | {
        "calendar": None,
        "closed_days": sorted(closed),
    }


def inline(body: Json, holidays: Holidays) -> Json:
    """Return the same as a terms object of the interchange format: what it changes in the built-in terms."""
    return patch(_BASE, standalone(body, holidays))


def with_years(body: Json, holidays: Holidays, years: Iterable[int]) -> dict[int, Sequence[date]]:
    """Return the public holidays of the frozen years and of those, which the library fills in as the rules do."""
    name = body.get("calendar")
    if not isinstance(name, str):
        return {}
    missing = {year: sorted(holidays_of(name, year)) for year in years if year not in holidays}
    return {**holidays, **missing}


def price_text(price: Price) -> str:
    """Return the price of a period in euros, exact, as the interchange format writes it."""
    cents = Fraction(price.cents)
    return money.text(int(cents)) if cents.denominator == 1 else money.decimal_text(cents / 100)


class _Known:
    """Which terms and contracts have a name so far. Terms that met other years are the same terms."""

    def __init__(self) -> None:
        self._holidays: dict[str, dict[int, Sequence[date]]] = {}
        self._terms: dict[str, str] = {}
        self._contracts: dict[tuple[str, str, str, str], str] = {}
        self._variants: dict[str, int] = {}

    def meet(self, case: Case) -> None:
        """Take note of the years that a case met: its terms are written once, with all of them."""
        held = self._holidays.setdefault(_key(case), {})
        for year, days in with_years(case.body, case.holidays, case.years).items():
            held.setdefault(year, days)

    def contract(self, case: Case) -> Generator[Json, None, str]:
        """Give the lines that define the contract of a case, when it is new; return its name."""
        body, price = _key(case), price_text(case.price)
        key = case.line, price, case.price.period, body
        if key not in self._contracts:
            if body not in self._terms:
                self._terms[body] = f"{case.body.get('id') or 'terms'}, {len(self._terms) + 1}"
                yield {"terms": {"id": self._terms[body], **inline(case.body, self._holidays[body])}}
            turn = self._variants[case.line] = self._variants.get(case.line, 0) + 1
            self._contracts[key] = case.line if turn == 1 else f"{case.line}/{turn}"
            yield {
                "contract": {
                    "id": self._contracts[key],
                    "price": price,
                    "period": case.price.period,
                    "terms": self._terms[body],
                }
            }
        return self._contracts[key]


def _key(case: Case) -> str:
    return json.dumps(case.body, sort_keys=True, ensure_ascii=False)
