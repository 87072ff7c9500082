"""Servers: list, get."""

from typing import Any

from ninja import Query, Router

from astreinte.doors import plainly
from astreinte.doors.api import finding, paging, shapes
from astreinte.doors.api.bearing import ApiRequest
from astreinte.doors.api.shapes import REFUSED
from astreinte.doors.watched import Watched, watched
from astreinte.records.inventory.models import Server, Service

router = Router()


@router.get("", response={200: shapes.Page[shapes.Server], **REFUSED}, operation_id="list_servers")
def list_servers(request: ApiRequest, page: Query[paging.Page]) -> dict[str, Any]:
    """List the servers under management, by name."""
    paging.refuse_unknown(request.GET, page)
    seen = Server.objects.visible_to(request.auth).as_of(request.at).select_related("client")
    rows, following = paging.cut(seen, page, by="name")
    shown = watched(rows, actor=request.auth, at=request.at)
    return {"items": [_server(one) for one in shown], "next": following}


@router.get("/{server_id}", response={200: shapes.ServerWhole, **REFUSED}, operation_id="get_server")
def get_server(request: ApiRequest, server_id: str) -> dict[str, Any]:
    """Show a server with its services and checks."""
    row = finding.server(server_id, request.auth)
    (shown,) = watched([row], actor=request.auth, at=request.at)
    services = Service.objects.visible_to(request.auth).as_of(request.at).filter(server=row).order_by("name")
    return {
        **_server(shown),
        "services": [{"name": one.name, "essential": one.essential} for one in services],
        "checks": [
            {
                "id": one.check.public_id,
                "name": one.check.name,
                "kind": one.check.kind,
                "level": one.level.value,
                "since": one.since,
                "text": one.text,
                "measured_at": one.measured_at,
            }
            for one in shown.standings
        ],
    }


def _server(one: Watched) -> dict[str, Any]:
    return {**plainly.server(one.server), "level": None if one.level is None else one.level.value}
