"""The story: everything started by one command, a real service killed, its incident and its ticket, its return."""

from contextlib import closing

import pytest

from tests.doors.cli.running import WebServer, said_json, seen, up
from tests.harness.installing import Installation

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    "pace",
    [
        pytest.param(("--every-s", "4", "--retry-s", "2"), id="a quick pace"),
        pytest.param((), marks=pytest.mark.long, id="the default pace"),
    ],
)
def test_a_killed_web_server_has_its_ticket_within_60_s_and_its_recovery_on_the_timeline(
    installation: Installation, pace: tuple[str, ...]
) -> None:
    with up(installation) as running, closing(WebServer()) as web:
        said_json(installation, "client", "add", "Maison Kermor")
        said_json(
            installation, "server", "add", "shop1", "--client", "Maison Kermor", "--address", "127.0.0.1"
        )
        said_json(installation, "check", "add", "shop1", "http", f"port={web.port}", "--name", "shop", *pace)
        seen(lambda: running.measure('checks{level="ok"}') >= 4, within_s=60)

        web.kill()
        seen(lambda: running.measure('checks{level="critical"}') == 1, within_s=60)

        (check,) = said_json(installation, "check", "list", "shop1")
        assert "refused" in check["text"].lower()
        (incident,) = said_json(installation, "incident", "list")
        (ticket,) = said_json(installation, "ticket", "list")
        assert incident["title"] == "shop1: shop"
        assert ticket["server"]["name"] == "shop1"

        with closing(WebServer(web.port)):
            seen(lambda: running.measure('checks{level="critical"}') == 0, within_s=60)
            assert said_json(installation, "incident", "list") == []
            whole = said_json(installation, "incident", "show", str(incident["number"]))
            assert [step["level"] for step in whole["timeline"]] == ["critical", "ok"]
            assert whole["recovered_at"] == whole["timeline"][-1]["at"]
            shown = said_json(installation, "ticket", "show", str(ticket["number"]))
            assert shown["restored_at"] == whole["recovered_at"]
