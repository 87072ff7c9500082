from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    """Loads the `facts` of every room, so that any entry can be read back as its event."""

    name = "astreinte.records.journal"
    label = "journal"

    def ready(self) -> None:
        autodiscover_modules("facts")
