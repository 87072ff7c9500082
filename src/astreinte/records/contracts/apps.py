from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "astreinte.records.contracts"
    label = "contracts"
