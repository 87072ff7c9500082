"""The record is verified as of one instant, while others go on writing."""

import threading

import pytest

from astreinte.records.journal import verifying
from astreinte.records.journal.looking import one_instant
from tests.records.journal.stories import change_case, in_thread, open_case
from tests.records.sample.models import Case

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_written_meanwhile_is_not_seen_and_nobody_waits():
    open_case()
    with one_instant():
        assert Case.objects.count() == 1
        in_thread(open_case).join()
        assert Case.objects.count() == 1
    assert Case.objects.count() == 2


def test_a_record_that_grows_while_it_is_verified_is_whole():
    open_case()
    enough = threading.Event()

    def write() -> None:
        case = Case.objects.get()
        for cents in range(500):
            change_case(case, cents=cents)
            if enough.is_set():
                return

    writer = in_thread(write)
    findings = [verifying.verify() for _ in range(5)]
    enough.set()
    writer.join()
    assert findings == [[]] * 5
