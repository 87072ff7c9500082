"""A command line typed in this process: what it printed, what it said, how it ended."""

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest

from astreinte.doors import cli


@dataclass(frozen=True)
class Ended:
    """Exit code, stdout and stderr of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What `--json` printed."""
        assert self.code in {0, 1}, self.err
        return json.loads(self.out)


class Terminal:
    """Types commands, each as the person of an address."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def type(self, *words: str, as_: str = "ada@estran.example", stdin: str | None = None) -> Ended:
        """Run `astreinte WORDS…`; nobody in particular with an empty `as_`."""
        if stdin is not None:
            self._monkeypatch.setattr(
                "sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
            )
        self._capsys.readouterr()
        code = cli.run([*words, *(["--as", as_] if as_ else [])])
        out, err = self._capsys.readouterr()
        return Ended(code, out, err)

    def json(self, *words: str, as_: str = "ada@estran.example", stdin: str | None = None) -> Any:
        """Return what a command prints with `--json`; one that fails fails the test."""
        ended = self.type(*words, "--json", as_=as_, stdin=stdin)
        assert ended.code == 0, ended.err
        return ended.json
