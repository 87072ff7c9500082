"""What happened to contracts."""

from dataclasses import dataclass
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsWritten(Event):
    """Terms were written down: values that a contract promises (articles 5 and 6)."""

    subject: ClassVar[str] = "terms_id"
    terms_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFrozen(Event):
    """The public holidays of a calendar and year were frozen (AMB-21)."""

    subject: ClassVar[str] = "year_id"
    year_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBound(Event):
    """A client is bound by an order line: a plan, a price, a period, terms."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEnded(Event):
    """An order line ends."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCovered(Event):
    """An order line covers a server from an instant on."""

    subject: ClassVar[str] = "line_id"
    line_id: int
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChanged(Event):
    """The price of an order line changed from an instant on."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChanged(Event):
    """Other terms govern an order line from an instant on."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayLaid(Event):
    """A specific contract changes some values for a while (A1.3)."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayEnded(Event):
    """A specific contract ends."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWithdrawn(Event):
    """A change that had not begun was taken back."""

    subject: ClassVar[str] = "line_id"
    line_id: int
