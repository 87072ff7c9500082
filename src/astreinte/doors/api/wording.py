"""What is wrong with a value that was sent: the place, the value and the way out, in one sentence."""

from typing import Any

LONGEST = 60

SAID = {
    "missing": "is missing; send it",
    "extra_forbidden": "is no field of this request; leave it out, or see /api/v1/openapi.json",
    "string_type": "{value} is no text; send it between quotes",
    "string_unicode": "holds half of a surrogate pair, which is no text; leave it out",
    "string_too_short": "is empty; write at least {min_length} characters",
    "string_too_long": "{length} characters; write at most {max_length}",
    "string_pattern_mismatch": "{value}: write it as {pattern} says",
    "literal_error": "{value}: write one of {expected}",
    "int_type": "{value} is no whole number; send one without quotes",
    "int_parsing": "{value} is no whole number; write digits alone",
    "int_from_float": "{value} is no whole number; write digits alone",
    "bool_type": "{value} is neither true nor false; send one of them",
    "greater_than_equal": "{value} is below {ge}; write {ge} or more",
    "less_than_equal": "{value} is above {le}; write {le} or less",
    "list_type": "{value} is no list; send it between [ and ]",
    "too_long": "{actual_length} items; send at most {max_length}",
    "model_type": "{value} is no object; send one between {{ and }}",
    "model_attributes_type": "{value} is no object; send one between {{ and }}",
    "dict_type": "{value} is no object; send one between {{ and }}",
    "value_error": "{error}",
}

HEADERS = {"idempotency_key": "Idempotency-Key"}


def of(source: str, error: dict[str, Any]) -> str:
    """Return the sentence for one error of pydantic, in a part of the request (`body`, `query`, `header`, `path`)."""
    place = _place(source, tuple(error.get("loc", ())))
    value = error.get("input")
    text = SAID.get(str(error["type"]), "{value}: {msg}; see /api/v1/openapi.json")
    length = len(value) if isinstance(value, str | list) else 0
    known = {"value": _short(value), "length": length, "msg": error["msg"], **error.get("ctx", {})}
    return f"{place}: {text.format_map(known)}"


def _place(source: str, loc: tuple[Any, ...]) -> str:
    """Return where it stands: `server`, `mentioned[1]`; for a body that is no object, `body`."""
    names = [one for one in loc if one not in {"body", "query", "header", "path"}]
    # Ninja puts the object of a body or a query under the name of its parameter.
    names = names[1:] if names and names[0] in {"said", "page"} else names
    place = ""
    for one in names:
        place += f"[{one}]" if isinstance(one, int) else (f".{one}" if place else str(one))
    return HEADERS.get(place.lower().replace("-", "_"), place) or source


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
