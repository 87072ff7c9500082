"""A5.1: on the desk every kind of check can be declared, in the reader's language, without JavaScript."""

import json

import pytest
from django.utils import translation

from astreinte.doors.desk import checks, probing
from astreinte.engine.probes import dns, greeting, http, options
from astreinte.engine.probes.kinds import KINDS
from astreinte.records.accounts import people
from astreinte.records.monitoring.models import Check
from tests.builders import BEGINNING, a_server, acting
from tests.doors.browsing import Reading, plain

NEEDED = {
    "dns": {"option-name": "shop.kermor.example"},
    "plugin": {"option-plugin": "check_ssh"},
    "tcp": {"option-port": "25"},
}
NEAR = [name for name, kind in KINDS.items() if not kind.remote]


@pytest.fixture
def here(cast):
    return a_server(cast.house.internal, "127.0.0.1")


@pytest.fixture
def at_adas(cast):
    return Reading(cast.house.ada)


def address(server, kind=""):
    return f"/desk/servers/{server.public_id}/check/other/" + (f"?kind={kind}" if kind else "")


def declared(reading, server, kind, **said):
    there = address(server, kind)
    return reading.send(reading.get(there).form(""), there, **NEEDED.get(kind, {}) | said)


def test_every_kind_and_every_option_has_its_words_and_no_words_are_left_over():
    assert set(probing.KINDS) == set(KINDS)
    told = set()
    for name, kind in KINDS.items():
        for option in kind.documented_options():
            assert probing.words(name, option).label, f"{name}.{option}"
            own = f"{name}.{option}"
            told.add(own if own in probing.WORDS else option)
    assert told == set(probing.WORDS)


def test_what_can_be_chosen_is_what_the_probes_know():
    offered = {name: tuple(value for value, _ in several) for name, several in probing.CHOICES.items()}
    assert offered == {
        "family": options.FAMILIES,
        "method": http.METHODS,
        "record": dns.RECORDS,
        "starttls": greeting.SPOKEN,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_left_as_it_is_is_watched_by_its_own_values(at_adas, here, kind):
    page = declared(at_adas, here, kind)
    assert "Surveillé dès maintenant." in page.text
    row = Check.objects.get(server=here)
    pace = KINDS[kind].pace
    assert row.kind == kind
    given = {name.removeprefix("option-"): value for name, value in NEEDED.get(kind, {}).items()}
    assert {name: str(value) for name, value in json.loads(row.options).items()} == given
    assert (row.every_s, row.retry_s, row.attempts, row.recoveries) == (
        pace.every_s,
        pace.retry_s,
        pace.attempts,
        pace.recoveries,
    )


def test_what_is_written_is_what_the_probe_is_given(at_adas, here):
    declared(
        at_adas, here, "disk", name="Données",
        **{"option-mount": "/srv", "option-critical_free_gib": "2,5", "pace-every_s": "60"},
    )  # fmt: skip
    row = Check.objects.get(name="Données")
    assert json.loads(row.options) == {"mount": "/srv", "critical_free_gib": 2.5}
    assert row.every_s == 60
    declared(at_adas, here, "pressure", **{"option-warning_memory_full": ""})
    assert json.loads(Check.objects.get(kind="pressure").options) == {"warning_memory_full": None}
    declared(at_adas, here, "http", **{"option-verify": [], "option-tls": "on", "option-path": "/sant"})
    assert json.loads(Check.objects.get(kind="http").options) == {
        "path": "/sant",
        "tls": True,
        "verify": False,
    }


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("tcp", {"option-port": "70000"}, "Écrivez un nombre de 1 à 65535."),
        ("tcp", {"option-port": "https"}, "« https » ne convient pas comme nombre ici."),
        ("tcp", {"option-port": ""}, "Écrivez quelque chose ici."),
        ("disk", {"option-margin_gib": ""}, "Écrivez quelque chose ici."),
        ("tcp", {"option-timeout_s": "61"}, "Écrivez un nombre de 0,1 à 60."),
        ("http", {"option-path": "sans barre"}, "Il commence par / et n'a ni espace ni accent"),
        ("http", {"option-status": "deux cents"}, "Écrivez des codes et des plages"),
        ("http", {"option-host": "mon site"}, "Écrivez un nom d'hôte"),
        ("http", {"option-method": "HEAD", "option-text": "oui"}, "Choisissez GET, ou laissez vide."),
        ("http", {"option-ca_file": "/etc/ca.pem"}, "Cochez les deux, ou laissez vide."),
        ("dns", {"option-name": "a..b"}, "Écrivez un nom d'hôte"),
        ("dns", {"option-server": "celui-là"}, "« system » : le serveur de noms de notre machine"),
        ("dns", {"option-expect": "pas une adresse"}, "Séparées par |"),
        ("dns", {"option-exactly": "on"}, "ou décochez « Rien d'autre ne doit être répondu »"),
        ("tls", {"option-name": "deux noms"}, "Écrivez un nom d'hôte"),
        ("tls", {"option-critical_days": "30"}, "l'avertissement vient avant le niveau critique"),
        ("icmp", {"option-packets": "21"}, "Écrivez un nombre de 3 à 20."),
        ("icmp", {"option-timeout_s": "0,1", "option-packets": "20"}, "ou moins de paquets."),
        ("icmp", {"option-warning_loss_percent": "90"}, "l'avertissement vient avant"),
        ("icmp", {"option-critical_rtt_s": "0"}, "l'avertissement vient avant"),
        ("plugin", {"option-plugin": "../../bin/sh"}, "Écrivez un nom de fichier sans son dossier"),
        ("plugin", {"option-arguments": "-H 'ouvert"}, "Un guillemet est ouvert et n'est pas fermé."),
        ("disk", {"option-warning_used_percent": "95"}, "l'avertissement vient avant le niveau critique"),
        ("disk", {"option-margin_gib": "-1"}, "Écrivez 0 ou plus."),
        ("clock", {"option-warning_over_s": "nan"}, "« nan » ne convient pas comme nombre ici."),
        ("units", {"option-declared": "nginx*"}, "Écrivez des noms d'unités"),
        ("units", {"option-restarts": "2,5"}, "« 2,5 » ne convient pas comme nombre ici."),
        ("memory", {"pace-attempts": "21"}, "Écrivez un nombre de 1 à 20."),
    ],
)
def test_what_a_kind_refuses_is_told_in_french_beside_its_field(at_adas, here, kind, said, words):
    page = declared(at_adas, here, kind, **said)
    assert not Check.objects.exists()
    assert words in page.text
    assert 'class="err"' in page.html, "beside the field, not above the form"
    assert "OptionError" not in page.html
    for name, value in said.items():
        kept = page.form("").values.get(name, [""])[-1]
        assert kept == value, "what somebody wrote is still there"


