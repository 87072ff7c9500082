"""Prepares an installation for the stories that kill it, and says afterwards what is in its records.

`python -m tests.journeys.late_call cast` brings the database up and writes the cast down; `… call` has them
live a call that was taken up a day late as well, and delivers up to the money; `… facts` prints what is there.
"""

import json
import sys
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO

from astreinte.doors.cli.booting import loaded

loaded()

from django.core.management import call_command  # noqa: E402  Django is ready first

from astreinte.doors import cli  # noqa: E402
from astreinte.loops import clock  # noqa: E402
from astreinte.records.accounts import inviting  # noqa: E402
from astreinte.records.accounts.models import Client, Person  # noqa: E402
from astreinte.records.commitments.models import Breach, Settlement, Share, Verdict  # noqa: E402
from astreinte.records.inventory.models import Server  # noqa: E402
from astreinte.records.journal import claiming  # noqa: E402
from astreinte.records.journal.models import Delivery  # noqa: E402
from astreinte.records.notices.models import Notice  # noqa: E402
from astreinte.records.tickets import opening  # noqa: E402
from astreinte.records.tickets.models import Message, Receipt  # noqa: E402
from astreinte.records.worklog import intervening  # noqa: E402
from tests import builders  # noqa: E402

PASSWORD = "la mer monte à Roscoff"
EMERGENCY = "+33261910024"
LATE = timedelta(hours=30)
MONEY = "commitments.settling.settle_month"


def cast() -> None:
    """Maison Kermor with Alice and Bob, and three servers on one contract that began two months ago."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = clock.now()
    beginning = now - timedelta(days=60)
    house = builders.a_house(host="127.0.0.1", at=beginning)
    kermor = builders.a_client(house, at=beginning)
    for name in ("Alice Caradec", "Bob Tanguy"):
        builders.a_person(house, name, client=kermor, at=beginning)
    servers = [builders.a_server(kermor, f"web{n}.kermor.example", at=beginning) for n in (1, 2, 3)]
    builders.a_contract(kermor, *servers, terms=builders.some_terms(house, at=beginning), at=beginning)
    alice = Person.objects.get(name="Alice Caradec")
    inviting.accept(
        inviting.invite(alice, at=now, actor=builders.SETUP),
        password=PASSWORD,
        at=now,
    )


def call() -> None:
    """A call that rang thirty hours ago is written down and taken up now; deliveries stop before the money."""
    cast()
    now = clock.now()
    hugo = builders.acting(Person.objects.get(name="Hugo Lemaire"), now)
    ticket = opening.record_call(
        client=Client.objects.get(name="Maison Kermor"),
        server=Server.objects.get(name="web1.kermor.example"),
        number_called=EMERGENCY,
        caller="Alice Caradec",
        rang_at=now - LATE,
        text="La boutique ne répond plus.",
        priority="critical",
        key="call-1",
        at=now,
        actor=hugo,
    ).ticket
    intervening.start(ticket, at=clock.now(), actor=hugo)
    while _next() != MONEY:
        claimed = claiming.claim(clock.now())
        assert claimed is not None
        assert claiming.run(claimed, clock.now()) is claiming.Came.DONE


def facts() -> None:
    """Print what is in the records, and what `astreinte journal verify` says of them."""
    with redirect_stdout(StringIO()) as found:
        code = cli.run(["journal", "verify"])
    told = {
        "verified": [code, found.getvalue()],
        "receipts": [
            [one.ticket.number, one.channel, one.at.isoformat()]
            for one in Receipt.objects.select_related("ticket").order_by("pk")
        ],
        "declared": [
            [one.text, one.ticket.opened_at.isoformat()]
            for one in Message.objects.select_related("ticket").order_by("pk")
        ],
        "breaches": Breach.objects.count(),
        "verdicts": Verdict.objects.filter(clock__kind="contractual").count(),
        "settlements": [
            [one.due_cents, one.cap_cents, one.shares.count()] for one in Settlement.objects.order_by("pk")
        ],
        "shares": Share.objects.count(),
        "dead": [str(one.error) for one in Delivery.objects.exclude(dead_at=None)],
        "notices": {
            notice.public_id: [step.state for step in notice.steps.order_by("pk")]
            for notice in Notice.objects.order_by("pk")
        },
    }
    print(json.dumps(told))


def _next() -> str:
    return str(Delivery.objects.unsettled().order_by("run_at", "entry_id", "pk").first().reaction)


if __name__ == "__main__":
    {"cast": cast, "call": call, "facts": facts}[sys.argv[1]]()
