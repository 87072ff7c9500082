"""X.3, A4.17: a stranger sees nothing. Every route and every method it answers, with the ids of Alice's objects."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from astreinte.records.accounts import inviting, people
from astreinte.records.accounts.models import Person
from astreinte.records.agenda import announcing
from astreinte.records.agenda.models import Window
from astreinte.records.commitments.models import Clock
from astreinte.records.contracts import signing
from astreinte.records.contracts.models import Acceptance
from astreinte.records.journal.models import Entry
from astreinte.records.monitoring import silencing
from astreinte.records.monitoring.models import Silence
from astreinte.records.tickets import conversation
from astreinte.records.tickets.models import Receipt
from astreinte.words import printing
from tests.builders import BEGINNING, SETUP, Cast, a_declaration, a_person, acting, paris
from tests.doors.api.caller import calling
from tests.doors.browsing import BACKEND
from tests.doors.decided import Decided, decided
from tests.records.contracts.texts import published

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OWNED = {404, 405}
SECRETS = (
    "Maison Kermor",
    "web1.kermor",
    "Caradec",
    "Tanguy",
    "alice@",
    "bob@",
    "Onzième panne",
    "Plus rien",
    "entre nous",
    "Disque de Kermor",
    "Contrat de Kermor",
)
HELD_BY_LINK = {
    "portal:invitation": "whoever holds the link may use it, once; looking at it shows a name",
    "portal:consent_link": "anybody else who tries it is refused, and that is written down: it has tests of its own",
}
OF_THE_SIGNED_IN = "compte/"  # allauth's pages: about the account that is signed in, and nobody else's


@dataclass(frozen=True)
class Route:
    """One route of the URL configuration: its name and what its address is made of."""

    name: str
    pattern: str
    takes: frozenset[str]

    @property
    def subject(self) -> str:
        """The noun that the first id belongs to: tickets of tickets/<int:number>/take/."""
        return self.pattern.split("<", 1)[0].strip("/").rsplit("/", 1)[-1]


def routes(patterns: list[Any] | None = None, before: str = "", space: str = "") -> Iterator[Route]:
    """Give every route there is."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from routes(one.url_patterns, before + str(one.pattern), inside)
        elif isinstance(one, URLPattern):
            takes = frozenset(one.pattern.converters) | frozenset(
                getattr(one.pattern, "regex", None).groupindex if not one.pattern.converters else ()
            )
            yield Route(f"{space}{one.name}", before + str(one.pattern), takes)


