"""The kind http: right answers, wrong answers, nonsense, and our own faults."""

import contextlib
import gzip
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from astreinte.engine.probes import http
from astreinte.engine.probes.attempting import prepare
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.http import HttpOptions
from astreinte.engine.probes.resolving import Resolver
from astreinte.rules.checks.outcome import Level
from tests.engine.probes.peers import Peers, page, reset

HERE = Target("localhost", "127.0.0.1")


def seen(outcome):
    return outcome.level, outcome.text


async def ask(port, **options):
    return await http.probe(HERE, HttpOptions(port=port, **options))


async def test_a_page_that_answers_is_ok_and_its_times_are_apart(peers):
    outcome = await ask(await peers.answer(page()))
    assert outcome.level is Level.OK
    assert outcome.text.startswith("HTTP 200 OK in ")
    assert set(outcome.values) == {"resolve_s", "connect_s", "first_byte_s", "status"}
    assert outcome.values["status"] == 200


async def test_the_time_of_the_name_is_apart_from_that_of_the_site(peers):
    port = await peers.answer(page())
    slow = threading.Event()

    def lookup(host, family):
        slow.wait(0.3)
        return ["127.0.0.1"]

    attempt = prepare("http", "shop.example", {"port": port, "warn_over_s": 0.25}, Resolver(lookup))
    outcome = await attempt()
    assert outcome.values["resolve_s"] >= 0.25
    assert outcome.took_s >= outcome.values["resolve_s"] + outcome.values["connect_s"]
    again = await attempt()
    assert again.values["resolve_s"] < outcome.values["resolve_s"]


async def test_the_request_says_what_is_wanted_and_who_asks(peers):
    port = await peers.answer(page())
    await ask(port, path="/health?deep=1", host="www.example.com", method="HEAD")
    head = peers.requests[0].decode().split("\r\n")
    assert head[0] == "HEAD /health?deep=1 HTTP/1.1"
    assert f"Host: www.example.com:{port}" in head
    assert "Accept-Encoding: identity" in head
    assert "Connection: close" in head


@pytest.mark.parametrize(
    ("answer", "options", "level", "text"),
    [
        (page(status=b"301 Moved"), {}, Level.OK, "HTTP 301 Moved in "),
        (page(status=b"500 Oops"), {}, Level.CRITICAL, "HTTP 500 Oops (expected 200-399)"),
        (page(status=b"404 Not Found"), {}, Level.CRITICAL, "HTTP 404 Not Found (expected 200-399)"),
        (page(status=b"401 No"), {"status": "200, 401-403"}, Level.OK, "HTTP 401 No in "),
        (page(status=b"302 Found"), {"status": "200"}, Level.CRITICAL, "HTTP 302 Found (expected 200)"),
        (page(b"all is well"), {"text": "is well"}, Level.OK, "HTTP 200 OK in "),
        (page("café".encode("latin-1")), {"text": "café"}, Level.OK, "HTTP 200 OK in "),
        (
            page(b"database down"),
            {"text": "is well"},
            Level.CRITICAL,
            "HTTP 200 OK, but the answer does not contain 'is well'",
        ),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", {"text": "the end"}, Level.OK, "HTTP 200 OK in "),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            {"text": "hello"},
            Level.OK,
            "HTTP 200 OK in ",
        ),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + page(), {}, Level.OK, "HTTP 200 OK in "),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            {},
            Level.CRITICAL,
            "HTTP 101 Switching Protocols (expected 200-399)",
        ),
        (b"HTTP/1.1 204 No Content\r\n\r\n", {}, Level.OK, "HTTP 204 No Content in "),
        (page(), {"warn_over_s": 0.0}, Level.WARNING, "HTTP 200 OK in "),
        (b"", {}, Level.CRITICAL, "answered nothing usable: closed without an answer"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
            {},
            Level.UNKNOWN,
            "the answer was cut off: 'HTTP/1.1 200 OK\\r\\nContent-Length: 10\\r\\n\\r\\nhello'",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Le", {}, Level.UNKNOWN, "the answer was cut off: "),
        (b"SSH-2.0-OpenSSH_9.2\r\n", {}, Level.UNKNOWN, "not an HTTP answer "),
        (b"\xff\xfe\x00" * 40, {}, Level.UNKNOWN, "not an HTTP answer "),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            {},
            Level.UNKNOWN,
            "not an HTTP answer ",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n", {}, Level.UNKNOWN, "not an HTTP answer "),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000, {}, Level.UNKNOWN, "headers of more than 64 KiB: "),
        (
            page(b"x" * 2_000_000),
            {"text": "y"},
            Level.CRITICAL,
            "HTTP 200 OK, but the first MiB of the answer does not contain 'y'",
        ),
    ],
)
async def test_an_answer_is_judged_by_what_it_says(peers, answer, options, level, text):
    outcome = await ask(await peers.answer(answer), **options)
    assert outcome.level is level
    assert outcome.text.startswith(text)


