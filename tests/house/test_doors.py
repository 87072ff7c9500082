"""A stranger sees nothing: in the doors, every queryset begins with what the actor may see."""

import ast
from pathlib import Path

import pytest

from tests.house.reading import ROOT, place, python, tree

DOORS = ("src/astreinte/doors/portal/", "src/astreinte/doors/api/", "src/astreinte/doors/desk/")
GUARDS = {"visible_to", "none"}  # or nothing at all, as a form has before it is given its choices
BY_THE_BACK = {"_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"}


def test_every_queryset_of_a_door_begins_with_visible_to():
    found = [line for path in python(*DOORS) for line in unguarded(path, tree(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        pytest.param("Ticket.objects.visible_to(actor).filter(a=1)", False, id="visible"),
        pytest.param(
            "get_object_or_404(Ticket.objects.visible_to(actor), number=1)", False, id="404 on visible"
        ),
        pytest.param("choices = Ticket.objects.none()", False, id="none"),
        pytest.param("Ticket.objects.filter(a=1)", True, id="filter first"),
        pytest.param("rows = Ticket.objects", True, id="kept for later"),
        pytest.param("Ticket.objects.all().visible_to(actor)", True, id="visible second"),
        pytest.param("get_object_or_404(Ticket, number=1)", True, id="404 on the model"),
        pytest.param(
            "shortcuts.get_object_or_404(models.Ticket, number=1)", True, id="404 on a dotted model"
        ),
        pytest.param("Ticket._default_manager.all()", True, id="by the back door"),
    ],
)
def test_the_reading_of_doors_tells_one_from_the_other(code, refused):
    assert bool(list(unguarded(Path("door.py"), ast.parse(code)))) is refused


def test_there_are_doors_to_read():
    assert any(python("src/astreinte/doors/")), ROOT


def unguarded(path: Path, module: ast.Module) -> list[str]:
    """Return the places where a manager is used without `visible_to`, or a model is given to a 404 shortcut."""
    guarded = {
        id(node.value) for node in ast.walk(module) if isinstance(node, ast.Attribute) and node.attr in GUARDS
    }
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and (
            node.attr in BY_THE_BACK or (node.attr == "objects" and id(node) not in guarded)
        ):
            found.append(f"{place(path, node)}: {ast.unparse(node)} without .visible_to(actor)")
        if (
            isinstance(node, ast.Call)
            and _name(node.func) in SHORTCUTS
            and node.args
            and _is_model(node.args[0])
        ):
            found.append(f"{place(path, node)}: {ast.unparse(node)}: give it X.objects.visible_to(actor)")
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_model(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Name | ast.Attribute) and _name(argument)[:1].isupper()
