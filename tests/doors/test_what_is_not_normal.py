"""The first page reads only the checks that are not normal: the same ones, in the same words, as the server pages."""

from datetime import timedelta

import pytest

from astreinte.doors.watched import not_normal, watched
from astreinte.records.inventory import listing
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring import checking
from astreinte.rules.checks.outcome import Level
from tests import builders
from tests.records.monitoring.watching import CRITICAL, DOWN, NOON, UP, a_check, recorded


@pytest.fixture
def scene(db):
    """A check in each state: well, broken, unheard of for long, never heard of, ended; and a server that left."""
    house = builders.a_house()
    client = builders.a_client(house)
    web, old, left = (builders.a_server(client, name) for name in ("web", "old", "left"))
    well, broken, silent = (a_check(web, name) for name in ("well", "broken", "silent"))
    a_check(old, "never")
    ended, gone = a_check(old, "ended"), a_check(left, "gone")
    recorded(silent, UP)
    late = NOON + timedelta(minutes=10)
    for check, levels in ((well, UP), (broken, DOWN), (ended, DOWN), (gone, DOWN)):
        recorded(check, levels, start=late)
    at = late + timedelta(seconds=20)
    checking.end(ended, at=at, actor=builders.SETUP)
    listing.end_server(left, at=at, actor=builders.SETUP)
    return house, client, at


def shown(standings):
    return {(one.check.name, one.level, one.since, one.text, one.measured_at) for one in standings}


def test_they_are_those_that_the_page_of_each_server_shows_as_not_normal(scene):
    house, _, at = scene
    actor = builders.acting(builders.a_person(house, "Anne Le Goff", role="engineer"), at)
    servers = Server.objects.visible_to(actor).as_of(at)
    on_pages = [one for row in watched(servers, actor=actor, at=at) for one in row.standings]
    found = not_normal(actor=actor, at=at)
    assert shown(found) == shown(one for one in on_pages if one.level is not Level.OK)
    assert {one.check.name for one in found} == {"broken", "silent", "never"}
    assert found[0].level is CRITICAL, "the worst first"


def test_nobody_reads_those_of_another_client(scene):
    house, _, at = scene
    other = builders.a_client(house, "Autre")
    reader = builders.a_person(house, "Luc Riou", client=other, role="reader")
    assert not_normal(actor=builders.acting(reader, at), at=at) == []
