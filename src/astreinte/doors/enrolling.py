"""A second factor is added or removed: under the brand's name, its secret sealed, written down and told (X.4)."""

import base64
from datetime import datetime
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from astreinte.records.accounts import actors, second_factor
from astreinte.records.accounts.models import Person
from astreinte.records.notices import telling

PURPOSE = b"astreinte second factor"


class FactorAdapter(DefaultMFAAdapter):
    """allauth's second factor in this house: the brand is its name, the key file seals its secrets."""

    def encrypt(self, text: str) -> str:
        """Return a secret sealed by the installation's key: the database alone opens nothing."""
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return _sealer().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Return the code to scan, black on white whatever the colours of the page."""
        drawn = str(super().build_totp_svg(url))
        head, _, rest = drawn[drawn.index("<svg") :].partition(">")
        return f'{head}><rect width="100%" height="100%" fill="#fff"/>{rest}'

    def _get_site_name(self) -> str:
        """Return the brand's name: what an authenticator app shows beside the code."""
        brand: Any = context.request.brand
        return str(brand.name)


def _sealer() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


@transaction.atomic
def changed(what: str, person: object, at: datetime) -> None:
    """Write down what changed of a person's second factors, and tell the person: it may not have been them."""
    if not isinstance(person, Person):
        return
    name = what.rsplit("/", 1)[-1]
    actor = actors.of_person(person, at)
    second_factor.note_change(person, what=name, at=at, actor=actor)
    telling.tell(
        persons=[person],
        say=lambda _person: _letter(name),
        about="second factor",
        entry_key=f"second_factor:{name}:{at.isoformat()}",
        at=at,
        actor=actors.system("accounts"),
    )


def _letter(what: str) -> tuple[str, str]:
    told = {
        "totp_activated": _("An authenticator app was added."),
        "totp_deactivated": _("The authenticator app was removed."),
        "webauthn_added": _("A passkey or security key was added."),
        "webauthn_removed": _("A passkey or security key was removed."),
        "recovery_codes_generated": _("New recovery codes were made; the old ones open nothing any more."),
    }
    said = told.get(what, _("Your second factor was changed."))
    return (
        _("Your sign-in was changed"),
        "\n\n".join(
            [said, _("If this was not you, tell us at once: somebody else may be signed in as you.")]
        ),
    )
