"""What a probe costs, all included, and who pays for targets that are dead: CPU, memory, lateness.

`python benchmarks/watch.py [SECONDS]` (default 20 a measurement; as root, for Debian's nginx): a real `astreinte up`
on a new data folder, a local nginx on the whole of 127.0.0.0/8, and

1. 5,000 checks of one kind, each every 5 s: 1,000 probes/s, for TCP then HTTP, beside a bare epoll loop at the
   same rate in the same run;
2. the same, each every second: what a probe costs when there is no idle time in between;
3. at 1,000/s with 5 % of the targets silent (their SYN is dropped) or slow (they answer after 2 s);
4. 5,000 TCP and 5,000 HTTP checks, each every 10 s: memory, and from the start to the first probe.

CPU is that of watch and hub together (utime + stime): scheduling, probing, state, samples and recording. The
probes are counted by nginx. A probe is late when its answer came more than 0.5 s after its due instant.
"""

import json
import os
import re
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from astreinte.records.inventory.models import Server

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

TARGETS = 5_000
SETTLED_WITHIN_S = 180.0
CALM_S = 30.0
"""After every check is sure: the burst of 5,000 first transitions, and of 250 tickets, is over, sealed and told."""
LATE_S = 0.5
TICK = os.sysconf("SC_CLK_TCK")
NGINX = """
daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 10000; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen {port} backlog=4096; location / {{ return 200 "ok"; }} }}
  server {{ listen {status}; location / {{ stub_status; }} }}
}}
"""
UNWELL = """
import socket, sys, threading, time
silent = socket.create_server(("0.0.0.0", 0), backlog=0)
fill = [socket.socket() for _ in range(8)]
for one in fill:
    one.setblocking(False)
    one.connect_ex(("127.0.0.1", silent.getsockname()[1]))
slow = socket.create_server(("0.0.0.0", 0), backlog=4096)
print(silent.getsockname()[1], slow.getsockname()[1], flush=True)
def answer(sock):
    time.sleep(2)
    try:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    except OSError:
        pass
    sock.close()
while True:
    threading.Thread(target=answer, args=(slow.accept()[0],), daemon=True).start()
"""


@dataclass(frozen=True)
class Plan:
    """What is watched: how many checks of each kind, how often, and how many of them are unwell."""

    kinds: tuple[str, ...]
    every_s: int
    unwell: int = 0
    port: int = 0
    silent: int = 0
    slow: int = 0


@dataclass
class Measured:
    """What a run came to. `late` is a share of the healthy targets."""

    cpu_s_per_1000: float
    watch_share: float
    rate: float
    late: float
    mib: dict[str, tuple[float, float]] = field(default_factory=dict)


