"""From which instant a day of a contract counts: texts say « à compter du », and a day begins somewhere."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = "Europe/Paris"
"""The zone in which the day begins from which a text holds: that of the contract's law."""


def day_of(at: datetime) -> date:
    """Return the day of an instant where the contract is."""
    return at.astimezone(ZoneInfo(ZONE)).date()


def beginning(day: date) -> datetime:
    """Return the instant at which a day begins where the contract is, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(ZONE)).astimezone(UTC)
