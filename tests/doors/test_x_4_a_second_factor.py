"""A second factor is enrolled, shown at the sign-in, and wanted by the provider's policy (X.4)."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client as Browser

from astreinte.doors import enrolling
from astreinte.records.accounts import second_factor
from astreinte.records.journal.models import Entry
from astreinte.records.notices.models import Notice
from tests.builders import SETUP
from tests.doors.browsing import Reading

PASSWORD = "la mer était calme ce matin-là"


def code_of(secret: str) -> str:
    """What an authenticator app shows at this instant."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


@pytest.fixture
def ada(cast):
    cast.house.ada.set_password(PASSWORD)
    cast.house.ada.save()
    return cast.house.ada


def signed_in(person) -> Reading:
    reading = Reading()
    page = reading.get("/compte/login/")
    reading.send(page.form("/compte/login/"), login=person.email, password=PASSWORD)
    return reading


def enrolled(reading: Reading) -> str:
    """Enrol an authenticator app on the pages; return its secret."""
    page = reading.get("/compte/2fa/totp/activate/")
    if "Confirmez que c'est vous" in page.text:
        page = reading.send(page.form("/compte/reauthenticate/"), password=PASSWORD)
    found = re.search(r'<span class="m">([A-Z2-7]{32})</span>', page.html)
    assert found is not None, page.text
    assert "<svg" in page.html
    done = reading.send(page.form("/compte/2fa/totp/activate/"), code=code_of(found[1]))
    assert "Codes de secours" in done.text
    return found[1]


def test_x_4_an_app_is_enrolled_and_its_code_is_asked_for_at_the_next_sign_in(cast, ada):
    secret = enrolled(signed_in(ada))
    reading = Reading()
    page = reading.get("/compte/login/")
    asked = reading.send(page.form("/compte/login/"), login=ada.email, password=PASSWORD)
    assert "Écrivez le code de votre application" in asked.text
    assert reading.browser.get("/desk/").status_code == 302, "the password alone opens nothing"
    wrong = reading.send(asked.form("/compte/2fa/authenticate/"), code="000000")
    assert wrong.form("/compte/2fa/authenticate/")
    reading.send(asked.form("/compte/2fa/authenticate/"), code=code_of(secret))
    assert reading.browser.get("/desk/").status_code == 200


def test_the_secret_is_sealed_in_the_database_and_stands_nowhere_else(cast, ada):
    secret = enrolled(signed_in(ada))
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not Entry.objects.filter(body__contains=secret).exists()
    adapter = enrolling.FactorAdapter()
    assert adapter.decrypt(adapter.encrypt("the sea")) == "the sea"


def test_what_changes_is_written_down_and_told_to_its_person(cast, ada, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enrolled(signed_in(ada))
    assert Entry.objects.filter(kind="accounts.SecondFactorChanged", body__contains="totp_activated").exists()
    letter = Notice.objects.get(person=ada)
    assert "Une application d’authentification a été ajoutée." in letter.body
    assert "Si ce n’est pas vous" in letter.body


def test_x_4_who_must_have_one_is_led_to_it_before_anything_else(cast, hand, ada):
    second_factor.set_policy(cast.house.provider, policy="required", at=hand.instant, actor=SETUP)
    reading = Reading(ada)
    for there in ("/desk/", "/desk/clients/", "/me/"):
        assert "Second facteur" in reading.get(there).text
        assert reading.browser.get(there).headers["Location"] == "/compte/2fa/"
    assert Reading(cast.house.hugo).browser.get("/desk/").status_code == 200
    reading = signed_in(ada)
    enrolled(reading)
    assert reading.browser.get("/desk/clients/").status_code == 200


def test_a_passkey_is_not_offered_where_there_is_no_javascript(cast):
    html = Browser().get("/compte/login/").content.decode()
    assert re.search(r'id="passkey_login" hidden', html)
