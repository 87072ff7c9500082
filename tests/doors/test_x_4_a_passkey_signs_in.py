"""A passkey is added and signs its person in, in a real browser with an authenticator made of software (X.4)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from astreinte.records.journal.models import Entry
from tests.builders import a_house

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
PASSWORD = "la mer était calme ce matin-là"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="wants Debian's chromium: apt-get install chromium"),
]


def add_a_passkey(page: Page, origin: str, email: str) -> None:
    page.goto(f"{origin}/compte/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button.btn-1")
    page.wait_for_url("**/desk/")
    page.goto(f"{origin}/compte/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.btn-1")
    page.fill("input[name=name]", "Clé de Sofia")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")


def test_x_4_a_passkey_is_added_and_signs_in_without_a_password(live_server):
    sofia = a_house().sofia
    sofia.set_password(PASSWORD)
    sofia.save()
    origin = live_server.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a host name
    errors: list[str] = []
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        add_a_passkey(page, origin, sofia.email)
        context.clear_cookies()
        page.goto(f"{origin}/compte/login/")
        page.click("#passkey_login")
        page.wait_for_url("**/desk/")
        page.goto(f"{origin}/compte/2fa/webauthn/")
        keys = page.inner_text("main")
        browser.close()
    assert "Clé de Sofia" in keys
    assert not errors, "the strict content policy lets everything of it through"
    assert Entry.objects.filter(kind="accounts.SecondFactorChanged", body__contains="webauthn_added").exists()
