"""What each door says of a ticket: the portal's page, the desk's page, the command line, the API.

All of it is read in this process, under the clock that the story moved. Pages are read as a browser reads
them: a page whose tags do not nest fails the story.
"""

import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.test import Client as Browser
from django.test.html import Element, parse_html

from astreinte.doors import cli
from astreinte.loops import clock
from astreinte.records.accounts.models import Brand, Person
from astreinte.records.tickets.models import Ticket
from tests.builders import Cast
from tests.doors.api.caller import calling

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Why:
    """Why a deadline or a sum: paragraphs, the contract's own sentence and its place, the figures."""

    paragraphs: tuple[str, ...]
    quote: str
    source: str
    table: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return readable("\n".join([*self.paragraphs, *(f"{name}: {value}" for name, value in self.table)]))


@dataclass(frozen=True)
class Shown:
    """What a door says of a ticket: why its deadline, why its sum."""

    deadline: Why | None
    sum: Why | None


class Page:
    """A page that was answered, as text and by its parts."""

    def __init__(self, response: Any) -> None:
        self.status = response.status_code
        self.root = parse_html(response.content.decode())

    @property
    def text(self) -> str:
        """Everything that is read on it, on one line."""
        return readable(text_of(self.root))

    def part(self, label: str) -> Element | None:
        """Return the part that is labelled by the heading with this id; None when it is not there."""
        return next((one for one in parts(self.root) if ("aria-labelledby", label) in one.attributes), None)

    def says(self, label: str) -> str:
        """Return what is read in that part; nothing where it is not there."""
        found = self.part(label)
        return "" if found is None else readable(text_of(found))

    def steps(self) -> list[str]:
        """Return the lines of the story, in order."""
        story = self.part("story")
        lists = [] if story is None else [one for one in parts(story) if "tl" in classes(one)]
        return [] if not lists else [readable(text_of(one)) for one in parts(lists[0]) if one.name == "li"]

    def why(self, label: str) -> Why | None:
        """Return what is explained in that part; it must not say that the trace gives another number."""
        found = self.part(label)
        laws = [] if found is None else [one for one in parts(found) if "law" in classes(one)]
        if found is None or not laws:
            return None
        assert not [one for one in parts(found) if "note-crit" in classes(one)], text_of(found)
        (quote,) = [one for one in parts(laws[0]) if one.name == "blockquote"]
        (source,) = [one for one in parts(quote) if one.name == "cite"]
        terms = [one for one in parts(found) if one.name in {"dt", "dd"}]
        return Why(
            tuple(text_of(one) for one in laws[0].children if _is_a(one, "p")),
            "".join(one for one in quote.children if isinstance(one, str)).strip(" \n"),
            text_of(source),
            tuple(
                (text_of(name), text_of(value)) for name, value in zip(terms[::2], terms[1::2], strict=True)
            ),
        )

    def shown(self) -> Shown:
        """Return what the page of a ticket explains."""
        return Shown(self.why("why"), self.why("sum"))


def parts(of: Element) -> Iterator[Element]:
    """Yield the elements of a page in the order in which they are read."""
    for child in of.children:
        if isinstance(child, Element):
            yield child
            yield from parts(child)


def classes(of: Element) -> list[str]:
    """Return the classes of an element."""
    return str(dict(of.attributes).get("class") or "").split()


def text_of(of: Element) -> str:
    """Return what is read in an element, on one line; non-breaking spaces stay what they are."""
    said = [child if isinstance(child, str) else text_of(child) for child in of.children]
    line = " ".join(word for one in said for word in one.split(" ") if word.strip(" \n"))
    return re.sub(r" (?=[,.])", "", line)  # Django's parser lost what stood between an element and its comma


def readable(text: str) -> str:
    """Return text with spaces alone, so that a story can be written without the signs that hold a line together."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def signed_in(person: Person) -> Browser:
    """Return a browser in which this person signed in, under the host of the brand."""
    host = Brand.objects.filter(provider=person.provider_id).latest("pk").host
    browser = Browser(SERVER_NAME=host)
    browser.force_login(person, backend=BACKEND)
    return browser


def on_portal(ticket: Ticket, person: Person) -> Page:
    """Return the client's page of a ticket."""
    return _page(signed_in(person).get(f"/tickets/{ticket.number}/"))


def on_desk(ticket: Ticket, person: Person) -> Page:
    """Return the staff's page of a ticket."""
    return _page(signed_in(person).get(f"/desk/tickets/{ticket.number}/"))


def in_cli(*words: str, person: Person) -> str:
    """Return what a command prints on stdout; it must go well."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run([*words, "--as", person.email])
    assert code == 0, f"astreinte {' '.join(words)} ended with {code}: {err.getvalue()}"
    return out.getvalue()


def in_cli_json(*words: str, person: Person) -> Any:
    """Return what a command prints with `--json`."""
    return json.loads(in_cli(*words, "--json", person=person))


def in_api(ticket: Ticket, person: Person) -> Any:
    """Return the ticket as the API gives it to a token of this person."""
    host = Brand.objects.filter(provider=person.provider_id).latest("pk").host
    response = calling(person, clock.now(), host).get(f"/tickets/{ticket.public_id}")
    assert response.status_code == 200, response.content
    return response.json()


def everywhere(ticket: Ticket, cast: Cast) -> Shown:
    """Return what all doors say of a ticket, to Alice as to Hugo, once it is sure that they say the same."""
    portal, desk = on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)
    said = portal.shown()
    number = str(ticket.number)
    assert desk.shown() == said
    for person in (cast.alice, cast.house.hugo):
        assert plain(in_api(ticket, person)["why"]) == said
        assert plain(in_cli_json("ticket", "show", number, person=person)["why"]) == said
        assert plain(in_cli_json("why", number, person=person)) == said
    _same_on_the_terminal(in_cli("why", number, person=cast.house.hugo), said)
    assert amounts(portal) == amounts(desk)
    return said


def plain(why: Any) -> Shown:
    """Return what the API or `--json` explains; its trace must give the number again."""
    return Shown(_plain(why["deadline"]), _plain(why["sum"]))


def amounts(page: Page) -> list[str]:
    """Return the amounts on a ticket's page, in the order in which they are read."""
    return re.findall(r"\d[\d ]*,\d\d €", page.says("left"))


def _plain(found: Any) -> Why | None:
    if found is None:
        return None
    assert found["agrees"]
    table = tuple((name, value) for name, value in found["table"])
    return Why(tuple(found["paragraphs"]), found["quote"], found["source"], table)


def _same_on_the_terminal(printed: str, said: Shown) -> None:
    lines = iter(printed.splitlines())
    for why in (said.deadline, said.sum):
        for one in () if why is None else (*why.paragraphs, *why.table, why.quote, why.source):
            wanted = one if isinstance(one, str) else one[0]
            line = next((line for line in lines if line.strip(" ").startswith(wanted)), "")
            assert line, f"not printed, or not in this order: {wanted!r} in\n{printed}"
            assert isinstance(one, str) or line.endswith(one[1])


def _page(response: Any) -> Page:
    assert response.status_code == 200, (response.status_code, response.content[:300])
    return Page(response)


def _is_a(child: object, name: str) -> bool:
    return isinstance(child, Element) and child.name == name
