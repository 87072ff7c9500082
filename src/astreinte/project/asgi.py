"""One application for the server: streams of events on ASGI, every page through the WSGI handler in threads.

Twice the throughput of Django under ASGI (docs/decisions); few threads, each with a connection that it keeps.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "astreinte.project.settings")

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

from astreinte.project import wsgi

THREADS = 4
STREAMS = "/events"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_streams: Any = get_asgi_application()
_handler: Any = wsgi.application
_pages: Any = WSGIMiddleware(_handler, workers=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    streams = scope["type"] == "http" and scope["path"].endswith(STREAMS)
    await (_streams if streams else _pages)(scope, receive, send)
