"""The watch, as the process it is, looks at a disk that fills and runs the plugins of its own folders alone."""

import subprocess

import pytest

from astreinte.engine.bus.ports import Assignment
from astreinte.rules.checks.outcome import Level
from tests.loops.test_watch import FAST, Hub, Processes

pytestmark = [pytest.mark.real, pytest.mark.long]


@pytest.fixture
async def hub(tmp_path):
    hub = Hub(tmp_path / "bus.sock")
    await hub.open()
    yield hub
    await hub.server.close()


@pytest.fixture
async def processes():
    processes = Processes()
    yield processes
    await processes.end()


@pytest.fixture
def small(tmp_path):
    """A filesystem of 10 MiB."""
    point = tmp_path / "small"
    point.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "astreinte-test", point], check=True)
    yield point
    subprocess.run(["umount", point], check=True)


def fill(path, mib):
    """Make a file as long as that, and never shorter or longer on the way: the watch may look at any time."""
    wanted = int(mib * 2**20)
    with path.open("ab") as file:
        file.write(bytes(max(0, wanted - file.tell())))
        file.truncate(wanted)


async def test_a_mount_that_fills_sways_and_empties_is_one_trouble_from_its_beginning_to_its_end(
    hub, processes, small
):
    hub.checks = [Assignment("disk", "disk", "localhost", {"mount": str(small)}, **FAST)]
    await processes.watch(hub.path)
    await hub.until_level("disk", Level.OK)
    fill(small / "fill", 9.2)
    await hub.until_level("disk", Level.CRITICAL)
    for mib in (8.8, 9.2, 8.7, 8.6):  # below 9, which is 90 %, and never below 8.5
        fill(small / "fill", mib)
        await hub.until_more(1)
    (small / "fill").unlink()
    await hub.until_level("disk", Level.OK)
    assert [one.after for one in hub.transitions["disk"]] == [Level.OK, Level.CRITICAL, Level.OK]


async def test_a_plugin_is_run_out_of_the_folder_that_the_watch_was_given_and_out_of_no_other(
    hub, processes, tmp_path
):
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "check_it").write_text("#!/bin/sh\necho 'all is well|x=1'\n")
    (folder / "check_it").chmod(0o755)
    hub.checks = [
        Assignment("ours", "plugin", "127.0.0.1", {"plugin": "check_it"}, **FAST),
        Assignment("other", "plugin", "127.0.0.1", {"plugin": "check_tcp"}, **FAST),
        Assignment("any", "plugin", "127.0.0.1", {"plugin": "/bin/sh"}, **FAST),
    ]
    await processes.watch(hub.path, str(folder))
    await hub.until_level("ours", Level.OK)
    await hub.until(lambda: hub.of("other") and hub.of("any"))
    assert (hub.of("ours")[-1].text, dict(hub.of("ours")[-1].values)) == ("all is well", {"x": 1})
    for check_id in ("other", "any"):
        assert {one.level for one in hub.of(check_id)} == {Level.INCONCLUSIVE}
