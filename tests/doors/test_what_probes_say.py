"""What a probe said is a machine's English: a page of any language marks it as such (WCAG 2.2, 3.1.2)."""

import re
from datetime import timedelta

from astreinte.records.monitoring import recording
from tests.builders import SETUP
from tests.doors.browsing import Reading
from tests.records.monitoring.watching import CRITICAL, a_check, result

SAID = "cannot connect: Connection refused"


def test_its_words_are_marked_as_english_wherever_they_stand(cast, hand, at_hugos):
    check = a_check(cast.web1, at=hand.instant)
    down = [result(check, CRITICAL, hand.instant + timedelta(seconds=5 * n), SAID) for n in range(3)]
    recording.record(down, at=down[-1].at, actor=SETUP)
    lone = a_check(cast.app2, "lone", at=hand.instant)
    recording.record([result(lone, CRITICAL, down[-1].at, SAID)], at=down[-1].at, actor=SETUP)
    here = f"servers/{cast.web1.public_id}/"
    alices = Reading(cast.alice)
    pages = {
        "the first page": at_hugos.get("/desk/"),
        "the servers": at_hugos.get("/desk/servers/"),
        "a server": at_hugos.get(f"/desk/{here}"),
        "the servers of a client": alices.get("/servers/"),
        "a server of a client": alices.get(f"/{here}"),
    }
    for name, page in pages.items():
        said = re.findall(rf"<(\w+)([^>]*)>{SAID}", page.html)
        assert said, name
        assert all('lang="en"' in attributes for _, attributes in said), name
