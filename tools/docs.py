"""`make docs`: write the pages that are made from the code, so that they cannot lie; a house test compares them.

docs/reference/cli.md      from the nouns of doors/cli
docs/reference/events.md   from the facts of the rooms, and from flow.py
docs/reference/probes.md   from engine/probes/kinds.py
docs/reference/api.md      from the OpenAPI text of doors/api
"""

import inspect
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tools import interface

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made by `make docs` from {source}: change it there. -->"


def main() -> int:
    """Write every page; return 0."""
    with tempfile.TemporaryDirectory(prefix="astreinte-docs-") as data:
        os.environ["ASTREINTE_DATA"] = data
        from astreinte.doors.cli import booting

        booting.loaded()
        for name, page in PAGES.items():
            path = ROOT / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page(), encoding="utf-8")
            print(name)
    return 0


def commands() -> str:
    """Return the page of the command line: every noun, verb, argument and option."""
    os.environ["TYPER_USE_RICH"] = "0"
    from typer.main import get_command, get_group

    from astreinte.doors import cli

    parts = [_head("The command line", "src/astreinte/doors/cli"), inspect.cleandoc(cli.__doc__ or ""), ""]
    for noun in cli.nouns():
        app = cli.app_of(noun)
        command = get_command(app) if cli.is_shortcut(noun, app) else get_group(app)
        parts += _command(command, f"astreinte {noun}", cli.nouns()[noun], depth=2)
    return _joined(parts)


def _command(command: Any, path: str, summary: str, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} `{path}`\n"
    yield inspect.cleandoc(command.help or summary) + "\n"
    verbs = getattr(command, "commands", {})
    for name in sorted(verbs):
        yield from _command(verbs[name], f"{path} {name}", "", depth + 1)
    if verbs:
        return
    asked = [each for each in command.params if "--help" not in each.opts]
    for each in asked:
        yield f"- {_parameter(each)}"
    if asked:
        yield ""


def _parameter(parameter: Any) -> str:
    is_option = any(name.startswith("-") for name in parameter.opts)
    names = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
    if not is_option:
        names = f"`{str(parameter.name).upper()}`"
    notes = ["needed"] if parameter.required else []
    if is_option and not parameter.required and parameter.default not in (None, "", False, ()):
        notes.append(f"default `{parameter.default}`")
    said = [names, f"({', '.join(notes)})" if notes else "", parameter.help or ""]
    return " ".join(part for part in said if part)


def events() -> str:
    """Return the page of the events: what each says, and who reacts, now or later."""
    from astreinte import flow
    from astreinte.records.journal import events as declared
    from astreinte.records.journal.reactions import Timed, name_of

    parts = [
        _head("The events", "the `facts.py` of each room and `src/astreinte/flow.py`"),
        "Every event carries `at`, the instant of the fact itself, and `provider_id`, whose journal it is in.",
        "",
    ]
    for kind, event in sorted(every_kind(declared).items()):
        own = [name for name in event.__dataclass_fields__ if name not in {"at", "provider_id"}]
        later = [
            f"{name_of(each.reaction)} (at `{each.run_at}`)" if isinstance(each, Timed) else name_of(each)
            for each in flow.LATER.get(event, ())
        ]
        parts += [f"## `{kind}`\n", _sentence(event) + "\n"]
        parts += _lines("Holds", [f"`{name}`" for name in own])
        parts += _lines("In the same transaction", [name_of(each) for each in flow.NOW.get(event, ())])
        parts += _lines("Afterwards", later)
        parts.append("")
    return _joined(parts)


def every_kind(declared: Any) -> dict[str, Any]:
    """Return every event of the product's own rooms, whether something imported its room or not."""
    for path in sorted((ROOT / "src" / "astreinte" / "records").glob("*/facts.py")):
        import_module(f"astreinte.records.{path.parent.name}.facts")
    return {
        kind: event for kind, event in declared.kinds().items() if event.__module__.startswith("astreinte.")
    }


def _lines(title: str, items: list[str]) -> list[str]:
    return [f"- {title}: {', '.join(items)}"] if items else []


def _sentence(thing: type) -> str:
    text = inspect.cleandoc(thing.__doc__ or "")
    return re.sub(r"\s*\n\s*", " ", text.partition("\n\n")[0])


def probes() -> str:
    """Return the page of the probes: every kind, its options, and how often it looks."""
    from astreinte.engine.probes.kinds import KINDS

    parts = [_head("The probes", "src/astreinte/engine/probes"), ""]
    for name, kind in sorted(KINDS.items()):
        pace = kind.pace
        parts += [
            f"## `{name}`\n",
            f"{kind.summary[:1].upper()}{kind.summary[1:]}. Every {pace.every_s} s, after a bad result every "
            f"{pace.retry_s} s; {pace.attempts} results in a row make a problem sure, {pace.recoveries} its end.\n",
        ]
        for option, (default, meaning) in kind.documented_options().items():
            note = "" if default is None or default == "" else f" (default `{default}`)"
            parts.append(f"- `{option}`{note}: {meaning}")
        parts.append("")
    return _joined(parts)


def _head(title: str, source: str) -> str:
    return f"# {title}\n\n{MADE.format(source=source)}\n"


def _joined(parts: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/cli.md": commands,
    "docs/reference/events.md": events,
    "docs/reference/probes.md": probes,
    "docs/reference/api.md": interface.page,
}

if __name__ == "__main__":
    sys.exit(main())
