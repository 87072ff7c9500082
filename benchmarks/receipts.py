"""Receipts stored per second by eight writers, with the sealer running and without it, on both databases.

`python benchmarks/receipts.py [SECONDS]`: each round lasts SECONDS (default 4); rounds with and without the
sealer take turns, so that a drifting machine weighs on both alike. Wanted: a ratio of 0.9 at least.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

WRITERS = 8
ROUNDS = 5


def main(seconds: str = "4") -> None:
    """Measure on SQLite, then on PostgreSQL, each in a process of its own on a new data folder."""
    from tests import postgres

    for name, database in (("SQLite", nullcontext("")), ("PostgreSQL", postgres.cluster())):
        with database as address, tempfile.TemporaryDirectory() as data:
            environment = {**os.environ, "ASTREINTE_DATA": data, "ASTREINTE_DATABASE": address}
            subprocess.run([sys.executable, __file__, "inside", name, seconds], env=environment, check=True)


def inside(name: str, seconds: float) -> None:
    """Measure on the database of this process and print one line."""
    from astreinte.doors.cli import booting

    booting.ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.builders import the_cast

    cast = the_cast()
    with_sealer, without = [], []
    _round(cast, seconds / 2, sealing=False)  # warm
    for _ in range(ROUNDS):
        without.append(_round(cast, seconds, sealing=False))
        with_sealer.append(_round(cast, seconds, sealing=True))
    ratios = [one / other for one, other in zip(with_sealer, without, strict=True)]
    print(
        f"{name}: receipts/s, {WRITERS} writers: {statistics.median(with_sealer):.0f} with the sealer,"
        f" {statistics.median(without):.0f} without; ratio {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f} to {max(ratios):.2f}, {ROUNDS} pairs)"
    )


def _round(cast: object, seconds: float, *, sealing: bool) -> float:
    """Return the receipts stored per second; each is a ticket with its clocks, entries and deliveries."""
    from astreinte.loops import seal

    stopping = threading.Event()
    sealer = threading.Thread(target=seal.run, args=(stopping,))
    if sealing:
        sealer.start()
    counts: list[int] = []
    end = time.monotonic() + seconds
    writers = [threading.Thread(target=_write, args=(cast, end, counts)) for _ in range(WRITERS)]
    started = time.monotonic()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    took = time.monotonic() - started
    stopping.set()
    if sealing:
        sealer.join()
    else:
        seal.seal_waiting()  # the next round does not pay for this one
    return sum(counts) / took


def _write(cast: object, end: float, counts: list[int]) -> None:
    from django.db import connection

    from astreinte.loops import clock
    from tests.builders import a_declaration, acting

    stored = 0
    alice = acting(cast.alice, clock.now())  # type: ignore[attr-defined]  # tests.builders.Cast, imported late
    while time.monotonic() < end:
        a_declaration(cast.web1, clock.now(), by=alice)  # type: ignore[attr-defined]  # the same
        stored += 1
    counts.append(stored)
    connection.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(sys.argv[2], float(sys.argv[3]))
    else:
        main(*sys.argv[1:])
