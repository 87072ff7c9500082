"""`make messages`: gather what is said to people into the catalogues, with Babel alone (no GNU gettext).

English is the language of the code, so the English catalogue says each thing as it is written there until
somebody writes better; the others are left empty, and the house tests name what is still to be said.
"""

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "astreinte"
LOCALE = SOURCE / "locale"
LANGUAGES = ("fr", "en_GB")
WRITTEN = "en_GB"

METHODS = [
    ("**.py", "python"),
    ("**.html", "tools.messages:extract_template"),
    ("**.txt", "tools.messages:extract_template"),
]
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def main() -> int:
    """Bring every catalogue up to date with the code; return 0."""
    said = gathered()
    for language in LANGUAGES:
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        found = read(language) if path.exists() else Catalog(locale=language, project="astreinte")
        found.update(said, no_fuzzy_matching=True, update_creation_date=False)
        found.obsolete.clear()
        found.fuzzy = False  # or it is not compiled
        found.header_comment = f"# What Astreinte says to people, in {language}."
        if language == WRITTEN:
            say_as_written(found)
        with path.open("wb") as file:
            # Neither dates nor line numbers: a catalogue changes when something else is said.
            write_po(file, found, width=110, omit_header=False, sort_output=True, include_lineno=False)
        print(f"{path.relative_to(ROOT)}: {len(found)} messages, {len(unsaid(found))} to say")
    return 0


def catalogue(language: str) -> Path:
    """Return where the catalogue of a language is."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language."""
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)


def gathered() -> Catalog:
    """Return everything that the code and the templates say."""
    found = Catalog(project="astreinte")
    options = {"**.py": {"encoding": "utf-8"}}
    for name, line, text, _comments, context in extract_from_dir(SOURCE, METHODS, options, KEYWORDS):
        found.add(text, locations=[(name, line)], context=context)
    return found


def unsaid(found: Catalog) -> list[str]:
    """Return what a catalogue does not say yet, or says without being sure."""
    return [
        str(message.id)
        for message in found
        if message.id and (message.fuzzy or not all(_forms(message.string)))
    ]


def say_as_written(found: Catalog) -> None:
    """Fill the empty entries with what the code says."""
    for message in found:
        if message.id and not all(_forms(message.string)):
            message.string = message.id


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def extract_template(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Read a Django template as Babel reads Python: Django itself turns it into that."""
    from django.utils.translation.template import templatize

    text = templatize(file.read().decode("utf-8"))
    # What is no translation becomes words without sense, whose indentation must not be read either.
    flat = "\n".join(line.lstrip() for line in text.split("\n"))
    return extract_python(io.BytesIO(flat.encode("utf-8")), keywords, comment_tags, {"encoding": "utf-8"})


if __name__ == "__main__":
    sys.exit(main())
