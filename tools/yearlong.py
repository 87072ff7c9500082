"""A year of tickets, and an offer to compare with, for the pictures of `tools.shoot`."""

from datetime import datetime, timedelta
from typing import Any

MINUTES = (90, 200, 40, 110, 260, 70, 100, 320, 50, 95)
"""How long each ticket waited for an intervention, one a month from January on."""
OFFER = {"targets": {"critical": {"business": "1h", "non_business": "3h"}, "urgent": {"business": "4h"}}}


def managed_and_offered(cast: Any, at: datetime) -> int:
    """Say what is managed of the shop's server, and live its year; return the key of the terms of an offer."""
    from astreinte.records.inventory import managing
    from astreinte.records.tickets import handling
    from astreinte.records.worklog import intervening
    from tests import builders as b

    managing.state(cast.web1, infrastructure=False, system=True, at=at, actor=b.SETUP)
    hugo = b.acting(cast.house.hugo, at)
    for month, minutes in enumerate(MINUTES, start=1):
        received = b.paris(f"2026-{month:02}-12T10:00")
        ticket = b.a_ticket(cast.web1, received, subject="La boutique est lente")
        started = received + timedelta(minutes=minutes)
        evidence = "Journal de la session, gardé avec le ticket."
        intervening.start(ticket, at=at, started_at=started, evidence=evidence, actor=hugo)
        handling.close(ticket, reason="", at=at, actor=hugo)
    offer: int = b.some_terms(cast.house, "offre-2027", OFFER, at=at).pk
    return offer
