"""What the product knows suggests which advice to give, and how to begin it (A2.1)."""

from datetime import datetime

from astreinte.records.contracts import resolving
from astreinte.records.contracts.models import Coverage, OrderLine
from astreinte.records.inventory.models import Server
from astreinte.words import counsel as words
from astreinte.words import formats

FEW_HOURS_S = 2 * 3600
"""A volume below one long intervention."""


def suggested(line: OrderLine | None, at: datetime) -> list[str]:
    """Return the risks that an order line suggests: few hours, and no backup, which is none of what a plan includes.

    A single disk, or a system at its end of life, is not known here yet: who advises says so.
    """
    if line is None:
        return []
    volume = _volume(line, at)
    return ["no_backup", *(["low_hours"] if volume < FEW_HOURS_S else [])]


def proposed(
    risk: str, *, line: OrderLine | None, server: Server | None, at: datetime, system: str = ""
) -> dict[str, str]:
    """Return the parts of an advice about a risk, with the facts in them; empty where the facts are not known."""
    facts = {
        "server": server.name if server is not None else _servers(line, at),
        "system": system,
        "plan": "" if line is None else line.plan,
        "hours": formats.lasting(0 if line is None else _volume(line, at)),
    }
    needed = {"end_of_life": ("server", "system"), "low_hours": ("plan",)}.get(risk, ("server",))
    return words.suggested(risk, facts) if all(facts[one] for one in needed) else {}


def _servers(line: OrderLine | None, at: datetime) -> str:
    if line is None:
        return ""
    held = Coverage.objects.as_of(at).filter(line=line).select_related("server").order_by("server__name")
    return ", ".join(row.server.name for row in held)


def _volume(line: OrderLine, at: datetime) -> int:
    bound = resolving.of_line(line, at)
    volume = None if bound is None else bound.terms.value("hours.volume")
    return volume if isinstance(volume, int) else 0
