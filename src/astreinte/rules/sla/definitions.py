"""The terms and contracts of a replay: defined before use, by a line of their own or inline."""

from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii
from typing import Any, NamedTuple

from astreinte.rules import money
from astreinte.rules.sla import terms as terms_
from astreinte.rules.sla.calendar import Openings, opening_seconds
from astreinte.rules.sla.courses import Course, courses
from astreinte.rules.sla.lines import Refused
from astreinte.rules.sla.penalties import HOUR, MONTHS_OF, Price, cap_cents, hourly_rate
from astreinte.rules.sla.terms import Terms, TermsError
from astreinte.rules.sla.zones import Zone

Json = dict[str, Any]

_CONTRACT_KEYS = frozenset({"id", "price", "period", "terms"})


class Late(NamedTuple):
    """A late ticket that waits for the cap of its month: `due` is its deadline, `place` that of its answer."""

    month: str
    due: int
    id: str
    raw: int
    exclusion: str | None
    place: int


@dataclass(slots=True)
class Order:
    """A contract of the replay, one order line, with what its tickets need looked up once."""

    id: str
    quoted: str
    price: Price
    terms: Terms
    written: Json
    zone: Zone
    openings: Openings
    courses: dict[str, tuple[Course, Course] | None]
    cap: int | None
    starts: dict[str, bool]
    tickets: set[str] = field(default_factory=set)
    hours: dict[str, int] = field(default_factory=dict)
    rates: dict[str, tuple[int, int]] = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)

    def opening(self, month: str) -> int:
        """Return the opening seconds of a month."""
        try:
            return self.hours[month]
        except KeyError:
            found = opening_seconds(self.terms, month, self.terms.penalty.opening_hours)
            self.hours[month] = found
            return found

    def rate(self, month: str) -> tuple[int, int]:
        """Return the cents a second late as (numerator, denominator).

        Raises PenaltyError for a month without opening hours.
        """
        try:
            return self.rates[month]
        except KeyError:
            rate = hourly_rate(self.terms, self.price, month, self.opening(month)) / HOUR
            self.rates[month] = rate.numerator, rate.denominator
            return self.rates[month]


class Definitions:
    """What was defined so far. Defining again is allowed when the contents are the same."""

    def __init__(self) -> None:
        self._terms: dict[str, tuple[Json, Terms]] = {}
        self.orders: dict[str, Order] = {}
        built_in = terms_.built_in()
        self._terms[built_in["id"]] = (built_in, terms_.parse(built_in))

    def define_terms(self, obj: Json, place: str = "terms") -> tuple[Json, Terms]:
        """Take a terms object, its bases first; return it complete; raise Refused."""
        patch = dict(obj)
        base, _ = self._terms_of(patch.pop("extends", None), f"{place}.extends")
        try:
            complete = terms_.merge(base, patch)
            parsed = terms_.parse(complete)
        except TermsError as error:
            raise Refused(f"{place}.{error.place}", error.value, error.way_out) from None
        if parsed.id is not None:
            known = self._terms.get(parsed.id)
            if known is not None and known[1] != parsed:
                raise Refused(
                    f"{place}.id",
                    parsed.id,
                    "these terms are defined before, with different contents; rename one",
                )
            self._terms[parsed.id] = complete, parsed
        return complete, parsed

    def define_contract(self, obj: Json, place: str = "contract") -> Order:
        """Take a contract object; return its order line; raise Refused."""
        name = _contract_id(obj, place)
        known = self.orders.get(name)
        if known is not None and known.written == obj:
            return known
        price = _price(obj, place)
        _, terms = self._terms_of(obj.get("terms"), f"{place}.terms")
        if known is not None:
            if (known.price, known.terms) != (price, terms):
                raise Refused(
                    f"{place}.id",
                    name,
                    "this contract is defined before, with different contents; rename one",
                )
            return known
        order = Order(
            id=name,
            quoted=encode_basestring_ascii(name),
            price=price,
            terms=terms,
            written=obj,
            zone=terms.calendar.zone,
            openings=terms.calendar.openings,
            courses={priority: courses(terms, priority) for priority in terms.priorities},
            cap=cap_cents(terms, price),
            starts=dict.fromkeys(terms.clock_starts_on, True),
        )
        self.orders[name] = order
        return order

    def order_of(self, value: object, place: str) -> Order:
        """Return the order line of an id or of an inline contract; raise Refused."""
        if isinstance(value, dict):
            return self.define_contract(value, place)
        if isinstance(value, str) and value in self.orders:
            return self.orders[value]
        raise Refused(place, value, "no such contract so far; define it on a line before, or inline")

    def _terms_of(self, value: object, place: str) -> tuple[Json, Terms]:
        if value is None:
            return self._terms[terms_.BUILT_IN["id"]]
        if isinstance(value, dict):
            return self.define_terms(value, place)
        if isinstance(value, str) and value in self._terms:
            return self._terms[value]
        raise Refused(place, value, "no such terms so far; define them on a line before, or inline")


def _contract_id(obj: Json, place: str) -> str:
    for key, value in obj.items():
        if key not in _CONTRACT_KEYS:
            known = ", ".join(sorted(_CONTRACT_KEYS))
            raise Refused(f"{place}.{key}", value, f"unknown key; known are {known}")
    name = obj.get("id")
    if not isinstance(name, str):
        raise Refused(f"{place}.id", name, "expected text, to tell the order line by")
    return name


def _price(obj: Json, place: str) -> Price:
    period = obj.get("period")
    if not isinstance(period, str) or period not in MONTHS_OF:
        raise Refused(f"{place}.period", period, f"expected one of {', '.join(MONTHS_OF)}")
    try:
        return Price(money.parse_euros(obj.get("price")), period)
    except money.MoneyError as error:
        raise Refused(f"{place}.price", obj.get("price"), str(error)) from None
