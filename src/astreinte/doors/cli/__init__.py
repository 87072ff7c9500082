"""`astreinte <noun> <verb>`: one file a noun, read only when it is called.

A noun is a module of this package that makes a typer `app`; its docstring's first line is its help.
A module whose only command bears the module's own name is a shortcut: `astreinte why 12`.

Exit codes: 0 done; 1 the answer is no; 2 wrong use or bad input; 3 could not be done now, nothing
changed; 70 an error of our own (ASTREINTE_DEBUG=1 shows where).
"""

import ast
import contextvars
import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from astreinte import __version__

if TYPE_CHECKING:
    from typer import Typer

WRONG_USE = 2
HERE = Path(__file__).parent
MAKES_AN_APP = "\napp = "


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line (by default this process's own) and end with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; only the noun that it names is imported."""
    if not arguments or arguments[0] in {"--help", "-h", "help"}:
        print(_help())
        return 0
    if arguments[0] in {"--version", "-V"}:
        print(f"astreinte {__version__}")
        return 0
    noun = arguments[0]
    if not _is_noun(noun):
        print(_unknown(noun), file=sys.stderr)
        return WRONG_USE
    return _call(noun, arguments[1:])


def nouns() -> dict[str, str]:
    """Return every noun with its line of help, read from the files without importing them."""
    found = {}
    for path in sorted(HERE.glob("[!_]*.py")):
        source = path.read_text(encoding="utf-8")
        if MAKES_AN_APP in source:
            text = ast.get_docstring(ast.parse(source)) or ""
            found[path.stem.replace("_", "-")] = text.partition("\n")[0]
    return found


def _is_noun(word: str) -> bool:
    """Look at one file alone: reading them all, as the help does, takes longer than a short command."""
    path = HERE / f"{word.replace('-', '_')}.py"
    is_name = word.replace("-", "").isalnum()
    return is_name and path.is_file() and MAKES_AN_APP in path.read_text(encoding="utf-8")


def app_of(noun: str) -> "Typer":
    """Import the noun's module and return its typer application."""
    module = importlib.import_module(f"{__name__}.{noun.replace('-', '_')}")
    app: Typer = module.app
    return app


def is_shortcut(noun: str, app: "Typer") -> bool:
    """Tell whether the noun's one command is called by the noun alone."""
    if len(app.registered_commands) != 1 or app.registered_groups:
        return False
    command = app.registered_commands[0]
    name = command.name or getattr(command.callback, "__name__", "")
    return str(name).replace("_", "-") == noun


def _call(noun: str, arguments: Sequence[str]) -> int:
    os.environ["TYPER_USE_RICH"] = "0"  # plain words: they are read in a terminal, a mail and a log alike
    from typer.main import get_command, get_group

    from astreinte.doors.cli import outcome

    def command() -> object:
        app = app_of(noun)
        built = get_command(app) if is_shortcut(noun, app) else get_group(app)
        return built.main(args=list(arguments), prog_name=f"astreinte {noun}", standalone_mode=False)

    return contextvars.copy_context().run(outcome.of, command)  # whose zone it is ends with the command


def _unknown(noun: str) -> str:
    near = difflib.get_close_matches(noun, nouns(), n=1)
    way_out = f"did you mean `astreinte {near[0]}`?" if near else "`astreinte --help` lists what there is."
    return f"error: {noun!r} is no noun of astreinte; {way_out}"


def _help() -> str:
    listed = nouns()
    width = max((len(noun) for noun in listed), default=0)
    lines = [f"  {noun:<{width}}  {text}".rstrip() for noun, text in listed.items()]
    return "\n".join(
        [
            "astreinte <noun> <verb>: runs a managed-hosting contract, and proves how it was kept.",
            "",
            *lines,
            "",
            "`astreinte <noun> --help` lists its verbs. Data goes to stdout, words to stderr.",
            "Exit: 0 done, 1 the answer is no, 2 wrong use or bad input, 3 not now and nothing changed.",
        ]
    )
