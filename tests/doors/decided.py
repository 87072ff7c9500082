"""What Maison Kermor decides: a mandate of Bob's, advice, and consent that is asked, for the walks over all pages."""

import re
from dataclasses import dataclass
from datetime import datetime

from astreinte.records.accounts import mandates
from astreinte.records.accounts.models import Mandate
from astreinte.records.contracts import advising, consenting
from astreinte.records.contracts.consenting import Scope
from astreinte.records.contracts.models import Advice, ConsentRequest
from astreinte.records.evidence import keeping
from astreinte.records.notices.models import Notice
from tests.builders import SETUP, Cast, acting
from tests.records.contracts.test_a2_1_advice_comes_before_the_work import TEXT


@dataclass(frozen=True)
class Decided:
    """The rows, and the secret of the link that was sent to Bob."""

    mandate: Mandate
    advice: Advice
    consent: ConsentRequest
    link: str


def decided(cast: Cast, at: datetime) -> Decided:
    """Bob may consent to work on web1; he is advised, and asked."""
    provider_id = cast.kermor.provider_id
    paper = keeping.keep(
        b"%PDF-1.7",
        name="mandat.pdf",
        media_type="application/pdf",
        provider_id=provider_id,
        at=at,
        actor=SETUP,
    )
    mandate = mandates.give(
        cast.bob,
        client=cast.kermor,
        verb="consent",
        scope=mandates.Scope(server_ids=frozenset({cast.web1.pk}), line_ids=frozenset({cast.line.pk})),
        given_by="Yann Caradec",
        paper=paper,
        from_at=at,
        at=at,
        actor=SETUP,
    )
    hugo = acting(cast.house.hugo, at)
    advice = advising.write(
        cast.kermor, risk="no_backup", text=TEXT, mandatory=False, line=cast.line, at=at, actor=hugo
    )
    advising.deliver(advice, at=at, actor=hugo)
    scope = Scope(title="Disque de Kermor", text="Arrêt de 30 min.", servers=(cast.web1,), advice=advice)
    request = consenting.ask(cast.kermor, scope, at=at, actor=hugo)
    letter = Notice.objects.get(about=f"consent:{request.number}", person=cast.bob)
    found = re.search(r"/consents/link/(\S+)/", letter.body)
    assert found is not None
    return Decided(mandate, advice, request, found[1])
