"""What a first start registers: this very machine, with what can really be told of it."""

from pathlib import Path

import pytest

from astreinte.doors.cli import beginning
from astreinte.engine.collect import linux
from astreinte.engine.probes import local_memory
from astreinte.engine.probes.here import kernel_file
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import Check
from tests.conftest import MONDAY

WANTED = beginning.Beginning(
    provider="Estran",
    host="127.0.0.1",
    origin="http://127.0.0.1:8420",
    email="ada@estran.example",
    os_user="ada",
    address=("127.0.0.1", 8420),
)


def begun() -> set[str]:
    assert beginning.begin(WANTED, at=MONDAY)
    assert Server.objects.get().address == "127.0.0.1"
    return set(Check.objects.values_list("kind", flat=True))


@pytest.mark.django_db
def test_this_machine_is_watched_by_what_it_tells():
    found = begun()
    assert found >= {"disk", "memory", "load", "mounts", "clock", "boot", "oom", "http", "tcp"}
    assert ("units" in found) is Path("/run/systemd/system").is_dir()
    assert ("swap" in found) is (linux.memory(kernel_file("meminfo")).swap_total > 0)
    assert not beginning.begin(WANTED, at=MONDAY)


@pytest.mark.django_db
def test_what_the_kernel_does_not_tell_is_not_watched(monkeypatch):
    def without(name: str) -> str:
        if name.startswith("pressure/"):
            raise FileNotFoundError(2, "No such file or directory")
        return kernel_file(name)

    monkeypatch.setattr(local_memory, "kernel_file", without)
    found = begun()
    assert "pressure" not in found
    assert "memory" in found


def test_each_is_tried_once_with_its_options():
    wanted: list[beginning.Wanted] = [
        ("memory", {}),
        ("disk", {"mount": "/nowhere"}),
        ("disk", {"mount": "/"}),
    ]
    assert beginning.measured(wanted) == [("memory", {}), ("disk", {"mount": "/"})]
