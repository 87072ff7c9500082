"""Look at the pages: a demonstration in a folder of its own, and Chromium's pictures of it.

    python -m tools.shoot OUT [NAME…]    pictures of the pages, phone and desktop, light and dark
    python -m tools.shoot --check        what a picture hides: overflow, contrast, small targets, console errors

Needs Debian's chromium, fonts-inter and fonts-urw-base35. The story is that of the screens: Monday 23 November
2026 at 11:52, one deadline past, two delays running, one kept. Nothing of an installation is touched.
"""

import os
import random
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Literal
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tools import yearlong

SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OVER_HTTPS_ALONE = "Cross-Origin-Opener-Policy"  # heeded only there, and said so each time
CHROMIUM = "/usr/bin/chromium"
HOST = "testserver"  # that of the cast's brand
_QUICK = {"targets": {"critical": {"business": "1h", "non_business": "3h"}}}
_NEXT = date(2027, 1, 1)
CHECK = """() => {
  const found = [], wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) found.push(`overflows: ${wide} px`);
  const rgb = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const lum = (c) => c.slice(0, 3).map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > .5) return c; } return [255, 255, 255, 1]; };
  for (const e of document.querySelectorAll("body *")) {
    const said = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!said || e.closest("svg, .vh") || e.disabled || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), ink = rgb(style.color), paper = behind(e);
    let seen = ink[3]; for (let p = e; p; p = p.parentElement) seen *= +getComputedStyle(p).opacity;
    const mixed = ink.slice(0, 3).map((v, i) => v * seen + paper[i] * (1 - seen));
    const [one, other] = [lum(mixed), lum(paper)].sort((a, b) => b - a);
    const large = parseFloat(style.fontSize) >= 24, ratio = (one + .05) / (other + .05);
    if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${e.textContent.trim().slice(0, 40)}`);
  }
  if (innerWidth < 500) for (const e of document.querySelectorAll("a.btn, button, .nav a")) {
    const box = e.getBoundingClientRect();
    if (box.height && box.height < 40) found.push(`small target: ${e.textContent.trim()}`);
  }
  return [...new Set(found)];
}"""


@dataclass(frozen=True)
class Shot:
    """A page to look at: its name, the key of the session that sees it, its address."""

    name: str
    session: str
    path: str
    blind: bool = False
    """Shown as while the watch sees nothing."""


def main(words: list[str]) -> int:
    """Shoot, or check; 1 when a check finds something."""
    checking = "--check" in words
    rest = [word for word in words if not word.startswith("--")]
    if not checking and not rest:
        sys.stderr.write(__doc__ or "")
        return 2
    with ExitStack() as stack:
        _prepared()
        shots, address = stack.enter_context(_staged())
        wanted = [shot for shot in shots if checking or not rest[1:] or shot.name in rest[1:]]
        return _checked(wanted, address) if checking else _shot(wanted, address, Path(rest[0]))


