"""When our probes first saw the trouble of one client in an incident that may hold the servers of several."""

from collections.abc import Iterable
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


def detected(incident_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """Return when our probes first saw each of these incidents, by its key and that of the client: for a list."""
    links = IncidentCheck.objects.filter(incident__in=list(incident_ids)).order_by("joined_at", "pk")
    first: dict[tuple[int, int], tuple[int, datetime]] = {}
    for incident, client, check, sure_at in links.values_list(
        "incident_id", "check_ref__server__client_id", "check_ref_id", "joined_at"
    ):
        first.setdefault((incident, client), (check, sure_at))
    seen = Transition.objects.filter(
        check_ref__in={check for check, _ in first.values()}, at__in={at for _, at in first.values()}
    )
    began = {
        (check, at): since
        for check, at, since in seen.order_by("pk").values_list("check_ref_id", "at", "first_at")
    }
    return {whose: began.get(one, one[1]) for whose, one in first.items()}
