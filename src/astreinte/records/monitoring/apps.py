from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "astreinte.records.monitoring"
    label = "monitoring"
