"""A hub for tests: the real one, whose recorder also notes every result that comes, in the same transaction.

Usage: python -m tests.loops.hub_process PORT...  (one check on each request path /0, /1… of the first PORT)
The note says how many of the results were new: none may be missing, none may count twice.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence
from typing import Any

from astreinte.doors.cli.booting import ready

ready()

import structlog  # noqa: E402  Django is ready first
from django.db import connection, transaction  # noqa: E402

from astreinte.doors.cli import up  # noqa: E402
from astreinte.engine.bus.ports import Result  # noqa: E402
from astreinte.loops.hub import Hub  # noqa: E402
from astreinte.loops.record import Recorder  # noqa: E402
from astreinte.records.inventory.models import Server  # noqa: E402
from astreinte.records.monitoring import recording  # noqa: E402
from astreinte.records.monitoring.recording import Recorded  # noqa: E402
from tests import builders  # noqa: E402
from tests.records.monitoring.watching import NOON, a_check  # noqa: E402

CHECKS = 5


def noted(results: Sequence[Result], **more: Any) -> Recorded:
    """Record, and note each result that came with what became of its batch."""
    with transaction.atomic():
        done = recording.record(results, **more)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO came (name, slot) VALUES (%s, %s)", [(one.check_id, one.slot) for one in results]
            )
            cursor.execute("INSERT INTO kept (many) VALUES (%s)", [done.kept])
    return done


def prepare(port: int) -> None:
    """On the first start: the notes, and the checks."""
    if Server.objects.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE came (name varchar(16), slot bigint)")
        cursor.execute("CREATE TABLE kept (many integer)")
    server = builders.a_server(builders.a_client(builders.a_house()), address="127.0.0.1")
    for place in range(CHECKS):
        options = {"port": port, "path": f"/{place}", "timeout_s": 5}
        a_check(server, f"path {place}", at=NOON, options=options, every_s=1, retry_s=1)


async def main(port: int) -> None:
    """Run until SIGTERM."""
    hub: Hub = up.hub_of(up.listening("127.0.0.1", 0), Recorder(noted))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, hub.stop)
    await hub.run(ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    prepare(int(sys.argv[1]))
    asyncio.run(main(int(sys.argv[1])))