async def test_a_request_that_does_not_fit_at_once_is_sent_whole(peers):
    path = "/" + "x" * 8_000_000
    came: list[bytes] = []

    async def talk(reader, writer):
        while data := await reader.read(65_536):
            came.append(data)
            if b"".join(came[-2:]).endswith(b"\r\n\r\n"):
                break
        writer.write(page())
        await writer.drain()

    outcome = await ask(await peers.serve(talk), path=path)
    assert (outcome.level, outcome.text[:8]) == (Level.OK, "HTTP 200")
    assert sum(map(len, came)) > len(path)


async def test_a_head_answer_has_no_body(peers):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
    outcome = await ask(await peers.answer(answer, stay=True), method="HEAD")
    assert outcome.level is Level.OK


async def test_a_server_that_accepts_and_is_silent_is_critical(peers):
    outcome = await ask(await peers.silent(), timeout_s=0.2)
    assert seen(outcome) == (Level.CRITICAL, "connected, but no answer in 0.2 s")
    assert "connect_s" in outcome.values


async def test_a_server_that_does_not_accept_is_critical(peers):
    assert seen(await ask(peers.refused())) == (Level.CRITICAL, "cannot connect: Connection refused")
    assert seen(await ask(peers.full(), timeout_s=0.2)) == (Level.CRITICAL, "no connection in 0.2 s")


async def test_one_byte_at_a_time_does_not_outlast_the_deadline(peers):
    port = await peers.answer(page(b"x" * 10_000), pause_s=0.02)
    outcome = await ask(port, timeout_s=0.3)
    assert seen(outcome) == (Level.CRITICAL, "the answer was not complete in 0.3 s")
    assert "first_byte_s" in outcome.values


async def test_endless_headers_end(peers):
    port = await peers.endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")
    outcome = await ask(port)
    assert outcome.level is Level.UNKNOWN
    assert outcome.text.startswith("headers of more than 64 KiB: ")


async def test_endless_announcements_end(peers):
    port = await peers.endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    outcome = await ask(port)
    assert outcome.level is Level.UNKNOWN
    assert outcome.text.startswith("headers of more than 64 KiB: ")


async def test_a_chunk_that_never_comes_to_its_point_ends(peers):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;name="
    outcome = await ask(await peers.endless(head, b"x" * 65536), timeout_s=30)
    assert outcome.level is Level.UNKNOWN
    assert outcome.text.startswith("8 MiB, and no end: 'HTTP/1.1 200 OK")


async def test_a_bomb_is_never_unpacked(peers):
    bomb = gzip.compress(b"hello" + bytes(50_000_000))
    assert len(bomb) < 100_000
    port = await peers.answer(page(bomb, headers=b"Content-Encoding: gzip\r\n"))
    outcome = await ask(port, text="hello")
    assert (outcome.level, outcome.text) == (
        Level.CRITICAL,
        "HTTP 200 OK, but the answer does not contain 'hello'",
    )


async def test_one_byte_of_headers_at_a_time_does_not_outlast_the_deadline(peers):
    port = await peers.answer(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000, pause_s=0.02)
    outcome = await ask(port, timeout_s=0.3)
    assert seen(outcome) == (Level.CRITICAL, "the answer was not complete in 0.3 s")


