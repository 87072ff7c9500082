"""Where each door stands. /healthz and /metrics are answered before it (doors/ourselves.py)."""

from django.urls import include, path

urlpatterns = [
    path("compte/", include("allauth.urls")),
    path("desk/", include("astreinte.doors.desk.urls")),
    path("", include("astreinte.doors.portal.urls")),
]

handler400 = "astreinte.doors.failing.bad_request"
handler403 = "astreinte.doors.failing.forbidden"
handler404 = "astreinte.doors.failing.not_found"
handler500 = "astreinte.doors.failing.failed"
