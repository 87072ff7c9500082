"""What happened to a notice: one event per step of its way out."""

from dataclasses import dataclass
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeQueued(Event):
    """Somebody is to be told something: the row stands in the transaction of the fact."""

    subject: ClassVar[str] = "notice_id"
    notice_id: int
    person_id: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePostponed(Event):
    """A sending was surely not accepted; the next one is due later."""

    subject: ClassVar[str] = "notice_id"
    notice_id: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeInDoubt(Event):
    """A sending may have arrived, or not: no answer came back for it. It is sent again unless given up."""

    subject: ClassVar[str] = "notice_id"
    notice_id: int
    attempt: int
    given_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeHandedOver(Event):
    """The carrier took the notice upon itself. Whether it arrived is not known."""

    subject: ClassVar[str] = "notice_id"
    notice_id: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDelivered(Event):
    """A receipt says that the notice reached its person."""

    subject: ClassVar[str] = "notice_id"
    notice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFailed(Event):
    """The notice will not reach its person by this way: somebody has to know."""

    subject: ClassVar[str] = "notice_id"
    notice_id: int
    person_id: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRetried(Event):
    """A notice that had failed was put back in the queue by hand."""

    subject: ClassVar[str] = "notice_id"
    notice_id: int
