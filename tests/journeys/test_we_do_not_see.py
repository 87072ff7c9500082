"""The story: we see nothing, for a reason of our own; one alert about us, no incident for anybody, and we see again."""

import json
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.doors.cli.running import Up, said_json, seen, up
from tests.harness.installing import Installation
from tests.harness.nginx import Nginx

pytestmark = [pytest.mark.real, pytest.mark.long]

WATCHED = 6
SPOILER = "sitecustomize.py"
"""What each Python of this installation does first."""
SPOILT = """
import os, sys
if "astreinte.loops.watch" in sys.orig_argv:
    os._exit(1)
"""
Harm = Callable[[Up], Callable[[], None]]


def no_descriptors(running: Up) -> Callable[[], None]:
    """The watch may open nothing more; return what gives it back."""
    pid = running.watch_pid()
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
    return lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, before) and None


def dies_at_each_start(running: Up) -> Callable[[], None]:
    """The watch is killed, and each one after it dies as it starts; return what mends it."""
    spoiler = running.installation.data.parent / SPOILER
    spoiler.write_text(SPOILT)
    os.kill(running.watch_pid(), signal.SIGKILL)
    said = [running.line_with("no watch, starting it again") for _ in range(4)]
    pauses = [float(line.split("pause_s=")[1].split()[0]) for line in said]
    assert all(later >= 2 * earlier for earlier, later in pairwise(pauses)), pauses
    with pytest.raises(HTTPError, match="503") as unwell:
        urlopen(f"{running.address}/healthz", timeout=10)
    with unwell.value as page:
        assert json.load(page) == {"ok": False, "failing": ["watch"]}
    with urlopen(running.address, timeout=10) as page:
        assert page.status == 200
    return spoiler.unlink


def stopped(running: Up) -> Callable[[], None]:
    """The watch gets no time any more; return what resumes it."""
    pid = running.watch_pid()
    os.kill(pid, signal.SIGSTOP)
    return lambda: os.kill(pid, signal.SIGCONT)


@contextmanager
def watching(installation: Installation, folder: Path) -> Iterator[Up]:
    here = os.pathsep.join([str(installation.data.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    with up(installation.told(PYTHONPATH=here)) as running, closing(Nginx(folder)) as web:
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
        pytest.param(dies_at_each_start, "rien ne vient plus", id="the watch dies at each start"),
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