async def test_an_endless_body_ends_and_its_status_counts(peers):
    port = await peers.endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096)
    assert (await ask(port)).level is Level.OK


async def test_a_reset_in_the_middle_is_critical(peers):
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")
        await writer.drain()
        await reset(writer)

    outcome = await ask(await peers.serve(talk))
    assert seen(outcome) == (Level.CRITICAL, "answered nothing usable: Connection reset by peer")


async def test_a_server_that_resets_at_once_is_critical(peers):
    port = await peers.resetting()
    for tls in (False, True):
        for _ in range(50):
            outcome = await ask(port, tls=tls)
            assert outcome.level is Level.CRITICAL, outcome


class TestHttps:
    async def test_a_certificate_of_a_trusted_authority_is_ok(self, peers, tls):
        port = await peers.answer(page(), context=tls.context())
        outcome = await ask(port, tls=True, ca_file=tls.ca_file)
        assert outcome.level is Level.OK
        assert set(outcome.values) == {"resolve_s", "connect_s", "tls_s", "first_byte_s", "status"}

    @pytest.mark.parametrize(
        ("certificate", "trusted", "text"),
        [
            ({"days": -1}, True, "certificate refused: certificate has expired"),
            (
                {"name": "other.example"},
                True,
                "certificate refused: Hostname mismatch, certificate is not valid for 'localhost'.",
            ),
            ({}, False, "certificate refused: unable to get local issuer certificate"),
        ],
    )
    async def test_a_certificate_that_a_browser_refuses_is_critical(
        self, peers, tls, certificate, trusted, text
    ):
        port = await peers.answer(page(), context=tls.context(**certificate))
        options = {"ca_file": tls.ca_file} if trusted else {}
        assert seen(await ask(port, tls=True, **options)) == (Level.CRITICAL, text)
        assert (await ask(port, tls=True, verify=False)).level is Level.OK

    async def test_the_name_asked_for_is_that_of_the_option(self, peers, tls):
        port = await peers.answer(page(), context=tls.context(name="www.example.com"))
        outcome = await ask(port, tls=True, host="www.example.com", ca_file=tls.ca_file)
        assert outcome.level is Level.OK

    async def test_a_server_without_tls_is_critical(self, peers):
        async def greet(reader, writer):
            writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            await writer.drain()
            await reader.read()

        port = await peers.serve(greet)
        outcome = await ask(port, tls=True)
        assert outcome.level is Level.CRITICAL
        assert outcome.text.startswith("TLS failed: ")

    async def test_a_server_that_never_ends_its_handshake_is_critical(self, peers):
        outcome = await ask(await peers.silent(), tls=True, timeout_s=0.2)
        assert seen(outcome) == (Level.CRITICAL, "no TLS in 0.2 s")

    async def test_a_file_of_authorities_that_we_cannot_read_is_our_fault(self, peers, tmp_path):
        outcome = await ask(await peers.silent(), tls=True, ca_file=str(tmp_path / "none.pem"))
        assert outcome.level is Level.INCONCLUSIVE
        assert outcome.text.endswith("none.pem: No such file or directory")
        (tmp_path / "bad.pem").write_text("nothing")
        outcome = await ask(await peers.silent(), tls=True, ca_file=str(tmp_path / "bad.pem"))
        assert outcome.level is Level.INCONCLUSIVE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=100).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail),
        st.binary(max_size=100).map(
            lambda tail: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + tail
        ),
        st.lists(st.sampled_from([b"HTTP/1.1 ", b"200", b" OK", b"\r\n", b"\x00", b"A: b", b"0", b":"])).map(
            b"".join
        ),
    )
)
async def test_whatever_comes_is_judged_and_nothing_but_http_is_ok(raw):
    async with contextlib.AsyncExitStack() as stack:
        peers = await stack.enter_async_context(Peers())
        outcome = await ask(await peers.answer(raw), timeout_s=2.0)
    assert outcome.level in (Level.OK, Level.UNKNOWN, Level.CRITICAL)
    assert outcome.level is not Level.OK or raw.startswith(b"HTTP/1.1 200")
    assert outcome.text.isprintable()