@dataclass(frozen=True)
class Story:
    """Alice's objects: what strangers try to reach."""

    cast: Cast
    receipt: Receipt
    invitation: str
    window: Window
    silence: Silence
    accepted: Acceptance
    decided: Decided
    tokens: dict[str, Any]

    def ids(self, route: Route) -> dict[str, str]:
        """Return what a route takes, of Alice; a route for which no object can be made fails."""
        of = self.makers()
        missing = [name for name in route.takes if (route.subject, name) not in of]
        assert not missing, f"{route.pattern}: say in makers() which of Alice's objects {missing} is"
        return {name: str(of[route.subject, name]()) for name in route.takes}

    def makers(self) -> dict[tuple[str, str], Callable[[], object]]:
        """Return, by noun and parameter, how to make an id."""
        cast, ticket = self.cast, self.receipt.ticket
        return {
            ("tickets", "number"): lambda: ticket.number,
            ("tickets", "public_id"): lambda: self.receipt.public_id,
            ("tickets", "ticket_id"): lambda: ticket.public_id,
            ("servers", "public_id"): lambda: cast.web1.public_id,
            ("servers", "server_id"): lambda: cast.web1.public_id,
            ("clients", "number"): lambda: cast.kermor.number,
            ("agenda", "number"): lambda: self.window.number,
            ("silences", "number"): lambda: self.silence.number,
            ("contracts", "number"): lambda: cast.line.number,
            ("terms", "pk"): lambda: cast.line.bindings.get().terms_id,
            ("invitation", "secret"): lambda: self.invitation,
            ("mandates", "number"): lambda: self.decided.mandate.number,
            ("advice", "number"): lambda: self.decided.advice.number,
            ("consents", "number"): lambda: self.decided.consent.number,
            ("link", "secret"): lambda: self.decided.link,
            ("texts", "public_id"): lambda: self.accepted.version.public_id,
            ("texts", "text_id"): lambda: self.accepted.version.public_id,
            ("acts", "act"): lambda: self.accepted.act,
            ("acts", "public_id"): lambda: self.accepted.version.public_id,
        }

    def address(self, route: Route) -> str:
        """Return the address of a route with the ids of Alice."""
        found = f"/{route.pattern}"
        for name, value in self.ids(route).items():
            for mark in (f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>", f"<{name}>"):
                found = found.replace(mark, quote(value))
        return found


@pytest.fixture
def story(cast: Cast, hand: Any, monkeypatch: pytest.MonkeyPatch) -> Story:
    # A PDF takes a second, and hides its words from the search for secrets: here its page stands for it.
    monkeypatch.setattr(printing, "pdf", str.encode)
    alice = acting(cast.alice, BEGINNING)
    receipt = a_declaration(
        cast.web1, paris("2026-11-23T11:30"), by=alice, subject="Onzième panne", text="Plus rien"
    )
    conversation.note(
        receipt.ticket, "entre nous", at=paris("2026-11-23T11:31"), actor=acting(cast.house.hugo, BEGINNING)
    )
    assert Clock.objects.filter(ticket=receipt.ticket).exists()
    newcomer = a_person(cast.house, "Dina Caradec", client=cast.kermor, at=BEGINNING)
    secret = inviting.invite(newcomer, at=paris("2026-11-23T11:00"), actor=SETUP)
    tokens = {
        name: calling(person, BEGINNING)
        for name, person in (
            ("alice", cast.alice),
            ("bob", cast.bob),
            ("charlie", cast.charlie),
            ("victor", cast.victor),
        )
    }
    hugo, at = acting(cast.house.hugo, BEGINNING), paris("2026-11-23T11:30")
    window = announcing.announce(
        covers={cast.web1: ()},
        title="Disque de Kermor",
        from_at=paris("2026-11-23T22:00"),
        until_at=paris("2026-11-23T23:00"),
        at=at,
        actor=hugo,
    )
    silence = silencing.silence(
        cast.web1, reason="entre nous : migration", until_at=paris("2026-11-23T12:30"), at=at, actor=hugo
    )
    accepted = accepted_by_alice(cast, at)
    return Story(cast, receipt, secret, window, silence, accepted, decided(cast, at), tokens)


def accepted_by_alice(cast: Cast, at: datetime) -> Acceptance:
    """Alice's specific contract, accepted: a text that no other client may read."""
    version = published(cast.house, kind="specific", name="Contrat de Kermor", client=cast.kermor)
    people.give_role(
        cast.alice, role="signatory", client=cast.kermor, from_at=BEGINNING, at=BEGINNING, actor=SETUP
    )
    read = {version.public_id: signing.show(version, cast.house.brand).hashes}
    who = acting(cast.alice, at)
    return signing.accept(cast.kermor, read=read, brand=cast.house.brand, at=at, actor=who)[0]


class Walker:
    """Somebody who tries an address by every method: at a browser, and by a token under the API."""

    def __init__(
        self, story: Story, person: Person | None, token: str = "", host: str = "testserver"
    ) -> None:
        self.story, self.token = story, token
        self.browser = Browser(SERVER_NAME=host, raise_request_exception=False)
        if person is not None:
            self.browser.force_login(person, backend=BACKEND)

    def tries(self, method: str, address: str) -> Any:
        """Send a method to an address."""
        headers = {"Idempotency-Key": f"walk-{method}-{address}"[:80]}
        if self.token and address.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self.token}"
        body = '{"text": "qui suis-je"}' if method == "POST" and address.startswith("/api/") else ""
        return self.browser.generic(method, address, body, content_type="application/json", headers=headers)


def test_a_route_is_known_by_the_objects_it_takes(story):
    assert len(list(routes())) > 50
    for route in routes():
        if not route.pattern.startswith(OF_THE_SIGNED_IN):
            story.address(route)


def with_an_object() -> list[Route]:
    return [
        route
        for route in routes()
        if route.takes and route.name not in HELD_BY_LINK and not route.pattern.startswith(OF_THE_SIGNED_IN)
    ]


