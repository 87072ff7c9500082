"""From a fresh house to a running clock, by pages alone: client, terms, order line, server, cover, person, number."""

import re

import pytest

from astreinte.records.accounts.models import Client, EmergencyNumber, Invitation, Person
from astreinte.records.contracts.models import OrderLine, Price
from astreinte.records.inventory.models import Server
from astreinte.records.journal.models import Entry
from astreinte.records.monitoring.models import Check
from tests.builders import a_house, paris
from tests.doors.browsing import Reading, plain


def link_on(page):
    """Return the address of the invitation that a page shows, once."""
    (found,) = re.findall(r"https://testserver(/invitation/[\w-]+/)", page.html)
    return found


def add_client(at, name="Maison Kermor"):
    return at.send(at.get("/desk/clients/add/").form(""), "/desk/clients/add/", name=name)


def test_a_client_is_bound_covered_and_declares(db, hand):
    house = a_house()
    ada = Reading(house.ada)
    assert "Maison Kermor" in add_client(ada).text
    page = ada.send(
        ada.get("/desk/contracts/terms/").form(""), "/desk/contracts/terms/",
        name="infogerance-2027", patch='{"targets": {"critical": {"business": "1h", "non_business": "3h"}}}',
    )  # fmt: skip
    assert "Critique 1 h pour intervenir en heures ouvrées, 3 h en heures non ouvrées" in page.text
    form = ada.get("/desk/contracts/bind/").form("")
    client = Client.objects.get(name="Maison Kermor")
    page = ada.send(
        form, "/desk/contracts/bind/",
        client=str(client.pk), plan="Infogérance 24/7", price="1 500,50 €", period="quarterly",
        terms=(form.choices["terms"] - {""}).pop(), from_at="2026-11-01",
    )  # fmt: skip
    assert "1 500,50 € par trimestre" in page.text
    assert Price.objects.get().cents == 150_050
    assert OrderLine.objects.get().from_at == paris("2026-11-01T00:00")
    page = ada.send(
        ada.get("/desk/servers/add/").form(""),
        "/desk/servers/add/",
        client=str(client.pk),
        name="Web1.Kermor.example",
    )
    assert "web1.kermor.example" in page.text
    assert "Aucune commande ne couvre ce serveur" in page.text
    server = Server.objects.get(client=client)
    here = f"/desk/servers/{server.public_id}/"
    page = ada.send(page.form(f"{here}cover/"), **{"cover-line": str(OrderLine.objects.get().pk)})
    assert "Infogérance 24/7 · 1 500,50 € par trimestre" in page.text
    page = ada.send(page.form(f"{here}service/"), **{"service-name": "Boutique", "service-essential": "on"})
    assert "Boutique fonction essentielle, art. 5" in page.text
    page = ada.send(page.form(f"{here}check/"), **{"check-what": "https://shop.kermor.example/health?x=1"})
    assert "Périmé https://shop.kermor.example/health?x=1" in page.text, "no result yet is never normal"
    check = Check.objects.get()
    assert (check.kind, check.options) == (
        "http",
        '{"host": "shop.kermor.example", "path": "/health?x=1", "tls": true}',
    )
    page = ada.send(
        ada.get(f"/desk/clients/{client.number}/").form(f"/desk/clients/{client.number}/people/"),
        name="Alice Caradec", email="Alice@Kermor.example", role="technical",
    )  # fmt: skip
    link = link_on(page)
    alice = Reading()
    welcome = alice.get(link)
    assert "Bienvenue chez Estran, Alice Caradec." in welcome.text
    assert Invitation.objects.get().used_at is None, "looking at a link does not use it"
    home = alice.send(welcome.form(""), link, password="un mot de passe long", again="un mot de passe long")
    assert "Maison Kermor" in home.text
    hand.advance(minutes=1)
    form = alice.get("/declare/").form("/declare/")
    page = alice.send(form, server=server.public_id, blocked="yes", essential="yes", text="Plus rien.")
    assert "Reçu à 11:31:00. Nous devons intervenir avant 12:31:00." in page.text


