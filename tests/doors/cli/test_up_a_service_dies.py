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

        (ticket,) = said_json(installation, "ticket", "list")
        assert (ticket["server"]["name"], ticket["client"]) == ("shop1", "Maison Kermor")

        with closing(WebServer(web.port)):
            seen(lambda: running.measure('checks{level="critical"}') == 0, within_s=60)
            incident = said_json(installation, "incident", "show", "1")
            assert incident["title"] == "shop1: shop"
            assert [step["level"] for step in incident["timeline"]] == ["critical", "ok"]
            assert "refused" in incident["timeline"][0]["text"].lower()
            assert incident["recovered_at"] == incident["timeline"][-1]["at"]
            shown = said_json(installation, "ticket", "show", str(ticket["number"]))
            assert shown["restored_at"] == incident["recovered_at"]
