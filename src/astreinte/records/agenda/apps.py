"""Room of what is announced in advance."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """The room `agenda`."""

    name = "astreinte.records.agenda"
    label = "agenda"
    default_auto_field = "django.db.models.BigAutoField"
