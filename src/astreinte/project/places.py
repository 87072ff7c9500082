"""Where things are: read from ASTREINTE_* and from $ASTREINTE_DATA/astreinte.toml, the former first.

What is promised or chosen (pace, slots, carriers) is not here: those are dated rows.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

FEWEST_DAYS, MOST_DAYS = 8, 36_525
"""A result that comes a week late is still put into its hour, which must be whole."""


class SettingError(ValueError):
    """A setting that cannot be used: named, with its value and the way out. It stops the start."""


@dataclass(frozen=True, slots=True)
class Places:
    """The settings of one installation. Field names in capitals behind ASTREINTE_ are the variables."""

    data: Path
    database: str = ""
    key_file: Path | None = None
    listen: str = "127.0.0.1:8420"
    hosts: str = "*"
    origin: str = ""
    smtp: str = ""
    mail_from: str = "astreinte@localhost"
    plugins: str = "/usr/lib/nagios/plugins"
    debug: bool = False
    samples: str = "14,92,731"

    @property
    def socket(self) -> Path:
        """The socket between hub and watch."""
        return self.data / "watch.sock"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that the hub listens on."""
        host, _, port = self.listen.rpartition(":")
        if not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
            raise SettingError(
                f"ASTREINTE_LISTEN={self.listen!r}: write HOST:PORT, for instance 127.0.0.1:8420"
            )
        return host.strip("[]"), int(port)

    @property
    def retention(self) -> tuple[int, int, int]:
        """For how many days samples are kept whole, by five minutes, and by the hour."""
        parts = [part.strip() for part in self.samples.split(",")]
        days = [int(part) if part.isdecimal() and len(part) < 9 else -1 for part in parts]
        if len(days) != 3 or sorted(days) != days or days[0] < FEWEST_DAYS or days[-1] > MOST_DAYS:
            raise SettingError(
                f"ASTREINTE_SAMPLES={self.samples!r}: write three numbers of days, none smaller than the one"
                f" before, from {FEWEST_DAYS} to {MOST_DAYS}, such as 14,92,731"
            )
        return days[0], days[1], days[2]


def read(environment: Mapping[str, str] = os.environ) -> Places:
    """Return the settings in force; an unknown or unusable one raises SettingError."""
    data = Path(environment.get("ASTREINTE_DATA") or "var").resolve()
    known = {field.name for field in fields(Places)}
    values: dict[str, Any] = _file(data / "astreinte.toml", known - {"data"})
    for name in known:
        text = environment.get(f"ASTREINTE_{name.upper()}")
        if text:
            values[name] = text
    values["data"] = data
    if values.get("key_file"):
        values["key_file"] = Path(values["key_file"])
    values["debug"] = _switch("debug", values.get("debug", False))
    places = Places(**values)
    _ = places.address, places.retention
    database_settings(places)
    mail_settings(places)
    _check_folders(places.plugins)
    return places


def _check_folders(plugins: str) -> None:
    for folder in filter(None, plugins.split(":")):
        if not folder.startswith("/"):
            raise SettingError(
                f"ASTREINTE_PLUGINS={plugins!r}: {folder!r}: write the whole path of the folder, from the slash on"
            )


def _file(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: not TOML: {error}") from error
    for name, value in found.items():
        if name not in known:
            raise SettingError(f"{path}: {name}: no such setting; known are {', '.join(sorted(known))}")
        if not isinstance(value, str | bool):
            raise SettingError(f"{path}: {name} = {value!r}: write it as text between quotes")
    return found


def _switch(name: str, value: object) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    try:
        return words[str(value).lower()]
    except KeyError:
        raise SettingError(f"ASTREINTE_{name.upper()}={value!r}: write 1 or 0") from None


def database_settings(places: Places) -> dict[str, Any]:
    """Return Django's settings of the one database: SQLite in the data folder, or PostgreSQL by its address."""
    if not places.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": places.data / "astreinte.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(places.database)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SettingError(
            f"ASTREINTE_DATABASE={places.database!r}: write postgresql://USER:PASSWORD@HOST:PORT/NAME,"
            " or nothing for SQLite"
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def mail_settings(places: Places) -> dict[str, Any]:
    """Return Django's e-mail settings: an SMTP server, or files in the data folder when none is set."""
    if not places.smtp:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(places.data / "mail"),
        }
    parts = urlsplit(places.smtp)
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname:
        raise SettingError(
            f"ASTREINTE_SMTP={places.smtp!r}: write smtp://HOST:PORT, smtp+starttls://USER:PASSWORD@HOST:587 or smtps://…"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