@pytest.fixture
def secret(cast, at_sofias):
    page = at_sofias.send(
        at_sofias.get(f"/desk/clients/{cast.kermor.number}/").form(f"/desk/clients/{cast.kermor.number}/people/"),
        name="Dina", email="dina@kermor.example", role="reader",
    )  # fmt: skip
    return link_on(page)


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        pytest.param("", "", "Écrivez quelque chose ici.", id="nothing"),
        pytest.param("court", "court", "Ce mot de passe est trop court.", id="too short"),
        pytest.param(
            "un mot de passe long", "un autre mot long", "Les deux mots de passe diffèrent.", id="two of them"
        ),
        pytest.param(
            "dina@kermor.example",
            "dina@kermor.example",
            "Le mot de passe est trop semblable",
            id="the address",
        ),
        pytest.param(
            "telechargement", "telechargement", "Ce mot de passe est trop courant.", id="a common one"
        ),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_works(secret, password, again, message):
    dina = Reading()
    page = dina.send(dina.get(secret).form(""), secret, password=password, again=again)
    assert plain(message) in page.text
    page = dina.send(page.form(""), secret, password="un mot de passe long", again="un mot de passe long")
    assert "Maison Kermor" in page.text


def test_a_link_works_once_and_for_a_day(secret, hand):
    dina = Reading()
    form = dina.get(secret).form("")
    dina.send(form, secret, password="un mot de passe long", again="un mot de passe long")
    for page in (Reading().get(secret), Reading().send(form, secret, password="x" * 14, again="x" * 14)):
        assert page.status == 404
        assert "Ce lien a déjà servi, ou il est trop ancien." in page.text
    assert Reading().get("/invitation/nonsense/").status == 404


def test_a_link_of_yesterday_is_over(secret, hand):
    hand.advance(hours=24, seconds=1)
    assert "Ce lien a déjà servi, ou il est trop ancien." in Reading().get(secret).text


BAD = [
    pytest.param(
        "/desk/clients/add/", {"name": ""}, "Écrivez quelque chose ici.", id="client without a name"
    ),
    pytest.param(
        "/desk/clients/add/",
        {"name": "Maison Kermor"},
        "Un client porte déjà ce nom. Écrivez un autre nom.",
        id="client twice",
    ),
    pytest.param(
        "/desk/servers/add/",
        {"client": "KERMOR", "name": "pas un hôte"},
        "« pas un hôte » n'est ni un nom d'hôte ni une adresse IP. Écrivez par exemple « www1.shop.example ».",
        id="no host",
    ),
    pytest.param(
        "/desk/servers/add/",
        {"client": "KERMOR", "name": "web1.kermor.example"},
        "Un serveur de ce nom est déjà infogéré. Écrivez un autre nom.",
        id="server twice",
    ),
    pytest.param(
        "/desk/servers/add/",
        {"client": "VICTORS", "name": "a.example"},
        "Choisissez dans la liste.",
        id="X.3: another provider's client",
    ),
    pytest.param(
        "/desk/contracts/bind/",
        {
            "client": "KERMOR",
            "plan": "P",
            "price": "cinq cents",
            "period": "monthly",
            "from_at": "2026-12-01",
        },
        "« cinq cents » n'est pas un montant en euros. Écrivez par exemple « 390,00 ».",
        id="price in words",
    ),
    pytest.param(
        "/desk/contracts/bind/",
        {"client": "KERMOR", "plan": "P", "price": "1.005", "period": "monthly", "from_at": "2026-12-01"},
        "« 1.005 » n'est pas un montant en euros. Écrivez par exemple « 390,00 ».",
        id="half a cent",
    ),
    pytest.param(
        "/desk/contracts/bind/",
        {"client": "KERMOR", "plan": "P", "price": "5", "period": "daily", "from_at": "2026-12-01"},
        "Choisissez dans la liste.",
        id="period of ours",
    ),
    pytest.param(
        "/desk/contracts/bind/",
        {"client": "KERMOR", "plan": "P", "price": "5", "period": "monthly", "from_at": "demain"},
        "« demain » n'est pas un instant. Écrivez par exemple « 2026-11-23 ».",
        id="tomorrow",
    ),
    pytest.param(
        "/desk/contracts/bind/",
        {"client": "KERMOR", "plan": "P", "price": "5", "period": "monthly", "from_at": "2026-02-30"},
        "« 2026-02-30 » n'est pas un instant. Écrivez par exemple « 2026-11-23 ».",
        id="30 February",
    ),
    pytest.param(
        "/desk/contracts/terms/",
        {"name": "a b", "patch": "{}"},
        "Seulement des minuscules, des chiffres et des tirets, par exemple infogerance-2027.",
        id="name with a blank",
    ),
    pytest.param(
        "/desk/contracts/terms/",
        {"name": "infogerance-2017", "patch": "{}"},
        "Des conditions portent déjà ce nom, et des conditions ne changent jamais. Écrivez un autre nom.",
        id="terms twice",
    ),
    pytest.param(
        "/desk/contracts/terms/", {"name": "x", "patch": "{"}, "Ce n'est pas du JSON :", id="half a JSON"
    ),
    pytest.param(
        "/desk/contracts/terms/", {"name": "x", "patch": "[]"}, "Écrivez un objet, par exemple", id="a list"
    ),
    pytest.param(
        "/desk/contracts/terms/",
        {"name": "x", "patch": '{"targets": {"critical": {"business": "2 heures"}}}'},
        "targets.critical.business",
        id="a duration in words names its place",
    ),
    pytest.param(
        "/desk/team/invite/",
        {"name": "H", "email": "hugo@estran.example", "role": "engineer"},
        "Quelqu'un a déjà cette adresse. Écrivez-en une autre.",
        id="address twice",
    ),
    pytest.param(
        "/desk/team/invite/",
        {"name": "H", "email": "hugo", "role": "engineer"},
        "Ce n'est pas une adresse. Écrivez-la comme ines@kermor.example.",
        id="no address",
    ),
    pytest.param(
        "/desk/team/number/",
        {"number": "urgence"},
        "Ce n'est pas un numéro de téléphone, ou il est déjà défini.",
        id="no number",
    ),
]


