"""The kind tls: dates, name and trust, each apart; whatever else comes is no certificate."""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from astreinte.engine.probes import certificate, tls
from astreinte.engine.probes.certificate import Certificate
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.nonsense import NonsenseError
from astreinte.engine.probes.tls import TlsOptions
from astreinte.loops import clock
from astreinte.rules.checks.outcome import Level
from tests.engine.probes.certificates import Authority, sign
from tests.engine.probes.damaging import changed_everywhere
from tests.engine.probes.peers import Peers

HERE = Target("localhost", "127.0.0.1")
DAYS = timedelta(days=1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


async def hold(reader, _):
    await reader.read()


async def look(peers, context, *, talk=hold, target=HERE, now=None, **options):
    """Return what the probe sees of a server that shows `context`."""
    port = await peers.serve(talk, context=context)
    read = TlsOptions(port=port, **options)
    return await (tls.probe(target, read) if now is None else tls.probe(target, read, lambda: now))


async def test_a_right_certificate_is_ok_and_its_days_are_counted(peers, authority):
    outcome = await look(peers, authority.context(), ca_file=authority.trusted)
    assert (outcome.level, outcome.text) == (Level.OK, "certificate of localhost ends in 90 days")
    assert 89.9 < outcome.values["days_left"] < 90
    assert outcome.values["handshake_s"] > 0
    assert outcome.values["connect_s"] > 0


@pytest.mark.parametrize(
    ("left", "level", "words"),
    [
        (20 * DAYS + timedelta(minutes=5), Level.OK, "certificate of localhost ends in 20 days"),
        (20 * DAYS - timedelta(minutes=5), Level.WARNING, "certificate ends in 20.0 days, on "),
        (3 * DAYS + timedelta(minutes=5), Level.WARNING, "certificate ends in 3.0 days, on "),
        (3 * DAYS - timedelta(minutes=5), Level.CRITICAL, "certificate ends in 3.0 days, on "),
        (timedelta(seconds=-30), Level.CRITICAL, "certificate expired 0.0 days ago, on "),
        (-10 * DAYS, Level.CRITICAL, "certificate expired 10.0 days ago, on "),
    ],
)
async def test_the_end_of_a_certificate_is_told_before_it_comes(peers, authority, left, level, words):
    outcome = await look(peers, authority.context(until=left), ca_file=authority.trusted)
    assert outcome.level is level
    assert outcome.text.startswith(words)
    assert "trusted" not in outcome.text
    assert abs(outcome.values["days_left"] - left / DAYS) < 0.01


async def test_a_certificate_of_tomorrow_is_critical_today(peers, authority):
    outcome = await look(peers, authority.context(since=DAYS), ca_file=authority.trusted)
    assert outcome.level is Level.CRITICAL
    assert outcome.text.startswith("certificate not valid before ")
    assert "trusted" not in outcome.text


async def test_whom_nobody_vouches_for_is_said_to_be_untrusted_and_not_expired(peers, authority):
    outcome = await look(peers, authority.context())
    assert outcome.level is Level.CRITICAL
    assert outcome.text == "certificate not trusted: unable to get local issuer certificate"
    outcome = await look(peers, sign("Alone", names=["localhost"]).shown(authority.folder))
    assert outcome.level is Level.CRITICAL
    assert outcome.text == "certificate not trusted: self-signed certificate"


async def test_all_that_is_wrong_is_said_at_once(peers, authority):
    context = sign("Alone", names=["a.example", "b.example"], until=-2 * DAYS).shown(authority.folder)
    outcome = await look(peers, context)
    assert outcome.level is Level.CRITICAL
    expired, name, trust = outcome.text.removeprefix("certificate ").split("; ")
    assert expired.startswith("expired 2.0 days ago, on ")
    assert name == "not for localhost: it is for a.example, b.example"
    assert trust == "not trusted: self-signed certificate"


async def test_an_authority_that_expired_above_a_certificate_in_date_is_said_apart(peers, authority):
    middle = sign("Middle of the tests", by=authority.root, authority=True, until=-DAYS)
    context = sign("Server", names=["localhost"], by=middle).shown(authority.folder)
    outcome = await look(peers, context, ca_file=authority.trusted)
    assert (outcome.level, outcome.text) == (
        Level.CRITICAL,
        "certificate not trusted: of an authority above it: certificate has expired",
    )


async def test_an_authority_between_that_is_sent_along_is_followed(peers, authority):
    middle = sign("Middle of the tests", by=authority.root, authority=True)
    context = sign("Server", names=["localhost"], by=middle).shown(authority.folder)
    assert (await look(peers, context, ca_file=authority.trusted)).level is Level.OK


async def test_a_key_that_is_too_weak_is_not_trusted_and_the_rest_is_read(peers, authority):
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    context = authority.context(names=["other.example"], key=weak)
    outcome = await look(peers, context, ca_file=authority.trusted)
    assert outcome.level is Level.CRITICAL
    assert "not for localhost: it is for other.example" in outcome.text
    assert "not trusted: EE certificate key too weak" in outcome.text


async def test_the_year_9999_is_far_and_the_year_1950_long_ago(peers, authority):
    context = authority.context(until=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    outcome = await look(peers, context, ca_file=authority.trusted)
    assert outcome.level is Level.OK
    past = authority.context(since=datetime(1950, 1, 1, tzinfo=UTC), until=datetime(1951, 1, 1, tzinfo=UTC))
    outcome = await look(peers, past, ca_file=authority.trusted)
    assert (outcome.level, outcome.text[:19]) == (Level.CRITICAL, "certificate expired")


async def test_one_that_ends_is_seen_to_end_without_any_other_change(peers, authority):
    context = authority.context(until=30 * DAYS)
    day = clock.now()
    for after, level in ((5, Level.OK), (15, Level.WARNING), (28, Level.CRITICAL), (31, Level.CRITICAL)):
        outcome = await look(peers, context, ca_file=authority.trusted, now=day + after * DAYS)
        assert outcome.level is level


@pytest.mark.parametrize(
    ("names", "addresses", "host", "covered"),
    [
        (["shop.example"], [], "shop.example", True),
        (["shop.example"], [], "SHOP.Example", True),
        (["SHOP.example"], [], "shop.example", True),
        (["shop.example"], [], "www.shop.example", False),
        (["*.shop.example"], [], "www.shop.example", True),
        (["*.shop.example"], [], "shop.example", False),
        (["*.shop.example"], [], "a.b.shop.example", False),
        (["*.example"], [], "shop.example", False),
        (["w*.shop.example"], [], "www.shop.example", False),
        (["*"], [], "localhost", False),
        (["xn--caf-dma.example"], [], "café.example", True),
        (["*.example.org"], [], "café.example.org", True),
        ([], ["127.0.0.1"], "127.0.0.1", True),
        ([], ["2001:db8::1"], "2001:db8:0:0::1", True),
        (["127.0.0.1"], [], "127.0.0.1", False),
        ([], ["127.0.0.2"], "127.0.0.1", False),
        ([], [], "shop.example", False),
    ],
)
def test_whom_a_certificate_covers_is_what_openssl_says_too(tmp_path, names, addresses, host, covered):
    signed = sign("shop.example", names=names, addresses=addresses)
    assert certificate.read(signed.der).covers(host) is covered
    assert openssl_accepts(signed, host, tmp_path) is covered


def openssl_accepts(signed, host, folder):
    file = signed.kept_in(folder)
    client = ssl.create_default_context(cafile=str(file))
    # The common name does not count, as in browsers; nor does a star within a label.
    client.hostname_checks_common_name = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=certificate.ascii_name(host))
    theirs = signed.shown(folder).wrap_bio(to_server, to_client, server_side=True)
    try:
        for _ in range(4):
            for side in (ours, theirs):
                with contextlib.suppress(ssl.SSLWantReadError):
                    side.do_handshake()
    except ssl.SSLCertVerificationError:
        return False
    return ours.version() is not None


async def test_the_name_is_the_target_s_own_or_that_of_the_option(peers, authority):
    context = authority.context(names=["café.example".encode("idna").decode()])
    assert (await look(peers, context, ca_file=authority.trusted)).level is Level.CRITICAL
    outcome = await look(peers, context, ca_file=authority.trusted, name="café.example")
    assert outcome.level is Level.OK


async def test_the_server_is_told_which_name_is_asked_for(peers, authority):
    context, told = authority.context(names=["shop.example"]), []
    context.sni_callback = lambda _session, name, _context: told.append(name)
    await look(peers, context, name="shop.example")
    assert set(told) == {"shop.example"}


async def test_a_target_that_is_an_address_needs_a_certificate_of_that_address(peers, authority):
    by_address = Target("127.0.0.1", "127.0.0.1")
    context = authority.context(names=(), addresses=["127.0.0.1"])
    outcome = await look(peers, context, target=by_address, ca_file=authority.trusted)
    assert outcome.level is Level.OK
    outcome = await look(peers, authority.context(), target=by_address, ca_file=authority.trusted)
    assert outcome.text == "certificate not for 127.0.0.1: it is for localhost"


class TestWhatIsNoTls:
    @pytest.mark.parametrize(
        ("raw", "level", "words"),
        [
            (b"SSH-2.0-OpenSSH_9.2\r\n", Level.UNKNOWN, "'SSH-2.0-OpenSSH_9.2\\r\\n'"),
            (b"HTTP/1.1 400 Bad Request\r\n\r\n", Level.UNKNOWN, "'HTTP/1.1 400 Bad Request"),
            (b"\x16\x03\x03\x00", Level.UNKNOWN, "the handshake was cut off: '\\x16\\x03\\x03\\x00'"),
            (b"\x15\x03\x03\x00\x02\x02\x28", Level.CRITICAL, "TLS failed: "),
            (b"", Level.CRITICAL, "no handshake: closed without an answer"),
        ],
    )
    async def test_what_comes_instead_is_quoted_and_a_refusal_is_critical(self, peers, raw, level, words):
        outcome = await look(peers, None, talk=saying(raw))
        assert outcome.level is level
        assert words in outcome.text

    async def test_a_server_that_is_silent_is_critical_when_its_time_is_over(self, peers):
        outcome = await look(peers, None, timeout_s=0.2)
        assert (outcome.level, outcome.text) == (Level.CRITICAL, "connected, but no TLS in 0.2 s")
        outcome = await tls.probe(HERE, TlsOptions(port=peers.full(), timeout_s=0.2))
        assert (outcome.level, outcome.text) == (Level.CRITICAL, "no connection in 0.2 s")

    async def test_a_certificate_that_was_refused_is_told_though_no_other_handshake_comes(self, authority):
        expired = authority.context(until=-2 * DAYS)
        alone = sign("Alone", names=["localhost"]).shown(authority.folder)
        for context, why in ((expired, "certificate has expired"), (alone, "self-signed certificate")):
            with shaking_hands_once(context) as port:
                outcome = await tls.probe(HERE, TlsOptions(port=port, ca_file=authority.trusted, timeout_s=1))
            assert (outcome.level, outcome.text) == (
                Level.CRITICAL,
                f"certificate not trusted: {why}; looked at again: connected, but no TLS in 1 s",
            )

    async def test_a_handshake_without_end_is_cut(self, peers):
        # "Please say hello again" (RFC 5246, 7.4.1.1), for ever: OpenSSL passes over each of them.
        async def talk(reader, writer):
            await reader.read(1)
            while True:
                writer.write(b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 1000)
                await writer.drain()

        outcome = await look(peers, None, talk=talk, timeout_s=30)
        assert outcome.level is Level.UNKNOWN
        assert outcome.text.startswith("a handshake of more than 256 KiB: '\\x16\\x03\\x03\\x00\\x04")

    async def test_a_message_larger_than_any_is_refused(self, peers):
        record = b"\x16\x03\x03\x40\x00" + b"\x02\xff\xff\xff" + b"x" * (0x4000 - 4)
        outcome = await look(peers, None, talk=saying(record))
        assert (outcome.level, outcome.text) == (Level.CRITICAL, "TLS failed: EXCESSIVE_MESSAGE_SIZE")

    async def test_a_port_that_refuses_is_critical(self, peers):
        outcome = await tls.probe(HERE, TlsOptions(port=peers.refused()))
        assert (outcome.level, outcome.text) == (Level.CRITICAL, "cannot connect: Connection refused")

    async def test_a_file_of_authorities_that_we_cannot_read_is_our_fault(self, peers, tmp_path):
        outcome = await look(peers, None, ca_file=str(tmp_path / "none.pem"))
        assert outcome.level is Level.INCONCLUSIVE
        assert outcome.text.endswith("none.pem: No such file or directory")


@contextlib.contextmanager
def shaking_hands_once(context):
    """Return the port of a server that takes one connection; the kernel accepts others, which meet silence."""

    def serve():
        first, _ = listener.accept()
        with first, contextlib.suppress(ssl.SSLError, ConnectionError):
            context.wrap_socket(first, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=serve)
        serving.start()
        yield listener.getsockname()[1]
        serving.join()


def saying(raw):
    """Return a server that says `raw` and no more."""

    async def talk(reader, writer):
        writer.write(raw)
        await writer.drain()
        writer.write_eof()
        await reader.read()

    return talk


@settings(max_examples=25)
@given(
    st.binary(max_size=300)
    | st.binary(max_size=200).map(lambda tail: b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + tail)
)
async def test_whatever_comes_is_judged_and_never_ok(raw):
    async with Peers() as peers:
        outcome = await look(peers, None, talk=saying(raw), timeout_s=2.0)
    assert outcome.level in (Level.UNKNOWN, Level.CRITICAL)
    assert outcome.text.isprintable()


class TestMail:
    @pytest.mark.parametrize(
        ("protocol", "lines"),
        [
            (
                "smtp",
                [
                    (b"220-mail.example\r\n220 ready\r\n", b"EHLO "),
                    (b"250-PIPELINING\r\n250 STARTTLS\r\n", b"STARTTLS"),
                    (b"220 go\r\n", None),
                ],
            ),
            ("imap", [(b"* OK ready\r\n", b"a STARTTLS"), (b"* OK wait\r\na OK begin\r\n", None)]),
        ],
    )
    async def test_tls_that_begins_in_clear_is_asked_for(self, peers, authority, protocol, lines):
        async def talk(reader, writer):
            for said, awaited in lines:
                writer.write(said)
                await writer.drain()
                if awaited:
                    assert (await reader.readline()).startswith(awaited)
            await writer.start_tls(authority.context())
            await reader.read()

        outcome = await look(peers, None, talk=talk, ca_file=authority.trusted, starttls=protocol)
        assert (outcome.level, outcome.text) == (Level.OK, "certificate of localhost ends in 90 days")

    @pytest.mark.parametrize(
        ("protocol", "raw", "words"),
        [
            ("smtp", b"554 go away\r\n", "no SMTP consent to the connection: '554 go away\\r\\n'"),
            ("smtp", b"220 x\r\n502 what?\r\n", "no SMTP consent to the connection: "),
            ("smtp", b"220", "no SMTP consent to the connection: '220'"),
            ("imap", b"* BYE\r\n", "no IMAP consent to the connection: '* BYE\\r\\n'"),
            ("imap", b"* OK" + b"x" * 20_000, "no IMAP consent to the connection: "),
        ],
    )
    async def test_a_server_that_does_not_consent_is_quoted(self, peers, protocol, raw, words):
        outcome = await look(peers, None, talk=saying(raw), starttls=protocol)
        assert outcome.level is Level.UNKNOWN
        assert outcome.text.startswith(words)


ONE = sign("Somebody", names=["shop.example", "*.shop.example"], addresses=["192.0.2.1"]).der


def test_a_certificate_with_any_byte_changed_is_read_or_quoted():
    read = 0
    for raw in changed_everywhere(ONE):
        with contextlib.suppress(NonsenseError):
            found = certificate.read(raw)
            assert isinstance(found, Certificate)
            assert found.said_names().isprintable()
            assert found.covers("a.shop.example") in (True, False)
            read += 1
    assert read


@given(st.integers(0, len(ONE) - 1), st.binary(max_size=20))
def test_a_certificate_that_goes_on_as_it_should_not_is_read_or_quoted(kept, tail):
    with contextlib.suppress(NonsenseError):
        assert certificate.read(ONE[:kept] + tail).said_names().isprintable()


@given(st.binary(max_size=200))
def test_bytes_are_no_certificate(raw):
    with pytest.raises(NonsenseError, match="a certificate that cannot be read"):
        certificate.read(raw)


@given(st.text(max_size=40))
def test_any_text_is_a_host_or_not(text):
    assert certificate.read(ONE).covers(text) in (True, False)
