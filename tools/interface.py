"""docs/reference/api.md, made from the OpenAPI text: operations, shapes, refusals."""

import inspect
from collections.abc import Iterator
from typing import Any

HEAD = "# The API\n\n<!-- Made by `make docs` from {source}: change it there. -->\n"
EXAMPLE = """\
```
curl -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $(uuidgen)" -H "Content-Type: application/json" \\
     -d '{"subject": "The shop answers 502", "text": "Every page since 11:20.", "priority": "critical"}' \\
     http://127.0.0.1:8420/api/v1/tickets
```
"""
Json = dict[str, Any]


def page() -> str:
    """Return the page."""
    from astreinte.doors import refusing
    from astreinte.doors.api import api

    text = api.get_openapi_schema(path_prefix="/api/v1/")
    lines = [
        HEAD.format(source="src/astreinte/doors/api"),
        inspect.cleandoc(api.description),
        "",
        EXAMPLE,
        "`/api/v1/openapi.json` is all of this as OpenAPI 3.1, for programs. Each token may ask 600 times a minute.",
        "",
        "## Refusals",
        "",
        'Every refusal has one shape: `{"error": {"code", "message", "place", "way_out"}}`; the last two are there'
        " when they are known. Nothing was changed; after a 500, send the same key again to be sure.",
        "",
        *(f"- {status} `{code}`" for status, code in refusing.CODES.items()),
        "",
    ]
    for address, methods in sorted(text["paths"].items()):
        for method, operation in sorted(methods.items()):
            lines += _operation(address, method, operation)
    lines += ["## Shapes", ""]
    for name, shape in sorted(text["components"]["schemas"].items()):
        if "_" not in name and name not in {"Page", "Listed"}:
            lines += _shape(name, shape)
    return "\n".join(lines).rstrip() + "\n"


def _operation(address: str, method: str, operation: Json) -> Iterator[str]:
    yield f"## `{method.upper()} {address}`\n"
    yield f"{inspect.cleandoc(operation['description'])}\n"
    for one in operation["parameters"]:
        needed = " (needed)" if one["required"] else ""
        yield f"- {one['in']} `{one['name']}`{needed}: {_type(one['schema'])}{_meaning(one['schema'])}"
    body = operation.get("requestBody")
    if body:
        yield f"- body: {_type(body['content']['application/json']['schema'])}"
    for status, answer in operation["responses"].items():
        if int(status) < 400:
            yield f"- {status}: {_type(answer['content']['application/json']['schema'])}"
    refused = ", ".join(sorted(str(status) for status in operation["responses"] if int(status) >= 400))
    yield f"- refused with: {refused}\n"


def _shape(name: str, shape: Json) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{inspect.cleandoc(shape.get('description', ''))}\n"
    for field, one in shape["properties"].items():
        needed = (
            " (needed)" if name in {"Declaration", "Reply"} and field in shape.get("required", ()) else ""
        )
        yield f"- `{field}`{needed}: {_type(one)}{_meaning(one)}"
    yield ""


def _meaning(one: Json) -> str:
    said = one.get("description") or next(
        (each["description"] for each in one.get("anyOf", ()) if "description" in each), ""
    )
    return f". {said}" if said else ""


def _type(one: Json) -> str:
    if "$ref" in one:
        name = one["$ref"].rsplit("/", 1)[-1]
        return f"page of {name.split('_')[1]}" if "_" in name else name
    if "anyOf" in one:
        return " or ".join(_type(each) for each in one["anyOf"])
    if "enum" in one:
        return ", ".join(f"`{each}`" for each in one["enum"])
    if "const" in one:
        return f"`{one['const']}`"
    if one.get("type") == "array":
        items = one.get("items", {})
        return f"list of {_type(items) if items else 'pairs'}"
    named = {"string": "text", "boolean": "true or false", "integer": "whole number"}
    return (
        "instant"
        if one.get("format") == "date-time"
        else named.get(one.get("type", ""), str(one.get("type", "")))
    )