def test_a_fold_that_hides_an_error_is_open(at_adas, here):
    assert "<details>" in at_adas.get(address(here, "tcp")).html
    assert "<details open>" in declared(at_adas, here, "tcp", **{"option-timeout_s": "0"}).html


def test_a_name_that_is_taken_is_told(at_adas, here):
    declared(at_adas, here, "icmp")
    assert "Un contrôle porte déjà ce nom" in declared(at_adas, here, "icmp").text


def test_the_kinds_of_this_machine_are_offered_only_on_it(cast, at_adas, here):
    assert f'href="?kind={NEAR[0]}"' in at_adas.get(address(here)).html
    page = at_adas.get(address(cast.web1))
    assert 'href="?kind=icmp"' in page.html
    assert "web1.kermor.example n'en est pas une adresse" in page.text
    assert not [name for name in NEAR if f'href="?kind={name}"' in page.html]
    page = at_adas.get(address(cast.web1, "disk"))
    assert "Ce type regarde la machine des sondes, et ce serveur en est une autre." in page.text
    page = at_adas.post(address(cast.web1, "disk"), name="forgé")
    assert not Check.objects.exists()
    page = at_adas.get(address(cast.web1, "sonar"))
    assert "Choisissez ce qui est regardé" in page.text


def test_a_name_of_another_machine_is_not_resolved_to_show_a_page(cast, at_adas, monkeypatch):
    def asked(*_args):
        raise AssertionError("a page waits for no resolver")

    monkeypatch.setattr("astreinte.doors.offering.is_here", asked)
    assert at_adas.get(address(cast.web1)).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_an_english_reader_finds_each_kind_in_english(cast, hand, here, kind):
    people.change(cast.house.ada, language="en-gb", at=hand.instant, actor=acting(cast.house.ada, BEGINNING))
    cast.house.ada.refresh_from_db()
    page = Reading(cast.house.ada).get(address(here, kind))
    with translation.override("en-gb"):
        labels = [str(bound.label) for bound in checks.CheckForm(kind=kind)]
        assert str(probing.KINDS[kind]) in page.text
    assert not [label for label in labels if plain(label) not in page.text]


def test_the_server_page_leads_to_every_kind(cast, at_adas):
    page = at_adas.get(f"/desk/servers/{cast.web1.public_id}/")
    assert f'href="{address(cast.web1)}"' in page.html
