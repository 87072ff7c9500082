"""The portal: what a client may see and do, at the root of the brand's host."""

from django.urls import path

from astreinte.doors.portal import contract, declaring, home, invitation, me, readings, servers, style, tickets

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("brand.css", style.brand_style, name="brand_style"),
    path("invitation/<str:secret>/", invitation.invitation, name="invitation"),
    path("me/", me.me, name="me"),
    path("declare/", declaring.declare, name="declare"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/<int:number>/", tickets.ticket, name="ticket"),
    path("tickets/<int:number>/reply/", tickets.reply, name="reply"),
    path("tickets/<int:number>/reopen/", tickets.reopen, name="reopen"),
    path("tickets/<int:number>/receipts/<slug:public_id>/", tickets.receipt, name="receipt"),
    path("servers/", servers.servers, name="servers"),
    path("servers/<slug:public_id>/", servers.server, name="server"),
    path("contract/", contract.contract, name="contract"),
    path("contract/readings/", readings.readings, name="readings"),
]
