"""A browser without JavaScript and without a picture: it reads what stands on a page, fills forms, sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client as Browser

from astreinte.records.accounts.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "rect", "line", "circle", "use"}
UNSEEN = {"script", "style", "head"}


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send if nobody touched it."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Page:
    """What a person reads on a page, and the forms that it offers."""

    status: int
    text: str
    forms: list[Form]
    html: str
    response: Any

    def form(self, action: str) -> Form:
        """Return the form that goes to `action`; there must be one."""
        return next(form for form in self.forms if form.action == action)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.forms: list[Form] = []
        self.unseen = 0
        self.area: str | None = None
        self.select: str | None = None
        self.several = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self.unseen += 1
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "input" and self.forms:
            self._input(given)
        elif tag == "textarea":
            self.area = given.get("name")
        elif tag == "select":
            self.select, self.several = given.get("name"), "multiple" in given
        elif tag == "option" and self.select and self.forms:
            self.forms[-1].choices.setdefault(self.select, set()).add(given.get("value", ""))
            first = self.select not in self.forms[-1].values and not self.several
            if first or "selected" in given:
                self.forms[-1].values[self.select] = [given.get("value", "")]

    def _input(self, given: dict[str, str]) -> None:
        name, kind = given.get("name"), given.get("type", "text")
        if not name:
            return
        value = given.get("value", "on" if kind in {"radio", "checkbox"} else "")
        if kind in {"radio", "checkbox"}:
            self.forms[-1].choices.setdefault(name, set()).add(value)
            if "checked" not in given:
                return
        self.forms[-1].values.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen -= 1
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area and self.forms:
            self.forms[-1].values.setdefault(self.area, []).append(data.strip("\n"))
        if not self.unseen:
            self.said.append(data)


def plain(text: str) -> str:
    """Return a text with ordinary spaces and apostrophes: what is compared in most tests."""
    spaced = text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    return " ".join(spaced.split())


class Reading:
    """Somebody at a browser, signed in as a person or as nobody."""

    def __init__(self, person: Person | None = None, host: str = "testserver") -> None:
        self.browser = Browser(SERVER_NAME=host)
        self.browser.raise_request_exception = False
        if person is not None:
            self.browser.force_login(person, backend=BACKEND)

    def get(self, path: str) -> Page:
        """Open a page, following redirections."""
        return _read(self.browser.get(path, follow=True))

    def send(self, form: Form, at: str = "", **said: str | list[str]) -> Page:
        """Send a form as it stands with what is `said` in it; only choices that the page offers can be made."""
        for name, value in said.items():
            several = value if isinstance(value, list) else [value]
            offered = form.choices.get(name)
            assert offered is None or set(several) <= offered, (
                f"{name}: the page offers {offered}, not {several}"
            )
        values = form.values | {
            name: value if isinstance(value, list) else [value] for name, value in said.items()
        }
        return _read(self.browser.post(form.action or at, values, follow=True))

    def post(self, path: str, **said: Any) -> Page:
        """Send what a forged form would."""
        return _read(self.browser.post(path, said, follow=True))


def _read(response: Any) -> Page:
    html = response.content.decode()
    reader = _Reader()
    reader.feed(html)
    return Page(response.status_code, plain(" ".join(reader.said)), reader.forms, html, response)
