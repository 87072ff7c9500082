"""Tickets: list, get, declare, reply."""

from typing import Any, Literal

from ninja import Field, Query, Router, Status

from astreinte.doors import plainly
from astreinte.doors.api import finding, paging, repeating, shapes
from astreinte.doors.api.bearing import ApiRequest, speaking
from astreinte.doors.api.repeating import Key
from astreinte.doors.api.shapes import REFUSED, WRITES_REFUSED
from astreinte.records.commitments import standing
from astreinte.records.tickets import conversation, opening
from astreinte.records.tickets.models import Message, Receipt, Ticket

router = Router()


class Listed(paging.Page):
    """Which tickets."""

    state: Literal["open", "all"] = Field("open", description="all: closed and merged ones, too.")
    server: str = Field("", max_length=16, description="The id of a server that they are about.")


@router.get("", response={200: shapes.Page[shapes.Ticket], **REFUSED}, operation_id="list_tickets")
def list_tickets(request: ApiRequest, page: Query[Listed]) -> dict[str, Any]:
    """List the open tickets, the newest first."""
    paging.refuse_unknown(request.GET, page)
    actor = request.auth
    seen = Ticket.objects.visible_to(actor)
    if page.state == "open":
        seen = seen.open()
    if page.server:
        seen = seen.for_server(finding.named_server("server", page.server, actor, request.at))
    shown = seen.select_related("client", "server", "assignee", "merged_into")
    rows, following = paging.cut(shown, page, by="-number")
    return {"items": plainly.tickets(rows, request.at), "next": following}


@router.get("/{ticket_id}", response={200: shapes.TicketWhole, **REFUSED}, operation_id="get_ticket")
def get_ticket(request: ApiRequest, ticket_id: str) -> dict[str, Any]:
    """Show a ticket: its promise, what was received, done and said, what is owed, and why."""
    return _whole(request, finding.ticket(ticket_id, request.auth))


@router.post(
    "",
    response={201: shapes.Received, 200: shapes.Received, **WRITES_REFUSED},
    operation_id="declare_ticket",
)
def declare_ticket(request: ApiRequest, said: shapes.Declaration, key: Key) -> Status[dict[str, Any]]:
    """Declare an incident or ask for support: 201 when it was received now, 200 when the key was sent before.

    The channel is `api`. Whether it starts the clock of the contract is a matter of the terms in force: those
    built in let only the web form and a call to the emergency number start it. `said` tells.
    """
    actor = request.auth

    def act() -> str:
        on = finding.named_server("server", said.server, actor, request.at) if said.server else None
        others = [
            finding.named_server(f"mentioned[{place}]", one, actor, request.at)
            for place, one in enumerate(said.mentioned)
        ]
        receipt = opening.declare(
            client=finding.client(said.client, on, actor),
            server=on,
            mentioned=others,
            subject=said.subject,
            text=said.text,
            priority=said.priority,
            nature=said.nature,
            call_back=said.call_back,
            channel="api",
            key=f"api:{actor.id}:{key}",
            at=request.at,
            actor=actor,
        )
        return receipt.public_id

    done = repeating.once(request, said, key, act)
    receipt = Receipt.objects.visible_to(actor).select_related("ticket").get(public_id=done.made)
    shown = _whole(request, finding.ticket(receipt.ticket.public_id, actor))
    answer = {"receipt": plainly.receipt(receipt), "said": shown["said"], "ticket": shown}
    return Status(201 if done.first else 200, answer)


@router.post(
    "/{ticket_id}/replies",
    response={201: shapes.Message, 200: shapes.Message, **WRITES_REFUSED},
    operation_id="reply_to_ticket",
)
def reply_to_ticket(
    request: ApiRequest, ticket_id: str, said: shapes.Reply, key: Key
) -> Status[dict[str, Any]]:
    """Say something that both sides read: 201 when it was written now, 200 when the key was sent before."""
    actor = request.auth
    ticket = finding.ticket(ticket_id, actor)

    def act() -> str:
        return str(conversation.reply(ticket, said.text, at=request.at, actor=actor).pk)

    done = repeating.once(request, said, key, act)
    message = Message.objects.visible_to(actor).get(pk=int(done.made))
    return Status(201 if done.first else 200, plainly.message(message))


def _whole(request: ApiRequest, ticket: Ticket) -> dict[str, Any]:
    with speaking(request):
        return plainly.whole(standing.of(ticket, request.at), actor=request.auth, at=request.at)
