"""Options are read with clear errors: the option, the value, and the way out."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.bus.ports import Assignment
from astreinte.engine.probes.http import HttpOptions
from astreinte.engine.probes.kinds import KINDS, kind_of, read_options
from astreinte.engine.probes.options import OptionError
from astreinte.engine.probes.tcp import TcpOptions


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("ping", {}, f"kind: 'ping' is not known; there are {', '.join(KINDS)}"),
        ("tcp", {}, "port: missing; the port that must accept a connection"),
        ("tcp", {"port": "22"}, "port: a whole number, not '22'"),
        ("tcp", {"port": True}, "port: a whole number, not True"),
        ("tcp", {"port": 0}, "port: from 1 to 65535, not 0"),
        ("tcp", {"port": 22, "prot": 1}, "prot: no such option; there are timeout_s, family, port"),
        (
            "tcp",
            {"port": 22, "timeout_s": 0},
            "timeout_s: more than 0 and at most 60 seconds, not 0",
        ),
        ("tcp", {"port": 22, "timeout_s": float("nan")}, "timeout_s: a number, not nan"),
        ("tcp", {"port": 22, "timeout_s": float("inf")}, "timeout_s: a number, not inf"),
        ("tcp", {"port": 22, "family": "ipx"}, "family: 'ipx' is none of any, ipv4, ipv6"),
        ("http", {"port": "80"}, "port: a whole number or null, not '80'"),
        ("http", {"path": "health"}, "path: starts with / and has neither blanks nor accents, not 'health'"),
        ("http", {"path": "/a b"}, "path: starts with / and has neither blanks nor accents, not '/a b'"),
        (
            "http",
            {"path": "/\r\nX: y"},
            "path: starts with / and has neither blanks nor accents, not '/\\r\\nX: y'",
        ),
        ("http", {"host": "a\r\nX: y"}, "host: a host name, not 'a\\r\\nX: y'"),
        ("http", {"method": "POST"}, "method: 'POST' is none of GET, HEAD"),
        ("http", {"status": "2xx"}, "status: codes such as 200, or ranges such as 200-399, not '2xx'"),
        ("http", {"status": "399-200"}, "status: 399-200 ends before it begins"),
        ("http", {"text": ""}, "text: needs the method GET, and at least one character"),
        ("http", {"ca_file": "/x"}, "ca_file: has a sense only with tls and verify"),
        ("tls", {"name": "a b"}, "name: a host name or an address, not 'a b'"),
        (
            "tls",
            {"warning_days": 2},
            "critical_days: 3 is not between 0 and warning_days: 2",
        ),
        ("tls", {"starttls": "ftp"}, "starttls: 'ftp' is none of none, smtp, imap"),
        ("dns", {}, "name: missing; the name that is asked for"),
        ("dns", {"name": "a..b"}, "name: a host name, not 'a..b' (A DNS label is empty.)"),
        (
            "dns",
            {"name": "a" * 64},
            f"name: a host name, not '{'a' * 64}' (A DNS label is > 63 octets long.)",
        ),
        ("dns", {"name": "a", "record": "a"}, "record: 'a' is none of A, AAAA, CNAME, MX, NS, SOA, TXT"),
        ("dns", {"name": "a", "exactly": True}, "exactly: has a sense only with expect"),
        ("dns", {"name": "a", "server": "ns1"}, "server: target, system or an address, not 'ns1'"),
        ("dns", {"name": "a", "expect": "b"}, "expect: an address, not 'b'"),
        ("dns", {"name": "a", "expect": "192.0.2.1|"}, "expect: a value between two | is missing"),
        ("icmp", {"packets": 2}, "packets: from 3 to 20, not 2"),
        ("icmp", {"timeout_s": 0.1}, "timeout_s: 3 packets take 0.24 s to send, 0.1 is less"),
        (
            "icmp",
            {"warning_loss_percent": 90},
            "warning_loss_percent, critical_loss_percent: above 0, at most 100 and in this order, not 90 and 80",
        ),
        ("icmp", {"warning_rtt_s": 0}, "warning_rtt_s: more than 0 seconds, not 0"),
        (
            "icmp",
            {"warning_rtt_s": 2, "critical_rtt_s": 1},
            "warning_rtt_s: 2 is above critical_rtt_s: 1",
        ),
        ("http", {"verify": 1}, "verify: true or false, not 1"),
        (
            "disk",
            {"warning_used_percent": 95},
            "warning_used_percent: 95 is above critical_used_percent: 90; the warning must come first",
        ),
        (
            "memory",
            {"critical_available_percent": -1},
            "critical_available_percent: cannot be below zero: -1",
        ),
        ("load", {"warning_per_cpu": "4"}, "warning_per_cpu: a number or null, not '4'"),
    ],
)
def test_a_wrong_option_names_itself_its_value_and_what_it_takes(kind, given, message):
    with pytest.raises(OptionError) as error:
        read_options(kind, given)
    assert str(error.value) == message


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["a|b", "200-", "\x00", "%", "/..", "é", "a\r\nb", "0" * 300, "1e9", "::1%"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=1),
)


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_any_definition_is_read_or_refused_by_the_name_of_its_option(name, data):
    known = [*kind_of(name).documented_options(), "prot"]
    said = data.draw(st.dictionaries(st.sampled_from(known), VALUES, max_size=5))
    refusal = ""
    try:
        options = read_options(name, said)
    except OptionError as error:
        refusal = str(error)
    if refusal:
        assert any(refusal.startswith(one) for one in known), refusal
    else:
        assert read_options(name, {one: getattr(options, one) for one in said}) == options


def test_right_options_are_read():
    assert read_options("tcp", {"port": 22, "timeout_s": 2}) == TcpOptions(port=22, timeout_s=2.0)
    assert read_options("http", {"tls": True}) == HttpOptions(tls=True)
    assert HttpOptions(tls=True).port_used == 443
    assert HttpOptions(port=None).port_used == 80


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_what_it_is_and_what_each_option_means(name):
    kind = kind_of(name)
    assert kind.summary
    documented = kind.documented_options()
    assert set(documented) == {one.name for one in dataclasses.fields(kind.schema) if one.init}
    assert all(doc for _, doc in documented.values())


@pytest.mark.parametrize("name", KINDS)
def test_the_pace_of_every_kind_makes_an_assignment(name):
    assert Assignment("1", name, "host", **dataclasses.asdict(kind_of(name).pace))


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_that_remembers_has_a_memory_for_each_check(name):
    kind = kind_of(name)
    first, second = kind.begin(3), kind.begin(3)
    assert (first.probe is not second.probe) is (kind.memory is not None)
