"""Installs flow in the journal at start, so that every entry finds who reacts to it."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The last app: all rooms are loaded when it is ready."""

    name = "astreinte.project"
    label = "project"

    def ready(self) -> None:
        from astreinte import flow
        from astreinte.loops import clock
        from astreinte.records.journal import reactions, writing

        writing.stamp_with(clock.now)
        reactions.install(now=flow.NOW, later=flow.LATER, renamed=flow.RENAMED)
