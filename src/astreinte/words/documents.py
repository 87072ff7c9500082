"""The text of a contract as a page: strict, escaped, accessible, and the same on paper (A0.2, A0.3).

The text is Markdown without HTML. The provider's name is put in after the text was parsed, as text: nothing in it is
Markdown, HTML or a template. What comes out is cleaned once more by another hand. The dashes that contracts write
before an item become a list here and nowhere else.
"""

import base64
import hashlib
import html as escaping
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from astreinte.rules.documents import anchors, blocks, headings, placeholders
from astreinte.rules.documents.placeholders import PlaceholderError
from astreinte.words.anchors import html_id

_TAGS = {
    *[
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
}
_ATTRIBUTES = {"*": {"id"}, "a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_KNOWN_MARK = re.compile(r"[-*+]|\d{1,9}[.)]")


class RenderingError(ValueError):
    """A text that cannot be shown as it is: says what stands in the way."""


def html(text: str, *, title: str, language: str, values: Mapping[str, str], brand_css: str = "") -> str:
    """Return the text as a whole page that needs nothing else, every place filled.

    `values` gives what goes into the places, as plain text; `brand_css` is the house's own style of a brand (its two
    colours), never a client's words. The same text and values give the same bytes. Raises PlaceholderError for a
    place that cannot be filled, RenderingError for a style that would end the style.
    """
    if "</" in brand_css:
        raise RenderingError("brand_css: a style cannot hold a tag; give rules alone")
    shown = fragment(text, values=values)
    return (
        f'<!doctype html>\n<html lang="{_lang(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaping.escape(title)}</title>\n<style>{_style()}{brand_css}</style>\n</head>\n"
        f'<body>\n<main class="document">\n{shown}</main>\n</body>\n</html>\n'
    )


def fragment(text: str, *, values: Mapping[str, str]) -> str:
    """Return what `html` shows inside its page, for a page that has a style of its own.

    Each article, paragraph and item bears the id of its anchor (`words.anchors.html_id`). Raises PlaceholderError.
    """
    parser = _parser()
    tokens = parser.parse(_for_markdown(text))
    _number(tokens, text)
    filled = sum(_fill(token, values, token.map[0] if token.map else 0) for token in _all(tokens))
    _check(text, values, filled)
    shown: str = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(
        shown, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer"
    )


def title(text: str, values: Mapping[str, str]) -> str:
    """Return the title of a text: its first heading, else its first sentence, filled. Raises PlaceholderError."""
    found = anchors.clauses(text)
    return placeholders.fill(found[0].text, values) if found else ""


def style_source(page: str) -> str:
    """Return what a content policy must allow of style for a page of `html`: the hash of its one style element."""
    found = _STYLE.search(page)
    digest = hashlib.sha256((found[1] if found else "").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _lang(language: str) -> str:
    return "en-GB" if language.lower().startswith("en") else "fr"


def _style() -> str:
    return resources.files("astreinte.words").joinpath("document.css").read_text(encoding="utf-8")


def _parser() -> MarkdownIt:
    """Markdown without HTML, without code by indentation (contracts indent) and without pictures (nothing is fetched)."""
    return (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["code", "image", "html_block", "html_inline"])
    )


def _for_markdown(text: str) -> str:
    """Write the lists and headings that contracts have, and Markdown does not know, its way; lines stay lines."""
    written = text.split("\n")
    for block in blocks.blocks(text):
        line = written[block.line - 1]
        if block.heading is not None and block.heading.level == headings.PLAIN:
            written[block.line - 1] = f"## {line.strip()}"
        elif block.is_dash:
            written[block.line - 1] = line.replace(block.mark, "-", 1)
        elif block.mark and not _KNOWN_MARK.fullmatch(block.mark):
            written[block.line - 1] = f"{line[: block.indent]}- {line[block.indent :]}"
    return "\n".join(written)


def _number(tokens: Sequence[Token], text: str) -> None:
    """Give each block the id of its anchor: the first that opens on the line where its clause begins."""
    firsts = {
        clause.line: html_id(clause.anchor)
        for clause in reversed(anchors.clauses(text))
        if clause.sentence < 2
    }
    for token in tokens:
        named = token.type in {"heading_open", "list_item_open", "paragraph_open"}
        found = firsts.pop(token.map[0] + 1, None) if named and token.map and not token.hidden else None
        if found is not None:
            token.attrSet("id", found)


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        for child in token.children or ():
            child.map = token.map
            yield child


def _fill(token: Token, values: Mapping[str, str], line: int) -> int:
    """Fill the places of a token that is shown as text; return how many."""
    if token.type not in {"text", "code_inline", "fence"}:
        return 0
    count = sum(1 for _ in placeholders.places(token.content))
    try:
        token.content = placeholders.fill(token.content, values)
    except PlaceholderError as error:
        raise PlaceholderError(error.seen, line + error.line, error.why) from None
    return count


def _check(text: str, values: Mapping[str, str], filled: int) -> None:
    """Refuse a text with a place that is not text on the page (a link's address), or that only the page would have."""
    found = list(placeholders.places(text))
    for place in found:
        placeholders.value(place, values)
    if len(found) != filled:
        raise PlaceholderError(
            f"{filled} of {len(found)} placeholders",
            found[0].line if found else 1,
            "a placeholder stands where no text is, such as the address of a link, or is written in pieces; write it in the text",
        )
