"""Hub and watch share a terminal: each line of a log leaves in one write, or two lines become one."""

import socket
import subprocess
import sys

import pytest

CONFIGURED = {
    "watch": "import astreinte.loops.watch as it; it.asyncio.Runner = fail; it.run(pathlib.Path('none'))",
    "hub": "import astreinte.doors.cli.up as it; it.asyncio.Runner = fail; it._run(None, '')",
}
SCRIPT = """
import contextlib, pathlib, structlog
def fail(**_options):
    raise SystemExit
with contextlib.suppress(SystemExit):
    {configured}
log = structlog.get_logger("astreinte.test")
log.info("first", number=1)
log.info("second", number=2)
"""


@pytest.mark.parametrize("process", CONFIGURED)
def test_a_line_is_one_write_even_where_nothing_is_buffered(process):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)  # each write is a packet
    with ours, theirs:
        script = SCRIPT.format(configured=CONFIGURED[process])
        subprocess.run([sys.executable, "-u", "-c", script], stderr=theirs.fileno(), check=True, timeout=60)
        theirs.shutdown(socket.SHUT_WR)
        packets = list(iter(lambda: ours.recv(65536).decode(), ""))
    assert [line.count("\n") for line in packets] == [1, 1], packets
    assert ["first" in packets[0], "second" in packets[1]] == [True, True]
