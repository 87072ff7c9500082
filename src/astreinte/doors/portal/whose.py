"""For which client the actor of a portal page speaks."""

from django.shortcuts import get_object_or_404

from astreinte.doors.who import PageRequest
from astreinte.records.accounts.models import Client


def client_of(request: PageRequest) -> Client:
    """Return the client that the actor speaks for."""
    row: Client = get_object_or_404(Client.objects.visible_to(request.actor), pk=request.actor.client_id)
    return row
