"""The models: relations go upstream only, each row knows who may see it, nothing happens behind one's back."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from astreinte.records.accounts.models import Client, Provider
from tests.house.rooms import UPSTREAM_FIRST, is_upstream, room_of

HOUSE_ONLY: dict[str, str] = {}
"""Models that no door lists, each with the reason why nobody asks who may see a row of it."""

OURS = [
    pytest.param(model, id=model._meta.label)
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("astreinte.")
]


@pytest.mark.parametrize("model", OURS)
def test_a_model_lives_in_a_room_of_records(model):
    room = room_of(model)
    assert room in UPSTREAM_FIRST
    assert model._meta.app_label == room


@pytest.mark.parametrize("model", OURS)
def test_relations_go_upstream_only(model):
    wrong = [
        f"{model._meta.label}.{field.name} -> {target._meta.label}"
        for field, target in relations(model)
        if room_of(target) and not is_upstream(str(room_of(model)), str(room_of(target)))
    ]
    assert not wrong, f"the other way is an event, or a relation declared downstream: {wrong}"


@pytest.mark.parametrize("model", OURS)
def test_no_relation_points_at_just_anything(model):
    generic = [field.name for field in model._meta.private_fields]
    assert not generic, f"a GenericForeignKey keeps no promise in the database: {generic}"


@pytest.mark.parametrize("model", OURS)
def test_no_row_changes_or_sorts_itself(model):
    assert not model._meta.ordering, "a queryset says its order where it is read"
    by_itself = [
        field.name
        for field in model._meta.get_fields()
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    assert not by_itself, f"pass the fact's own instant: {by_itself}"
    for name in ("save", "delete"):
        assert not getattr(model, name).__module__.startswith("astreinte."), f"{name}() must do just that"


@pytest.mark.parametrize("model", OURS)
def test_every_row_knows_who_may_see_it(model):
    if model._meta.label in HOUSE_ONLY:
        return
    assert hasattr(model._default_manager.all(), "visible_to"), (
        "give it objects = Visible.as_manager() and a reach, or say in HOUSE_ONLY why nobody lists it"
    )


@pytest.mark.parametrize("model", [case for case in OURS if hasattr(case.values[0], "reach")])
def test_every_row_reaches_its_provider_by_a_path_without_a_gap(model):
    assert follow(model, model.reach.provider, nullable=False) is Provider
    if model.reach.client is not None:
        assert follow(model, model.reach.client, nullable=True) is Client


def test_no_migration_is_missing():
    loader = MigrationLoader(None)
    with translation.override(None):  # migrations are written untranslated
        before, after = loader.project_state(), ProjectState.from_apps(apps)
        found = MigrationAutodetector(before, after).changes(graph=loader.graph)
    missing = {
        label: [str(operation.describe()) for migration in migrations for operation in migration.operations]
        for label, migrations in found.items()
        if label in UPSTREAM_FIRST
    }
    assert not missing


def test_migrations_are_named_by_hand():
    loader = MigrationLoader(None)
    unnamed = [
        f"{label}.{name}"
        for (label, name), migration in loader.disk_migrations.items()
        if type(migration).__module__.startswith("astreinte.")
        and ("_auto_" in name or name == "0001_initial")
    ]
    assert not unnamed, f"say what it does: {unnamed}"


def relations(model: type[models.Model]) -> "list[tuple[models.Field[Any, Any], type[models.Model]]]":
    """Return each forward relation of the model with the model that it points at."""
    return [
        (field, field.related_model)
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if isinstance(field.related_model, type)
    ]


def follow(model: type[models.Model], path: str, *, nullable: bool) -> type[models.Model]:
    """Return the model at the end of a lookup; a step that may be empty fails unless `nullable`."""
    here = model
    for step in path.split("__"):
        if step == "pk":
            continue
        try:
            field = here._meta.get_field(step)
        except FieldDoesNotExist:
            field = here._meta.get_field(step.removesuffix("_id"))
        assert nullable or not field.null, (
            f"{here._meta.label}.{step} may be empty: the row would be nobody's"
        )
        assert isinstance(field.related_model, type), f"{here._meta.label}.{step} leads nowhere"
        here = field.related_model
    return here
