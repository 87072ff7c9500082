"""The portal: what a client may see and do, at the root of the brand's host."""

from django.urls import path

from astreinte.doors.portal import (
    accepting,
    contract,
    deciding,
    declaring,
    home,
    invitation,
    me,
    origins,
    readings,
    servers,
    style,
    texts,
    tickets,
)

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
    path("decisions/", deciding.decisions, name="decisions"),
    path("advice/<int:number>/", deciding.advice, name="advice"),
    path("consents/<int:number>/", deciding.consent, name="consent"),
    path("consents/link/<str:secret>/", deciding.consent_link, name="consent_link"),
    path("contract/", contract.contract, name="contract"),
    path("contract/texts/", texts.texts, name="texts"),
    path("contract/texts/<slug:public_id>/", texts.text, name="text"),
    path("contract/texts/<slug:public_id>/raw/", texts.raw, name="text_raw"),
    path("contract/texts/<slug:public_id>/page/", texts.page, name="text_page"),
    path("contract/texts/<slug:public_id>/pdf/", texts.pdf, name="text_pdf"),
    path("contract/accept/", accepting.accept, name="accept"),
    path("contract/accept/otherwise/", accepting.ask_otherwise, name="ask_otherwise"),
    path("contract/acts/<slug:act>/", texts.show_act, name="act"),
    path("contract/acts/<slug:act>/certificate/", texts.certificate, name="certificate"),
    path("contract/acts/<slug:act>/texts/<slug:public_id>/", texts.accepted, name="accepted"),
    path("contract/origins/", origins.show_origins, name="origins"),
    path("contract/specific/", origins.approve, name="approve_overlay"),
    path("contract/readings/", readings.readings, name="readings"),
]
