from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "astreinte.records.tickets"
    label = "tickets"
