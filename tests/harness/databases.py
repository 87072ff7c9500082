"""SQLite for all tests; those that touch the database once more on PostgreSQL (`--database-only`)."""

import pytest

TOUCHING = {"db", "transactional_db", "live_server", "installation", "django_db_setup"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only the tests that touch the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.database_only:
        return
    others = [item for item in items if not touches(item)]
    items[:] = [item for item in items if touches(item)]
    config.hook.pytest_deselected(items=others)


def touches(item: pytest.Item) -> bool:
    """Tell whether the test reads or writes the database, by its mark or by a fixture that it asks for."""
    return item.get_closest_marker("django_db") is not None or bool(
        TOUCHING.intersection(getattr(item, "fixturenames", ()))
    )
