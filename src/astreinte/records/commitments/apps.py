from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "astreinte.records.commitments"
    label = "commitments"
