"""Makes the rooms ready for the commands that need them; `sla` never asks for it, and starts quickly."""

import os


def ready() -> None:
    """Load Django with the project's settings, once; a bad setting raises SettingError, which names it."""
    from django.apps import apps

    if apps.ready:
        return
    # Not setdefault: what another Django project left in the shell's environment is not ours.
    os.environ["DJANGO_SETTINGS_MODULE"] = "astreinte.project.settings"
    import django

    django.setup()
