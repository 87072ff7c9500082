from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.records.sample"
    label = "sample"
