"""Texts over the API: what may be read, and who accepted it; a draft and another client's contract are not there."""

import pytest

from astreinte.records.accounts import mandates
from astreinte.records.contracts import accepting, signing
from tests.builders import BEGINNING, SETUP, acting
from tests.records.contracts.texts import SALE, a_text, a_version, published


@pytest.fixture
def accepted(cast, hand):
    mandates.give(cast.alice, client=cast.kermor, verb="sign", from_at=BEGINNING, at=BEGINNING, actor=SETUP)
    version = published(cast.house)
    at = hand.instant
    read = {
        one.public_id: signing.show(one, cast.house.brand).hashes
        for one in accepting.offered(cast.kermor, at)
    }
    signing.accept(cast.kermor, read=read, brand=cast.house.brand, at=at, actor=acting(cast.alice, at))
    return version


def test_a_client_reads_what_is_published_and_its_own_acceptances(cast, accepted, alice, charlie):
    a_version(cast.house, kind="general_sale", name=SALE)
    draft = a_version(cast.house, cap="50 %")
    found = alice.get("/texts").json()["items"]
    assert [(one["name"], one["status"], one["accepted"]) for one in found] == [
        (accepted.document.name, "published", True)
    ]
    assert alice.get(f"/texts/{draft.public_id}").status_code == 404
    whole = alice.get(f"/texts/{accepted.public_id}").json()
    assert whole["text"].encode() == a_text()
    assert [(one["person"], one["how"]) for one in whole["acceptances"]] == [("Alice Caradec", "portal")]
    assert whole["acceptances"][0]["source_sha256"] == accepted.sha256
    of_a_stranger = charlie.get(f"/texts/{accepted.public_id}").json()
    assert (of_a_stranger["accepted"], of_a_stranger["acceptances"]) == (False, [])


def test_the_staff_sees_drafts_and_every_acceptance(cast, accepted, hugo):
    a_version(cast.house, kind="general_sale", name=SALE)
    assert {one["status"] for one in hugo.get("/texts").json()["items"]} == {"draft", "published"}
    assert len(hugo.get(f"/texts/{accepted.public_id}").json()["acceptances"]) == 1


def test_the_specific_contract_of_another_client_is_not_there(cast, charlie):
    own = published(cast.house, kind="specific", name="Contrat Kermor", client=cast.kermor)
    assert charlie.get(f"/texts/{own.public_id}").status_code == 404
    assert charlie.get("/texts").json()["items"] == []
