"""A window is announced before it begins, and never edited."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.agenda import announcing
from astreinte.records.agenda.models import Window
from astreinte.records.journal.models import Entry
from tests.builders import a_server, acting, paris

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23T12:00")
HOUR = timedelta(hours=1)


def announced(cast, **how):
    said: dict[str, Any] = {
        "covers": {cast.web1: ()},
        "title": "Changement  de disque",
        "from_at": NOON + HOUR,
        "until_at": NOON + 2 * HOUR,
        "at": NOON,
        "actor": acting(cast.house.hugo, NOON),
    }
    return announcing.announce(**said | how)


def test_a_window_keeps_who_announced_it_when_and_for_which_checks(cast):
    window = announced(cast, covers={cast.web1: ["shop", "mail", "shop"]})
    assert (window.number, window.title, window.author) == (1, "Changement de disque", "Hugo Lemaire")
    assert (window.client, window.announced_at) == (cast.kermor, NOON)
    assert [one.check_name for one in window.covers.order_by("pk")] == ["mail", "shop"]
    assert Entry.objects.filter(kind="agenda.WindowAnnounced").count() == 1


@pytest.mark.parametrize(
    ("how", "said"),
    [
        pytest.param({"title": " "}, "window.title: '': say in 1 to 200 characters", id="no title"),
        pytest.param({"from_at": NOON}, "has begun already is a silence", id="begins now"),
        pytest.param({"from_at": NOON - HOUR}, "is past; a window is announced before", id="begun"),
        pytest.param({"until_at": NOON + HOUR}, "is not after its beginning", id="no length"),
        pytest.param({"until_at": NOON + 25.1 * HOUR}, "lasts more than 24 h", id="too long"),
        pytest.param(
            {"from_at": NOON + 9000 * HOUR, "until_at": NOON + 9001 * HOUR}, "more than a year", id="too far"
        ),
        pytest.param({"covers": {}}, "window.servers: none; name at least one", id="nothing"),
    ],
)
def test_what_is_refused_says_the_place_and_the_way_out(cast, how, said):
    with pytest.raises(announcing.WindowError) as refused:
        announced(cast, **how)
    assert said in str(refused.value)
    assert not Window.objects.exists()


def test_a_whole_day_is_not_too_long(cast):
    assert announced(cast, until_at=NOON + 25 * HOUR).until_at == NOON + 25 * HOUR


def test_no_client_reads_of_another_in_one_window(cast):
    with pytest.raises(announcing.WindowError, match="are of two clients"):
        announced(cast, covers={cast.web1: (), cast.app2: ()})


def test_a_server_that_will_have_left_is_not_covered(cast):
    gone = a_server(cast.kermor, "old.kermor.example")
    gone.until_at = NOON
    with pytest.raises(announcing.WindowError, match=r"old\.kermor\.example has left"):
        announced(cast, covers={gone: ()})


def test_the_database_itself_refuses_a_window_announced_after_its_start_and_one_that_is_edited(cast):
    window = announced(cast)
    for change in ({"title": "Rien"}, {"until_at": NOON + 3 * HOUR}, {"from_at": NOON + 1.5 * HOUR}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Window.objects.filter(pk=window.pk).update(**change)
    window.pk, window.public_id, window.number, window.announced_at = None, "x" * 16, 2, window.from_at
    with pytest.raises(IntegrityError), transaction.atomic():
        window.save(force_insert=True)


def test_what_has_not_begun_is_called_off_and_what_has_is_ended(cast):
    hugo = acting(cast.house.hugo, NOON)
    window = announced(cast)
    with pytest.raises(announcing.WindowError, match="has not begun; call it off"):
        announcing.end(window, at=NOON, actor=hugo)
    with pytest.raises(announcing.WindowError, match="has begun"):
        announcing.withdraw(window, at=NOON + HOUR, actor=hugo)
    assert announcing.withdraw(window, at=NOON, actor=hugo).withdrawn_at == NOON
    for again in (announcing.withdraw, announcing.end):
        with pytest.raises(announcing.WindowError, match="over already"):
            again(window, at=NOON + HOUR, actor=hugo)
    second = announced(cast)
    assert announcing.end(second, at=NOON + HOUR, actor=hugo).over_at == NOON + HOUR
    third = announced(cast)
    with pytest.raises(announcing.WindowError, match="over already"):
        announcing.end(third, at=NOON + 2 * HOUR, actor=hugo)


@pytest.mark.parametrize(
    ("at", "working", "coming"),
    [
        pytest.param(NOON, 0, 1, id="before"),
        pytest.param(NOON + HOUR, 1, 1, id="from its first instant"),
        pytest.param(NOON + 2 * HOUR - timedelta(microseconds=1), 1, 1, id="to its last"),
        pytest.param(NOON + 2 * HOUR, 0, 0, id="not at its end"),
    ],
)
def test_a_window_is_at_work_from_its_start_to_its_end(cast, at, working, coming):
    announced(cast)
    on = Window.objects.on(cast.web1)
    assert (on.at_work(at).count(), on.to_come(at).count()) == (working, coming)
    assert not Window.objects.on(cast.app2).exists()


def test_the_staff_announces_and_the_client_alone_reads_it(cast):
    window = announced(cast)
    for stranger in (cast.alice, cast.victor):
        with pytest.raises(NotAllowed):
            announced(cast, actor=acting(stranger, NOON))
        with pytest.raises(NotAllowed):
            announcing.withdraw(window, at=NOON, actor=acting(stranger, NOON))
    seen = {
        who.name: Window.objects.visible_to(acting(who, NOON)).count()
        for who in (cast.alice, cast.bob, cast.charlie, cast.victor)
    }
    assert list(seen.values()) == [1, 1, 0, 0]
