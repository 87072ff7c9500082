"""As root nothing is skipped. As an ordinary user, the tests marked `real` are named and counted."""

import os
from collections.abc import Generator

import pytest

WHY = "real: needs root"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if os.geteuid() != 0 and item.get_closest_marker("real"):
        pytest.skip(WHY)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.geteuid() == 0:
        report.outcome = "failed"
        report.longrepr = f"skipped, and as root nothing may be: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and os.geteuid() == 0:
        report.outcome = "failed"
        report.longrepr = f"a whole file skipped, and as root nothing may be: {_reason(report.longrepr)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    unseen = [
        report.nodeid for report in terminalreporter.stats.get("skipped", []) if WHY in str(report.longrepr)
    ]
    if unseen:
        terminalreporter.section(f"{len(unseen)} tests marked real did not run: they need root")
        for name in sorted(unseen):
            terminalreporter.line(name)


def _reason(longrepr: object) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
