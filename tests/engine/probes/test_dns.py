"""The kind dns: what a name server answers, what it refuses, and what is no answer."""

import contextlib

import dns.message
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astreinte.engine.probes import dns as kind
from astreinte.engine.probes.asking import Question
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.dns import DnsOptions
from astreinte.engine.probes.nonsense import NonsenseError
from astreinte.rules.checks.outcome import Level
from tests.engine.probes.damaging import changed_everywhere
from tests.engine.probes.name_server import framed, serving, zone

HERE = Target("ns1.example", "127.0.0.1")
SHOP = "shop.example. A 192.0.2.1"


async def ask(answer, *, name="shop.example", target=HERE, host="127.0.0.1", **options):
    async with serving(answer, host) as (_, port):
        return await kind.probe(target, DnsOptions(name=name, port=port, **options))


async def test_a_name_that_is_known_is_ok_with_its_time_and_its_answers():
    outcome = await ask(zone(SHOP, "shop.example. A 192.0.2.2"))
    assert outcome.level is Level.OK
    assert outcome.text.startswith("shop.example A: 192.0.2.1, 192.0.2.2 in ")
    assert outcome.values.keys() == {"answer_s", "answers", "ttl_s"}
    assert (outcome.values["answers"], outcome.values["ttl_s"]) == (2, 300)


async def test_a_server_is_asked_over_ipv6_too():
    outcome = await ask(zone(SHOP), target=Target("ns", "::1"), host="::1")
    assert outcome.level is Level.OK


@pytest.mark.parametrize(
    ("line", "record", "expect"),
    [
        ("shop.example. A 192.0.2.1", "A", "192.0.2.1"),
        ("shop.example. AAAA 2001:db8::1", "AAAA", "2001:DB8:0::1"),
        ("shop.example. MX 10 Mail.example.", "MX", "10 mail.example"),
        ("shop.example. NS ns1.example.", "NS", "ns1.example."),
        ("shop.example. CNAME front.example.", "CNAME", "front.example"),
        ('shop.example. TXT "v=DKIM1; " "p=AbC"', "TXT", "v=DKIM1; p=AbC"),
        (
            "shop.example. SOA ns1.example. root.example. 7 3600 600 86400 300",
            "SOA",
            "ns1.example root.example 7 3600 600 86400 300",
        ),
    ],
)
async def test_every_record_is_compared_as_people_write_it(line, record, expect):
    outcome = await ask(zone(line), record=record, expect=expect, exactly=True)
    assert outcome.level is Level.OK
    assert outcome.text.startswith(f"shop.example {record}: ")


@pytest.mark.parametrize(
    ("lines", "options", "level", "text"),
    [
        (
            [SHOP],
            {"expect": "192.0.2.1 | 192.0.2.2"},
            Level.CRITICAL,
            "shop.example A: 192.0.2.1, without 192.0.2.2",
        ),
        (
            [SHOP, "shop.example. A 192.0.2.9"],
            {"expect": "192.0.2.1"},
            Level.OK,
            "shop.example A: 192.0.2.1, ",
        ),
        (
            [SHOP, "shop.example. A 192.0.2.9"],
            {"expect": "192.0.2.1", "exactly": True},
            Level.CRITICAL,
            "shop.example A: 192.0.2.1, 192.0.2.9, with 192.0.2.9 too much",
        ),
        ([SHOP], {"warn_over_s": 0.0}, Level.WARNING, "shop.example A: 192.0.2.1 in "),
        ([], {}, Level.CRITICAL, "shop.example has no A record"),
        (
            ["shop.example. CNAME a.example.", "a.example. A 192.0.2.3"],
            {},
            Level.OK,
            "shop.example A: 192.0.2.3 ",
        ),
        (["shop.example. CNAME a.example."], {}, Level.CRITICAL, "shop.example has no A record"),
        (
            [f"shop.example. A 192.0.2.{last}" for last in range(1, 8)],
            {},
            Level.OK,
            "shop.example A: 192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5 and 2 more in ",
        ),
    ],
)
async def test_what_is_answered_is_compared_with_what_is_expected(lines, options, level, text):
    outcome = await ask(zone(*lines), **options)
    assert outcome.level is level
    assert outcome.text.startswith(text)


