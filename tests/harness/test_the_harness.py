"""The harness does what the rest relies on: a skip, a reach for the network and a real order are seen."""

import os
import socket

import pytest

from tests.harness.network import BeyondLoopbackError
from tests.house.reading import ROOT

PLUGINS = """
    pytest_plugins = ["tests.harness.order", "tests.harness.skips", "tests.harness.databases"]
"""


@pytest.fixture
def elsewhere(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite of its own, with the harness's plugins and nothing of ours."""
    pytester.makeconftest(PLUGINS)
    pytester.makeini("[pytest]\nmarkers =\n    real: needs root\n    django_db: of pytest-django\n")
    return pytester


def run(suite: pytest.Pytester, *options: str) -> pytest.RunResult:
    return suite.runpytest_inprocess(
        "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:asyncio", *options
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("import pytest\ndef test_a():\n    pytest.skip('no chromium')", id="in the test"),
        pytest.param("import pytest\n@pytest.mark.skip('later')\ndef test_a():\n    pass", id="by a mark"),
        pytest.param(
            "import pytest\npytest.importorskip('no_such_module')\ndef test_a(): pass", id="a whole file"
        ),
    ],
)
def test_as_root_a_skip_is_a_failure(elsewhere, monkeypatch, body):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    elsewhere.makepyfile(body)
    result = run(elsewhere)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*as root nothing may be*"])


def test_as_an_ordinary_user_the_real_ones_are_named_and_counted(elsewhere, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    elsewhere.makepyfile(
        "import pytest\n@pytest.mark.real\ndef test_namespace(): assert 0\ndef test_other(): pass"
    )
    result = run(elsewhere)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*1 tests marked real did not run: they need root*", "*::test_namespace"])


def test_as_root_the_real_ones_run(elsewhere, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    elsewhere.makepyfile("import pytest\n@pytest.mark.real\ndef test_namespace(): assert 0")
    run(elsewhere).assert_outcomes(failed=1)


def test_the_order_changes_from_run_to_run_and_can_be_had_again(elsewhere):
    elsewhere.makepyfile("\n".join(f"def test_{number}(): pass" for number in range(30)))

    def order(seed: int) -> list[str]:
        return [line for line in run(elsewhere, "-v", f"--order={seed}").outlines if "::test_" in line]

    once = [line.partition(" ")[0] for line in order(1)]
    assert once == [line.partition(" ")[0] for line in order(1)]
    assert once != [line.partition(" ")[0] for line in order(2)]
    assert len(once) == 30


def test_workers_agree_on_the_order(elsewhere, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    elsewhere.makepyfile("\n".join(f"def test_{number}(): pass" for number in range(30)))
    result = elsewhere.runpytest_subprocess("-p", "no:django", "-p", "no:asyncio", "-n", "2")
    result.assert_outcomes(passed=30)


def test_only_what_touches_the_database_runs_again_on_the_second_one(elsewhere):
    elsewhere.makepyfile(
        """
        import pytest
        @pytest.fixture
        def installation(): pass
        @pytest.mark.django_db
        def test_marked(): pass
        def test_of_a_process(installation): pass
        def test_arithmetic(): assert 0
        """
    )
    run(elsewhere, "--database-only").assert_outcomes(passed=2, deselected=1)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_a_connection_beyond_loopback_is_refused(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as reaching, pytest.raises(BeyondLoopbackError, match=address[0]):
        reaching.connect(address)


def test_a_datagram_beyond_loopback_is_refused():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reaching, pytest.raises(BeyondLoopbackError):
        reaching.sendto(b"?", ("192.0.2.53", 53))


def test_no_resolver_is_asked():
    with pytest.raises(BeyondLoopbackError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nowhere.invalid", 80)
    assert socket.getaddrinfo("localhost", 80)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
