"""Who may sign, consent and claim, by date and scope; what ends with a leaver (X.4)."""

from datetime import timedelta

import pytest

from astreinte.records.accounts import actors, inviting, mandates, people, tokens
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.mandates import Scope
from astreinte.records.accounts.models import Mandate, Person, Role
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.journal import sealing, verifying
from astreinte.records.journal.models import Entry
from tests.builders import SETUP, Cast, a_person, acting, paris

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")
HOUR = timedelta(hours=1)


def given(cast: Cast, verb: str = "consent", scope: Scope = mandates.EVERYTHING, **how: object) -> Mandate:
    """A mandate of Bob's, from noon on."""
    said = {"from_at": NOON, "at": NOON, "actor": acting(cast.house.sofia, NOON)} | how
    return mandates.give(cast.bob, client=cast.kermor, verb=verb, scope=scope, **said)  # type: ignore[arg-type]  # keywords of a test


def test_a_signatory_may_sign_consent_and_claim_from_the_date_of_the_role(cast):
    yann = a_person(cast.house, "Yann Kermor", client=cast.kermor, role="signatory", at=NOON)
    for verb in ("sign", "consent", "claim"):
        assert mandates.holds(yann.pk, cast.kermor.pk, verb, NOON)
        assert not mandates.holds(yann.pk, cast.kermor.pk, verb, NOON - HOUR)
        assert not mandates.holds(yann.pk, cast.halles.pk, verb, NOON), "another client"


def test_any_other_role_decides_nothing_without_a_mandate(cast):
    assert not mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON)
    given(cast, "consent")
    assert mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON)
    assert not mandates.holds(cast.bob.pk, cast.kermor.pk, "sign", NOON), "a mandate is one verb"


@pytest.mark.parametrize(
    ("line", "server", "held"),
    [
        pytest.param(None, 7, True, id="its server"),
        pytest.param(None, 8, False, id="another server"),
        pytest.param(3, 8, True, id="any server under its order line"),
        pytest.param(4, None, False, id="another order line"),
        pytest.param(None, None, False, id="the client as a whole"),
    ],
)
def test_a_mandate_of_some_things_is_none_for_others(cast, line, server, held):
    given(cast, scope=Scope(line_ids=frozenset({3}), server_ids=frozenset({7})))
    found = mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON, line_id=line, server_id=server)
    assert found is held


def test_x_4_what_was_held_then_is_held_then_though_it_ended_since(cast):
    row = given(cast)
    mandates.end(row, until_at=NOON + HOUR, at=NOON + HOUR, actor=acting(cast.house.sofia, NOON))
    assert mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON)
    assert not mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON + HOUR)


def test_a_mandate_that_ended_yesterday_is_refused_with_its_end_and_the_way_out(cast):
    row = given(cast)
    mandates.end(row, until_at=NOON + HOUR, at=NOON, actor=SETUP)
    with pytest.raises(NotAllowed) as refused:
        mandates.require(cast.bob.pk, cast.kermor.pk, "consent", NOON + timedelta(days=1))
    assert str(refused.value) == (
        "mandate: bob@kermor.example holds no mandate to consent for this; mandate 1 ended at"
        " 2026-11-23T12:00:00+00:00; ask somebody who holds one, or have one given (astreinte mandate add)"
    )


def test_the_provider_s_own_staff_never_decides_for_a_client(cast):
    with pytest.raises(AccountError, match="works for the provider, which decides nothing for its client"):
        mandates.give(cast.house.hugo, client=cast.kermor, verb="sign", from_at=NOON, at=NOON, actor=SETUP)
    with pytest.raises(AccountError, match=r"role: hugo@estran.example is of the provider's staff; end that"):
        people.give_role(
            cast.house.hugo, role="signatory", client=cast.kermor, from_at=NOON, at=NOON, actor=SETUP
        )


