"""Whoever calls the API in these tests: a token, and requests with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client as Browser

from astreinte.records.accounts import tokens
from astreinte.records.accounts.models import Person
from tests.builders import SETUP

ROOT = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """Requests with a token; without one, as nobody."""

    token: str = ""
    host: str = "testserver"

    def get(self, path: str, **query: Any) -> Any:
        """Ask, and return Django's response."""
        return self._browser().get(ROOT + path, query, headers=self._headers())

    def post(self, path: str, body: object, *, key: str | None = "", **headers: str) -> Any:
        """Send a body as JSON (or text as it is); a new key unless one is given, none with `key=None`."""
        keyed = {} if key is None else {"Idempotency-Key": key or uuid4().hex}
        return self._browser().post(
            ROOT + path, body, content_type="application/json", headers=self._headers() | keyed | headers
        )

    def send(self, method: str, path: str) -> Any:
        """Send a method without a body."""
        return self._browser().generic(method, ROOT + path, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _browser(self) -> Browser:
        return Browser(SERVER_NAME=self.host, raise_request_exception=False)


def calling(person: Person, at: datetime, host: str = "testserver") -> Caller:
    """Return a caller with a token of this person."""
    _, text = tokens.issue(person, name="test", at=at, actor=SETUP)
    return Caller(text, host)


def error(response: Any) -> dict[str, str]:
    """Return what a refusal says; it must be one, in our shape."""
    assert response.status_code >= 400, response.content
    assert response.headers["Content-Type"].startswith("application/json"), response.content[:200]
    (only,) = response.json().items()
    assert only[0] == "error"
    assert set(only[1]) <= {"code", "message", "place", "way_out"}
    found: dict[str, str] = only[1]
    return found
