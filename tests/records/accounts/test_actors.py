"""Who may see and do what, at an instant (X.3, X.4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from astreinte.records.accounts import actors, inviting, people, tokens
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.models import Client, Person, Role
from astreinte.records.accounts.permissions import NotAllowed, may
from astreinte.records.inventory.models import Server
from astreinte.records.tickets.models import Ticket
from tests.builders import SETUP, a_person, a_ticket, acting, paris, the_cast

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")


def test_x_3_a_client_sees_its_own_rows_and_nobody_else_s():
    cast = the_cast()
    ours, theirs = a_ticket(cast.web1, NOON), a_ticket(cast.app2, NOON)
    alice, charlie = acting(cast.alice, NOON), acting(cast.charlie, NOON)
    assert set(Ticket.objects.visible_to(alice)) == {ours}
    assert set(Ticket.objects.visible_to(charlie)) == {theirs}
    assert set(Server.objects.visible_to(acting(cast.bob, NOON))) == {cast.web1}
    assert set(Client.objects.visible_to(alice)) == {cast.kermor}
    assert set(Person.objects.visible_to(alice)) == {cast.alice, cast.bob}


def test_x_3_the_staff_of_a_provider_never_sees_another_provider_s_rows():
    cast = the_cast()
    a_ticket(cast.web1, NOON)
    victor, hugo = acting(cast.victor, NOON), acting(cast.house.hugo, NOON)
    assert not Ticket.objects.visible_to(victor).exists()
    assert not Server.objects.visible_to(victor).exists()
    assert Server.objects.visible_to(hugo).count() == 2
    with pytest.raises(NotAllowed, match="belongs to another provider"):
        may(victor, "inventory.change", cast.web1)


def test_nobody_sees_nothing():
    cast = the_cast()
    a_ticket(cast.web1, NOON)
    for stranger in (actors.NOBODY, actors.of_token("not a token", NOON), actors.of_os("mallory", NOON)):
        assert not Ticket.objects.visible_to(stranger).exists()
        with pytest.raises(NotAllowed):
            may(stranger, "tickets.declare", cast.kermor)


def test_x_4_a_mandate_that_ended_opens_nothing_from_that_instant_on():
    cast = the_cast()
    role = Role.objects.get(person=cast.alice)
    people.end_role(role, at=NOON, actor=acting(cast.house.sofia, NOON))
    assert acting(cast.alice, NOON - timedelta(seconds=1)).is_client
    gone = acting(cast.alice, NOON)
    assert (gone.is_client, gone.provider_id) == (False, None)


def test_x_4_a_token_falls_with_the_mandate_of_its_person():
    cast = the_cast()
    token, text = tokens.issue(cast.alice, name="ci", at=NOON, actor=acting(cast.alice, NOON))
    assert actors.of_token(text, NOON).client_id == cast.kermor.pk
    assert text not in token.digest
    people.end_role(Role.objects.get(person=cast.alice), at=NOON + timedelta(hours=1), actor=SETUP)
    assert actors.of_token(text, NOON + timedelta(hours=2)) == actors.NOBODY


def test_a_token_that_was_ended_opens_nothing():
    cast = the_cast()
    token, text = tokens.issue(cast.alice, name="ci", at=NOON, actor=acting(cast.alice, NOON))
    tokens.end(token, at=NOON + timedelta(hours=1), actor=acting(cast.alice, NOON))
    assert actors.of_token(text, NOON + timedelta(hours=1)) == actors.NOBODY


def test_the_person_linked_to_the_os_user_acts_at_the_command_line():
    cast = the_cast()
    people.change(cast.house.hugo, os_user="hugo", at=NOON, actor=SETUP)
    assert str(actors.of_os("hugo", NOON)) == f"person:{cast.house.hugo.pk}"
    assert str(actors.of_os("root", NOON, provider_id=cast.house.provider.pk, owner=True)) == "os:root"
    assert actors.of_os("root", NOON, owner=True).provider_id is None  # two providers: say which


def test_an_invitation_works_once_for_a_day_and_refuses_a_weak_password():
    cast = the_cast()
    link = inviting.invite(cast.bob, at=NOON, actor=acting(cast.house.sofia, NOON))
    assert inviting.open_at(link, NOON + timedelta(hours=23)).person == cast.bob
    assert inviting.open_at(link, NOON + timedelta(hours=24)) is None
    with pytest.raises(ValidationError):
        inviting.accept(link, password="azerty", at=NOON)
    person = inviting.accept(link, password="trois petits chats gris", at=NOON)
    assert person.check_password("trois petits chats gris")
    with pytest.raises(AccountError, match="was used or is too old; ask for a new one"):
        inviting.accept(link, password="une autre phrase longue", at=NOON)


def test_who_manages_cannot_get_in_as_an_administrator_by_inviting_one():
    cast = the_cast()
    with pytest.raises(NotAllowed):
        inviting.invite(cast.house.ada, at=NOON, actor=acting(cast.house.sofia, NOON))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param(
            {"email": "alice"},
            "person.email: 'alice' is no address; write it like ines@kermor.example",
            id="address",
        ),
        pytest.param(
            {"role": "boss"},
            "role: 'boss': write one of billing, reader, signatory, technical",
            id="role",
        ),
        pytest.param({"language": "de"}, "person.language: 'de': write fr or en-gb", id="language"),
    ],
)
def test_a_person_that_cannot_be_is_refused_with_place_value_and_way_out(how, message):
    cast = the_cast()
    asked = {"email": "new@kermor.example", "name": "New", "role": "technical", **how}
    with pytest.raises(AccountError) as refused:
        people.add_person(cast.house.provider, client=cast.kermor, at=NOON, actor=SETUP, **asked)
    assert str(refused.value) == message
    assert not Person.objects.filter(email="new@kermor.example").exists()


def test_nobody_gives_a_role_for_another_provider_s_client():
    cast = the_cast()
    stranger = a_person(cast.other_house, "Odile Roux", role="manager", email="odile@ressac.example")
    with pytest.raises(NotAllowed):
        people.give_role(
            cast.alice,
            role="billing",
            client=cast.kermor,
            from_at=NOON,
            at=NOON,
            actor=acting(stranger, NOON),
        )
    with pytest.raises(AccountError, match="is a client of another provider"):
        people.give_role(cast.victor, role="billing", client=cast.kermor, from_at=NOON, at=NOON, actor=SETUP)
