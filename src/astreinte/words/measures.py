"""What a probe measured, with its unit, as the hearer writes it: "412 µs", "61,3 %", "7,5 Gio"."""

import math
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from astreinte.words import hearer
from astreinte.words.typography import NB

SECONDS = ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
LONG_S = 300.0
"""Above this, seconds become minutes: 90 s is said as seconds."""
BYTES = ((2.0**40, "Ti"), (2.0**30, "Gi"), (2.0**20, "Mi"), (2.0**10, "Ki"), (1.0, ""))
HUGE = 1e15
"""From here on the digits before the comma say nothing to anybody."""
STEPS = (1.0, 2.0, 2.5, 4.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit for values about as large as some: one of it is `one` of what was measured; "" has no sign."""

    one: float
    sign: str

    def said(self, value: float, *, signed: bool = True) -> str:
        """Return the value with three digits that count, and its sign unless it stands elsewhere."""
        number = _number(value / self.one)
        return f"{number}{NB}{self.sign}" if signed and self.sign else number


def scale_of(name: str, most: float) -> Scale:
    """Return the unit in which values up to `most` of a measure are said; the end of its name tells its kind."""
    measure, size = name.partition(":")[0], abs(most)
    if measure.endswith("_percent"):
        return Scale(1.0, "%")
    if measure.endswith("_bytes"):
        one, prefix = next((pair for pair in BYTES if size >= pair[0]), BYTES[-1])
        return Scale(one, prefix + ("o" if hearer().language == "fr" else "B"))
    if measure.endswith("_s") and not measure.endswith("_per_s"):
        usable = [pair for pair in SECONDS if pair[0] <= 1.0 or size >= LONG_S]
        return Scale(*next((pair for pair in usable if size >= pair[0]), SECONDS[-1]))
    if measure.startswith("days"):
        return Scale(1.0, "j" if hearer().language == "fr" else "d")
    return Scale(1.0, "/s" if measure.endswith("_per_s") else "")


def said(name: str, value: float) -> str:
    """Return one value of a measure with its unit."""
    return scale_of(name, value).said(value)


def ends(name: str, lowest: float, highest: float) -> tuple[float, float]:
    """Return where an axis for these values begins and ends: at zero, and at a round number of its unit.

    A share goes from 0 to 100 %.
    """
    scale = scale_of(name, max(abs(lowest), abs(highest)))
    if scale.sign == "%" and lowest >= 0 and highest <= 100:
        return 0.0, 100.0
    low = -_round_up(-lowest / scale.one) * scale.one if lowest < 0 else 0.0
    high = _round_up(highest / scale.one) * scale.one if highest > 0 else 0.0
    return (low, high) if high > low else (low, low + scale.one)


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in STEPS if step * power >= value), 10.0 * power)


def _number(value: float) -> str:
    """Return a number with three digits that count, more before the comma."""
    if abs(value) >= HUGE:
        return f"{value:.2e}"
    places = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    return format_decimal(
        Decimal(repr(round(value, min(places, 6)))), format="#,##0.######", locale=hearer().locale
    )
