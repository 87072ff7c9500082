"""A process of its own that tells or sends, for the tests that kill it: `tell:NUMBER send:MINUTES states`."""

import json
import sys
from datetime import timedelta

from astreinte.doors.cli.booting import ready

ready()

from astreinte.loops import clock, send  # noqa: E402  Django is ready first
from astreinte.records.journal import sealing, verifying  # noqa: E402
from astreinte.records.notices.models import Notice  # noqa: E402
from tests.records.notices.cast import AT, a_notice, play, states  # noqa: E402


def main(*words: str) -> None:
    """Do what the test asks for, one word after the other."""
    for word in words:
        verb, _, number = word.partition(":")
        {"tell": tell, "send": send_at, "states": show}[verb](int(number or 0))


def tell(number: int) -> None:
    """Queue notices."""
    cast = play()
    for turn in range(number):
        a_notice(cast, fact=f"x{turn}")


def send_at(minutes: int) -> None:
    """Send until nothing is due, that long after they were queued."""
    with clock.moved_to(AT + timedelta(minutes=minutes)) as hand:
        while send.send_due(hand.instant):
            pass


def show(_: int) -> None:
    """Print the steps of each notice, and what the journal finds wrong."""
    sealing.seal(AT)
    told = {notice.public_id: states(notice) for notice in Notice.objects.order_by("id")}
    print(json.dumps({"states": told, "findings": [str(each) for each in verifying.verify()]}))


main(*sys.argv[1:])