def main(seconds: str = "20", which: str = "") -> None:
    """Measure, and print a line each."""
    subprocess.run([ROOT / "tools" / "from-debian", "nginx-light"], check=True)
    with tempfile.TemporaryDirectory() as folder, _nginx(Path(folder)) as ports, _unwell() as others:
        port, status = ports
        for kind in ("tcp", "http"):
            if which and which not in (kind, f"{kind} only"):
                continue
            bare = _bare(kind, port, float(seconds))
            ours = _ours(Plan((kind,), 5, port=port), status, float(seconds))
            _say(f"{kind}: 5,000 checks at 1,000/s", ours, bare)
            if which.endswith("only"):
                continue
            fast = _ours(Plan((kind,), 1, port=port), status, float(seconds))
            _say(f"{kind}: 5,000 checks at 5,000/s", fast, _bare(kind, port, float(seconds), 1))
            sick = Plan((kind,), 5, TARGETS // 20, port, *others)
            _say(f"{kind}: the same, 5 % silent or slow", _ours(sick, status, float(seconds)), bare)
        if which in ("", "both"):
            both = Plan(("tcp", "http"), 10, port=port)
            _say("both: 10,000 checks at 1,000/s", _ours(both, status, float(seconds)), None)


def _say(name: str, ours: Measured, bare: float | None) -> None:
    ratio = f", {ours.cpu_s_per_1000 / bare:.1f} times a bare epoll loop ({bare:.3f})" if bare else ""
    memory = ", ".join(f"{part} {rss:.0f} MiB ({pss:.0f})" for part, (rss, pss) in ours.mib.items())
    memory += f", together {sum(pss for _, pss in ours.mib.values()):.0f}"
    print(
        f"{name}: {ours.cpu_s_per_1000:.3f} CPU-s per 1,000 probes{ratio}; {ours.watch_share:.0%} of it in the"
        f" watch; {ours.rate:.0f}/s came; {ours.late:.2%} of the healthy late; {memory}",
        flush=True,
    )


def _bare(kind: str, port: int, seconds: float, every_s: int = 5) -> float:
    words = [kind, str(TARGETS), str(every_s), str(port), str(seconds)]
    said = subprocess.check_output([sys.executable, str(ROOT / "benchmarks" / "_bare_loop.py"), *words])
    found = json.loads(said)
    return 1000 * float(found["cpu_s"]) / int(found["done"])


def _ours(plan: Plan, status: int, seconds: float) -> Measured:
    """Start an installation that watches what the plan says, let it settle, and measure."""
    with tempfile.TemporaryDirectory() as data:
        listen = f"127.0.0.1:{_free_port()}"
        environment = {
            **os.environ,
            "ASTREINTE_DATA": data,
            "ASTREINTE_LISTEN": listen,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        words = [sys.executable, str(Path(__file__)), "inside", json.dumps(plan.__dict__)]
        subprocess.run(words, env=environment, check=True)
        with _up(environment, status) as pids:
            _settled(Path(data))
            return _measure(plan, Path(data), pids, status, seconds)


def _settled(data: Path) -> None:
    until = time.monotonic() + SETTLED_WITHIN_S
    while _ask(data, "SELECT count(*) FROM monitoring_checkstate WHERE level = 'stale'")[0][0]:
        if time.monotonic() > until:
            raise SystemExit(f"not every check is sure after {SETTLED_WITHIN_S:g} s")
        time.sleep(1)
    time.sleep(CALM_S)


def _ask(data: Path, question: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(f"file:{data}/astreinte.sqlite3?mode=ro", uri=True)
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


def _measure(plan: Plan, data: Path, pids: dict[str, int], status: int, seconds: float) -> Measured:
    before, accepted = {part: _cpu_s(pid) for part, pid in pids.items()}, _accepted(status)
    started = time.monotonic()
    time.sleep(seconds)
    spent = {part: _cpu_s(pid) - before[part] for part, pid in pids.items()}
    took_s = time.monotonic() - started
    # The two looks at the counter are probes as well.
    came = _accepted(status) - accepted - 1 + plan.unwell * took_s / plan.every_s
    total = sum(spent.values())
    memory = {part: _mib(pid) for part, pid in pids.items()}
    return Measured(1000 * total / came, spent["watch"] / total, came / took_s, _late(plan, data), memory)


def _late(plan: Plan, data: Path) -> float:
    """Return the share of healthy checks whose last answer came late, by what is recorded of them."""
    from astreinte.engine.scheduler import pace

    rows = _ask(
        data,
        "SELECT c.public_id, s.last_slot, s.last_at, s.level"
        " FROM monitoring_checkstate s JOIN monitoring_check c ON c.id = s.check_ref_id"
        " WHERE c.name NOT LIKE 'unwell%' AND c.name LIKE 'bench%'",
    )
    delays = [
        datetime.fromisoformat(f"{known}+00:00").timestamp()
        - (slot + pace.phase_ms(name, plan.every_s) % 1000 / 1000)
        for name, slot, known, _ in rows
    ]
    wrong = sum(level != "ok" for *_, level in rows)
    if wrong:
        print(f"  {wrong} healthy checks are not ok")
    print(
        f"  from due to known: p50 {1000 * statistics.median(delays):.0f} ms,"
        f" p99 {1000 * statistics.quantiles(delays, n=100)[98]:.0f} ms, worst {1000 * max(delays):.0f} ms"
    )
    return float(sum(delay > LATE_S for delay in delays) / len(delays))


@contextmanager
def _up(environment: dict[str, str], status: int) -> Iterator[dict[str, int]]:
    before, started = _accepted(status), time.monotonic()
    hub = subprocess.Popen(
        [sys.executable, "-m", "astreinte.doors.cli", "up"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        looks = 1
        while _accepted(status) - before <= looks:
            looks += 1
            time.sleep(0.05)
            if hub.poll() is not None:
                raise SystemExit("astreinte up ended by itself")
        print(f"  from the start of the command to the first probe: {time.monotonic() - started:.1f} s")
        watch = int(Path(environment["ASTREINTE_DATA"], "watch.lock").read_text())
        yield {"watch": watch, "hub": hub.pid}
    finally:
        hub.send_signal(signal.SIGTERM)
        hub.wait(20)


@contextmanager
def _nginx(folder: Path) -> Iterator[tuple[int, int]]:
    port, status = _free_port(), _free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, status=status))
    server = subprocess.Popen(["nginx", "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                _accepted(status)
                break
            except OSError:
                time.sleep(0.1)
        yield port, status
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _unwell() -> Iterator[tuple[int, int]]:
    process = subprocess.Popen([sys.executable, "-c", UNWELL], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    silent, slow = process.stdout.readline().split()
    try:
        yield int(silent), int(slow)
    finally:
        process.kill()
        process.wait()


def _accepted(status: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{status}/", timeout=5) as answer:
        found = re.search(r"^ (\d+) \d+ \d+", answer.read().decode(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def _cpu_s(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICK


def _mib(pid: int) -> tuple[float, float]:
    """Return what is resident, and the same with what others share counted by its part (RSS, PSS)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB", text, re.MULTILINE))
    return int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def inside(given: str) -> None:
    """Fill the installation: rows alone, for what is declared is not what is measured here."""
    from astreinte.doors.cli import booting

    booting.ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from astreinte.loops import clock
    from astreinte.records.inventory.models import Server
    from benchmarks._bare_loop import address
    from tests.builders import a_client, a_house

    plan = Plan(**json.loads(given))
    at, client = clock.now(), a_client(a_house())
    servers = Server.objects.bulk_create(
        Server(
            provider_id=client.provider_id,
            client=client,
            name=f"t{place}",
            address=address(place),
            from_at=at,
        )
        for place in range(TARGETS)
    )
    for kind in plan.kinds:
        _declare(plan, kind, servers, at)


def _declare(plan: Plan, kind: str, servers: "list[Server]", at: datetime) -> None:
    from astreinte.records.monitoring.models import Check, CheckState
    from astreinte.rules.checks import state

    checks = []
    for place, server in enumerate(servers):
        unwell = place % (TARGETS // plan.unwell) == 0 if plan.unwell else False
        # Of the unwell half are silent; for TCP a slow answer is no matter, so all of them are.
        port = (plan.slow if kind == "http" and place % 2 else plan.silent) if unwell else plan.port
        checks.append(
            Check(
                server=server,
                name=f"{'unwell' if unwell else 'bench'} {kind}",
                kind=kind,
                options=json.dumps({"port": port, "timeout_s": 3.0}),
                every_s=plan.every_s,
                retry_s=plan.every_s,
                attempts=3,
                recoveries=2,
                from_at=at,
            )
        )
    fresh = state.State.new(at)
    CheckState.objects.bulk_create(
        CheckState(check_ref=check, level="stale", since=at, run=state.as_text(fresh, None), stale_at=at)
        for check in Check.objects.bulk_create(checks)
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(sys.argv[2])
    else:
        main(*sys.argv[1:])
