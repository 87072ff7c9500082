"""Prepares an installation whose client's shop is watched: `python -m tests.journeys.watched_shop ADDRESS PORT`.

Maison Kermor's only server has a real address; Alice and Hugo can sign in.
"""

import sys
from datetime import timedelta

from astreinte.doors.cli.booting import loaded

loaded()

from django.core.management import call_command  # noqa: E402  Django is ready first

from astreinte.loops import clock  # noqa: E402
from astreinte.records.accounts import inviting  # noqa: E402
from tests import builders  # noqa: E402
from tests.records.monitoring.watching import a_check  # noqa: E402

PASSWORD = "la mer monte à Roscoff"


def main(address: str, port: int) -> None:
    """Write down the cast, on a contract of 500.00 a month that began two months ago, and the check."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = clock.now()
    beginning = now - timedelta(days=60)
    house = builders.a_house(host="127.0.0.1", at=beginning)
    kermor = builders.a_client(house, at=beginning)
    alice = builders.a_person(house, "Alice Caradec", client=kermor, at=beginning)
    for person in (alice, house.hugo):
        invitation = inviting.invite(person, at=now, actor=builders.SETUP)
        inviting.accept(invitation, password=PASSWORD, at=now)
    shop = builders.a_server(kermor, at=beginning, address=address)
    builders.a_contract(kermor, shop, terms=builders.some_terms(house, at=beginning), at=beginning)
    a_check(shop, at=now, options={"port": port, "timeout_s": 1}, every_s=2, retry_s=1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
