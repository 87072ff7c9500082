"""A2.13 on the desk's page of a server: what is managed is said by who manages, from now on, and shown to both."""

from astreinte.records.inventory import managing
from tests.doors.browsing import Reading


def test_the_two_flags_are_ticked_and_both_sides_read_what_follows(cast, hand, at_sofias, at_alices):
    path = f"/desk/servers/{cast.web1.public_id}/"
    assert "non écrit" in at_sofias.get(path).text
    page = at_sofias.send(at_sofias.get(path).form(f"{path}manage/"), **{"manage-system": "on"})
    assert "Cela vaut à partir de là." in page.text
    hand.advance(minutes=1)  # the minute that the page offered
    flags = managing.at(cast.web1, hand.instant)
    assert (flags.infrastructure, flags.system, flags.since) == (False, True, hand.instant)
    for text in (at_sofias.get(path).text, at_alices.get(f"/servers/{cast.web1.public_id}/").text):
        assert "système géré, infrastructure non gérée" in text
        assert "Système d'exploitation Estran agit" in text
        assert "Réseau Maison Kermor agit, Estran informe" in text


def test_an_instant_that_is_past_is_refused_under_its_field_and_changes_nothing(cast, hand, at_sofias):
    path = f"/desk/servers/{cast.web1.public_id}/"
    form = at_sofias.get(path).form(f"{path}manage/")
    page = at_sofias.send(form, **{"manage-system": "on", "manage-from_at": "2026-11-01"})
    assert "Cela commence à partir de maintenant. Écrivez un instant plus tardif." in page.text
    assert managing.at(cast.web1, hand.instant) is None


def test_who_does_not_manage_is_not_offered_the_form_and_cannot_forge_it(cast, hand, at_hugos):
    path = f"/desk/servers/{cast.web1.public_id}/"
    assert "Dire ce qui est géré" not in at_hugos.get(path).text
    at_hugos.post(f"{path}manage/", **{"manage-system": "on", "manage-from_at": "2026-12-01"})
    Reading(cast.charlie).post(f"{path}manage/", **{"manage-system": "on", "manage-from_at": "2026-12-01"})
    hand.advance(days=30)
    assert managing.at(cast.web1, hand.instant) is None


def test_where_nothing_is_said_it_is_said_once_with_the_way_to_say_it(cast, at_sofias, at_alices):
    staff = at_sofias.get(f"/desk/servers/{cast.web1.public_id}/").text
    client = at_alices.get(f"/servers/{cast.web1.public_id}/").text
    assert staff.count("Il n'est pas écrit qui agit") == 1
    assert "astreinte server manage" in staff
    assert client.count("Il n'est pas encore écrit qui agit sur quelle couche") == 1
    assert "astreinte server manage" not in client
    assert "il n'est pas écrit qui agit : Estran regarde" not in staff + client
