"""The first steps of a house: what is still missing before a promise can run, in the order in which it is done."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client, EmergencyNumber, Role
from astreinte.records.accounts.permissions import can
from astreinte.records.contracts.models import Coverage, OrderLine, Terms


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, the page where it is done, and whether it is."""

    said: str
    page: str
    done: bool


def steps(actor: Actor, at: datetime) -> list[Step]:
    """Return the first steps with what is done of them; none when all is done, or for who could not do them."""
    if not can(actor, "contracts.change"):
        return []
    clients = Client.objects.visible_to(actor).filter(internal=False)
    people = Role.objects.visible_to(actor).as_of(at).filter(client__isnull=False)
    found = [
        Step(_("Add a client"), "desk:add_client", clients.exists()),
        Step(_("Write terms down"), "desk:write_terms", Terms.objects.visible_to(actor).exists()),
        Step(_("Bind the client"), "desk:bind", OrderLine.objects.visible_to(actor).as_of(at).exists()),
        Step(
            _("Add a server, and cover it"),
            "desk:servers",
            Coverage.objects.visible_to(actor).as_of(at).exists(),
        ),
        Step(_("Invite a person of the client"), "desk:clients", people.exists()),
        Step(_("Define an emergency number"), "desk:people", _numbers(actor, at)),
    ]
    return [] if all(step.done for step in found) else found


def _numbers(actor: Actor, at: datetime) -> bool:
    return EmergencyNumber.objects.visible_to(actor).as_of(at).exists()
