"""What happened to the inventory."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAdded(Event):
    """A server came under management."""

    subject: ClassVar[str] = "server_id"
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerEnded(Event):
    """A server left management."""

    subject: ClassVar[str] = "server_id"
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAdded(Event):
    """A service was declared on a server."""

    subject: ClassVar[str] = "server_id"
    server_id: int
    service_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEnded(Event):
    """A service is no longer declared on its server."""

    subject: ClassVar[str] = "server_id"
    server_id: int
    service_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementStated(Event):
    """It was said whether infrastructure and system of a server are managed (A2.13)."""

    subject: ClassVar[str] = "server_id"
    server_id: int
    infrastructure: bool
    system: bool
    from_at: datetime
