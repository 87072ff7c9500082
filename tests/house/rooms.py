"""The rooms of records, upstream first, as the import contract in pyproject.toml orders them: said once, there."""

import tomllib

from django.db import models

from tests.house.reading import ROOT

RECORDS = "astreinte.records"


def _ordered() -> tuple[str, ...]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == [RECORDS]
    ]
    return tuple(layer.strip("()") for layer in reversed(layers))


UPSTREAM_FIRST = _ordered()


def room_of(model: type[models.Model]) -> str | None:
    """Return the room that declares the model; none for another package's model."""
    module = model.__module__
    return module.split(".")[2] if module.startswith(RECORDS + ".") else None


def is_upstream(room: str, other: str) -> bool:
    """Tell whether `room` may know `other`: another one that stands above it in the list, or itself."""
    return UPSTREAM_FIRST.index(other) <= UPSTREAM_FIRST.index(room)
