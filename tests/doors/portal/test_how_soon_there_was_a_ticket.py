"""The client reads how soon after our probes saw an outage it had a ticket: on each, and for the month."""

from datetime import timedelta

from astreinte.records.monitoring.models import Check
from tests.builders import Cast, a_server, a_ticket, paris
from tests.doors.browsing import Reading
from tests.records.monitoring.watching import DOWN, a_check, recorded

MORNING = paris("2026-11-23 09:00")


def watched(cast: Cast, name: str) -> Check:
    return a_check(a_server(cast.kermor, name), at=MORNING)


def test_the_list_says_it_of_each_ticket_and_of_the_month(cast: Cast, at_alices: Reading) -> None:
    first, second, october = (watched(cast, f"{name}.kermor.example") for name in ("a", "b", "c"))
    recorded(october, DOWN, start=paris("2026-10-31 23:59"))
    recorded(first, DOWN, start=paris("2026-11-23 11:29:50"))
    assert "En novembre 2026, nos sondes ont vu une panne avant que quiconque la signale" in (
        at_alices.get("/tickets/").text
    )
    recorded(second, DOWN, start=paris("2026-11-23 11:10"))
    a_ticket(cast.web1, MORNING)
    page = at_alices.get("/tickets/").text
    assert "En novembre 2026, nos sondes ont vu 2 pannes avant que quiconque les signale" in page
    assert "chacune avait son ticket en 20 min au plus" in page
    for said in ("10 s après", "20 min après"):
        assert f"{said} que nos sondes l'ont vu" in page
    assert page.count("que nos sondes l'ont vu") == 3, "what was declared has none"


def test_another_client_hears_of_its_own_alone(cast: Cast, at_alices: Reading) -> None:
    recorded(a_check(cast.app2, at=MORNING), DOWN, start=paris("2026-11-23 11:00"))
    assert "nos sondes" not in at_alices.get("/tickets/").text


def test_few_questions_whatever_the_number(
    cast: Cast, at_alices: Reading, django_assert_max_num_queries
) -> None:
    for number in range(8):
        check = watched(cast, f"n{number}.kermor.example")
        recorded(check, DOWN, start=MORNING + number * timedelta(minutes=1))
    with django_assert_max_num_queries(45):
        at_alices.get("/tickets/")
