"""Files stay small, have a subject, and say nothing of the machine that they were written on."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.reading import ROOT, committed, python

LIMITS = {"src/": 400, "tools/": 400, "benchmarks/": 400, "tests/": 500}
WITHOUT_SUBJECT = {"utils", "helpers", "common", "core", "services", "managers", "misc"}
# Where people keep their work: not the name of one machine's folder.
ORDINARY = {"/", "/tmp", "/home", "/opt", "/srv", "/var", "/root", "/mnt", "/usr", "/usr/src", "/usr/local"}


@pytest.mark.parametrize("folder", LIMITS)
def test_no_file_is_too_long_to_read(folder):
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in python(folder)}
    too_long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path, lines in lengths.items()
        if lines > LIMITS[folder]
    ]
    assert not too_long, f"more than {LIMITS[folder]} lines; part the activities: {too_long}"


def test_every_room_and_module_has_a_subject():
    nameless = [
        str(path.relative_to(ROOT))
        for path in committed()
        if WITHOUT_SUBJECT.intersection([*path.relative_to(ROOT).parts[:-1], path.stem])
    ]
    assert not nameless, f"name what it is about: {nameless}"


def test_no_file_names_a_registry_or_a_folder_of_this_machine():
    names = machine_s_names()
    found = [
        f"{path.relative_to(ROOT)}:{number}: {hit}"
        for path in committed()
        for number, hit in naming(path, names)
    ]
    assert not found, "\n".join(found)


def test_a_name_of_the_machine_is_seen(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text("fine\nfrom https://mirror.example.net/simple\n")
    assert list(naming(path, {"mirror.example.net"})) == [(2, "mirror.example.net")]


def machine_s_names() -> set[str]:
    """The hosts of the registries set up here, and the folder that this checkout is in."""
    said = ""
    for command in (["pip", "config", "list"], ["npm", "config", "get", "registry"]):
        if shutil.which(command[0]):
            said += subprocess.run(command, capture_output=True, text=True, check=False).stdout
    for path in [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]:
        said += path.read_text(errors="replace") if path.is_file() else ""
    hosts = set(re.findall(r"://([^/\s'\"]+\.[^/\s'\"]+)", said))
    return hosts | {f"{folder}/" for folder in (ROOT, ROOT.parent) if str(folder) not in ORDINARY}


def naming(path: Path, names: set[str]) -> list[tuple[int, str]]:
    """Return each line of the file that holds one of the names, with the name."""
    if not names:
        return []
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names)))
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [(number, hit[0]) for number, line in enumerate(lines, 1) if (hit := pattern.search(line))]
