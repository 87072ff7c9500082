"""Two sets of terms compared in a process of their own: a year of tickets takes longer than a page may hold the hub.

python -m astreinte.doors.simulating    one JSON object on standard input, the comparison on standard output
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from astreinte.rules.sla import simulating
from astreinte.rules.sla.lines import ReplayError
from astreinte.rules.sla.simulating import Comparison
from astreinte.rules.sla.terms import shown

Json = dict[str, Any]

WITHIN_S = 60.0
"""A million tickets take half a minute."""
REFUSED = 2


class SimulationError(ValueError):
    """The tickets could not be judged under one of the two: `place` and `value` say why; "": there was no time."""

    def __init__(self, said: str, place: str = "", value: str = "") -> None:
        super().__init__(said)
        self.place, self.value = place, value


def compare(cases: Iterable[str], first: Json | None, second: Json | None, *, now: datetime) -> Comparison:
    """Judge the lines of the interchange format under two sets of terms, in another process.

    None stands for the terms that the lines name. Raises SimulationError.
    """
    asked = {"cases": list(cases), "first": first, "second": second, "now": now.isoformat()}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "astreinte.doors.simulating"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=False,
            timeout=WITHIN_S,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise SimulationError(f"it took longer than {WITHIN_S:g} s; ask for one client") from None
    except OSError as error:
        raise SimulationError(f"no process to compare in ({error.strerror}); try again") from None
    if done.returncode not in {0, REFUSED}:
        raise RuntimeError(f"comparing ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    found = json.loads(done.stdout)
    if done.returncode == REFUSED:
        raise SimulationError(found["said"], found["place"], found["value"])
    return simulating.read(found)


def main() -> int:
    """Compare what stands on standard input; 2, and what stands in the way, where it cannot be judged."""
    asked = json.load(sys.stdin.buffer)
    now = datetime.fromisoformat(asked["now"])
    try:
        found = simulating.compare(asked["cases"], asked["first"], asked["second"], now=now)
    except ReplayError as error:
        value = error.value if isinstance(error.value, str) else shown(error.value)
        json.dump({"said": str(error), "place": error.key, "value": value}, sys.stdout)
        return REFUSED
    json.dump(found.as_dict(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
