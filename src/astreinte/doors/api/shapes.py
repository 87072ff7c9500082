"""What goes out and comes in: the types of the API, which are its documentation too."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

T = TypeVar("T")


def _storable(text: str) -> str:
    """Refuse the one character that not every database keeps in a text."""
    if "\x00" in text:
        raise ValueError("holds a null character, which is no text; leave it out")
    return text


Id = Annotated[
    str, Field(description="A public id: 16 small letters and digits.", examples=["7f3k9q2m5x8c1v4b"])
]
Euros = Annotated[str, Field(description="Euros with two decimals, as text.", examples=["53.57"])]
At = Annotated[datetime, Field(description="An instant in UTC.", examples=["2026-11-23T10:30:00Z"])]
Seconds = Annotated[int, Field(description="Whole seconds; below zero when over.")]
Words = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_storable)]
Short = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]


class Error(Schema):
    """Why the answer is no."""

    code: str
    message: str
    place: str | None = None
    way_out: str | None = None


class Refusal(Schema):
    """The one shape of every refusal."""

    error: Error


class Page(Schema, Generic[T]):
    """Some of a list. `next` is what to send as `after` for more; null at the end."""

    items: list[T]
    next: Id | None


class Check(Schema):
    """A check as it stands. No fresh result is `stale`, never `ok`."""

    id: Id
    name: str
    kind: str
    level: str
    since: At | None
    text: str
    measured_at: At | None


class Service(Schema):
    """What a server does for its client; `essential` in the sense of article 5."""

    name: str
    essential: bool


class Server(Schema):
    """A server under management. `level` is that of its worst check; null: nothing is watched."""

    id: Id
    name: str
    address: str
    client: str
    since: At
    until: At | None
    level: str | None


class ServerWhole(Server):
    """A server with its services and checks."""

    services: list[Service]
    checks: list[Check]


class ServerNamed(Schema):
    """A server that a ticket is about."""

    id: Id
    name: str


class Promise(Schema):
    """The contract's clock on a ticket (article 5)."""

    line: int
    terms: str
    priority: str
    regime: str
    channel: str
    started_at: At
    deadline_at: At | None
    first_late_at: At | None
    safe_at: At | None
    stopped_at: At | None
    allowed_s: Seconds
    left_s: Seconds | None
    late_s: Seconds


class Owed(Schema):
    """The money of a promise (article 6). `due` is what is owed now; `next_due` from `next_at` on."""

    currency: Literal["EUR"]
    due: Euros
    raw: Euros
    hour: Euros
    cap: Euros | None
    next_at: At | None
    next_due: Euros | None
    reason: str | None


class Ticket(Schema):
    """A ticket. `standing`: uncovered, no_target, no_clock, running, late, met, missed, closed or merged."""

    id: Id
    number: int
    client: str
    server: ServerNamed | None
    subject: str
    priority: str
    nature: str
    state: str
    opened_at: At
    restored_at: At | None
    closed_at: At | None
    assignee: str | None
    merged_into: int | None
    standing: str
    promise: Promise | None
    owed: Owed | None


class Receipt(Schema):
    """What was received for a ticket. `at` counts; `recorded_at` is when it was written down."""

    id: Id
    at: At
    recorded_at: At
    channel: str
    caller: str | None
    number_called: str | None
    answered: bool | None


class Intervention(Schema):
    """Work of a named person. `afterwards`: written down later than it began."""

    id: Id
    ticket: int
    person: str
    kind: str
    started_at: At
    ended_at: At | None
    afterwards: bool
    text: str


class Message(Schema):
    """Something that was said; what is not `public` is read by the staff alone."""

    at: At
    author: str
    by_client: bool
    public: bool
    text: str


class Explained(Schema):
    """Words made from the stored trace alone. `agrees`: recomputing from it gave the number again."""

    paragraphs: list[str]
    quote: str
    source: str
    table: list[tuple[str, str]]
    agrees: bool