@pytest.mark.parametrize(
    ("code", "level", "text"),
    [
        ("NXDOMAIN", Level.CRITICAL, "shop.example: does not exist (NXDOMAIN)"),
        ("SERVFAIL", Level.CRITICAL, "shop.example: the server failed (SERVFAIL)"),
        ("REFUSED", Level.CRITICAL, "shop.example: the server refuses to answer (REFUSED)"),
        ("FORMERR", Level.UNKNOWN, "shop.example: the server answers (FORMERR)"),
        ("NOTIMP", Level.UNKNOWN, "shop.example: the server answers (NOTIMP)"),
    ],
)
async def test_a_refusal_is_said_in_words(code, level, text):
    outcome = await ask(zone(code=code))
    assert (outcome.level, outcome.text) == (level, text)


async def test_an_answer_that_does_not_fit_is_asked_for_over_tcp():
    lines = [f"shop.example. A 192.0.2.{last}" for last in range(1, 255)]
    async with serving(zone(*lines, truncated=["udp"])) as (server, port):
        outcome = await kind.probe(HERE, DnsOptions(name="shop.example", port=port))
    assert (outcome.level, outcome.values["answers"]) == (Level.OK, 254)
    assert [over for _, over in server.asked] == ["udp", "tcp"]


async def test_a_server_that_refuses_is_critical(peers):
    outcome = await kind.probe(HERE, DnsOptions(name="shop.example", port=peers.refused()))
    assert (outcome.level, outcome.text) == (Level.CRITICAL, "127.0.0.1: cannot ask: Connection refused")


async def test_a_silent_server_is_critical_when_its_time_is_over():
    outcome = await ask(lambda *_: None, timeout_s=0.2)
    assert (outcome.level, outcome.text) == (Level.CRITICAL, "127.0.0.1: no answer in 0.2 s")


async def test_a_forged_answer_is_passed_over_and_the_true_one_waited_for():
    true = zone(SHOP)

    def answer(query, over):
        forged = bytearray(true(query, over))
        forged[0] ^= 0xFF
        return [b"", bytes(forged), true(query, over)]

    assert (await ask(answer)).level is Level.OK


class TestNonsense:
    @pytest.mark.parametrize(
        ("answer", "text"),
        [
            (lambda query, _: b"hello", "no answer but to other questions: 'hello'"),
            (lambda query, _: [b"hello"] * 200, "nothing but answers to other questions: 'hello'"),
            (lambda query, _: query.to_wire()[:2] + b"hello", "not a DNS answer ("),
            (lambda query, _: query.to_wire(), "an answer to another question: "),
            (
                lambda query, _: zone(SHOP)(other(query), "udp"),
                "an answer to another question: ",
            ),
        ],
    )
    async def test_what_is_no_answer_is_unknown_and_quoted(self, answer, text):
        outcome = await ask(answer, timeout_s=0.3)
        assert outcome.level is Level.UNKNOWN
        assert outcome.text.startswith(text)

    async def test_an_answer_that_is_cut_off_over_tcp_is_unknown(self):
        def answer(query, over):
            whole = zone(SHOP, truncated=["udp"])(query, over)
            return whole[:20] if over == "tcp" else whole

        outcome = await ask(answer)
        assert outcome.level is Level.UNKNOWN
        assert outcome.text.startswith("over TCP, the answer was cut off: ")

    async def test_a_name_that_turns_in_a_circle_is_unknown(self):
        circle = zone("shop.example. CNAME a.example.", "a.example. CNAME shop.example.")
        outcome = await ask(circle)
        assert outcome.level is Level.UNKNOWN
        assert outcome.text.startswith("shop.example: an answer that leads nowhere: ")


def other(query):
    return dns.message.make_query("other.example", "A", id=query.id)


