"""Prepares a shop that is watched, for the stories that kill who watches, and says what is in the records.

`python -m tests.journeys.dead_shop cast:PORT:SECONDS` writes the cast down with one check of that port, of such a
timeout; `… hush` hushes the server for an hour; `… facts` prints what is there.
"""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from typing import Any

from astreinte.doors.cli.booting import loaded

loaded()

from astreinte.doors import cli  # noqa: E402  Django is ready first
from astreinte.loops import clock  # noqa: E402
from astreinte.records.accounts.models import Client, Person  # noqa: E402
from astreinte.records.contracts.models import Terms  # noqa: E402
from astreinte.records.inventory.models import Server  # noqa: E402
from astreinte.records.journal.models import Delivery  # noqa: E402
from astreinte.records.monitoring import silencing  # noqa: E402
from astreinte.records.monitoring.models import HeldAlert, Incident, Transition  # noqa: E402
from astreinte.records.notices.models import Notice  # noqa: E402
from astreinte.records.tickets.models import Receipt, Ticket  # noqa: E402
from tests import builders  # noqa: E402
from tests.journeys import late_call  # noqa: E402
from tests.records.monitoring.watching import a_check  # noqa: E402

SHOP = "shop.kermor.example"
HUSHED = timedelta(hours=1)
PACE: dict[str, Any] = {"every_s": 1, "retry_s": 1}
"""Nothing for two seconds more than the timeout is a gap, which is declared."""


def cast(port: str, timeout_s: str) -> None:
    """Maison Kermor has a shop on a contract, and one check of it."""
    late_call.cast()
    beginning = clock.now() - timedelta(days=1)
    kermor = Client.objects.get(name="Maison Kermor")
    shop = builders.a_server(kermor, SHOP, at=beginning, address="127.0.0.1")
    builders.a_contract(kermor, shop, terms=Terms.objects.get(), at=beginning, plan="Boutique")
    a_check(shop, at=clock.now(), options={"port": int(port), "timeout_s": int(timeout_s)}, **PACE)


def hush() -> None:
    """Hugo hushes the shop for an hour."""
    now = clock.now()
    silencing.silence(
        Server.objects.get(name=SHOP),
        reason="Migration de la boutique.",
        until_at=now + HUSHED,
        at=now,
        actor=builders.acting(Person.objects.get(name="Hugo Lemaire"), now),
    )


def facts() -> None:
    """Print what is in the records, and what `astreinte journal verify` says of them."""
    with redirect_stdout(StringIO()) as found:
        code = cli.run(["journal", "verify"])
    told = {
        "verified": [code, found.getvalue()],
        "dead": [str(one.error) for one in Delivery.objects.exclude(dead_at=None)],
        "transitions": list(Transition.objects.order_by("pk").values_list("after", flat=True)),
        "incidents": Incident.objects.count(),
        "tickets": Ticket.objects.count(),
        "receipts": list(Receipt.objects.order_by("pk").values_list("channel", flat=True)),
        "held": [
            [one.silence.reason if one.silence else None, one.outcome]
            for one in HeldAlert.objects.select_related("silence").order_by("pk")
        ],
        "told": sorted(Notice.objects.values_list("person__name", flat=True)),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    chapter, *given = sys.argv[1].split(":")
    chapters: dict[str, Callable[..., None]] = {"cast": cast, "hush": hush, "facts": facts}
    chapters[chapter](*given)
