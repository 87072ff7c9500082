"""Where things are: the environment first, then the file; what cannot be used stops the start and is named."""

import json
import os
import stat
from pathlib import Path

import pytest

from astreinte.project import keys, places
from astreinte.project.places import Places, SettingError

BAD = sorted((Path(__file__).parent.parent / "data" / "bad" / "settings").glob("*.json"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_setting_stops_the_start_with_its_place_value_and_way_out(path, tmp_path):
    case = json.loads(path.read_text())
    if case["file"]:
        (tmp_path / "astreinte.toml").write_text(case["file"])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(SettingError) as refused:
        places.read({**case["environment"], "ASTREINTE_DATA": str(tmp_path)})
    assert str(refused.value).replace(str(tmp_path), "DATA") == case["message"]
    assert sorted(tmp_path.iterdir()) == before


def test_the_environment_comes_before_the_file_and_the_file_before_what_is_built_in(tmp_path):
    (tmp_path / "astreinte.toml").write_text('listen = "127.0.0.1:9000"\nmail_from = "duty@estran.example"\n')
    found = places.read({"ASTREINTE_DATA": str(tmp_path), "ASTREINTE_LISTEN": "[::1]:9001"})
    assert (found.address, found.mail_from, found.hosts) == (("::1", 9001), "duty@estran.example", "*")


def test_a_password_of_the_database_or_of_the_mail_may_hold_any_sign():
    place = Places(
        Path("/x"), database="postgresql://us%40er:p%2Fw%3A%40@db/astreinte", smtp="smtp://u%40h:s%20t@mx"
    )
    database, mail = places.database_settings(place), places.mail_settings(place)
    assert (database["USER"], database["PASSWORD"]) == ("us@er", "p/w:@")
    assert (mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]) == ("u@h", "s t")


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    place = Places(tmp_path)
    made = keys.key(place)
    assert keys.key(place) == made
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_key_that_others_can_read_stops_the_start(tmp_path):
    keys.key(Places(tmp_path))
    os.chmod(tmp_path / "key", 0o644)
    with pytest.raises(SettingError, match="others can read it; chmod 600"):
        keys.key(Places(tmp_path))


def test_a_key_that_was_lost_is_not_made_anew_over_an_empty_file(tmp_path):
    (tmp_path / "key").touch(0o600)
    with pytest.raises(SettingError, match="holds no key; restore it from its copy"):
        keys.key(Places(tmp_path))
