"""What real probes measure on this very machine is said in words, and what each check is about is drawn first."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from astreinte.doors.measures import CHIEF, named
from astreinte.engine.probes.attempting import prepare
from astreinte.engine.probes.kinds import KINDS
from astreinte.engine.probes.resolving import Resolver
from astreinte.records.monitoring.samples import TOOK
from astreinte.rules.checks.outcome import Level


class Page(BaseHTTPRequestHandler):
    """A page of one word."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"here")

    def log_message(self, *_said):
        """Say nothing."""


@pytest.fixture(scope="module")
def port():
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", [*(name for name in KINDS if not KINDS[name].remote), "http", "tcp"])
def test_each_value_of_a_real_probe_has_words(kind, port):
    options = {} if not KINDS[kind].remote else {"port": port}

    async def looked():
        once = prepare(kind, "127.0.0.1", options, Resolver())
        await once()
        return await once()  # some compare with their look before

    outcome = asyncio.run(looked())
    values = [*outcome.values, TOOK]
    assert not [name for name in values if named(name, kind) == name]
    if kind in CHIEF and outcome.level is Level.OK and outcome.values:
        assert CHIEF[kind][0] in {name.partition(":")[0] for name in values}, (
            "what the check is about is measured"
        )


def test_a_measure_of_a_plugin_that_we_do_not_know_keeps_its_own_name():
    assert named("queue_count", "plugin") == "queue_count"
