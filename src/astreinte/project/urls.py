"""Where each door stands. /healthz and /metrics are answered before it (doors/ourselves.py)."""

from django.urls import include, path

from astreinte.doors import failing
from astreinte.doors.api import api

urlpatterns = [
    # allauth's own page would change an address without an entry in the journal.
    path("compte/email/", failing.not_found),
    path("compte/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("desk/", include("astreinte.doors.desk.urls")),
    path("", include("astreinte.doors.portal.urls")),
]

handler400 = "astreinte.doors.failing.bad_request"
handler403 = "astreinte.doors.failing.forbidden"
handler404 = "astreinte.doors.failing.not_found"
handler500 = "astreinte.doors.failing.failed"
