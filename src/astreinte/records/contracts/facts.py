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


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionImported(Event):
    """A version of a text came in, byte for byte: a draft until it is published (A0.1)."""

    subject: ClassVar[str] = "document_id"
    document_id: int
    version_id: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPublished(Event):
    """A version of a text was published: clients read it, and are asked to accept it."""

    subject: ClassVar[str] = "document_id"
    document_id: int
    version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTranscribed(Event):
    """Somebody wrote down as data what a version of a text promises, and which clause says it."""

    subject: ClassVar[str] = "transcription_id"
    transcription_id: int
    version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionChecked(Event):
    """A second person read the text and the values side by side, and found them alike."""

    subject: ClassVar[str] = "transcription_id"
    transcription_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsAccepted(Event):
    """A client accepted texts, entirely and without reserve, by one act (article 1, A1.5)."""

    subject: ClassVar[str] = "client_id"
    client_id: int
    brand_id: int
    act: str
    acceptance_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceInvited(Event):
    """A person of a client was asked by e-mail to accept a version."""

    subject: ClassVar[str] = "client_id"
    client_id: int
    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceWritten(Event):
    """The provider advised a client, before an order or risky work (A2.1)."""

    subject: ClassVar[str] = "advice_id"
    advice_id: int
    client_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceDelivered(Event):
    """An advice was sent to people of the client who may answer it."""

    subject: ClassVar[str] = "advice_id"
    advice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRead(Event):
    """A person of the client opened an advice."""

    subject: ClassVar[str] = "advice_id"
    advice_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceAnswered(Event):
    """The client accepted or refused an advice: `answer` says which, and nobody answers twice."""

    subject: ClassVar[str] = "advice_id"
    advice_id: int
    person_id: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAsked(Event):
    """The provider asked the client's consent to work of this scope (A2.2)."""

    subject: ClassVar[str] = "request_id"
    request_id: int
    client_id: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAnswered(Event):
    """The client gave or refused its consent to a scope, known by its digest."""

    subject: ClassVar[str] = "request_id"
    request_id: int
    person_id: int
    answer: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentVoided(Event):
    """A consent, or the request for it, no longer holds: the scope changed, or it was taken back."""

    subject: ClassVar[str] = "request_id"
    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLinkRefused(Event):
    """Somebody tried a link that does not, or no longer, let them consent; `why` says which (A2.2)."""

    subject: ClassVar[str] = "request_id"
    request_id: int
    person_id: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayApproved(Event):
    """Somebody else agreed to a specific contract that is worse for the client: it holds from now on (A1.3)."""

    subject: ClassVar[str] = "line_id"
    line_id: int
    overlay_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionStated(Event):
    """A condition of an order line is required, met, lapsed or waived (A1.1)."""

    subject: ClassVar[str] = "line_id"
    line_id: int
    condition: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineActivated(Event):
    """An order line that waited for its conditions became active: from now on it promises (A1.1)."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSuspended(Event):
    """An order line is suspended for a while: it promises nothing then (A1.4)."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResumed(Event):
    """The suspension of an order line ends (A1.4)."""

    subject: ClassVar[str] = "line_id"
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRenewed(Event):
    """An order line that was to end is followed by another one of the same plan (A1.4)."""

    subject: ClassVar[str] = "line_id"
    line_id: int
    renewed_id: int
