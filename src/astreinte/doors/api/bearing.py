"""Who asks: the bearer of a token, as its person, at a pace that leaves room for others."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from astreinte import words
from astreinte.doors.who import PageRequest
from astreinte.records.accounts import actors
from astreinte.records.accounts.actors import NOBODY, Actor
from astreinte.records.accounts.models import Person

WINDOW = timedelta(minutes=1)


class ApiRequest(PageRequest):
    """A request by a token: `auth` acts, `language` and `zone` are those of its person."""

    auth: Actor
    language: str
    zone: str


@contextmanager
def speaking(request: ApiRequest) -> Iterator[None]:
    """Say everything inside in the language and zone of the token's person."""
    language, zone = request.language, request.zone
    with translation.override(language), timezone.override(zone), words.speaking(language, zone):
        yield


class Bearer(HttpBearer):
    """Finds the actor of a token; one of another provider's brand is nobody under this host."""

    def authenticate(self, request: Any, token: str) -> Actor | None:
        """Return the actor, or None: unknown, ended and of another provider are not told apart."""
        actor = actors.of_token(token.strip(), request.at)
        if actor is NOBODY or actor.provider_id != request.brand.provider_id:
            return None
        person = Person.objects.visible_to(actor).filter(pk=actor.person_id).first()
        request.language = person.language if person else "fr"
        request.zone = person.zone if person else "Europe/Paris"
        return actor


class Pace(BaseThrottle):
    """So many requests a minute for each token, counted in this process.

    It keeps one caller's loop from holding up everybody else's pages; it is no quota, so it needs no store.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._seen: dict[str, deque[datetime]] = {}
        self._lock = Lock()
        self._wait_s = 0.0

    def allow_request(self, request: HttpRequest) -> bool:
        """Return whether this request is within the pace."""
        by, at = str(getattr(request, "auth", "")), request.at  # type: ignore[attr-defined]  # set by who.py
        with self._lock:
            seen = self._seen.setdefault(by, deque())
            while seen and seen[0] <= at - WINDOW:
                seen.popleft()
            if len(seen) >= self.most:
                self._wait_s = (seen[0] + WINDOW - at).total_seconds()
                return False
            seen.append(at)
            return True

    def forget(self) -> None:
        """Count from nothing again."""
        with self._lock:
            self._seen.clear()

    def wait(self) -> float:
        """Return the seconds after which the request refused last would pass."""
        return self._wait_s


PACE = Pace(600)
