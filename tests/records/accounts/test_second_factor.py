"""Of whom a second factor is wanted, from when; what was changed is written down (X.4)."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from astreinte.records.accounts import mandates, people, second_factor
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.permissions import NotAllowed
from tests.builders import SETUP, acting, paris

pytestmark = pytest.mark.django_db
NOON = paris("2026-11-23 12:00")
LATER = NOON + timedelta(hours=1)


def test_a_second_factor_is_offered_until_the_provider_requires_it(cast):
    ada, hugo = acting(cast.house.ada, NOON), acting(cast.house.hugo, NOON)
    assert second_factor.policy(cast.house.provider.pk, NOON) == "offered"
    assert not second_factor.is_required(ada, NOON)
    second_factor.set_policy(cast.house.provider, policy="required", at=LATER, actor=ada)
    assert second_factor.is_required(ada, LATER)
    assert not second_factor.is_required(ada, NOON), "not before it was said"
    assert not second_factor.is_required(hugo, LATER), "an engineer administers nothing"
    assert not second_factor.is_required(acting(cast.victor, LATER), LATER), "another provider"


def test_it_is_required_of_who_signs_or_consents_for_a_client(cast):
    second_factor.set_policy(cast.house.provider, policy="required", at=NOON, actor=SETUP)
    bob = acting(cast.bob, NOON)
    assert not second_factor.is_required(bob, NOON)
    mandates.give(cast.bob, client=cast.kermor, verb="claim", from_at=NOON, at=NOON, actor=SETUP)
    assert not second_factor.is_required(bob, NOON), "a claim binds nobody"
    mandates.give(cast.bob, client=cast.kermor, verb="sign", from_at=NOON, at=NOON, actor=SETUP)
    assert second_factor.is_required(bob, NOON)


def test_only_an_administrator_says_so_and_nobody_twice(cast):
    provider = cast.house.provider
    for who in (cast.house.sofia, cast.alice, cast.victor):
        with pytest.raises(NotAllowed):
            second_factor.set_policy(provider, policy="required", at=NOON, actor=acting(who, NOON))
    with pytest.raises(AccountError, match="second_factor: 'always': write one of offered, required"):
        second_factor.set_policy(provider, policy="always", at=NOON, actor=SETUP)
    second_factor.set_policy(provider, policy="required", at=NOON, actor=SETUP)
    with pytest.raises(AccountError, match="second_factor: is required already"):
        second_factor.set_policy(provider, policy="required", at=LATER, actor=SETUP)


def test_a_lost_device_is_reset_by_another_administrator(cast):
    TOTP.activate(cast.house.hugo, generate_totp_secret())
    ada = acting(cast.house.ada, NOON)
    with pytest.raises(NotAllowed):
        second_factor.reset(cast.house.hugo, at=NOON, actor=acting(cast.house.sofia, NOON))
    with pytest.raises(AccountError, match="removed on your own page, or by another administrator"):
        second_factor.reset(cast.house.ada, at=NOON, actor=ada)
    second_factor.reset(cast.house.hugo, at=NOON, actor=ada)
    assert not Authenticator.objects.filter(user=cast.house.hugo).exists()
    with pytest.raises(AccountError, match=r"hugo@estran\.example has none"):
        second_factor.reset(cast.house.hugo, at=NOON, actor=ada)


def test_x_4_a_leaver_leaves_no_passkey_behind(cast):
    TOTP.activate(cast.bob, generate_totp_secret())
    people.end(cast.bob, at=NOON, actor=acting(cast.house.ada, NOON))
    assert not Authenticator.objects.filter(user=cast.bob).exists()
