"""Makes the rooms ready for the commands that need them; `sla` never asks for it, and starts quickly."""

import os
import pwd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from astreinte.project.places import Places
    from astreinte.records.accounts.actors import Actor


class NotMadeError(ValueError):
    """There is no installation where one was looked for: names the folder, and the way out."""


def ready() -> None:
    """Load Django with the settings of an installation that is there, once; nothing is made where there is none.

    Raises SettingError, which names a bad setting, and NotMadeError, which names the folder.
    """
    from django.apps import apps

    if apps.ready:
        return
    from astreinte.project import places

    _look(places.read())
    loaded()


def _look(places: "Places") -> None:
    """Refuse a folder without an installation: Django's settings would leave a key in it."""
    kept = (places.key_file or places.data / "key") if places.database else places.data / "astreinte.sqlite3"
    if not kept.exists():
        raise NotMadeError(
            f"{places.data}: no installation is here (there is no {kept}); ASTREINTE_DATA says in which folder"
            " yours is, and `make run` or `astreinte up` makes one"
        )


def loaded() -> None:
    """Load Django, once, for what makes an installation; a key is made where there is none. Raises SettingError."""
    from django.apps import apps

    if apps.ready:
        return
    # Not setdefault: what another Django project left in the shell's environment is not ours.
    os.environ["DJANGO_SETTINGS_MODULE"] = "astreinte.project.settings"
    import django

    django.setup()


def begin(as_: str) -> "tuple[datetime, Actor]":
    """Load Django, and return the instant of the command and who acts: nearly every command begins so.

    Raises SettingError and WhoError.
    """
    ready()
    from astreinte.loops import clock

    return clock.now(), actor(as_)


class WhoError(ValueError):
    """Nobody can be found to act: names who was looked for, and the way out."""


def actor(as_: str = "") -> "Actor":
    """Return who acts: the person linked to this OS user, or the one whose e-mail address is `as_`.

    Whoever owns the data folder could write the database anyway: so the owner, and root, may act as
    anybody, and act as administrator of the only provider when no person is linked to them. Raises WhoError.
    From here on instants are shown in the zone of that person.
    """
    from astreinte.doors.cli import showing
    from astreinte.records.accounts.models import Person

    found = _found(as_)
    reader = Person.objects.filter(pk=found.person_id).first()
    if reader is not None:
        showing.zone.set(reader.zone)
    return found


def _found(as_: str) -> "Actor":
    from astreinte.loops import clock
    from astreinte.records.accounts import actors
    from astreinte.records.accounts.models import Person

    at = clock.now()
    user, owner = os_user(), is_owner()
    if not as_:
        found = actors.of_os(user, at, owner=owner)
        way_out = "--as EMAIL says as whom" if owner else "an administrator can link you to a person"
        if not found.roles:
            raise WhoError(f"OS user {user}: nobody who may act here; {way_out}")
        return found
    if not owner:
        raise WhoError(f"--as {as_}: only the owner of the data folder and root act as somebody else")
    person = Person.objects.filter(email=as_.strip().lower()).first()
    if person is None:
        raise WhoError(f"--as {as_}: no person has this address; `astreinte person list` shows who there is")
    found = actors.of_person(person, at)
    if not found.roles:
        raise WhoError(f"--as {as_}: has no role in force")
    return found


def owner() -> "Actor":
    """Return the owner of the data folder as actor, for what concerns the whole installation. Raises WhoError."""
    from astreinte.records.accounts.actors import Actor

    if not is_owner():
        raise WhoError(
            f"OS user {os_user()}: only the owner of the data folder and root may do this; ask them"
        )
    return Actor("os", os_user(), label=os_user())


def os_user() -> str:
    """Return the name of the OS user; its number when it has none."""
    uid = os.geteuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def is_owner() -> bool:
    """Tell whether this OS user owns the data folder; root owns everything."""
    from django.conf import settings

    return os.geteuid() in {0, settings.PLACES.data.stat().st_uid}
