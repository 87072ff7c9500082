"""A1.5: a client accepts all its texts, as they were shown, by a person with a mandate; anything else is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from astreinte.records.accounts import branding, mandates
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.contracts import accepting, documents, inviting, signing
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.models import Acceptance
from astreinte.records.contracts.signing import ReadAgainError, Where
from astreinte.records.evidence import keeping
from astreinte.records.journal import verifying
from astreinte.records.notices.models import Notice
from tests.builders import BEGINNING, SETUP, acting, paris, time_passes
from tests.records.contracts.texts import SALE, SERVICE, a_second_brand, a_text, both_texts, published

pytestmark = pytest.mark.django_db
NOW = paris("2026-11-23 11:00")
TOMORROW = date(2026, 11, 24)
PDF = b"%PDF-1.7 signed"


@pytest.fixture
def signatory(cast):
    mandates.give(cast.alice, client=cast.kermor, verb="sign", from_at=BEGINNING, at=BEGINNING, actor=SETUP)
    return cast.alice


def shown(cast, at=NOW, brand=None):
    brand = brand or cast.house.brand
    versions = accepting.offered(cast.kermor, at)
    return {one.public_id: signing.show(one, brand).hashes for one in versions}


def accept(cast, read, at=NOW, by=None, **how):
    actor = acting(by or cast.alice, at)
    return signing.accept(
        cast.kermor, read=read, brand=how.pop("brand", cast.house.brand), at=at, actor=actor, **how
    )


def test_a_client_accepts_all_its_texts_by_one_act_that_says_who_when_what_and_from_where(cast, signatory):
    special, sale = both_texts(cast.house)
    where = Where(address="192.0.2.7", browser="Firefox", zone="Europe/Paris")
    rows = accept(cast, shown(cast), where=where)
    assert [row.version for row in rows] == [special, sale]
    assert len({row.act for row in rows}) == 1
    row = rows[0]
    assert (row.person, row.at, row.how, row.by) == (signatory, NOW, "portal", f"person:{signatory.pk}")
    assert (row.from_address, row.user_agent, row.brand_name) == ("192.0.2.7", "Firefox", "Estran")
    assert row.source_sha256 == special.sha256
    page = keeping.read(row.rendered).decode()
    assert row.rendered_sha256 == documents.digest(page.encode())
    assert "Estran surveille les serveurs" in page
    assert "{{" not in page
    assert (accepting.offered(cast.kermor, NOW), accepting.missing(cast.kermor, NOW)) == ([], [])
    assert [one.rank for one in accepting.governing(cast.kermor, NOW)] == [1, 2]
    assert verifying.verify() == []


def test_a1_5_one_byte_changed_between_display_and_click_asks_to_read_again(cast, signatory):
    both_texts(cast.house)
    read = shown(cast)
    published(
        cast.house,
        kind="general_sale",
        name=SALE,
        content=a_text("general_sale", SALE) + b".",
        on=date(2026, 11, 23),
        at=NOW,
    )
    with pytest.raises(ReadAgainError, match="read"):
        accept(cast, read)
    assert not Acceptance.objects.exists()
    accept(cast, shown(cast))


def test_a_name_that_changed_between_display_and_click_asks_to_read_again(cast, signatory):
    both_texts(cast.house)
    read = shown(cast)
    branding.change(cast.house.brand, name="Estran & Cie", at=NOW, actor=SETUP)
    with pytest.raises(ReadAgainError, match="has changed since it was shown"):
        accept(cast, read)


def test_what_was_shown_under_one_brand_is_not_accepted_under_another(cast, signatory):
    both_texts(cast.house)
    other = a_second_brand(cast.house)
    with pytest.raises(ReadAgainError):
        accept(cast, shown(cast), brand=other)
    page = keeping.read(accept(cast, shown(cast, brand=other), brand=other)[0].rendered).decode()
    assert "Marée basse surveille" in page
    assert "Estran" not in page
    with pytest.raises(DocumentError, match="another provider"):
        signing.show(accepting.governing(cast.kermor, NOW)[0].version, cast.other_house.brand)


def test_nothing_is_accepted_in_part(cast, signatory):
    both_texts(cast.house)
    read = shown(cast)
    for left_out in read:
        part = {key: value for key, value in read.items() if key != left_out}
        with pytest.raises(ReadAgainError, match="accepted together"):
            accept(cast, part)
    with pytest.raises(ReadAgainError, match="not offered any more"):
        accept(cast, read | {"x" * 16: "y z"})


def test_an_old_form_is_not_accepted_twice(cast, signatory):
    both_texts(cast.house)
    read = shown(cast)
    accept(cast, read)
    with pytest.raises(DocumentError, match="has accepted everything that is published"):
        accept(cast, read)
    second = published(cast.house, cap="50 %", on=TOMORROW, at=NOW)
    with pytest.raises(ReadAgainError):
        accept(cast, read)
    assert [row.version for row in accept(cast, shown(cast))] == [second]
    row = Acceptance.objects.first()
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("who", ["bob", "sofia", "charlie"])
def test_nobody_accepts_without_a_mandate_of_this_client(cast, signatory, who):
    both_texts(cast.house)
    person = {"bob": cast.bob, "sofia": cast.house.sofia, "charlie": cast.charlie}[who]
    with pytest.raises(NotAllowed, match=r"no mandate to sign|only a person of Maison Kermor"):
        accept(cast, shown(cast), by=person)


def test_a_mandate_that_ended_yesterday_signs_nothing_and_what_was_signed_stays(cast, signatory):
    both_texts(cast.house)
    accept(cast, shown(cast))
    mandate = mandates.in_force(cast.kermor, NOW, "sign")[0].mandate
    assert mandate is not None
    mandates.end(mandate, until_at=NOW + timedelta(hours=1), at=NOW, actor=SETUP)
    published(cast.house, cap="50 %", on=TOMORROW, at=NOW)
    later = NOW + timedelta(days=1)
    with pytest.raises(NotAllowed, match="ended at"):
        accept(cast, shown(cast, later), at=later)
    assert len(accepting.governing(cast.kermor, later)) == 2


def test_the_old_version_governs_until_the_new_one_is_accepted(cast, signatory):
    first, sale = both_texts(cast.house)
    accept(cast, shown(cast))
    second = published(cast.house, cap="50 %", on=TOMORROW, at=NOW)
    day_after = NOW + timedelta(days=2)
    of = lambda at: [one.version for one in accepting.governing(cast.kermor, at)]  # noqa: E731  (one line, three uses)
    assert of(day_after) == [first, sale]
    accept(cast, shown(cast, day_after), at=day_after)
    assert of(day_after) == [second, sale]
    assert of(NOW) == of(day_after - timedelta(seconds=1)) == [first, sale]


def test_a_text_accepted_before_its_day_governs_from_that_day(cast, signatory):
    second = published(cast.house, on=TOMORROW, at=NOW)
    accept(cast, shown(cast))
    assert accepting.governing(cast.kermor, paris("2026-11-23 23:59")) == []
    assert accepting.governing(cast.kermor, paris("2026-11-24 00:00"))[0].version == second


def test_a_brand_that_changes_its_name_later_leaves_what_was_accepted_as_it_was(cast, signatory):
    both_texts(cast.house)
    row = accept(cast, shown(cast))[0]
    branding.change(cast.house.brand, name="Nouveau nom", at=NOW, actor=SETUP)
    row.refresh_from_db()
    assert (row.brand_name, "Estran surveille" in keeping.read(row.rendered).decode()) == ("Estran", True)


def test_no_statement_changes_what_was_accepted(cast, signatory):
    both_texts(cast.house)
    accept(cast, shown(cast))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE contracts_acceptance SET brand_name = 'autre'")


def signed(cast, versions, **how):
    asked = {
        "person": cast.alice,
        "paper": PDF,
        "paper_name": "signé.pdf",
        "signed_at": NOW,
        "brand": cast.house.brand,
    }
    return signing.record_signed(
        cast.kermor, versions=versions, at=NOW, actor=acting(cast.house.sofia, NOW), **(asked | how)
    )


def test_the_staff_records_a_signed_paper_and_keeps_it(cast, signatory):
    special, _ = both_texts(cast.house)
    row = signed(cast, [special], signed_at=paris("2026-03-01 10:00"))[0]
    assert (row.how, row.at, row.recorded_at) == ("signed_pdf", paris("2026-03-01 10:00"), NOW)
    assert (row.person, row.by) == (cast.alice, f"person:{cast.house.sofia.pk}")
    assert keeping.read(row.paper) == PDF
    assert accepting.governing(cast.kermor, paris("2026-02-28 10:00")) == []
    assert [one.kind for one in accepting.missing(cast.kermor, NOW)] == ["general_sale"]


def test_a_signed_paper_governs_from_when_it_is_written_down(cast, signatory):
    special, _ = both_texts(cast.house)
    signed(cast, [special], signed_at=NOW - timedelta(days=1))
    instants = (NOW - timedelta(hours=1), NOW - timedelta(seconds=1), NOW)
    found = [[one.version for one in accepting.governing(cast.kermor, at)] for at in instants]
    assert found == [[], [], [special]]


def test_a_paper_that_proves_nothing_is_refused(cast, signatory):
    special, sale = both_texts(cast.house)
    with pytest.raises(DocumentError, match="no PDF"):
        signed(cast, [special], paper=b"MZ")
    with pytest.raises(DocumentError, match="is to come"):
        signed(cast, [special], signed_at=NOW + timedelta(days=1))
    with pytest.raises(NotAllowed, match=r"bob@kermor\.example holds no mandate to sign"):
        signed(cast, [special], person=cast.bob)
    signed(cast, [special])
    with pytest.raises(DocumentError, match="accepted it already, on 2026-11-23"):
        signed(cast, [sale, special])


def test_an_invitation_reaches_who_may_sign_and_the_answers_are_counted(cast, signatory):
    both_texts(cast.house)
    accept(cast, shown(cast))
    second = published(cast.house, cap="50 %", on=TOMORROW, at=NOW)
    other = a_second_brand(cast.house)
    sent = inviting.invite(second, brand=other, at=NOW, actor=acting(cast.house.sofia, NOW))
    assert [one.person for one in sent.invitations] == [cast.alice]
    assert [one.name for one in sent.unsigned] == ["Coopérative Les Halles"]
    notice = Notice.objects.get(person=cast.alice, about=f"version:{second.pk}")
    assert (notice.sender, notice.host) == ("Marée basse", "maree.test")
    assert "https://maree.test/contract/accept/" in notice.body
    assert "Estran" not in notice.body + notice.subject
    assert [one.acceptance for one in inviting.answers(second, NOW)] == [None, None]
    accept(cast, shown(cast))
    assert [one.client.name for one in inviting.answers(second, NOW) if one.acceptance] == ["Maison Kermor"]
    assert inviting.invite(second, brand=other, at=NOW, actor=SETUP).invitations == ()


def test_a_draft_is_announced_to_nobody(cast, signatory):
    version = published(cast.house)
    draft = documents.import_version(
        cast.house.provider,
        content=a_text(cap="3 %"),
        file_name="x.md",
        name=version.document.name,
        kind="special",
        language="fr",
        effective_on=TOMORROW,
        at=NOW,
        actor=SETUP,
    )
    with pytest.raises(DocumentError, match="is a draft; publish it first"):
        inviting.invite(draft, brand=cast.house.brand, at=NOW, actor=SETUP)


def test_who_accepted_gets_a_confirmation_with_the_digests(cast, signatory, hand):
    special, _ = both_texts(cast.house)
    row = accept(cast, shown(cast))[0]
    time_passes()
    notice = Notice.objects.get(person=cast.alice, about=f"acceptance:{row.act}")
    assert special.sha256 in notice.body
    assert row.rendered_sha256 in notice.body
    assert "2026-11-23 10:00:00 UTC" in notice.body


def test_one_language_of_a_text_is_enough_and_its_next_version_comes_in_that_one(cast, signatory):
    published(cast.house)
    english = published(cast.house, language="en-gb", name="Special terms")
    assert [one.document.language for one in accepting.offered(cast.kermor, NOW, "en-gb")] == ["en-gb"]
    read = {english.public_id: signing.show(english, cast.house.brand).hashes}
    accept(cast, read, language="en-gb")
    assert (accepting.missing(cast.kermor, NOW), accepting.offered(cast.kermor, NOW, "fr")) == ([], [])
    published(cast.house, cap="50 %", on=TOMORROW, at=NOW)
    assert accepting.offered(cast.kermor, NOW, "fr") == []
    later = published(cast.house, cap="50 %", on=TOMORROW, at=NOW, language="en-gb", name="Special terms")
    assert accepting.offered(cast.kermor, NOW, "fr") == [later]


def test_a_specific_contract_is_offered_to_its_client_alone(cast, signatory):
    published(cast.house, kind="general_service", name=SERVICE)
    own = published(cast.house, kind="specific", name="Contrat Kermor", client=cast.kermor)
    assert own in accepting.offered(cast.kermor, NOW)
    assert own not in accepting.offered(cast.halles, NOW)
    assert accepting.missing(cast.house.internal, NOW) == []
    accept(cast, shown(cast))
    assert [one.document.kind for one in accepting.governing(cast.kermor, NOW)] == [
        "specific",
        "general_service",
    ]
