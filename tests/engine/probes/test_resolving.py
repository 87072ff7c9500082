"""Names are resolved as a step of their own: our resolver's failure is never the target's."""

import asyncio
import socket
import threading

import pytest

from astreinte.engine.probes import resolving
from astreinte.engine.probes.resolving import Resolver, ResolvingError
from astreinte.rules.checks.outcome import Level


def failing(error):
    def lookup(host, family):
        raise error

    return lookup


@pytest.mark.parametrize(("host", "address"), [("192.0.2.7", "192.0.2.7"), ("2001:DB8:0::1", "2001:db8::1")])
async def test_an_address_is_not_asked_for(host, address):
    resolver = Resolver(failing(OSError("asked")))
    assert await resolver.address_of(host) == address


async def test_the_system_knows_this_machine():
    assert await Resolver().address_of("localhost", "ipv4") == "127.0.0.1"


@pytest.mark.parametrize(
    ("family", "wanted"), [("any", socket.AF_UNSPEC), ("ipv4", socket.AF_INET), ("ipv6", socket.AF_INET6)]
)
async def test_the_first_ipv4_address_is_taken_and_else_the_first_ipv6(family, wanted):
    asked = []

    def lookup(host, given):
        asked.append((host, given))
        return ["2001:db8::1", "192.0.2.1", "192.0.2.2"]

    assert await Resolver(lookup).address_of("www.example.com", family) == "192.0.2.1"
    assert asked == [("www.example.com", wanted)]


@pytest.mark.parametrize(
    ("error", "level", "text"),
    [
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            Level.CRITICAL,
            "shop.example: no such name, or it has no address",
        ),
        (
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
            Level.INCONCLUSIVE,
            "shop.example: our resolver failed: Temporary failure in name resolution",
        ),
        (
            socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure"),
            Level.INCONCLUSIVE,
            "shop.example: our resolver failed: Non-recoverable failure",
        ),
        (OSError(24, "Too many open files"), Level.INCONCLUSIVE, "shop.example: our resolver failed: "),
        (UnicodeError("label too long"), Level.CRITICAL, "'shop.example': not a host name"),
    ],
)
async def test_a_name_without_an_address_is_the_target_s_fault_and_a_dead_resolver_ours(error, level, text):
    with pytest.raises(ResolvingError) as caught:
        await Resolver(failing(error)).address_of("shop.example")
    assert caught.value.level is level
    assert caught.value.text.startswith(text)


async def test_a_name_that_does_not_exist_is_found_out_by_the_system_itself():
    with pytest.raises(ResolvingError) as caught:
        await Resolver().address_of("no-such-host.invalid")
    assert caught.value.level is Level.CRITICAL


async def test_checks_of_one_host_share_one_question_and_its_answer():
    asked, answer = [], threading.Event()

    def lookup(host, family):
        asked.append(host)
        answer.wait()
        return ["192.0.2.1"]

    resolver = Resolver(lookup)
    together = [asyncio.create_task(resolver.address_of("www.example.com")) for _ in range(3)]
    await asyncio.sleep(0)
    together[0].cancel()
    answer.set()
    assert await asyncio.gather(*together[1:]) == ["192.0.2.1"] * 2
    assert await resolver.address_of("www.example.com") == "192.0.2.1"
    assert asked == ["www.example.com"]
    await asyncio.gather(together[0], return_exceptions=True)


async def test_an_answer_is_asked_again_when_it_is_old(monkeypatch):
    asked = []
    monkeypatch.setattr(resolving, "FRESH_S", 0.0)

    def lookup(host, family):
        asked.append(host)
        return ["192.0.2.1"]

    resolver = Resolver(lookup)
    for _ in range(2):
        await resolver.address_of("www.example.com")
    assert len(asked) == 2


async def test_a_silent_resolver_is_ours_and_holds_up_no_other_name_for_ever(monkeypatch):
    monkeypatch.setattr(resolving, "RESOLVE_WITHIN_S", 0.05)
    never = threading.Event()

    def lookup(host, family):
        if host == "silent.example":
            never.wait()
        return ["192.0.2.1"]

    resolver = Resolver(lookup, threads=2)
    with pytest.raises(ResolvingError) as caught:
        await resolver.address_of("silent.example")
    assert caught.value.level is Level.INCONCLUSIVE
    assert caught.value.text == "silent.example: our resolver gave no answer in 0.05 s"
    monkeypatch.setattr(resolving, "RESOLVE_WITHIN_S", 5.0)
    assert await resolver.address_of("other.example") == "192.0.2.1"
    never.set()
