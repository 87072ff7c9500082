"""A hub for tests: records each result once, as one line of a file, and is killed by the test.

Usage: python hub_process.py SOCKET RECORD
"""

import asyncio
import os
import sys
from pathlib import Path

from astreinte.engine.bus.local import serve
from astreinte.engine.bus.ports import Assignment


async def main():
    socket_path, record_path = (Path(word) for word in sys.argv[1:])
    record_path.touch()
    keys = set(record_path.read_text().splitlines())
    record = os.open(record_path, os.O_WRONLY | os.O_APPEND)

    async def on_batch(batch):
        fresh = [f"{one.check_id} {one.slot}" for one in batch.results]
        fresh = [key for key in fresh if key not in keys]
        if fresh:
            os.write(record, ("\n".join(fresh) + "\n").encode())
            keys.update(fresh)
        await asyncio.sleep(0.002)

    async def assignments():
        return [Assignment("1", "tcp", "127.0.0.1", {"port": 80})]

    await serve(socket_path, on_batch=on_batch, assignments=assignments)
    print("listening", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