def test_a_role_on_both_sides_that_an_older_version_gave_decides_nothing(cast):
    hugo = cast.house.hugo
    Role.objects.create(
        provider=cast.house.provider, client=cast.kermor, person=hugo, role="signatory", from_at=NOON
    )
    assert not mandates.holds(hugo.pk, cast.kermor.pk, "sign", NOON)
    assert mandates.in_force(cast.kermor, NOON) == []


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param({"verb": "approve"}, "mandate.verb: 'approve': write one of sign", id="no such verb"),
        pytest.param({"from_at": NOON - HOUR}, "is past, and nobody consents backwards", id="back-dated"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused(cast, how, message):
    with pytest.raises(AccountError, match=message):
        given(cast, **how)
    assert not Mandate.objects.exists()


def test_the_same_mandate_is_not_given_twice(cast):
    given(cast)
    with pytest.raises(AccountError, match="holds this already, as mandate 1; end that one first"):
        given(cast)
    given(cast, scope=Scope(server_ids=frozenset({cast.web1.pk})))


def test_nobody_gives_a_mandate_but_a_manager_and_never_to_oneself(cast):
    for who in (cast.house.hugo, cast.alice, cast.victor):
        with pytest.raises(NotAllowed):
            given(cast, actor=acting(who, NOON))
    with pytest.raises(NotAllowed, match="cannot give a mandate to themselves"):
        given(
            cast,
            actor=actors.Actor(
                "person", "1", cast.kermor.provider_id, None, frozenset({"admin"}), "", cast.bob.pk
            ),
        )


def test_who_may_do_what_names_the_role_s_own_mandates_and_those_given(cast):
    yann = a_person(cast.house, "Yann Kermor", client=cast.kermor, role="signatory", at=NOON)
    row = given(cast, scope=Scope(server_ids=frozenset({cast.web1.pk})))
    found = mandates.in_force(cast.kermor, NOON, "consent")
    assert [(one.person, one.mandate) for one in found] == [(yann, None), (cast.bob, row)]
    assert mandates.holders(cast.kermor.pk, "consent", NOON, line_id=None, server_ids=[cast.web1.pk]) == [
        cast.bob,
        yann,
    ]
    assert mandates.holders(cast.kermor.pk, "consent", NOON, line_id=None) == [yann]


def test_x_4_with_the_last_role_sessions_tokens_invitations_and_mandates_end(cast):
    given(cast)
    _, text = tokens.issue(cast.bob, name="ci", at=NOON, actor=acting(cast.bob, NOON))
    link = inviting.invite(cast.bob, at=NOON, actor=SETUP)
    cast.bob.set_password("the sea was calm that morning")
    cast.bob.save()
    session = cast.bob.get_session_auth_hash()
    people.end_role(Role.objects.get(person=cast.bob), at=NOON + HOUR, actor=acting(cast.house.sofia, NOON))
    gone, later = Person.objects.get(pk=cast.bob.pk), NOON + 2 * HOUR
    assert not gone.is_active
    assert gone.get_session_auth_hash() != session, "every session carries the old digest"
    assert actors.of_token(text, later) == actors.NOBODY
    assert inviting.open_at(link, later) is None
    assert not mandates.holds(gone.pk, cast.kermor.pk, "consent", later)
    assert mandates.holds(gone.pk, cast.kermor.pk, "consent", NOON), "what was done then stays"


def test_x_4_nothing_old_opens_again_for_somebody_who_comes_back(cast):
    given(cast)
    _, text = tokens.issue(cast.bob, name="ci", at=NOON, actor=acting(cast.bob, NOON))
    link = inviting.invite(cast.bob, at=NOON, actor=SETUP)
    people.end(cast.bob, at=NOON + HOUR, actor=acting(cast.house.ada, NOON))
    back = NOON + 2 * HOUR
    people.give_role(cast.bob, role="reader", client=cast.kermor, from_at=back, at=back, actor=SETUP)
    again = Person.objects.get(pk=cast.bob.pk)
    assert again.is_active
    assert not again.has_usable_password()
    assert actors.of_token(text, back) == actors.NOBODY
    assert inviting.open_at(link, back) is None
    assert not mandates.holds(again.pk, cast.kermor.pk, "consent", back)


def test_x_4_a_mandate_whose_end_was_still_to_come_ends_with_the_leaving(cast):
    row = given(cast)
    mandates.end(row, until_at=NOON + 100 * HOUR, at=NOON, actor=SETUP)
    people.end(cast.bob, at=NOON + HOUR, actor=acting(cast.house.ada, NOON))
    back = NOON + 2 * HOUR
    people.give_role(cast.bob, role="reader", client=cast.kermor, from_at=back, at=back, actor=SETUP)
    assert not mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", back)
    assert mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON), "what was held then stays"
    sealing.seal(back)
    assert verifying.verify() == []


def test_one_role_of_two_that_ends_takes_nothing_else_with_it(cast):
    given(cast)
    people.give_role(cast.bob, role="billing", client=cast.kermor, from_at=NOON, at=NOON, actor=SETUP)
    people.end_role(Role.objects.get(person=cast.bob, role="billing"), at=NOON + HOUR, actor=SETUP)
    assert Person.objects.get(pk=cast.bob.pk).is_active
    assert mandates.holds(cast.bob.pk, cast.kermor.pk, "consent", NOON + HOUR)


def test_nobody_makes_oneself_leave(cast):
    with pytest.raises(AccountError, match="cannot leave by themselves"):
        people.end(cast.house.ada, at=NOON, actor=acting(cast.house.ada, NOON))
    with pytest.raises(NotAllowed):
        people.end(cast.bob, at=NOON, actor=acting(cast.house.hugo, NOON))


def test_mandates_and_a_departure_stand_in_the_journal_and_verify(cast):
    given(cast, given_by="Yann Kermor, gérant")
    people.end(cast.bob, at=NOON + HOUR, actor=acting(cast.house.ada, NOON))
    kinds = list(Entry.objects.order_by("-id").values_list("kind", flat=True)[:4])
    assert kinds == [
        "accounts.PersonLeft",
        "accounts.MandateEnded",
        "accounts.RoleEnded",
        "accounts.MandateGiven",
    ]
    assert not Entry.objects.filter(body__contains="gérant").exists(), (
        "a name stands in the words, which can be erased"
    )
    sealing.seal(NOON + HOUR)
    assert verifying.verify() == []
