"""The API at /api/v1/: one file a resource. Every answer, and every refusal, is JSON in the shapes of `shapes`."""

from astreinte import __version__
from astreinte.doors.api import servers, texts, tickets
from astreinte.doors.api.answering import Api
from astreinte.doors.api.bearing import PACE, Bearer

TOLD = """\
Every request carries a token: `Authorization: Bearer TOKEN` (`astreinte token add EMAIL NAME` issues one). It acts
as its person, within what that person may do. Instants are ISO 8601 in UTC; amounts are euros as text ("53.57"),
lengths whole seconds. Ids are the public ones. Every POST carries an `Idempotency-Key` of the caller's own: sent
again, it gives the first answer again with 200; with another body it is refused with 409."""

api = Api(
    title="Astreinte",
    version=__version__,
    description=TOLD,
    urls_namespace="api",
    docs_url=None,  # its page would load scripts from elsewhere
    auth=Bearer(),
    throttle=PACE,
)
api.add_router("/servers", servers.router, tags=["servers"])
api.add_router("/texts", texts.router, tags=["texts"])
api.add_router("/tickets", tickets.router, tags=["tickets"])
