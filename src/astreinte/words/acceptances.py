"""A text is accepted: the letter that asks for it, the one that confirms it, and the certificate (A1.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from zoneinfo import ZoneInfo

from astreinte.words import formats, hearer
from astreinte.words.typography import set_type


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was accepted, or is to be: its name, version and day, and the two digests of what was shown."""

    name: str
    number: int
    effective_on: date
    source_sha256: str = ""
    rendered_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who accepted what, when, how and from where. Instants in UTC; `zone` is where the person was."""

    act: str
    client: str
    person: str
    email: str
    brand: str
    provider: str
    at: datetime
    recorded_at: datetime
    zone: str
    how: str
    recorded_by: str
    paper_sha256: str
    from_address: str
    user_agent: str
    texts: Sequence[Text]


HOWS = {
    "fr": {"portal": "dans l'interface web", "signed_pdf": "par un écrit signé, dont le PDF est conservé"},
    "en": {"portal": "in the web interface", "signed_pdf": "by a signed paper, whose PDF is kept"},
}

TEXTS = {
    "fr": {
        "text": "{name}, version {number}, applicable à compter du {day}",
        "invited_subject": "À lire et à accepter : {names}",
        "invited": "{brand} a publié :\n\n{texts}\n\nLisez ces textes et acceptez-les pour {client} ici :\n{link}\n\nIls sont lisibles et téléchargeables avant tout accord, et s'acceptent ensemble. Tant que vous n'avez pas accepté une nouvelle version, celle que vous avez acceptée continue de s'appliquer.",
        "accepted_subject": "Acceptation enregistrée : {names}",
        "accepted": "{person} a accepté pour {client}, {how}, le {at} ({utc}) :\n\n{texts}\n\nLe certificat et les textes tels qu'ils ont été acceptés sont ici :\n{link}",
        "digests": "  texte {source}\n  page  {rendered}",
        "title": "Certificat d'acceptation",
        "said": "{person} a accepté, entièrement et sans réserve, pour {client}, les textes suivants.",
        "client": "Client",
        "person": "Signataire",
        "brand": "Prestataire",
        "at": "Accepté le",
        "recorded": "Consigné le",
        "by": "Consigné par",
        "how": "Comment",
        "paper": "SHA-256 du PDF signé",
        "address": "Depuis l'adresse",
        "browser": "Navigateur",
        "act": "Numéro de l'acte",
        "texts": "Les textes",
        "source": "SHA-256 du texte",
        "rendered": "SHA-256 de la page telle qu'elle a été montrée",
    },
    "en": {
        "text": "{name}, version {number}, applying from {day}",
        "invited_subject": "To read and accept: {names}",
        "invited": "{brand} has published:\n\n{texts}\n\nRead these texts and accept them for {client} here:\n{link}\n\nThey can be read and downloaded before any agreement, and are accepted together. As long as you have not accepted a new version, the one that you accepted goes on applying.",
        "accepted_subject": "Acceptance recorded: {names}",
        "accepted": "{person} accepted for {client}, {how}, on {at} ({utc}):\n\n{texts}\n\nThe certificate and the texts as they were accepted are here:\n{link}",
        "digests": "  text {source}\n  page {rendered}",
        "title": "Certificate of acceptance",
        "said": "{person} accepted, entirely and without reserve, for {client}, the following texts.",
        "client": "Client",
        "person": "Signatory",
        "brand": "Provider",
        "at": "Accepted on",
        "recorded": "Recorded on",
        "by": "Recorded by",
        "how": "How",
        "paper": "SHA-256 of the signed PDF",
        "address": "From the address",
        "browser": "Browser",
        "act": "Number of the act",
        "texts": "The texts",
        "source": "SHA-256 of the text",
        "rendered": "SHA-256 of the page as it was shown",
    },
}

STYLE = (
    "@page{size:A4;margin:22mm 18mm}"
    'body{font:10pt/1.45 "DejaVu Sans",sans-serif;color:#16211f;margin:0 auto;max-width:46em}'
    "h1{font-size:17pt;margin:0 0 8pt}h2{font-size:12pt;margin:16pt 0 4pt}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:3pt 8pt 3pt 0;"
    "border-bottom:.5pt solid #c9d2cf}th{width:28%;font-weight:600}"
    'code{font:8pt "DejaVu Sans Mono",monospace;overflow-wrap:anywhere}'
)


def invited(texts: Sequence[Text], *, brand: str, client: str, link: str) -> tuple[str, str]:
    """Ask a person of the client to read and accept what was published."""
    return _letter("invited", texts, lines=_listed(texts), brand=brand, client=client, link=link)


def confirmed(accepted: Accepted, *, link: str) -> tuple[str, str]:
    """Confirm to who accepted: what, when, and by which digests the texts are known."""
    return _letter(
        "accepted",
        accepted.texts,
        lines=_listed(accepted.texts, digests=True),
        person=accepted.person,
        client=accepted.client,
        how=how(accepted.how),
        at=_there(accepted),
        utc=_utc(accepted.at),
        link=link,
    )


def how(name: str) -> str:
    """Return in words how a text was accepted."""
    return set_type(HOWS[_language()][name])


def certificate(accepted: Accepted) -> str:
    """Return the certificate as a whole page of HTML, for reading and for printing. Every word of people is escaped."""
    said, paper = TEXTS[_language()], accepted.how == "signed_pdf"
    rows = [
        ("client", accepted.client),
        ("person", f"{accepted.person} <{accepted.email}>"),
        ("brand", _once(accepted.brand, accepted.provider)),
        ("at", f"{_there(accepted)} ({_utc(accepted.at)})"),
        ("how", how(accepted.how)),
        ("recorded", _utc(accepted.recorded_at) if paper else ""),
        ("by", accepted.recorded_by if paper else ""),
        ("paper", accepted.paper_sha256),
        ("address", accepted.from_address),
        ("browser", accepted.user_agent),
        ("act", accepted.act),
    ]
    facts = "".join(_row(set_type(said[name]), value) for name, value in rows if value)
    texts = "".join(
        f"<h2>{escape(_named(one))}</h2><table>"
        f"{_row(set_type(said['source']), one.source_sha256, code=True)}"
        f"{_row(set_type(said['rendered']), one.rendered_sha256, code=True)}</table>"
        for one in accepted.texts
    )
    title = escape(set_type(said["title"]))
    sentence = set_type(said["said"]).format(person=accepted.person, client=accepted.client)
    return (
        f'<!doctype html><html lang="{hearer().language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1><p>{escape(sentence)}</p>"
        f"<table>{facts}</table>{texts}</body></html>\n"
    )


def _letter(name: str, texts: Sequence[Text], *, lines: str, **values: str) -> tuple[str, str]:
    said = TEXTS[_language()]
    names = ", ".join(dict.fromkeys(one.name for one in texts))
    return (
        set_type(said[f"{name}_subject"]).format(names=names),
        set_type(said[name]).format(texts=lines, **values),
    )


def _listed(texts: Sequence[Text], *, digests: bool = False) -> str:
    lines = []
    for one in texts:
        lines.append(f"- {_named(one)}")
        if digests:
            values = {"source": one.source_sha256, "rendered": one.rendered_sha256}
            lines.append(TEXTS[_language()]["digests"].format(**values))
    return "\n".join(lines)


def _named(one: Text) -> str:
    return set_type(TEXTS[_language()]["text"]).format(
        name=one.name, number=one.number, day=formats.day(one.effective_on)
    )


def _there(accepted: Accepted) -> str:
    return f"{formats.instant(accepted.at, ZoneInfo(accepted.zone), seconds=True)}, {accepted.zone}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _once(brand: str, provider: str) -> str:
    return brand if brand == provider else f"{brand} ({provider})"


def _row(label: str, value: str, *, code: bool = False) -> str:
    said = f"<code>{escape(value)}</code>" if code else escape(value)
    return f"<tr><th scope=row>{escape(label)}</th><td>{said}</td></tr>"


def _language() -> str:
    return "en" if hearer().language == "en-gb" else "fr"
