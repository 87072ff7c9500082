"""A page becomes a PDF in a process of its own: archivable, with its fonts inside, and nothing is fetched."""

import re
import subprocess
import sys
import zlib

import pytest

from astreinte.words import documents, printing
from astreinte.words.printing import PrintingError
from tests.house.reading import ROOT

TEXT = "# Conditions de {{company.name}}\n\n## Article 1 – Prix\n\nForfait : 1\u202f234,50\u00a0€ (e\u0301te\u0301).\n"


def page(text=TEXT, language="fr"):
    values = {"company.name": "Estran <&>"}
    return documents.html(text, title="Conditions", language=language, values=values)


@pytest.fixture(scope="module")
def drawn():
    return printing.pdf(page())


def unpacked(pdf):
    """The PDF with its streams unpacked: to be searched, not to be read."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found)


def test_a_pdf_is_archivable_and_says_its_language_and_title(drawn):
    whole = unpacked(drawn)
    assert drawn.startswith(b"%PDF-1.7")
    assert re.search(rb"pdfaid:part[^0-9]{1,3}3\b", whole)
    assert re.search(rb"pdfaid:conformance[^A-Z]{1,3}B\b", whole)
    assert b"/OutputIntent" in whole
    assert b"/Lang (fr)" in whole
    assert b"(Conditions)" in whole


def test_its_fonts_are_inside_and_no_letter_is_a_blank_box(drawn):
    whole = unpacked(drawn)
    assert re.search(rb"/FontFile[23]?", whole)
    glyphs = [pair for pair in re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", whole) if pair[1] != b"ffff"]
    assert {b"20ac", b"00a0"} <= {letter for _, letter in glyphs}
    assert not [letter for glyph, letter in glyphs if glyph == b"0000"]


def test_the_same_page_gives_the_same_bytes(drawn):
    assert printing.pdf(page()) == drawn


@pytest.mark.parametrize(
    "wanted",
    [
        '<img src="file:///etc/hostname">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
    ],
    ids=["a file", "a style of the network"],
)
def test_what_a_page_points_at_is_not_fetched(wanted):
    with pytest.raises(PrintingError, match="a document brings all that it needs"):
        printing.pdf(page().replace("</main>", f"{wanted}</main>"))


def test_a_machine_without_what_draws_says_what_to_install(monkeypatch):
    monkeypatch.setattr(printing, "subprocess", Machine(printing.NOT_READY, b""))
    with pytest.raises(PrintingError, match=r"no PDF on this machine: as root, `apt-get install .*libpango"):
        printing.pdf(page())


def test_one_that_can_draw_says_so():
    asked = [sys.executable, "-m", "astreinte.words.printing", "--ready"]
    assert subprocess.run(asked, check=False).returncode == 0


def test_our_own_settings_are_not_given_to_what_draws(monkeypatch):
    machine = Machine(printing.DRAWN, b"%PDF")
    monkeypatch.setattr(printing, "subprocess", machine)
    monkeypatch.setenv("ASTREINTE_KEY_FILE", "key")
    assert printing.pdf(page()) == b"%PDF"
    assert not [name for name in machine.environment if name.startswith("ASTREINTE_")]


@pytest.mark.parametrize(
    ("code", "complained", "said"),
    [(1, b"a warning\nMemoryError: ", "MemoryError"), (-9, b"", "killed by signal 9"), (3, b"", "exit 3")],
)
def test_what_went_wrong_is_said_in_a_line(monkeypatch, code, complained, said):
    monkeypatch.setattr(printing, "subprocess", Machine(code, complained))
    with pytest.raises(PrintingError, match=said):
        printing.pdf(page())


class Machine:
    """Stands for the processes of a machine that ends each as it is told: failures that no test can bring about."""

    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self, code, complained):
        self.code, self.complained, self.environment = code, complained, {}

    def run(self, command, *, env, **options):
        self.environment = env
        return subprocess.CompletedProcess(command, self.code, b"%PDF", self.complained)


def test_the_papers_the_setup_and_the_message_name_the_same_packages():
    for path in ("docs/operate/running.md", "tools/setup"):
        assert printing.PACKAGES in (ROOT / path).read_text(encoding="utf-8"), path