def _prepared() -> None:
    """Make an empty database: the tests' settings put it in a folder of this run."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


@contextmanager
def _staged() -> Iterator[tuple[list[Shot], str]]:
    """Tell the story with the clock held, serve it, and give the pages worth a look."""
    from django.core.wsgi import get_wsgi_application

    from astreinte.loops import clock
    from tests.builders import paris

    with clock.moved_to(paris("2026-11-23T11:30")) as hand:
        shots = _story(hand)
        server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield shots, f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_said: Any) -> None:
        """Say nothing: the pictures are the output."""


def _story(hand: Any) -> list[Shot]:
    from astreinte.loops import tidy
    from astreinte.records.tickets import conversation, handling
    from astreinte.records.worklog import intervening
    from tests import builders as b

    cast = b.the_cast()
    terms, hugo = b.some_terms(cast.house), b.acting(cast.house.hugo, b.BEGINNING)
    phare, verdier = b.a_client(cast.house, "Éditions du Phare"), b.a_client(cast.house, "Cabinet Verdier")
    search, edge = b.a_server(phare, "search1.phare.example"), b.a_server(verdier, "edge1.verdier.example")
    ourselves = b.a_server(cast.house.internal, "127.0.0.1")
    b.a_contract(phare, search, terms=terms, cents=840_00)
    b.a_contract(verdier, edge, terms=terms, cents=1260_00)
    exports = b.a_ticket(
        cast.app2, b.paris("2026-11-20T10:40"), priority="urgent", subject="Exports comptables incomplets"
    )
    handling.take(exports, at=b.paris("2026-11-20T10:55"), actor=hugo)
    b.a_ticket(search, b.paris("2026-11-23T09:12"), priority="urgent", subject="Recherche très lente")
    kept = b.a_ticket(edge, b.paris("2026-11-23T10:05"), subject="Portail des dossiers injoignable")
    intervening.start(kept, at=b.paris("2026-11-23T10:31"), actor=hugo)
    receipt = b.a_declaration(cast.web1, hand.instant, by=b.acting(cast.alice, b.BEGINNING))
    handling.take(receipt.ticket, at=b.paris("2026-11-23T11:34:20"), actor=hugo)
    conversation.note(receipt.ticket, "Même faute qu’en mai.", at=b.paris("2026-11-23T11:36"), actor=hugo)
    _seen(cast.web1, hand.instant + timedelta(minutes=20))
    _hushed(edge, search, b.paris("2026-11-23T11:45"), hugo)
    hand.move_to(b.paris("2026-11-23T11:52"))
    b.time_passes()
    packer = tidy.Samples()
    while packer.keep(hand.instant):
        pass
    number, server = receipt.ticket.number, cast.web1.public_id
    held, offer = _latest(), yearlong.managed_and_offered(cast, hand.instant)
    (text, act), staff = _texts(cast, hand.instant), _session(cast.house.sofia)
    alice, bob, late = _session(cast.alice), _session(cast.bob), _session(cast.charlie)
    return [
        Shot("now", staff, "/desk/"),
        Shot("blind", staff, "/desk/", blind=True),
        Shot("ticket", _session(cast.house.hugo), f"/desk/tickets/{number}/"),
        Shot("late", staff, f"/desk/tickets/{exports.number}/"),
        Shot("tickets", staff, "/desk/tickets/"),
        Shot("call", staff, "/desk/tickets/call/"),
        Shot("server", staff, f"/desk/servers/{server}/"),
        Shot("servers", staff, "/desk/servers/"),
        Shot("kinds", staff, f"/desk/servers/{server}/check/other/"),
        Shot("kinds-here", staff, f"/desk/servers/{ourselves.public_id}/check/other/"),
        Shot("kind", staff, f"/desk/servers/{ourselves.public_id}/check/other/?kind=disk"),
        Shot("kind-http", staff, f"/desk/servers/{server}/check/other/?kind=http"),
        Shot("measures", staff, f"/desk/servers/{server}/?over=hours"),
        Shot("seen", alice, "/servers/"),
        Shot("watched", alice, f"/servers/{server}/"),
        Shot("agenda", staff, "/desk/agenda/"),
        Shot("announce", staff, "/desk/agenda/announce/"),
        Shot("window", staff, "/desk/agenda/1/"),
        Shot("silence", staff, "/desk/silences/1/"),
        Shot("hushed", staff, f"/desk/servers/{edge.public_id}/"),
        Shot("held", staff, f"/desk/tickets/{held}/"),
        Shot("contract", staff, f"/desk/contracts/{cast.line.number}/"),
        Shot("origins", staff, f"/desk/contracts/{cast.line.number}/origins/"),
        Shot("orphans", staff, "/desk/contracts/orphans/"),
        Shot("bind", staff, "/desk/contracts/bind/"),
        Shot("simulations", staff, "/desk/simulations/"),
        Shot("what-if", staff, f"/desk/simulations/?year=2026&client=&first=&second={offer}&multiplier=8"),
        Shot("team", _session(cast.house.ada), "/desk/team/"),
        Shot("home", alice, "/"),
        Shot("declare", alice, "/declare/"),
        Shot("receipt", alice, f"/tickets/{number}/receipts/{receipt.public_id}/"),
        Shot("follow", alice, f"/tickets/{number}/"),
        Shot("missed", late, f"/tickets/{exports.number}/"),
        Shot("promise", alice, "/contract/"),
        Shot("where", alice, "/contract/origins/"),
        Shot("readings", alice, "/contract/readings/"),
        Shot("accept", alice, "/contract/accept/"),
        Shot("texts", alice, "/contract/texts/"),
        Shot("text", alice, f"/contract/texts/{text}/"),
        Shot("act", alice, f"/contract/acts/{act}/"),
        Shot("documents", staff, "/desk/contracts/texts/"),
        Shot("document", staff, f"/desk/contracts/texts/{text}/"),
        Shot("changes", staff, f"/desk/contracts/texts/{text}/changes/"),
        Shot("import", staff, "/desk/contracts/texts/import/"),
        Shot("paper", staff, f"/desk/clients/{cast.kermor.number}/paper/"),
        Shot("decisions", staff, f"/desk/clients/{cast.kermor.number}/decisions/"),
        Shot("mandate", staff, f"/desk/clients/{cast.kermor.number}/mandates/"),
        Shot("advise", staff, f"/desk/clients/{cast.kermor.number}/advise/"),
        Shot("ask", staff, f"/desk/clients/{cast.kermor.number}/consent/"),
        Shot("asked", staff, "/desk/consents/1/"),
        Shot("decide", bob, "/decisions/"),
        Shot("advice", bob, "/advice/1/"),
        Shot("consent", bob, "/consents/1/"),
        Shot("factor", bob, "/compte/2fa/"),
        Shot("login", "", "/compte/login/"),
    ]


def _laid_over(cast: Any, at: datetime) -> None:
    """What the client decides; then two specific contracts: one holds, one is worse for the client and waits."""
    from astreinte.records.contracts import overlaying
    from tests import builders as b
    from tests.doors.decided import decided

    decided(cast, at)
    laid: dict[str, Any] = {
        "line": cast.line, "until_at": None, "at": at, "from_at": at, "actor": b.acting(cast.house.sofia, at)
    }  # fmt: skip
    sooner = {"targets": {"critical": {"business": "1h", "non_business": "1h"}}}
    words = "Le Prestataire intervient en une heure sur la boutique, le jour comme la nuit."
    overlaying.lay(title="Boutique", patch=sooner, clause=words, servers=[cast.web1], **laid)
    overlaying.lay(title="Plafond", patch={"penalty": {"cap": "0.5"}}, **laid)


def _texts(cast: Any, at: datetime) -> tuple[str, str]:
    """Our own texts: the first ones accepted, special terms of next year published beside them; what lies over them."""
    from astreinte.records.accounts import people
    from astreinte.records.contracts import accepting, documents, owning, signing
    from tests import builders as b

    people.give_role(cast.alice, role="signatory", client=cast.kermor, from_at=at, at=at, actor=b.SETUP)
    act = ""
    for terms, day in (
        (b.some_terms(cast.house), at.date()),
        (b.some_terms(cast.house, "2027", _QUICK), _NEXT),
    ):
        rows = owning.import_own(
            cast.house.provider, terms=terms, language="fr", effective_on=day, at=at, actor=b.SETUP
        )
        for version in rows[: 1 if act else 3]:
            documents.publish(version, at=at, actor=b.SETUP)
        if not act:
            offered = accepting.offered(cast.kermor, at)
            read = {one.public_id: signing.show(one, cast.house.brand).hashes for one in offered}
            who = b.acting(cast.alice, at)
            act = signing.accept(cast.kermor, read=read, brand=cast.house.brand, at=at, actor=who)[0].act
    _laid_over(cast, at)
    return rows[0].public_id, act


def _seen(server: Any, at: datetime) -> None:
    """A day of measures, blind for half an hour of its night, then a shop that answers 502."""
    from astreinte.engine.bus.ports import Result
    from astreinte.records.accounts import actors
    from astreinte.records.monitoring import checking, recording
    from astreinte.rules.checks.outcome import Level
    from tests.builders import SETUP

    draw = random.Random(1)
    shop = ("http", Level.CRITICAL, "502 Bad Gateway", "first_byte_s", 0.2)
    disk = ("disk", Level.OK, "/: 61 % used", "used_percent:/", 61.0)
    for kind, level, said, name, usual in (shop, disk):
        check = checking.add(server=server, kind=kind, at=at - timedelta(days=1), actor=SETUP, every_s=60)
        before = [at - timedelta(seconds=60 * number) for number in range(1440, 0, -1)]
        row = [(when, Level.OK, "") for when in before if not 540 <= (at - when).total_seconds() / 60 < 570]
        row += [(at + timedelta(seconds=20 * number), level, said) for number in range(3)]

        def measure(name: str = name, usual: float = usual) -> dict[str, float]:
            return {name: usual * draw.lognormvariate(0, 0.2 if usual < 1 else 0.01)}

        results = [
            Result(
                check.public_id, int(when.timestamp()), when, seen, words, values := measure(), values[name]
            )
            for when, seen, words in row
        ]
        recording.record(results, at=results[-1].at, actor=actors.system("monitoring"))


def _hushed(silenced: Any, worked_on: Any, at: datetime, hugo: Any) -> None:
    from astreinte.records.agenda import announcing
    from astreinte.records.monitoring import silencing

    night = at.replace(hour=21)
    said = "Migration de la base, le site tombe exprès"
    silencing.silence(silenced, reason=said, until_at=at + timedelta(hours=1), at=at, actor=hugo)
    title = "Remplacement d’un disque"
    for server, checks in ((worked_on, ()), (silenced, ("http",))):
        announcing.announce(
            covers={server: checks},
            title=title,
            from_at=night,
            until_at=night + timedelta(hours=2),
            at=at,
            actor=hugo,
        )
    _seen(silenced, at)


def _blind() -> Any:
    """A hub whose watch has no descriptors left."""
    import socket

    from astreinte.doors.cli import up
    from astreinte.loops import clock
    from astreinte.records.monitoring.facts import WatchBlinded

    found = up.hub_of(socket.socket())
    at = clock.now() - timedelta(minutes=3)
    found.recorder.sight.blinded = WatchBlinded(
        at=at, provider_id=0, watch="local", cause="descriptors", inconclusive=4, checks=4
    )
    return found


def _latest() -> int:
    from astreinte.records.tickets.models import Ticket

    number: int = Ticket.objects.order_by("-number")[0].number
    return number


def _session(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return str(store.session_key)


@contextmanager
def _pages(address: str) -> Iterator[Iterator[tuple[str, Any, Any]]]:
    """Give a page of Chromium for each size and scheme."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    quiet.append(f"--host-resolver-rules=MAP {HOST} 127.0.0.1")
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=quiet)

        def each() -> Iterator[tuple[str, Any, Any]]:
            for size, (width, height) in SIZES.items():
                for scheme in SCHEMES:
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=scheme, locale="fr-FR"
                    )
                    yield f"{size}-{scheme}", context, context.new_page()

        yield each()
        browser.close()


def _open(shot: Shot, context: Any, page: Any, address: str) -> None:
    from astreinte.loops import hub

    hub._running = _blind() if shot.blind else None
    context.clear_cookies()
    if shot.session:
        context.add_cookies([{"name": "sessionid", "value": shot.session, "url": address}])
    page.goto(address + shot.path)


def _shot(shots: list[Shot], address: str, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with _pages(address) as pages:
        for name, context, page in pages:
            for shot in shots:
                _open(shot, context, page, address)
                page.screenshot(path=folder / f"{shot.name}-{name}.png", full_page=True)
    return 0


def _checked(shots: list[Shot], address: str) -> int:
    found: list[str] = []
    with _pages(address) as pages:
        for name, context, page in pages:
            here: list[str] = []
            page.on("console", lambda said, here=here: here.append(f"console: {said.text[:120]}"))
            for shot in shots:
                here.clear()
                _open(shot, context, page, address)
                here.extend(page.evaluate(CHECK))
                found.extend(f"{shot.name} {name}: {one}" for one in here if OVER_HTTPS_ALONE not in one)
    sys.stdout.write("".join(f"{one}\n" for one in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
