"""What is put back is what was made: the rows of every table, and what the builder returned."""

import pytest
from django.apps import apps

from astreinte.records.accounts.models import Client
from astreinte.records.journal.models import Entry
from tests.builders import a_client, a_house
from tests.harness.remembering import remembered

pytestmark = pytest.mark.django_db

made: list[str] = []


@remembered
def a_small_house(name: str = "Estran", host: str = "testserver"):
    made.append(name)
    house = a_house(name, host)
    return house, a_client(house)


def rows() -> dict[str, list[tuple[object, ...]]]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("astreinte.")]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in ours}


def empty() -> None:
    from django.db import connection, transaction

    from tests.harness.emptying import lifted

    with transaction.atomic(), lifted(connection), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model.__module__.startswith("astreinte."):
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')


def test_the_same_rows_are_there_again_and_nothing_is_made_anew(hand) -> None:
    house, client = a_small_house("Aber")
    first = rows()
    empty()
    again, client_again = a_small_house("Aber")
    assert rows() == first
    assert (again.ada, client_again) == (house.ada, client)
    assert again.ada is not house.ada
    assert made.count("Aber") == 1


def test_what_follows_gets_numbers_of_its_own(hand) -> None:
    house, client = a_small_house()
    other = a_client(house, "Les Halles")
    assert other.pk > client.pk
    assert set(Client.objects.values_list("pk", flat=True)) >= {client.pk, other.pk}


def test_on_what_is_there_already_it_is_made_in_earnest(hand) -> None:
    a_small_house("Odet", "odet.example")
    before = Entry.objects.count()
    a_small_house("Ressac", "ressac.example")
    empty()
    a_small_house("Ressac", "ressac.example")
    assert made.count("Ressac") == 2
    assert Entry.objects.count() == before
