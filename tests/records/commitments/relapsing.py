"""What the stories of a fault that comes back need: a shop that is watched on a Monday, and what befalls it."""

from datetime import timedelta
from typing import Any

from astreinte.records.accounts.actors import Actor
from astreinte.records.contracts import overlaying
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from tests.builders import SETUP, acting, paris, stands, the_cast, time_passes
from tests.records.monitoring.watching import DOWN, UP, a_check, recorded

MORNING = paris("2026-11-23 09:20")


class Story:
    """A shop that is watched, whose probes see what the story says; the ticket that this made."""

    def __init__(self, hand) -> None:
        self.hand, self.cast = hand, the_cast()
        self.check = a_check(self.cast.web1, at=MORNING, every_s=1800)

    def at(self, civil: str) -> None:
        """Go on to an hour of that Monday."""
        self.hand.move_to(paris(f"2026-11-23 {civil}"))
        time_passes()

    def seen(self, levels) -> None:
        """Let the probes see so much, five seconds apart, the last of them now."""
        first = self.hand.instant - timedelta(seconds=5 * (len(levels) - 1))
        recorded(self.check, levels, start=first)
        time_passes()

    @property
    def ticket(self) -> Ticket:
        return Ticket.objects.get(incident__isnull=False)

    @property
    def hugo(self) -> Actor:
        return acting(self.cast.house.hugo, self.hand.instant)

    def declared(self) -> None:
        opening.join(
            self.ticket,
            text="Plus de paiement.",
            priority="critical",
            channel="web",
            key=f"at {self.hand.instant}",
            at=self.hand.instant,
            actor=acting(self.cast.alice, self.hand.instant),
        )
        time_passes()

    def worked_on(self, minutes: int) -> None:
        """Let Hugo intervene from now on, for so long."""
        begun = intervening.start(self.ticket, at=self.hand.instant, actor=self.hugo)
        self.hand.advance(minutes=minutes)
        intervening.end(begun, text="php-fpm relancé.", at=self.hand.instant, actor=self.hugo)
        time_passes()

    def now(self):
        """How the ticket stands."""
        return stands(self.ticket, self.hand.instant)


def repaired_in_time(story: Story) -> None:
    """Seen at 9:20, declared at 9:30, worked on from 10:00 to 10:20, seen again at 10:25."""
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    story.at("10:00")
    story.worked_on(minutes=20)
    story.at("10:25")
    story.seen(UP)


def repaired_and_back(story: Story) -> None:
    """As `repaired_in_time`, and down again at 10:50."""
    repaired_in_time(story)
    story.at("10:50")
    story.seen(DOWN)


def repaired_late_and_back(story: Story) -> None:
    """Declared at 9:30, worked on half an hour late from 12:00 to 12:10, down again at 12:30."""
    story.seen(DOWN)
    story.at("09:30")
    story.declared()
    story.at("12:00")
    story.worked_on(minutes=10)
    story.seen(UP)
    story.at("12:30")
    story.seen(DOWN)


def written_down_afterwards(story: Story) -> None:
    """Write down now that Hugo had begun at 9:45, in the outage before."""
    intervening.start(
        story.ticket,
        at=story.hand.instant,
        actor=story.hugo,
        started_at=paris("2026-11-23 09:45"),
        evidence="Journal de la session SSH de 09:45, ligne 12.",
    )


def laid_over(story: Story, patch: dict[str, Any]) -> None:
    """Have a specific contract change the terms of the shop's server from that morning on, read by a second person."""
    laid = overlaying.lay(
        line=story.cast.line,
        title="Contrat spécifique",
        patch=patch,
        from_at=MORNING,
        until_at=None,
        at=story.hand.instant,
        actor=SETUP,
    )
    if overlaying.is_pending(laid):
        sofia = acting(story.cast.house.sofia, story.hand.instant)
        overlaying.approve(laid, at=story.hand.instant, actor=sofia)
