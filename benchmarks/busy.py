"""All at once, on one machine: 500 probes/s, 50 pages/s, and a command that writes. What a page takes, what fails.

`python benchmarks/busy.py [SECONDS [PAGES_PER_S]]` (default 30, 50; as root, for Debian's nginx): a real
`astreinte up` that watches 2,500 TCP checks, each every 5 s. Pages of the desk (what is wrong now, a ticket, a server)
are asked for at their instants whatever the answers take, so that waiting counts; `astreinte ticket note` is called
over and over. The same pages are asked for first without probes and command.
"""

import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import pages, watch  # noqa: E402  # found through the line above

SERVERS, EVERY_S = 2_500, 5
HANDS = 16
FILL = """
import json, sys
from astreinte.doors.cli import booting
booting.ready()
from astreinte.loops import clock
from astreinte.records.accounts.models import Client, Provider
from astreinte.records.inventory.models import Server
from benchmarks import watch
from benchmarks._bare_loop import address
from tests.builders import SETUP, a_ticket
port, many, every_s = map(int, sys.argv[1:])
at, house = clock.now(), Provider.objects.get()
if many:
    client = Client.objects.create(provider=house, name="Banc", number=900)
    servers = [
        Server(provider=house, client=client, name=f"t{n}", address=address(n), from_at=at) for n in range(many)
    ]
    watch._declare(watch.Plan(("tcp",), every_s, port=port), "tcp", Server.objects.bulk_create(servers), at)
else:
    server = Server.objects.order_by("pk").first()
    print(json.dumps([a_ticket(server, at).number, server.public_id]))
"""


def main(seconds: str = "30", pages_per_s: str = "50") -> None:
    """Measure and print."""
    subprocess.run([ROOT / "tools" / "from-debian", "nginx-light"], check=True)
    with tempfile.TemporaryDirectory() as folder, watch._nginx(Path(folder)) as (port, _):
        _measure(Path(folder) / "data", port, float(seconds), float(pages_per_s))


def _measure(data: Path, port: int, seconds: float, rate: float) -> None:
    data.mkdir()
    listen = watch._free_port()
    environment = {
        **os.environ,
        "ASTREINTE_DATA": str(data),
        "ASTREINTE_LISTEN": f"127.0.0.1:{listen}",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    words = [sys.executable, "-m", "astreinte.doors.cli"]
    with (data.parent / "up.log").open("w") as log:
        hub = subprocess.Popen(
            [*words, "up"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT
        )
        try:
            _, jar = pages._signed_in(hub)
            cookies = "; ".join(f"{one.name}={one.value}" for one in jar)
            number, server = json.loads(_fill(environment, port, 0))
            addresses = ["/desk/", f"/desk/tickets/{number}/", f"/desk/servers/{server}/"]
            _say("pages alone", *_asked(listen, cookies, addresses, seconds, rate))
            _fill(environment, port, SERVERS)
            watch._settled(data)
            writer = _Writer([*words, "ticket", "note", str(number), "encore"], environment)
            _say("with 500 probes/s and a command", *_asked(listen, cookies, addresses, seconds, rate))
            writer.end()
            print(f"{writer.done} notes written, {writer.failed} refused")
        finally:
            hub.send_signal(signal.SIGTERM)
            hub.wait(20)
    said = (data.parent / "up.log").read_text()
    print(f'"database is locked" in the log: {said.count("database is locked")} times')


def _fill(environment: dict[str, str], port: int, many: int) -> str:
    words = [sys.executable, "-c", FILL, str(port), str(many), str(EVERY_S)]
    return subprocess.check_output(words, env=environment, cwd=ROOT, text=True)


class _Writer:
    """The command, called again as soon as it ends."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.done = self.failed = 0
        self._words, self._environment, self._over = words, environment, threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def _write(self) -> None:
        while not self._over.is_set():
            end = subprocess.run(
                self._words, env=self._environment, capture_output=True, check=False, cwd=ROOT
            )
            self.done += end.returncode == 0
            self.failed += end.returncode != 0

    def end(self) -> None:
        self._over.set()
        self._thread.join()


def _asked(
    port: int, cookies: str, addresses: list[str], seconds: float, rate: float
) -> tuple[list[float], int]:
    """Return what each page took from the instant at which it was due (ms), and how many failed."""
    due: queue.Queue[tuple[float, str] | None] = queue.Queue()
    took: list[float] = []
    failed: list[int] = []

    def ask() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (one := due.get()) is not None:
            line.request("GET", one[1], headers={"Cookie": cookies, "Accept-Language": "fr"})
            answer = line.getresponse()
            answer.read()
            took.append(1000 * (time.monotonic() - one[0]))
            if answer.status != 200:
                failed.append(answer.status)

    hands = [threading.Thread(target=ask) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    started = time.monotonic()
    for number in range(int(seconds * rate)):
        at = started + number / rate
        time.sleep(max(0.0, at - time.monotonic()))
        due.put((at, addresses[number % len(addresses)]))
    for _ in hands:
        due.put(None)
    for hand in hands:
        hand.join()
    return took, len(failed)


def _say(name: str, took: list[float], failed: int) -> None:
    figures = f"p50 {pages._at(took, 50):.1f} ms, p99 {pages._at(took, 99):.1f} ms"
    print(f"{name}: {figures}, {len(took)} pages, {failed} failed", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
