"""How long a page takes while a command writes: p50 and p99 of the desk's servers, alone and beside a writer.

`python benchmarks/pages.py [REQUESTS]`: a real `astreinte up` on a new data folder, one browser's worth of
requests one after the other (default 400), first alone, then while another process writes notes on a ticket
without a pause: the page itself does not grow by them.
"""

import http.cookiejar
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

PASSWORD = "trois petits chats gris"
WRITER = """
from astreinte.doors.cli import booting
booting.ready()
from astreinte.loops import clock
from astreinte.records.inventory.models import Server
from astreinte.records.tickets import conversation
from tests.builders import SETUP, a_ticket
ticket = a_ticket(Server.objects.order_by("pk").last(), clock.now())
print("writing", flush=True)
while True:
    conversation.note(ticket, "encore", at=clock.now(), actor=SETUP)
"""


def main(requests: str = "400") -> None:
    """Measure and print two lines and their ratio."""
    with tempfile.TemporaryDirectory() as data:
        port = _free_port()
        environment = {
            **os.environ,
            "ASTREINTE_DATA": data,
            "ASTREINTE_LISTEN": f"127.0.0.1:{port}",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        hub = subprocess.Popen(
            [sys.executable, "-m", "astreinte.doors.cli", "up"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            browser, _ = _signed_in(hub)
            page = f"http://127.0.0.1:{port}/desk/servers/"
            alone = _measured(browser, page, int(requests))
            writer = subprocess.Popen(
                [sys.executable, "-c", WRITER], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
            try:
                assert writer.stdout is not None
                writer.stdout.readline()  # it has begun
                beside = _measured(browser, page, int(requests))
            finally:
                writer.kill()
                writer.wait()
        finally:
            hub.send_signal(signal.SIGTERM)
            hub.wait(10)
    for name, figures in (("alone", alone), ("while a command writes", beside)):
        print(
            f"page {name}: p50 {_at(figures, 50):.1f} ms, p99 {_at(figures, 99):.1f} ms, {len(figures)} requests"
        )
    print(f"ratio: p50 {_at(beside, 50) / _at(alone, 50):.2f}, p99 {_at(beside, 99) / _at(alone, 99):.2f}")


def _signed_in(
    hub: "subprocess.Popen[str]",
) -> tuple[urllib.request.OpenerDirector, http.cookiejar.CookieJar]:
    """Take the administrator's link from what `up` prints, and use it as a browser would; with its cookies."""
    assert hub.stdout is not None
    link = ""
    for line in hub.stdout:
        found = re.search(r"http://\S+/invitation/\S+", line)
        if found:
            link = found.group()
            break
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    browser.addheaders = [("Accept-Language", "fr")]
    form = _patient(browser, link)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    names = re.findall(
        r'<input[^>]*type="password"[^>]*name="([^"]+)"|<input[^>]*name="([^"]+)"[^>]*type="password"', form
    )
    fields = {"csrfmiddlewaretoken": token.group(1) if token else ""}
    fields |= {one or other: PASSWORD for one, other in names}
    request = urllib.request.Request(link, urllib.parse.urlencode(fields).encode(), {"Referer": link})
    with browser.open(request) as answer:
        answer.read()
    return browser, cookies


def _patient(browser: urllib.request.OpenerDirector, address: str) -> str:
    for _ in range(100):
        try:
            with browser.open(address) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address}: no answer in 10 s")


def _measured(browser: urllib.request.OpenerDirector, page: str, requests: int) -> list[float]:
    took = []
    for _ in range(requests):
        started = time.perf_counter()
        with browser.open(page) as answer:
            answer.read()
        took.append((time.perf_counter() - started) * 1000)
    return took


def _at(figures: list[float], percent: int) -> float:
    return statistics.quantiles(figures, n=100, method="inclusive")[percent - 1]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
