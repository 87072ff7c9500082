"""A year of many tickets replayed, file to file, against the same thing as a plain loop.

    .venv/bin/python benchmarks/replay.py [TICKETS]

Prints figures, asserts none of them: only that both give the same answers. Wanted: a million tickets of 300
contracts in 20 s at the most, 10 s as the goal, under 1 GiB, in one process; one deadline in under 50 µs.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

# Run as a file: what stands beside it is found from the root of the project.
sys.path.insert(0, str(Path(__file__).parents[1]))

from astreinte.rules.sla import clock, terms
from astreinte.rules.sla.replay import replay
from benchmarks import _plain_loop

Result = TypeVar("Result")

NOW = datetime(2027, 1, 15, tzinfo=UTC)
CONTRACTS, SUBSET = 300, 10_000
FEW: dict[str, dict[str, Any]] = {
    "infogerance-2017": {},
    "gold": {"targets": {"critical": {"business": "1h"}}, "penalty": {"multiplier": "8"}},
    "shares": {"mixed_rule": "proportional"},
    "moselle": {"mixed_rule": "separate", "calendar": "FR-57"},
}


def main() -> None:
    tickets = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        cases, answers = Path(folder, "cases.jsonl"), Path(folder, "answers.jsonl")
        with cases.open("w") as out:
            out.writelines(f"{json.dumps(line, separators=(',', ':'))}\n" for line in make(tickets))
        print(f"{tickets} tickets of {CONTRACTS} contracts, {cases.stat().st_size / 1e6:.0f} MB in")
        _file_to_file(cases, answers, tickets)
        _against_the_plain_loop(cases)
    _one_deadline()


def make(tickets: int) -> Any:
    """Give the lines of a year: terms, contracts, tickets; the same ones each time."""
    chance = random.Random(2026)
    for name, patch in FEW.items():
        if patch:
            yield {"terms": {"id": name, **patch}}
    for number in range(CONTRACTS):
        yield {
            "contract": {
                "id": f"C-{number:03d}",
                "price": f"{chance.randint(50, 2000)}.00",
                "period": chance.choice(["monthly", "quarterly", "yearly"]),
                "terms": chance.choice(list(FEW)),
            }
        }
    for number in range(tickets):
        yield {"ticket": _ticket(chance, number)}


def _ticket(chance: random.Random, number: int) -> dict[str, Any]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(360 * 86400))
    receipts = [{"at": _text(chance, at), "channel": chance.choice(["web", "web", "phone", "monitoring"])}]
    if chance.random() < 0.2:
        later = at + timedelta(seconds=chance.randrange(1, 3600))
        receipts.append({"at": _text(chance, later), "channel": "phone"})
    ticket: dict[str, Any] = {
        "id": f"2026-{number:06d}",
        "contract": f"C-{chance.randrange(CONTRACTS):03d}",
        "priority": chance.choices(["critical", "urgent", "normal"], [5, 4, 1])[0],
        "receipts": receipts,
    }
    if chance.random() < 0.03:
        pause = at + timedelta(seconds=1800)
        ticket["suspensions"] = [
            {"from": _text(chance, pause), "to": _text(chance, pause + timedelta(hours=1))}
        ]
    if chance.random() < 0.98:
        ticket["intervention"] = _text(chance, at + timedelta(seconds=int(chance.expovariate(1 / 2400))))
    if chance.random() < 0.01:
        ticket["exclusion"] = "force_majeure"
    return ticket


def _text(chance: random.Random, at: datetime) -> str:
    there = at.astimezone(chance.choice([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=2))]))
    return there.isoformat().replace("+00:00", "Z")


def _file_to_file(cases: Path, answers: Path, tickets: int) -> None:
    command = [
        sys.executable,
        "-m",
        "astreinte.doors.cli",
        "sla",
        "replay",
        str(cases),
        "--now",
        "2027-01-15T00:00:00Z",
    ]
    begun = time.perf_counter()
    with answers.open("wb") as out:
        subprocess.run(command, stdout=out, check=True)
    took = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    late = sum(b'"status":"late"' in line for line in answers.open("rb"))
    print(f"  {late} late, {answers.stat().st_size / 1e6:.0f} MB out")
    cpu = used.ru_utime + used.ru_stime
    a_million = 1e6 / tickets
    print(f"  file to file: {took:.1f} s, {cpu:.1f} s of CPU; {cpu * a_million:.1f} s of CPU a million")
    print(f"  peak memory: {used.ru_maxrss / 1024:.0f} MiB")


def _against_the_plain_loop(cases: Path) -> None:
    with cases.open("rb") as lines:
        few = [line for _, line in zip(range(CONTRACTS + len(FEW) - 1 + SUBSET), lines, strict=False)]
    known = {name: _plain(patch) for name, patch in FEW.items()}
    replay(few, now=NOW)
    ours, ours_s = _timed(lambda: replay(few, now=NOW))
    plain, loop_s = _timed(lambda: _plain_loop.replay(few, known, NOW))
    if [json.loads(line) for line in ours.answers] != plain:
        raise SystemExit("the plain loop gives other answers")
    print(f"{SUBSET} of them, both in this process, the same answers from both:")
    print(f"  plain loop {loop_s / SUBSET * 1e6:.0f} µs a ticket, replay {ours_s / SUBSET * 1e6:.1f} µs: "
          f"{loop_s / ours_s:.0f} times as fast")  # fmt: skip


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """Return what the work gives and the CPU it took: a busy machine weighs less on it than on the clock."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def _plain(patch: dict[str, Any]) -> dict[str, Any]:
    complete = terms.resolve(patch)
    return {
        "rule": complete["mixed_rule"],
        "calendar": complete["calendar"],
        "multiplier": int(complete["penalty"]["multiplier"]),
        "targets": {
            name: {key: timedelta(hours=int(length[:-1])) for key, length in target.items()}
            for name, target in complete["targets"].items()
        },
    }


def _one_deadline() -> None:
    bound, count = terms.parse(terms.built_in()), 20000
    at = datetime(2026, 5, 7, 15, 59, tzinfo=UTC)
    for priority in ("critical", "urgent"):
        receipts = [[clock.Receipt(at + timedelta(seconds=step), "web")] for step in range(count)]
        begun = time.process_time()
        for one in receipts:
            clock.run(bound, priority, one)
        took = time.process_time() - begun
        print(f"one deadline ({priority}), terms loaded: {took / count * 1e6:.1f} µs of CPU")


if __name__ == "__main__":
    main()