@pytest.mark.parametrize(("path", "wrong", "message"), BAD)
def test_what_is_wrong_stands_under_its_field_and_nothing_is_written(cast, path, wrong, message):
    victors = cast.other_house.internal
    known = {"KERMOR": str(cast.kermor.pk), "VICTORS": str(victors.pk)}
    said = {"terms": str(cast.line.bindings.get().terms_id)} | {
        name: known.get(value, value) for name, value in wrong.items()
    }
    before = Entry.objects.count()
    page = Reading(cast.house.ada).post(path, **said)
    assert plain(message) in page.text
    assert Entry.objects.count() == before
    assert Person.objects.filter(email="hugo@estran.example").count() == 1
    assert EmergencyNumber.objects.filter(brand=cast.house.brand).count() == 1


def test_a_price_changes_from_an_instant_on(cast, at_sofias):
    here = f"/desk/contracts/{cast.line.number}/"
    page = at_sofias.send(
        at_sofias.get(here).form(f"{here}price/"), **{"price-price": "600", "price-from_at": "2026-12-01"}
    )
    assert "500,00 € jeudi 1er janvier 2026 01:00 jusqu'au mardi 1er décembre 2026" in page.text
    earlier = at_sofias.send(
        page.form(f"{here}price/"), **{"price-price": "700", "price-from_at": "2026-11-30"}
    )
    later = "Cela commence à partir de maintenant, et après ce qui est déjà écrit. Écrivez un instant plus tardif."
    assert later in earlier.text
    past = at_sofias.send(page.form(f"{here}price/"), **{"price-price": "700", "price-from_at": "2026-11-01"})
    assert later in past.text, "what was promised is not priced again"


def test_an_overlay_changes_the_promise_while_it_lasts(cast, at_sofias, hand):
    here = f"/desk/contracts/{cast.line.number}/"
    said = {
        "overlay-title": "Soldes",
        "overlay-patch": '{"targets": {"critical": {"business": "30m", "non_business": "1h"}}}',
        "overlay-from_at": "2026-11-23 11:30",
        "overlay-until_at": "2026-11-30",
    }
    page = at_sofias.send(at_sofias.get(here).form(f"{here}overlay/"), **said)
    assert "infogerance-2017 + Soldes" in page.text
    assert "Critique 30 min pour intervenir en heures ouvrées, 1 h en heures non ouvrées" in page.text
    hand.move_to(paris("2026-11-30T00:00"))
    assert "Critique 2 h pour intervenir" in at_sofias.get(here).text


def test_an_engineer_does_not_bind_clients(cast, at_hugos):
    before = Entry.objects.count()
    page = at_hugos.post(
        f"/desk/contracts/{cast.line.number}/price/", **{"price-price": "1", "price-from_at": "2026-12-01"}
    )
    assert page.status == 403
    assert "Votre rôle ne le permet pas." in page.text
    assert Entry.objects.count() == before
