"""When our probes first saw the trouble of one client in an incident that may hold the servers of several."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from astreinte.records.monitoring.models import IncidentCheck, Transition


@dataclass(frozen=True, slots=True)
class Sighting:
    """The first result that saw it, when it was sure, and one attempt before: it cannot have begun earlier."""

    detected_at: datetime
    confirmed_at: datetime
    occurred_at: datetime


def of_client(incident_id: int, client_id: int) -> Sighting | None:
    """Return the first sighting on a server of this client, whatever others saw before; None without any (A5.1)."""
    links = IncidentCheck.objects.filter(incident_id=incident_id, check_ref__server__client_id=client_id)
    first = links.select_related("check_ref").order_by("joined_at", "pk").first()
    if first is None:
        return None
    check, sure_at = first.check_ref, first.joined_at
    seen = Transition.objects.filter(check_ref=check, at=sure_at).order_by("-pk").first()
    detected_at = sure_at if seen is None else seen.first_at
    return Sighting(detected_at, sure_at, detected_at - timedelta(seconds=check.every_s))
