from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "astreinte.records.evidence"
    label = "evidence"
