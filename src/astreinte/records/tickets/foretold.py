"""The advice that a client set aside, and of which the risk came about: it comes back in the ticket's file (A2.1)."""

from collections.abc import Mapping

from django.db.models import Q

from astreinte.records.contracts import advising
from astreinte.records.contracts.counsel import RISKS, Advice
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import IncidentCheck
from astreinte.records.tickets.models import Mention, Ticket

_MACHINE = ("single_disk", "no_backup", "end_of_life", "work", "other")
_SERVICE = ("end_of_life", "work", "other")

RISKS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "boot": _MACHINE,
    "clock": _SERVICE,
    "disk": ("single_disk", "no_backup", "work", "other"),
    "dns": _SERVICE,
    "http": _SERVICE,
    "icmp": _MACHINE,
    "load": ("memory", "low_hours", "work", "other"),
    "memory": ("memory", "work", "other"),
    "mounts": ("single_disk", "no_backup", "work", "other"),
    "oom": ("memory", "work", "other"),
    "plugin": RISKS,
    "pressure": ("memory", "work", "other"),
    "swap": ("memory", "work", "other"),
    "tcp": _SERVICE,
    "tls": ("certificate", "work", "other"),
    "units": _SERVICE,
}
"""Which risks may be what a check of a kind sees: a Nagios plugin sees anything."""


def refused(ticket: Ticket) -> list[Advice]:
    """Return the advice that the client had set aside when the ticket opened, about its servers and what was seen.

    Without an alert of our probes nothing is known of what came about: then all of it, for whoever intervenes to see.
    """
    of_it = Q(incident__tickets=ticket) | Q(incident__tickets__merged_into=ticket)
    links = IncidentCheck.objects.filter(of_it, check_ref__server__client=ticket.client_id)
    checks = [link.check_ref for link in links.select_related("check_ref__server").distinct()]
    servers = {check.server_id: check.server for check in checks} | {
        server.pk: server for server in _named(ticket)
    }
    if not servers:
        return []
    kinds = {check.kind for check in checks}
    risks = {risk for kind in kinds for risk in RISKS_OF_KIND[kind]} if kinds else set(RISKS)
    found = advising.refused_about(list(servers.values()), sorted(risks), ticket.opened_at)
    return list(found.filter(client=ticket.client_id).select_related("client", "line", "server"))


def _named(ticket: Ticket) -> list[Server]:
    mentions = Mention.objects.filter(ticket=ticket).select_related("server")
    own = [] if ticket.server is None else [ticket.server]
    return [*own, *(mention.server for mention in mentions)]
