"""No test leans on the one before it: files, and tests within a file, run in a new order each time."""

import random
from collections import defaultdict
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--order", type=int, default=None, help="the seed of the order, to run one again")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.order is None:
        told = getattr(config, "workerinput", {})
        config.option.order = told.get("order", random.randrange(10**6))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker of xdist the seed: all of them must see one order."""
    node.workerinput["order"] = node.config.option.order


def pytest_report_header(config: pytest.Config) -> str:
    return f"order of the tests: --order {config.option.order}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle. First, so that pytest-django then moves what empties the database behind the rest."""
    shuffle = random.Random(config.option.order).shuffle
    files: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        files[item.nodeid.partition("::")[0]].append(item)
    names = sorted(files)
    shuffle(names)
    for name in names:
        shuffle(files[name])
    items[:] = [item for name in names for item in files[name]]
