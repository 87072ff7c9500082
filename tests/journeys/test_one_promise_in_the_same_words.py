"""One deadline, and why, in the same words on both pages, in the mail, at the command line and in the API."""

import pytest

from astreinte.loops import clock
from astreinte.records.notices.models import Notice
from tests.builders import a_ticket, acting, paris, the_cast, time_passes
from tests.journeys.shown import everywhere, in_api, on_desk, on_portal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("priority", "received", "due", "said"),
    [
        pytest.param(
            *("critical", "2026-11-23 11:30", "2026-11-23 13:30"),
            "C’était en heures ouvrées. Sa priorité est Critique : le délai est de 2 h, en temps écoulé.",
            id="a5_3: two hours in business hours, lunch included",
        ),
        pytest.param(
            *("critical", "2026-11-23 08:59", "2026-11-23 12:59"),
            "C’était en heures non ouvrées. Sa priorité est Critique : le délai est de 4 h, en temps écoulé.",
            id="a5_3: four hours a minute before the opening",
        ),
        pytest.param(
            *("critical", "2026-11-11 10:00", "2026-11-11 14:00"),
            "C’était en heures non ouvrées. Sa priorité est Critique : le délai est de 4 h, en temps écoulé.",
            id="a5_11: a public holiday has no business hours",
        ),
        pytest.param(
            *("urgent", "2026-11-20 17:30", "2026-11-24 09:30"),
            "Sa priorité est Urgente : le délai est de 8 h, en heures ouvrées",
            id="a5_4: Friday 17:30 to Tuesday 09:30",
        ),
        pytest.param(
            *("urgent", "2026-12-24 17:59", "2026-12-29 09:59"),
            "Sa priorité est Urgente : le délai est de 8 h, en heures ouvrées",
            id="a5_4: over Christmas and a weekend",
        ),
    ],
)
def test_all_doors_say_the_same_deadline_in_the_same_words(priority, received, due, said):
    cast = the_cast()
    at = paris(received)
    with clock.moved_to(at):
        ticket = a_ticket(cast.web1, at, by=acting(cast.alice, at), priority=priority)
        shown = everywhere(ticket, cast)
        assert said in str(shown.deadline)
        assert shown.deadline.source.startswith("Article\u00a05, Conditions Particulières")
        assert paris(due).isoformat() == in_api(ticket, cast.alice)["promise"]["deadline_at"].replace(
            "Z", "+00:00"
        )
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert f"{due[-5:]}, " in page.says("left")
        time_passes()
        letter = Notice.objects.get(person=cast.alice).body
        assert "\n".join(shown.deadline.paragraphs) in letter
