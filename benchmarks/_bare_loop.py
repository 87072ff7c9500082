"""The floor that `benchmarks/watch.py` compares with: one epoll loop that connects, asks, and counts. Nothing else.

`python benchmarks/_bare_loop.py KIND TARGETS EVERY_S PORT SECONDS` prints one JSON line: probes done, CPU seconds.
"""

import errno
import json
import resource
import select
import socket
import sys
import time
from dataclasses import dataclass

TICK_S = 0.02


def address(place: int) -> str:
    """Return the loopback address of a target: each has its own."""
    return f"127.1.{place // 250}.{place % 250 + 1}"


@dataclass(slots=True)
class Attempt:
    """One connection under way."""

    sock: socket.socket
    request: bytes
    answer: bytes = b""


class Loop:
    """Probes each target once in each interval, evenly spread."""

    def __init__(self, kind: str, targets: int, every_s: float, port: int) -> None:
        self.done = 0
        self._step_s = every_s / targets
        self._targets = [(address(place), port) for place in range(targets)]
        self._http = kind == "http"
        self._poll = select.epoll()
        self._attempts: dict[int, Attempt] = {}

    def run(self, seconds: float) -> None:
        """Run for so long."""
        started, begun = time.monotonic(), 0
        while (elapsed := time.monotonic() - started) < seconds:
            while begun * self._step_s <= elapsed:
                self._begin(self._targets[begun % len(self._targets)])
                begun += 1
            for descriptor, event in self._poll.poll(TICK_S, 512):
                self._go_on(descriptor, event)

    def _begin(self, target: tuple[str, int]) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        if sock.connect_ex(target) not in (0, errno.EINPROGRESS):
            sock.close()
            return
        request = f"GET / HTTP/1.1\r\nHost: {target[0]}\r\nConnection: close\r\n\r\n".encode()
        self._attempts[sock.fileno()] = Attempt(sock, request)
        self._poll.register(sock.fileno(), select.EPOLLOUT)

    def _go_on(self, descriptor: int, event: int) -> None:
        attempt = self._attempts[descriptor]
        if event & select.EPOLLOUT:
            good = attempt.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
            if good and self._http:
                attempt.sock.send(attempt.request)
                self._poll.modify(descriptor, select.EPOLLIN)
                return
        else:
            more = attempt.sock.recv(65536)
            attempt.answer += more
            if more:
                return
            good = attempt.answer.startswith(b"HTTP/1.1 200")
        del self._attempts[descriptor]
        attempt.sock.close()
        self.done += good


def main(kind: str, targets: str, every_s: str, port: str, seconds: str) -> None:
    """Run, and print what it came to."""
    loop = Loop(kind, int(targets), float(every_s), int(port))
    before = _cpu_s()
    loop.run(float(seconds))
    print(json.dumps({"done": loop.done, "cpu_s": _cpu_s() - before}))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
