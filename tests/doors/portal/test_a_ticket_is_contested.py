"""A ticket that was closed too early is opened again by the client, and its page says so."""

from astreinte.records.tickets import handling
from astreinte.records.worklog import intervening
from tests.builders import BEGINNING, a_ticket, acting


def test_closing_and_opening_again_are_part_of_what_happened_and_confirmed(cast, at_alices, hand):
    ticket, hugo = a_ticket(cast.web1, hand.instant), acting(cast.house.hugo, BEGINNING)
    hand.advance(minutes=10)
    intervening.start(ticket, at=hand.instant, actor=hugo)
    hand.advance(minutes=10)
    handling.close(ticket, reason="Réglé.", at=hand.instant, actor=hugo)
    hand.advance(minutes=10)
    there = f"/tickets/{ticket.number}/"
    page = at_alices.send(at_alices.get(there).form(f"{there}reopen/"), text="La page est blanche.")
    said = "Le ticket est rouvert, et notre équipe est prévenue de ce que vous avez écrit."
    assert said in page.text
    assert "11:50 Clos 12:00 Rouvert" in page.text
    again = at_alices.get(there)
    assert said not in again.text
    assert "11:50 Clos 12:00 Rouvert" in again.text
