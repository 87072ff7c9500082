"""The papers do not lie: a setting, command, event or probe without its entry fails, and so does the opposite."""

import re
from dataclasses import MISSING, fields

import pytest

from astreinte.project.places import Places
from tests.house.reading import ROOT, committed, python
from tools import docs

SETTINGS = ROOT / "docs" / "operate" / "settings.md"
NAME = re.compile(r"\bASTREINTE_[A-Z_]+[A-Z]\b")


@pytest.mark.parametrize("name", docs.PAGES)
def test_a_page_made_from_the_code_says_what_the_code_says(name, monkeypatch):
    monkeypatch.setenv("TYPER_USE_RICH", "0")
    path = ROOT / name
    assert path.exists(), "make docs"
    assert path.read_text(encoding="utf-8") == docs.PAGES[name](), "the code has changed since: make docs"


def test_every_setting_has_its_entry_and_every_entry_its_setting():
    read = {f"ASTREINTE_{field.name.upper()}" for field in fields(Places)}
    named = {name for path in python("src/") for name in NAME.findall(path.read_text(encoding="utf-8"))}
    entries = re.findall(r"^## `(\w+)`$", SETTINGS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(entries) == sorted(read | named)


def test_the_defaults_of_the_settings_are_those_of_the_code():
    entries = dict(
        re.findall(
            r"^## `(\w+)`$(.*?)(?=^## |\Z)",
            SETTINGS.read_text(encoding="utf-8"),
            flags=re.MULTILINE | re.DOTALL,
        )
    )
    for field in fields(Places):
        if field.default in {MISSING, "", None}:
            continue
        default = {False: "0", True: "1"}.get(field.default, field.default)
        assert f"Default: `{default}`" in entries[f"ASTREINTE_{field.name.upper()}"], field.name


def test_no_page_names_a_setting_that_is_not_read():
    known = set(NAME.findall(SETTINGS.read_text(encoding="utf-8")))
    papers = [path for path in committed() if path.suffix == ".md"]
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in papers
        for name in NAME.findall(path.read_text(encoding="utf-8"))
        if name not in known
    }
    assert not wrong


def test_no_page_points_at_a_file_that_is_not_there():
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in committed()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert not broken


def test_no_page_names_a_command_that_does_not_exist():
    from astreinte.doors import cli

    known = cli.nouns()
    wrong = {
        f"{path.relative_to(ROOT)}: astreinte {noun}"
        for path in committed()
        if path.suffix == ".md"
        for noun in re.findall(
            r"(?:^|`|\$ |/)astreinte ([a-z][a-z-]*)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        if noun not in known
    }
    assert not wrong


def test_every_target_of_make_is_told_by_make_help():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    promised = {"run", "setup", "test", "test-long", "check", "bench", "docs", "messages", "lock", "help"}
    assert promised <= set(re.findall(r"^([a-z-]+):.*## \w", text, flags=re.MULTILINE))
