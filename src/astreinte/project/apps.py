"""Installs at start what a room must be given from below: flow in the journal, the renewals of an order in mandates."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The last app: all rooms are loaded when it is ready."""

    name = "astreinte.project"
    label = "project"

    def ready(self) -> None:
        from astreinte import flow
        from astreinte.loops import clock
        from astreinte.records.accounts import mandates
        from astreinte.records.contracts import renewing
        from astreinte.records.journal import reactions, writing

        writing.stamp_with(clock.now)
        mandates.renewals_by(renewing.lines_before)
        reactions.install(now=flow.NOW, later=flow.LATER, renamed=flow.RENAMED)
