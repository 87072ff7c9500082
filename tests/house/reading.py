"""The project's own files, read once."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "astreinte"


@cache
def committed() -> tuple[Path, ...]:
    """Every file that is committed, or would be: what git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def python(*folders: str) -> Iterator[Path]:
    """Yield the Python files under these folders of the project, without migrations."""
    for path in committed():
        inside = path.relative_to(ROOT)
        if path.suffix == ".py" and "migrations" not in inside.parts and str(inside).startswith(folders):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of the file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    """Return where the node is, as an editor opens it."""
    inside = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{inside}:{getattr(node, 'lineno', 0)}"
