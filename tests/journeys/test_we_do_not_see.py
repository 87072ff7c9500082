"""The story: our own descriptors run out, the watch is stopped; one alert about us, no incident, and we see again."""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.doors.cli.running import Up, said_json, seen, up
from tests.harness.installing import Installation
from tests.harness.nginx import Nginx

pytestmark = [pytest.mark.real, pytest.mark.long]

WATCHED = 6
Harm = Callable[[Up], Callable[[], None]]


def no_descriptors(running: Up) -> Callable[[], None]:
    """The watch may open nothing more; return what gives it back."""
    pid = running.watch_pid()
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
    return lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, before) and None


def stopped(running: Up) -> Callable[[], None]:
    """The watch gets no time any more; return what resumes it."""
    pid = running.watch_pid()
    os.kill(pid, signal.SIGSTOP)
    return lambda: os.kill(pid, signal.SIGCONT)


@contextmanager
def watching(installation: Installation, folder: Path) -> Iterator[Up]:
    with up(installation) as running, closing(Nginx(folder)) as web:
        web.start()
        said_json(installation, "client", "add", "Maison Kermor")
        said_json(
            installation, "server", "add", "shop1", "--client", "Maison Kermor", "--address", web.address
        )
        for place in range(WATCHED):
            pace = ("--every-s", "4", "--retry-s", "2", "--name", f"shop {place}")
            said_json(installation, "check", "add", "shop1", "http", f"port={web.port}", *pace)
        seen(lambda: running.measure('checks{level="ok"}') >= WATCHED, within_s=60)
        yield running


@pytest.mark.parametrize(
    ("harm", "cause"),
    [
        pytest.param(no_descriptors, "plus de descripteurs", id="our descriptors are exhausted"),
        pytest.param(stopped, "rien ne vient plus", id="the watch is stopped"),
    ],
)
def test_one_alert_about_us_no_incident_for_anybody_and_an_end(
    installation: Installation, tmp_path: Path, harm: Harm, cause: str
) -> None:
    with watching(installation, tmp_path) as running:
        assert running.measure("watch_blind") == 0
        mend = harm(running)
        seen(lambda: running.measure("watch_blind") == 1, within_s=120)
        mend()
        seen(lambda: running.measure("watch_blind") == 0, within_s=120)
        seen(lambda: running.measure('checks{level="ok"}') >= WATCHED, within_s=60)
        letters = seen(lambda: _about_us(installation, 2), within_s=30)
        assert [letter["subject"].split()[0] for letter in letters] == ["Surveillance", "La"]
        shown = said_json(installation, "notice", "show", str(letters[0]["number"]))
        assert cause in shown["body"]
        assert said_json(installation, "incident", "list") == []
        assert said_json(installation, "ticket", "list") == []


def _about_us(installation: Installation, many: int) -> list[dict[str, str]]:
    told = [
        one for one in said_json(installation, "notice", "list") if "surveillance" in one["subject"].lower()
    ]
    told.sort(key=lambda one: int(one["number"]))
    return told if len(told) >= many else []
