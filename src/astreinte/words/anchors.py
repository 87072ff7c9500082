"""Where a clause stands, said as one cites it: "art. 5, § 2, phrase 1"."""

from astreinte.rules.documents import anchors
from astreinte.words.typography import NB

_SAID = {
    "fr": ("préambule", "annexe", "art.", "§", "phrase"),
    "en-gb": ("preamble", "annex", "art.", "para.", "sentence"),
}


def cite(anchor: str, language: str) -> str:
    """Return an anchor as one cites it: "5.2.1" is "art. 5, § 2, phrase 1"; "5" is "art. 5"; "A1.2" is "annexe 1, § 2".

    Words and their numbers are held together by no-break spaces. Any English is British, all else is French.
    Raises AnchorError.
    """
    preamble, annex, article, paragraph, sentence = _SAID[
        "en-gb" if language.lower().startswith("en") else "fr"
    ]
    number, *rest = anchors.parts(anchor)
    if number == anchors.PREAMBLE:
        said = [preamble]
    elif number.startswith("A"):
        said = [f"{annex}{NB}{number[1:]}" if number[1:] else annex]
    else:
        said = [f"{article}{NB}{number}"]
    said += [f"{word}{NB}{count}" for word, count in zip((paragraph, sentence), rest, strict=True) if count]
    return ", ".join(said)


def html_id(anchor: str) -> str:
    """Return the id of the paragraph or article of an anchor in a rendered text: "5.2.1" stands in `#art-5-2`."""
    article, paragraph, _ = anchors.parts(anchor)
    return f"art-{article}-{paragraph}" if paragraph else f"art-{article}"
