from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "astreinte.records.notices"
    label = "notices"
