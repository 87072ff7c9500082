"""Why a ticket cannot be merged into another: each reason in a sentence of its own, with the way out."""

from django.utils.translation import gettext as _

from astreinte.doors import naming
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError


def refused(error: TicketError, ticket: Ticket, into: Ticket) -> str:
    """Return the sentence of a refused merge, by the reason that the error gives."""
    said = {
        "itself": _("#%(into)d is this very ticket. Write the number of the other one."),
        "merged": _("This ticket is merged into another one already. Nothing is left to do."),
        "not open": _("#%(into)d is not open (%(state)s). Write the number of an open ticket."),
        "nature": _(
            "#%(into)d is of another nature: a support request and an incident are not the same promise."
            " Leave them apart."
        ),
        "relapse": _(
            "The fault of this ticket came back after an intervention, and its delay runs from the relapse."
            " Merge #%(into)d into #%(ticket)d instead, or leave them apart."
        ),
        "line": _(
            "#%(into)d is governed by another order line, or by none: this ticket would lose its promise."
            " Merge #%(into)d into #%(ticket)d instead, or leave them apart."
        ),
        "later": _(
            "The promise would end later in #%(into)d than it does here."
            " Merge #%(into)d into #%(ticket)d instead, or leave them apart."
        ),
        "before": _(
            "The promise of this ticket was missed, and the intervention on #%(into)d was before this one was"
            " received: merging would wipe the breach. Merge #%(into)d into #%(ticket)d instead, or leave them apart."
        ),
    }
    unknown = _("#%(into)d cannot take it in as it stands now. Look at both tickets, then leave them apart.")
    state = naming.ticket_state(into.state)
    return said.get(error.why, unknown) % {
        "into": into.number,
        "ticket": ticket.number,
        "state": state,
    }
