"""No room reads through a relation that a room downstream declares: neither `.tickets` nor `tickets__number`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.house.reading import place, python, tree
from tests.house.rooms import UPSTREAM_FIRST, is_upstream, room_of

MODELS = [model for model in apps.get_models() if room_of(model)]
ROOMS = sorted({str(room_of(model)) for model in MODELS}, key=UPSTREAM_FIRST.index)


@pytest.mark.parametrize("room", ROOMS)
def test_no_queryset_of_a_room_names_a_relation_declared_downstream(room):
    forbidden = names_declared_downstream_of(room)
    found = [
        line
        for path in python(f"src/astreinte/records/{room}/")
        for line in naming(path, tree(path), forbidden)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        pytest.param("servers.filter(tickets__number=1)", True, id="in a keyword"),
        pytest.param("servers.prefetch_related('tickets')", True, id="in a text"),
        pytest.param("servers.order_by('-tickets__number')", True, id="in an order"),
        pytest.param("server.tickets.all()", True, id="as an attribute"),
        pytest.param("F('client__tickets')", True, id="further on"),
        pytest.param("servers.filter(client__name='tickets of old')", False, id="in words"),
        pytest.param("servers.filter(client__number=1)", False, id="upstream"),
    ],
)
def test_the_reading_of_lookups_tells_one_from_the_other(code, seen):
    assert bool(list(naming(Path("x.py"), ast.parse(code), {"tickets"}))) is seen


def names_declared_downstream_of(room: str) -> set[str]:
    """Return the names by which this room's querysets could reach what only a room downstream knows."""
    forbidden: set[str | None] = set()
    known: set[str | None] = set()
    for model in MODELS:
        if not is_upstream(room, str(room_of(model))):
            continue
        known.update(field.name for field in model._meta.fields)
        for relation in model._meta.related_objects:
            names = {relation.get_accessor_name(), relation.field.related_query_name()} - {None, "+"}
            far = room_of(relation.related_model)
            (forbidden if far and not is_upstream(room, far) else known).update(names)
    return {str(name) for name in forbidden - known}


def naming(path: Path, module: ast.Module, forbidden: set[str]) -> Iterator[str]:
    """Yield each place where a keyword, a text or an attribute of the file goes through a forbidden name."""
    for node in ast.walk(module):
        said = ""
        if isinstance(node, ast.Attribute):
            said = node.attr
        elif isinstance(node, ast.keyword):
            said = node.arg or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = node.value.lstrip("-")
        hits = forbidden.intersection(said.split("__"))
        if hits:
            yield f"{place(path, node)}: {said}: only a room downstream declares {', '.join(sorted(hits))}"
