"""The story: everything started by one command, a real service killed, its incident and its ticket, its return."""

from contextlib import closing

import pytest

from tests.doors.cli.running import WebServer, said_json, seen, up
from tests.harness.installing import Installation

pytestmark = pytest.mark.real


def test_a_killed_web_server_has_its_ticket_within_60_s_and_its_recovery_on_the_timeline(
    installation: Installation,
) -> None:
    with up(installation), closing(WebServer()) as web:

        def check() -> dict[str, str]:
            return next(one for one in said_json(installation, "check", "list") if one["name"] == "shop")

        installation.run("server", "add", "shop1", "--address", "127.0.0.1")
        added = installation.run("check", "add", "shop1", "http", f"port={web.port}", "--name", "shop")
        assert added.returncode == 0, added.stderr
        seen(lambda: check()["level"] == "ok", within_s=60)

        web.kill()
        seen(lambda: said_json(installation, "incident", "list"), within_s=60)

        assert check()["level"] == "critical"
        assert "refused" in check()["text"].lower()
        (incident,) = said_json(installation, "incident", "list")
        assert incident["title"] == "shop1: shop"

        with closing(WebServer(web.port)):
            seen(lambda: said_json(installation, "incident", "list") == [], within_s=60)
        whole = said_json(installation, "incident", "show", str(incident["number"]))
        assert [step["level"] for step in whole["timeline"]] == ["critical", "ok"]
        assert whole["recovered_at"] == whole["timeline"][-1]["at"]
