from django.apps import AppConfig


class WorklogConfig(AppConfig):
    name = "astreinte.records.worklog"
    label = "worklog"
