"""A delay that elapses, with a lateness in business hours (AMB-14): its card stands at night, and does not tick."""

from astreinte.records.contracts import binding
from tests.builders import SETUP, a_ticket, paris, some_terms, time_passes

PATCH = {"penalty": {"delay_unit": "business"}}


def test_late_at_night_it_stands_until_the_opening(cast, at_hugos, hand):
    terms = some_terms(cast.house, name="business-lateness", patch=PATCH)
    binding.change_terms(line=cast.line, terms=terms, from_at=hand.instant, at=hand.instant, actor=SETUP)
    ticket = a_ticket(cast.web1, paris("2026-11-23T16:30"))
    page = at_hugos.get(f"/desk/tickets/{ticket.number}/")
    assert "compté jour et nuit" in page.text
    hand.move_to(paris("2026-11-24T10:30"))
    time_passes()
    page = at_hugos.get(f"/desk/tickets/{ticket.number}/")
    assert "1 h 30" in page.text
    assert "seules les heures ouvrées comptent" in page.text
