"""The story: everything started by one command, a real nginx killed, its incident and its ticket, its return.

Then its certificate ends, and is renewed.
"""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doors.cli.running import said_json, seen, up
from tests.engine.probes.certificates import Authority, sign
from tests.harness.installing import Installation
from tests.harness.nginx import Nginx

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    "pace",
    [
        pytest.param(("--every-s", "4", "--retry-s", "2"), id="a quick pace"),
        pytest.param((), marks=pytest.mark.long, id="the default pace"),
    ],
)
def test_a_killed_nginx_has_its_ticket_within_60_s_and_its_recovery_on_the_timeline(
    installation: Installation, tmp_path: Path, pace: tuple[str, ...]
) -> None:
    with up(installation) as running, closing(Nginx(tmp_path)) as web:
        web.start()
        added(installation, "shop1", web)
        said_json(installation, "check", "add", "shop1", "http", f"port={web.port}", "--name", "shop", *pace)
        is_well(installation, "shop")

        web.kill()
        seen(lambda: running.measure('checks{level="critical"}') == 1, within_s=60)

        (ticket,) = said_json(installation, "ticket", "list")
        assert (ticket["server"]["name"], ticket["client"]) == ("shop1", "Maison Kermor")
        known = said_json(installation, "ticket", "show", str(ticket["number"]))["times"]
        assert 0 <= float(known["to_ticket_s"]) <= 60, known

        web.start()
        seen(lambda: running.measure('checks{level="critical"}') == 0, within_s=60)
        incident = said_json(installation, "incident", "show", "1")
        assert incident["title"] == "shop1: shop"
        assert [step["level"] for step in incident["timeline"]] == ["critical", "ok"]
        assert "refused" in incident["timeline"][0]["text"].lower()
        assert incident["recovered_at"] == incident["timeline"][-1]["at"]
        shown = said_json(installation, "ticket", "show", str(ticket["number"]))
        assert shown["restored_at"] == incident["recovered_at"]


@pytest.mark.long
def test_a_certificate_that_ends_is_an_incident_until_it_is_renewed(
    installation: Installation, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    with up(installation) as running, closing(Nginx(tmp_path)) as web:
        added(installation, "shop1", web)
        last = sign("shop", addresses=[web.address], by=authority.root, until=timedelta(seconds=45))
        web.start(last.kept_in(tmp_path))
        options = (
            f"port={web.tls_port}",
            f"ca_file={authority.trusted}",
            "warning_days=0",
            "critical_days=0",
        )
        pace = ("--every-s", "4", "--retry-s", "2")
        said_json(installation, "check", "add", "shop1", "tls", *options, "--name", "certificate", *pace)
        is_well(installation, "certificate")

        seen(lambda: running.measure('checks{level="critical"}') == 1, within_s=90)
        (ticket,) = said_json(installation, "ticket", "list")
        assert ticket["server"]["name"] == "shop1"

        web.show(sign("shop", addresses=[web.address], by=authority.root).kept_in(tmp_path))
        seen(lambda: running.measure('checks{level="critical"}') == 0, within_s=60)
        incident = said_json(installation, "incident", "show", "1")
        assert [step["level"] for step in incident["timeline"]] == ["critical", "ok"]
        assert incident["timeline"][0]["text"].startswith("certificate expired 0.0 days ago, on ")


def added(installation: Installation, name: str, web: Nginx) -> None:
    """Have the server `name` of a client, at the address of the web server."""
    said_json(installation, "client", "add", "Maison Kermor")
    said_json(installation, "server", "add", name, "--client", "Maison Kermor", "--address", web.address)


def is_well(installation: Installation, check: str) -> None:
    """Wait until a check of shop1 is ok."""

    def stands() -> bool:
        found: Any = said_json(installation, "check", "show", "shop1", check)
        return bool(found["level"] == "ok")

    seen(stands, within_s=60)
