"""Wrong input is test data: each file of tests/data/bad/api is one request, with the exact answer it must get."""

import json
from uuid import uuid4

from django.db import OperationalError
from django.test import Client as Browser

from astreinte.doors.api import finding
from astreinte.records.accounts.models import RequestKey
from astreinte.records.journal.models import Entry
from astreinte.records.tickets.models import Ticket
from tests.builders import a_ticket, paris
from tests.doors.api.caller import ROOT, Caller, error
from tests.house.reading import ROOT as PROJECT

CASES = sorted((PROJECT / "tests" / "data" / "bad" / "api").glob("*.json"))


def test_there_are_bad_requests_to_refuse():
    assert len(CASES) > 40


def test_a_bad_request_gets_its_exact_answer_and_changes_nothing(cast, alice):
    ticket = a_ticket(cast.web1, paris("2026-11-23T10:00"))
    named = {
        "WEB1": cast.web1.public_id,
        "APP2": cast.app2.public_id,
        "HALLES": cast.halles.public_id,
        "TICKET": ticket.public_id,
    }
    before, wrong = _held(), {}
    for path in CASES:
        case = _read(path, named)
        answer = _sent(case, alice.token)
        if (answer.status_code, error(answer)) != (case["status"], case["error"]) or _held() != before:
            wrong[path.name] = (answer.status_code, error(answer), _held())
    assert not wrong, json.dumps(wrong, indent=2, ensure_ascii=False)


def _read(path, named):
    text = path.read_text(encoding="utf-8")
    for name, public_id in named.items():
        text = text.replace(name, public_id)
    return json.loads(text)


def _sent(case, token):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, **case.get("headers", {})}
    return Browser(raise_request_exception=False).generic(
        case["method"],
        ROOT + case["path"],
        case.get("raw", json.dumps(case["body"]) if "body" in case else ""),
        content_type="application/json",
        headers={name: value for name, value in headers.items() if value is not None},
    )


def _held():
    return Ticket.objects.count(), Entry.objects.count(), RequestKey.objects.count()


def test_bytes_that_are_no_text_are_refused(cast, alice):
    answer = Browser().generic(
        "POST",
        f"{ROOT}/tickets",
        b'{"subject": "\xff"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {alice.token}", "Idempotency-Key": "k"},
    )
    assert error(answer)["message"] == "body: is not UTF-8; send JSON in UTF-8"


def test_a_body_larger_than_the_house_takes_is_refused(cast, alice, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = alice.post("/tickets", {"text": "x" * 1000})
    assert answer.status_code == 413
    assert error(answer)["place"] == "body"


def test_an_unknown_address_is_refused_in_the_same_shape(cast, alice):
    for path in ("/", "/nothing", "/tickets/"):
        answer = alice.get(path)
        assert answer.status_code == 404
        assert error(answer)["code"] == "not_found"


def test_a_host_that_no_brand_answers_to_is_refused_in_the_same_shape(cast, alice):
    answer = Caller(alice.token, host="elsewhere.test").get("/tickets")
    assert answer.status_code == 404
    assert error(answer)["code"] == "not_found"


def test_a_browser_that_is_signed_in_is_nobody_without_a_token(cast):
    browser = Browser()
    browser.force_login(cast.alice, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/").status_code == 200
    assert browser.get(f"{ROOT}/tickets").status_code == 401


def test_a_refused_token_is_told_how_to_show_one(cast):
    answer = Browser().get(f"{ROOT}/tickets")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_refused_method_is_told_which_there_are(cast, alice):
    assert alice.send("PATCH", "/tickets").headers["Allow"] == "GET, POST"


def test_a_busy_database_says_when_to_try_again_and_that_nothing_changed(cast, alice, monkeypatch):
    def held(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(finding, "ticket", held)
    answer = alice.get("/tickets/0000000000000000")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert error(answer) == {
        "code": "busy",
        "message": "busy: somebody else is writing, and nothing was changed; send it again as Retry-After says",
        "place": "busy",
        "way_out": "send it again as Retry-After says",
    }


def test_our_own_fault_gives_nothing_of_ours_away(cast, alice, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(finding, "ticket", broken)
    answer = alice.get("/tickets/0000000000000000")
    assert answer.status_code == 500
    assert error(answer)["code"] == "our_fault"
    assert "secret" not in answer.content.decode()
    assert "secret of the house" in caplog.text
