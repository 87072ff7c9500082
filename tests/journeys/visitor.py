"""A person at a browser without JavaScript: real requests over HTTP, cookies, and forms filled as they stand."""

from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from django.test.html import Element, parse_html

from tests.journeys.shown import parts

Fields = Mapping[str, str | list[str]]
UNTYPED = {"checkbox", "radio", "submit"}


class Form:
    """A form of a page: where it goes, and what stands in it before anybody types."""

    def __init__(self, element: Element, page: str) -> None:
        attributes = dict(element.attributes)
        self.target = urljoin(page, str(attributes.get("action") or page))
        self.standing: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        for one in parts(element):
            self._add(one.name or "", dict(one.attributes))

    def _add(self, tag: str, said: Mapping[str, Any]) -> None:
        if tag not in {"input", "textarea"} or not said.get("name"):
            return
        name, value = str(said["name"]), str(said.get("value") or "")
        if said.get("type") in UNTYPED:
            self.offered.setdefault(name, []).append(value)
        else:
            self.standing[name] = value

    def filled(self, **typed: str | list[str]) -> dict[str, str | list[str]]:
        """Return what is sent when these fields are filled in."""
        unknown = set(typed) - set(self.standing) - set(self.offered)
        assert not unknown, f"no such fields: {unknown}; there are {[*self.standing, *self.offered]}"
        return {**self.standing, **typed}


def form_on(page: Element, holding: str, address: str = "") -> Form:
    """Return the form of a page that holds the field of this name."""
    forms = [Form(one, address) for one in parts(page) if one.name == "form"]
    return next(one for one in forms if holding in one.standing or holding in one.offered)


class Visitor:
    """One browser: what it is given stays in it when the hub is started again on another port."""

    def __init__(self) -> None:
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.address = ""
        self.page = ""

    def opens(self, path: str) -> Element:
        """Go to a page of the hub, and follow where it leads."""
        return self._asked(urljoin(self.address, path))

    def form(self, path: str, holding: str) -> Form:
        """Return the form of a page that holds the field of this name."""
        page = self.opens(path)
        return form_on(page, holding, self.page)

    def sends(self, target: str, fields: Fields) -> Element:
        """Send a form; whoever dies over it cuts the line (OSError)."""
        return self._asked(urljoin(self.address, target), urlencode(fields, doseq=True).encode())

    def _asked(self, address: str, body: bytes | None = None) -> Element:
        with self._opener.open(address, body, timeout=30) as answer:
            self.page = str(answer.url)
            return parse_html(answer.read().decode())
