"""The key file: beside, not in, the database; made at the first start, readable by its owner alone."""

import os
import secrets
from pathlib import Path

from astreinte.project.places import Places, SettingError


def key(places: Places) -> str:
    """Return the installation's secret key, made on first use (mode 0600)."""
    path = places.key_file or places.data / "key"
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _made(path)
    if len(text) < 40:
        raise SettingError(f"ASTREINTE_KEY_FILE={path}: holds no key; restore it from its copy")
    if path.stat().st_mode & 0o077:
        raise SettingError(f"ASTREINTE_KEY_FILE={path}: others can read it; chmod 600 {path}")
    return text


def _made(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return text
