from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "astreinte.records.inventory"
    label = "inventory"