class Why(Schema):
    """Why this deadline, why this sum, in the language of the token's person."""

    deadline: Explained | None
    sum: Explained | None


class Times(Schema):
    """The eight times of an incident, kept apart; null for what was not. `occurred_at` is an estimate.

    `ticket_received_at` is the client's first declaration, `ticket_opened_at` when the ticket began, by whatever way,
    `ticket_written_at` when it was written down: later, where our hub was away. `to_ticket_s` is the time from the
    detection until then. `clock_restarted_at`: the failure came back after an
    intervention, and its clock runs again from then.
    """

    occurred_at: At | None
    detected_at: At | None
    ticket_opened_at: At
    ticket_written_at: At
    ticket_received_at: At | None
    call_received_at: At | None
    clock_started_at: At | None
    clock_restarted_at: At | None
    intervention_started_at: At | None
    restored_at: At | None
    closed_at: At | None
    to_ticket_s: Seconds | None


class Earlier(Schema):
    """The promise of an outage before the failure came back: judged apart, and owed beside the one that runs."""

    said: str
    promise: Promise | None
    owed: Owed | None


class Answer(Schema):
    """Who acts on the layer of a server in which our probes see the trouble, by what held at that instant.

    `acts` and `informs` are "provider" or "client"; null where it was not said. `said`: the same in one sentence.
    """

    server: str
    layer: str
    at: At
    acts: str | None
    informs: str | None
    said: str


class TicketWhole(Ticket):
    """A ticket with everything that the bearer may read of it; `said` is how it stands, in one sentence."""

    said: str
    times: Times
    earlier: list[Earlier]
    answers: list[Answer]
    close_reason: str
    breach_at: At | None
    receipts: list[Receipt]
    interventions: list[Intervention]
    messages: list[Message]
    why: Why


class Received(Schema):
    """A declaration was received. `said` tells whether the clock of the contract runs, and if not, what starts it."""

    receipt: Receipt
    said: str
    ticket: TicketWhole


class _Sent(Schema):
    model_config: ClassVar[Any] = ConfigDict(extra="forbid", strict=True)


class Declaration(_Sent):
    """A declaration, received by the channel `api`."""

    subject: Short
    text: Words
    priority: Literal["critical", "urgent", "normal", "low"]
    nature: Literal["incident", "support"] = "incident"
    server: Id | None = Field(None, description="The principal server, whose order line gives terms and fee.")
    mentioned: list[Id] = Field([], max_length=50, description="Other servers that it speaks of.")
    client: Id | None = Field(None, description="Needed from the staff when there is no server.")
    call_back: str = Field("", max_length=30, pattern=r"^[+0-9 ().\-]*$", description="A telephone number.")


class Reply(_Sent):
    """Something to say, which both sides read."""

    text: Words


REFUSED = {status: Refusal for status in (400, 401, 404, 405, 422, 429, 500, 503)}
WRITES_REFUSED = REFUSED | {403: Refusal, 409: Refusal, 413: Refusal}


class Acceptance(Schema):
    """A client accepted a version. What was accepted by one click or on one paper has one `act`."""

    act: str
    client: str
    person: str
    at: At
    recorded_at: At
    how: Literal["portal", "signed_pdf"]
    brand: str
    source_sha256: str
    rendered_sha256: str
    paper_sha256: str | None


class Text(Schema):
    """A version of a text. `accepted`: by somebody whose acceptances you may see."""

    id: Id
    name: str
    version: int
    kind: Literal["specific", "special", "general_sale", "general_service"]
    language: str
    client: str | None
    effective_on: date
    status: Literal["draft", "published", "superseded"]
    sha256: str
    accepted: bool


class TextWhole(Text):
    """A version with its words as they were brought in, and what it promises: terms, and the clause of each value."""

    text: str
    terms: str | None
    clauses: dict[str, str]
    checked: bool
    acceptances: list[Acceptance]