class TestTheServerOfThisMachine:
    @pytest.fixture
    def asked(self, monkeypatch, tmp_path):
        """Ask through /etc/resolv.conf of a machine whose name server answers as given."""
        file = tmp_path / "resolv.conf"
        file.write_text("# ours\nsearch example\nnameserver\nnameserver 127.0.0.1\nnameserver 192.0.2.1\n")
        monkeypatch.setattr(kind, "RESOLV_CONF", file)

        async def ask_it(answer, **options):
            return await ask(answer, target=Target("shop.example", "192.0.2.9"), server="system", **options)

        return ask_it

    async def test_it_is_asked(self, asked):
        assert (await asked(zone(SHOP))).level is Level.OK

    async def test_a_name_that_does_not_exist_is_the_name_s_fault(self, asked):
        assert (await asked(zone(code="NXDOMAIN"))).level is Level.CRITICAL

    async def test_what_it_fails_for_while_it_knows_the_root_is_the_name_s_fault(self, asked):
        def answer(query, over):
            at_root = query.question[0].name.to_text() == "."
            return (
                zone(". NS a.root-servers.net.")(query, over)
                if at_root
                else zone(code="SERVFAIL")(query, over)
            )

        outcome = await asked(answer)
        assert (outcome.level, outcome.text) == (
            Level.CRITICAL,
            "shop.example: the server failed (SERVFAIL)",
        )

    @pytest.mark.parametrize("code", ["SERVFAIL", "REFUSED"])
    async def test_one_that_fails_for_everything_is_our_fault(self, asked, code):
        outcome = await asked(zone(code=code))
        assert (outcome.level, outcome.text) == (
            Level.INCONCLUSIVE,
            f"our resolver 127.0.0.1 knows nothing, not even the root ({code})",
        )

    async def test_its_silence_and_its_nonsense_are_our_fault(self, asked):
        assert (await asked(lambda *_: None, timeout_s=0.2)).level is Level.INCONCLUSIVE
        assert (await asked(lambda query, _: b"hello", timeout_s=0.2)).level is Level.INCONCLUSIVE

    async def test_a_machine_without_a_name_server_says_so(self, monkeypatch, tmp_path):
        monkeypatch.setattr(kind, "RESOLV_CONF", tmp_path / "none")
        outcome = await kind.probe(HERE, DnsOptions(name="shop.example", server="system"))
        assert (outcome.level, outcome.text) == (Level.INCONCLUSIVE, f"{tmp_path / 'none'} names no server")


@pytest.mark.parametrize(
    ("record", "lines"),
    [
        ("A", ["shop.example. CNAME a.example.", "a.example. A 192.0.2.3"]),
        ("AAAA", ["shop.example. AAAA 2001:db8::1"]),
        ("MX", ["shop.example. MX 10 m.example."]),
        ("TXT", ['shop.example. TXT "abc" "def"']),
        ("SOA", ["shop.example. SOA ns1.example. root.example. 7 3600 600 86400 300"]),
    ],
)
def test_an_answer_with_any_byte_changed_is_judged_or_quoted(record, lines):
    question = Question(dns.message.make_query("shop.example", record))
    options, judged = DnsOptions(name="shop.example", record=record), 0
    for raw in changed_everywhere(zone(*lines)(question.query, "udp")):
        with contextlib.suppress(NonsenseError):
            assert kind.judge(question._read(raw), options, 0.1).text.isprintable()
            judged += 1
    assert judged


def test_what_a_library_says_in_lines_is_said_in_one():
    question = Question(dns.message.make_query("shop.example", "A"))
    raw = zone("shop.example. A 192.0.2.1")(question.query, "udp")
    at_type = raw.index(b"\xc0\x0c") + 3
    with pytest.raises(NonsenseError) as caught:
        question._read(raw[:at_type] + b"\x29" + raw[at_type + 1 :])  # OPT, where it has no place
    assert str(caught.value).startswith("not a DNS answer (An OPT record occurred somewhere other than the ")
    assert str(caught.value).isprintable()


@settings(max_examples=30)
@given(
    st.binary(max_size=200),
    st.sampled_from([0, 2, 4, 12, 30, 46]),
    st.sampled_from(["udp", "tcp"]),
)
async def test_whatever_comes_is_judged_and_only_the_answer_is_ok(tail, kept, over_which):
    def answer(query, over):
        if over != over_which:
            return zone(truncated=["udp"])(query, over)
        whole = zone(SHOP)(query, "udp")
        return framed(whole[:kept] + tail, over)

    outcome = await ask(answer, timeout_s=0.1)
    assert outcome.level in (Level.OK, Level.UNKNOWN, Level.CRITICAL)
    assert outcome.text.isprintable()
    # The header alone says that nothing was found; then there is an answer, and it is another.
    assert outcome.level is not Level.OK or kept == 46
