"""Nagios plugins, run as they are: real ones of Debian, and scripts that behave badly."""

import asyncio
import contextlib
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from astreinte.engine.probes import plugin
from astreinte.engine.probes.attempting import prepare
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.kinds import read_options
from astreinte.engine.probes.options import OptionError
from astreinte.engine.probes.plugin import PluginOptions, Shelf
from astreinte.engine.probes.resolving import Resolver
from astreinte.rules.checks.outcome import Level

HERE = Target("localhost", "127.0.0.1")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of plugins."""
    found = tmp_path / "plugins"
    found.mkdir()
    monkeypatch.setattr(plugin.shelf, "folders", (found,))
    return found


def a_plugin(folder, text, *, name="check_it", mode=0o755):
    """Write a plugin; `text` is a script of the shell unless it says otherwise."""
    path = folder / name
    path.write_text(text if text.startswith("#!") or mode != 0o755 else f"#!/bin/sh\n{text}\n")
    path.chmod(mode)
    return path


async def ran(folder, text, **options):
    a_plugin(folder, text)
    return await plugin.probe(HERE, PluginOptions(plugin="check_it", **options))


@pytest.mark.parametrize(
    ("code", "level"),
    [(0, Level.OK), (1, Level.WARNING), (2, Level.CRITICAL), (3, Level.UNKNOWN)],
)
async def test_the_exit_code_makes_the_level(folder, code, level):
    outcome = await ran(folder, f"echo 'IT SAYS - so|time=0.5s;1;2;0'; exit {code}")
    assert (outcome.level, outcome.text, dict(outcome.values)) == (level, "IT SAYS - so", {"time_s": 0.5})


@pytest.mark.parametrize(
    ("script", "text"),
    [
        pytest.param(
            "echo hm; exit 7", "check_it ended with code 7, which says nothing: hm", id="another code"
        ),
        pytest.param("echo hm; kill -SEGV $$", "check_it was ended by SIGSEGV: hm", id="a signal"),
        pytest.param(
            "kill -40 $$", "check_it was ended by signal 40: it printed nothing", id="a nameless signal"
        ),
    ],
)
async def test_an_end_that_says_nothing_is_unknown_and_keeps_the_first_words(folder, script, text):
    outcome = await ran(folder, script)
    assert (outcome.level, outcome.text) == (Level.UNKNOWN, text)


@pytest.mark.parametrize(
    ("script", "text"),
    [
        pytest.param(
            "exec /usr/bin/env no-such-interpreter",
            "check_it ended with code 127 (what it runs is not on this machine): ",
            id="its interpreter is missing",
        ),
        pytest.param(
            "exec /",
            "check_it ended with code 126 (what it runs is not executable here): ",
            id="what it runs is no program",
        ),
        pytest.param(
            "echo hm; kill -KILL $$",
            "check_it was killed, and not by us (a lack of memory of this machine?): hm",
            id="killed by another",
        ),
        pytest.param(
            "sh -c 'kill -KILL $$'; exit $?",
            "check_it ended with code 137 (what it runs was killed, and not by us: a lack of memory here?): ",
            id="what it runs is killed by another",
        ),
    ],
)
async def test_an_end_that_this_machine_brought_about_is_our_fault(folder, script, text):
    outcome = await ran(folder, script)
    assert outcome.level is Level.INCONCLUSIVE
    assert outcome.text.startswith(text)


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("", "it printed nothing"),
        ("echo 'Traceback: broken' >&2", "Traceback: broken"),
        ("printf 'first\\n\\nsecond | a=1\\nb=2\\n'", "first / second"),
        ("printf 'beep\\007 \\000end\\n'", "beep  end".replace("  ", "   ")),
        ("echo 'fine | a=b c=1 stray'", "fine (performance data not read: a=b stray)"),
    ],
)
async def test_whatever_is_printed_becomes_one_line_that_can_be_shown(folder, script, text):
    outcome = await ran(folder, script)
    assert (outcome.level, outcome.text) == (Level.OK, text)


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        pytest.param(None, 0, "check_it: no such plugin in ASTREINTE_PLUGINS=", id="not there"),
        pytest.param("hello", 0o644, "Permission denied", id="not executable"),
        pytest.param("hello", 0o750, "Exec format error", id="no program"),
        pytest.param(
            "#!/no/such/shell\n", 0o755, "No such file or directory", id="its interpreter is not there"
        ),
    ],
)
async def test_what_cannot_be_run_is_our_fault(folder, text, mode, message):
    if text is not None:
        a_plugin(folder, text, mode=mode)
    outcome = await plugin.probe(HERE, PluginOptions(plugin="check_it"))
    assert outcome.level is Level.INCONCLUSIVE
    assert message in outcome.text


async def test_without_descriptors_it_is_our_fault(folder):
    a_plugin(folder, "exit 0")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as taken:
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 40, hard))
        taken.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with contextlib.suppress(OSError):
            while True:
                taken.callback(os.close, os.dup(0))
        outcome = await plugin.probe(HERE, PluginOptions(plugin="check_it"))
    assert (outcome.level, outcome.text[-19:]) == (Level.INCONCLUSIVE, "Too many open files")


async def gone(pid):
    """Wait until a process that is no child of ours has ended."""
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(handle, ended.set)
        try:
            async with asyncio.timeout(10):
                await ended.wait()
        finally:
            loop.remove_reader(handle)
            os.close(handle)


async def test_one_that_does_not_end_is_killed_with_all_that_it_started(folder, tmp_path):
    child = tmp_path / "child"
    outcome = await ran(folder, f"sleep 600 & echo $! >{child}; echo waiting; wait", timeout_s=1)
    assert outcome.level is Level.UNKNOWN
    assert outcome.text == "check_it did not end in 1 s, and was killed: waiting"
    await gone(int(child.read_text()))


async def test_a_cancelled_attempt_leaves_nothing_behind(folder, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    a_plugin(folder, f"echo $$ >{fifo}; exec sleep 600")
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    started = asyncio.Event()
    asyncio.get_running_loop().add_reader(reading, started.set)
    attempt = asyncio.create_task(plugin.probe(HERE, PluginOptions(plugin="check_it")))
    async with asyncio.timeout(10):
        await started.wait()
    asyncio.get_running_loop().remove_reader(reading)
    pid = int(os.read(reading, 20))
    os.close(reading)
    attempt.cancel()
    await asyncio.gather(attempt, return_exceptions=True)
    await gone(pid)


async def test_a_child_that_lives_on_holds_nothing_up(folder, tmp_path):
    child = tmp_path / "child"
    try:
        outcome = await ran(folder, f"sleep 600 & echo $! >{child}; echo done")
        assert (outcome.level, outcome.text) == (Level.OK, "done")
    finally:
        os.kill(int(child.read_text()), 9)


async def test_an_endless_output_is_read_to_its_bound_and_costs_no_level(folder):
    outcome = await ran(folder, "echo fine; head -c 1000000 /dev/zero | tr '\\0' x; exit 1")
    assert outcome.level is Level.WARNING
    assert outcome.text.startswith("fine / xxx")


async def test_nothing_of_our_settings_reaches_it(folder, monkeypatch):
    monkeypatch.setenv("ASTREINTE_DATABASE", "postgresql://us:secret@db/us")
    outcome = await ran(folder, "/usr/bin/env")
    assert "secret" not in outcome.text
    assert "LC_ALL=C.UTF-8" in outcome.text
    assert (await ran(folder, "cat; echo read")).text == "read"


async def test_its_arguments_are_words_and_no_shell_reads_them(folder):
    script = f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:])\n"
    outcome = await ran(folder, script, arguments="-H {address} -n '{host} $HOME; ls' \"a  b\"")
    assert outcome.text == "['-H', '127.0.0.1', '-n', 'localhost $HOME; ls', 'a  b']"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "plugin: missing; the plugin's file name, for instance check_ssh"),
        ({"plugin": "/bin/sh"}, "plugin: a file name such as check_ssh, without its folder, not '/bin/sh'"),
        ({"plugin": ".."}, "plugin: a file name such as check_ssh, without its folder, not '..'"),
        ({"plugin": "../sh"}, "plugin: a file name such as check_ssh, without its folder, not '../sh'"),
        ({"plugin": "-x"}, "plugin: a file name such as check_ssh, without its folder, not '-x'"),
        ({"plugin": "a\n"}, "plugin: a file name such as check_ssh, without its folder, not 'a\\n'"),
        ({"plugin": "a", "arguments": "'b"}, 'arguments: No closing quotation: "\'b"'),
        ({"plugin": "a", "arguments": "a\0b"}, "arguments: no argument holds a null character"),
    ],
)
def test_a_check_says_which_plugin_and_never_which_file(given, message):
    with pytest.raises(OptionError) as error:
        read_options("plugin", given)
    assert str(error.value) == message


def test_folders_are_looked_through_in_their_order_and_written_whole(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    a_plugin(tmp_path / "b", "exit 0")
    found = Shelf.of(f"{tmp_path}/a:{tmp_path}/b:")
    assert found.find("check_it") == tmp_path / "b" / "check_it"
    a_plugin(tmp_path / "a", "exit 0")
    assert found.find("check_it") == tmp_path / "a" / "check_it"
    assert found.find("check_other") is None
    with pytest.raises(plugin.FolderError, match="'plugins': write the whole path of the folder"):
        Shelf.of("plugins")


@pytest.fixture(scope="module")
def debians():
    """The plugins of Debian."""
    subprocess.run([Path(__file__).parents[3] / "tools/from-debian", "monitoring-plugins-basic"], check=True)
    folder = Path(plugin.DEBIANS_FOLDER)
    assert folder.joinpath("check_tcp").stat().st_mode & stat.S_IXUSR


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "arguments", "level", "said", "measured"),
    [
        ("check_tcp", "-H {address} -p {port}", Level.OK, "TCP OK", {"time_s"}),
        ("check_tcp", "-H {address} -p 9", Level.CRITICAL, "refused", set()),
        ("check_disk", "-w 0% -c 0% -p /", Level.OK, "DISK OK", {"/_bytes"}),
        ("check_load", "-w 999,999,999 -c 999,999,999", Level.OK, "LOAD OK", {"load1", "load5", "load15"}),
        ("check_procs", "-c 1:1 -C no-such-process", Level.CRITICAL, "0 processes", {"procs"}),
        ("check_dummy", "3 hello", Level.UNKNOWN, "UNKNOWN: hello", set()),
        ("check_tcp", "--no-such-option", Level.UNKNOWN, "check_tcp", set()),
    ],
)
async def test_a_plugin_of_debian_is_run_and_read(debians, peers, name, arguments, level, said, measured):
    port = await peers.silent()
    given = {"plugin": name, "arguments": arguments.replace("{port}", str(port))}
    outcome = await prepare("plugin", "localhost", given, Resolver())()
    assert outcome.level is level, outcome.text
    assert said in outcome.text
    assert set(outcome.values) >= measured