def strangers(story: Story) -> dict[str, Walker]:
    cast, tokens = story.cast, story.tokens
    return {
        "charlie of another client": Walker(story, cast.charlie, tokens["charlie"].token),
        "victor of another provider": Walker(story, cast.victor, tokens["victor"].token),
        "victor under his own host": Walker(story, cast.victor, tokens["victor"].token, host="ressac.test"),
    }


@pytest.mark.parametrize(
    "who", ["charlie of another client", "victor of another provider", "victor under his own host"]
)
def test_a_stranger_gets_404_for_each_object_by_each_method_and_changes_nothing(story, who):
    walker, entries = strangers(story)[who], Entry.objects.count()
    wrong = []
    for route in with_an_object():
        for method in METHODS:
            response = walker.tries(method, story.address(route))
            api_refuses_token = (
                route.name.startswith("api:") and response.status_code == 401 and who.startswith("victor")
            )
            if response.status_code not in OWNED and not api_refuses_token:
                wrong.append(f"{method} {route.pattern}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert Entry.objects.count() == entries


def test_nobody_is_asked_to_sign_in_and_sees_nothing(story):
    walker, entries = Walker(story, None), Entry.objects.count()
    wrong = []
    for route in with_an_object():
        for method in METHODS:
            response = walker.tries(method, story.address(route))
            to_login = response.status_code == 302 and response.headers["Location"].startswith(
                "/compte/login/"
            )
            if not to_login and response.status_code not in {401, 405}:
                wrong.append(f"{method} {route.pattern}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert Entry.objects.count() == entries


def test_a_method_that_alice_or_hugo_can_use_is_one_that_a_stranger_is_refused_by_404(story):
    """A 405 proves nothing by itself: what somebody may do must be 404, not 405, to a stranger."""
    charlie = strangers(story)["charlie of another client"]
    owners = [
        Walker(story, story.cast.alice, story.tokens["alice"].token),
        Walker(story, story.cast.house.hugo),
        Walker(story, story.cast.house.ada),
    ]
    answered = 0
    for route in with_an_object():
        address = story.address(route)
        refused = {method: charlie.tries(method, address).status_code for method in METHODS}
        for method, status in refused.items():
            if any(owner.tries(method, address).status_code not in OWNED for owner in owners):
                answered += 1
                assert status == 404, f"{method} {route.pattern}: {status}"
    assert answered > len(with_an_object())


@pytest.mark.parametrize(
    "who", ["nobody", "charlie of another client", "victor of another provider", "victor under his own host"]
)
def test_no_page_without_an_object_says_a_word_of_alices(story, who):
    walker = Walker(story, None) if who == "nobody" else strangers(story)[who]
    for route in routes():
        if route.takes:
            continue
        response = walker.tries("GET", f"/{route.pattern}")
        assert response.status_code in {200, 302, 401, 403, 404, 405}, route.pattern
        said = response.content.decode()
        assert not [word for word in SECRETS if word in said], route.pattern


def test_a_colleague_finds_what_alice_finds(story):
    alice = Walker(story, story.cast.alice, story.tokens["alice"].token)
    bob = Walker(story, story.cast.bob, story.tokens["bob"].token)
    for route in routes():
        if route.name.startswith(("portal:", "api:")) and route.name not in HELD_BY_LINK:
            address = story.address(route)
            assert bob.tries("GET", address).status_code == alice.tries("GET", address).status_code, (
                route.pattern
            )


def test_a_client_has_no_desk(story):
    alice = Walker(story, story.cast.alice)
    for route in routes():
        if route.name.startswith("desk:"):
            for method in METHODS:
                assert alice.tries(method, story.address(route)).status_code in OWNED, (
                    f"{method} {route.pattern}"
                )


def test_what_the_staff_says_among_itself_never_reaches_the_client(story):
    alice = Walker(story, story.cast.alice, story.tokens["alice"].token)
    for route in routes():
        if route.name.startswith(("portal:", "api:")) and route.name not in HELD_BY_LINK:
            said = alice.tries("GET", story.address(route)).content.decode()
            assert "entre nous" not in said, route.pattern
