"""A check that is given no name has one that tells it from others of its kind."""

import pytest

from astreinte.doors import offering
from astreinte.doors.cli import optioning


@pytest.mark.parametrize(
    ("kind", "words", "name"),
    [
        ("http", "url=https://shop.example/health", "https/health"),
        ("http", "port=8080", "http:8080"),
        ("tcp", "port=22", "tcp 22"),
        ("disk", "mount=/srv", "disk /srv"),
        ("disk", "", "disk"),
        ("dns", "name=shop.example server=192.0.2.53", "dns shop.example 192.0.2.53"),
        ("plugin", "plugin=check_ssh", "plugin check_ssh"),
        ("clock", "server=ntp.example", "clock ntp.example"),
        ("units", "declared=nginx,mariadb", "units nginx,mariadb"),
    ],
)
def test_it_is_made_of_kind_and_options(kind, words, name):
    given = optioning.read(kind, words.split())
    assert offering.name_of(kind, given) == name
