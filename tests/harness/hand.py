"""Any module of ours, by a clock that a test moves: `python hand.py FILE MODULE WORDS…`.

FILE holds by how many seconds the clock is ahead, and is read at each look: so hub, watch and whoever writes the
cast down go by one hand, and go on running while it is moved. The module `up` is the hub, with its watch.
"""

import asyncio
import runpy
import signal
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from astreinte.loops import clock

_now = clock.now
_file = Path(sys.argv[1])


def _by_hand() -> datetime:
    return _now() + timedelta(seconds=float(_file.read_text(encoding="ascii")))


async def _up() -> None:
    """Run what `astreinte up` runs, with a watch that goes by the same clock."""
    from astreinte.doors.cli import up
    from astreinte.loops.hub import Hub

    listener = up.listening("127.0.0.1", 0)
    plan = up.hub_of(listener).plan
    module, words = plan.watch[2], plan.watch[3:]
    hub = Hub(replace(plan, watch=(sys.executable, "-P", __file__, str(_file), module, *words)))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, hub.stop)
    address = "http://{}:{}".format(*listener.getsockname())
    await hub.run(ready=lambda: print(f"Astreinte runs on {address}", flush=True))


if __name__ == "__main__":
    clock.now = _by_hand
    module, words = sys.argv[2], sys.argv[3:]
    if module == "up":
        from astreinte.doors.cli.booting import loaded

        loaded()
        asyncio.run(_up())
    else:
        sys.argv = [module, *words]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
