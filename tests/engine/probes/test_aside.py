"""Blocking calls beside the loop: few threads, and none that holds up the end of the process."""

import asyncio
import subprocess
import sys
import threading
import uuid

import pytest

from astreinte.engine.probes.aside import Aside


async def test_what_the_call_returns_or_raises_comes_back():
    aside = Aside("test", threads=1)
    assert await aside.call(lambda: 42, within_s=5) == 42
    with pytest.raises(ZeroDivisionError):
        await aside.call(lambda: 1 / 0, within_s=5)
    assert await aside.call(lambda: 43, within_s=5) == 43


async def test_no_more_threads_are_made_than_needed_nor_than_allowed():
    name = f"counted {uuid.uuid4()}"
    aside, go = Aside(name, threads=3), threading.Event()
    for _ in range(5):
        await aside.call(lambda: None, within_s=5)

    def count():
        return sum(thread.name.startswith(name) for thread in threading.enumerate())

    assert count() == 1
    calls = [asyncio.create_task(aside.call(go.wait, within_s=5)) for _ in range(10)]
    await asyncio.sleep(0)
    assert count() <= 3
    go.set()
    assert await asyncio.gather(*calls) == [True] * 10


async def test_a_call_that_hangs_ends_for_the_caller():
    aside, never = Aside("hanging", threads=1), threading.Event()
    with pytest.raises(TimeoutError):
        await aside.call(never.wait, within_s=0.02)
    never.set()


def test_a_call_that_hangs_does_not_keep_the_process_alive():
    program = """
import asyncio, threading
from astreinte.engine.probes.aside import Aside

async def main():
    try:
        await Aside("x", threads=1).call(threading.Event().wait, within_s=0.02)
    except TimeoutError:
        print("gave up")

asyncio.run(main())
"""
    said = subprocess.check_output([sys.executable, "-c", program], text=True, timeout=60)
    assert said == "gave up\n"
