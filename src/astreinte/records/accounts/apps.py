from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "astreinte.records.accounts"
    label = "accounts"
