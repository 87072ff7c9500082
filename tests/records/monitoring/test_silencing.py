"""A4.2, spec of the field 28: a silence always has a reason, an author and an end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.agenda import announcing
from astreinte.records.inventory import listing
from astreinte.records.monitoring import checking, silencing
from astreinte.records.monitoring.models import Silence
from tests.builders import SETUP, a_server, acting
from tests.records.monitoring.watching import NOON, a_check

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def said(cast, server=None, **how):
    given: dict[str, Any] = {
        "reason": "Migration",
        "until_at": NOON + HOUR,
        "at": NOON,
        "actor": acting(cast.house.hugo, NOON),
    }
    return silencing.silence(server or cast.web1, **given | how)


def test_a_silence_says_who_why_and_until_when(cast):
    check = a_check(cast.web1)
    found = said(cast, check=check, reason="  Migration ")
    assert (found.number, found.author, found.reason) == (1, "Hugo Lemaire", "Migration")
    assert (found.check_ref, found.from_at, found.until_at) == (check, NOON, NOON + HOUR)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        pytest.param({"reason": " \n"}, "why nobody shall be told", id="without a reason"),
        pytest.param({"reason": "a" * 1001}, "in 1 to 1000 characters", id="a novel"),
        pytest.param({"until_at": NOON}, "is past; a silence begins now", id="without a length"),
        pytest.param(
            {"until_at": NOON + timedelta(days=7, seconds=1)}, "more than 7 days ahead", id="too long"
        ),
    ],
)
def test_a_silence_without_a_reason_or_an_end_in_sight_is_impossible(cast, how, words):
    with pytest.raises(silencing.SilenceError, match=words):
        said(cast, **how)
    assert not Silence.objects.exists()


def test_seven_days_are_not_too_long(cast):
    assert said(cast, until_at=NOON + timedelta(days=7)).until_at == NOON + timedelta(days=7)


def test_what_is_not_watched_needs_no_silence(cast):
    check = a_check(cast.web1, at=NOON - HOUR)
    with pytest.raises(silencing.SilenceError, match="is a check of another server"):
        said(cast, cast.app2, check=check)
    with pytest.raises(silencing.SilenceError, match="no longer watched"):
        said(cast, check=checking.end(check, at=NOON, actor=SETUP))
    with pytest.raises(silencing.SilenceError, match="left management"):
        said(cast, listing.end_server(a_server(cast.kermor, "old"), at=NOON, actor=SETUP))


def test_a_silence_is_ended_once_and_never_made_longer(cast):
    hugo = acting(cast.house.hugo, NOON)
    found = said(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Silence.objects.filter(pk=found.pk).update(until_at=NOON + 2 * HOUR)
    assert silencing.end(found, at=NOON + HOUR / 2, actor=hugo).over_at == NOON + HOUR / 2
    with pytest.raises(silencing.SilenceError, match="over already"):
        silencing.end(found, at=NOON + HOUR / 2, actor=hugo)
    with pytest.raises(silencing.SilenceError, match="over already"):
        silencing.end(said(cast), at=NOON + HOUR, actor=hugo)


def test_the_client_neither_says_a_silence_nor_reads_its_reason(cast):
    found = said(cast)
    for stranger in (cast.alice, cast.charlie, cast.victor):
        actor = acting(stranger, NOON)
        with pytest.raises(NotAllowed):
            said(cast, actor=actor)
        with pytest.raises(NotAllowed):
            silencing.end(found, at=NOON, actor=actor)
        assert not Silence.objects.visible_to(actor).exists()
    assert Silence.objects.visible_to(acting(cast.house.ada, NOON)).exists()


@pytest.mark.parametrize(
    ("at", "hushed"),
    [
        pytest.param(NOON - timedelta(microseconds=1), False, id="before"),
        pytest.param(NOON, True, id="at its first instant"),
        pytest.param(NOON + HOUR - timedelta(microseconds=1), True, id="to its last"),
        pytest.param(NOON + HOUR, False, id="not at its end"),
    ],
)
def test_a_silence_hushes_from_its_start_to_its_end(cast, at, hushed):
    check = a_check(cast.web1)
    said(cast)
    assert (silencing.over([check], at) is not None) is hushed


def test_of_several_what_counts_is_when_the_first_check_is_heard_again(cast):
    shop, mail = a_check(cast.web1), a_check(cast.web1, "mail")
    short = said(cast, check=shop)
    said(cast, check=mail, until_at=NOON + 3 * HOUR)
    assert silencing.over([shop, mail], NOON).silence == short
    longer = said(cast, check=shop, until_at=NOON + 2 * HOUR)
    found = silencing.over([shop, mail], NOON)
    assert (found.silence, found.until_at) == (longer, NOON + 2 * HOUR)
    assert silencing.over([shop, a_check(cast.web1, "dns")], NOON) is None
    assert silencing.over([], NOON) is None


def test_announced_work_and_a_silence_count_alike(cast):
    shop, other = a_check(cast.web1), a_check(cast.app2)
    window = announcing.announce(
        covers={cast.web1: ["shop"]},
        title="Disque",
        from_at=NOON + HOUR,
        until_at=NOON + 2 * HOUR,
        at=NOON,
        actor=acting(cast.house.hugo, NOON),
    )
    assert silencing.over([shop], NOON) is None
    at = NOON + 1.5 * HOUR
    found = silencing.over([shop], at)
    assert (found.window, found.silence, found.until_at) == (window, None, NOON + 2 * HOUR)
    assert silencing.over([a_check(cast.web1, "mail")], at) is None
    assert silencing.over([shop, other], at) is None
    silence = said(cast, cast.app2, at=at, until_at=at + HOUR)
    assert silencing.over([shop, other], at).window == window
    assert silencing.over([other], at).silence == silence
