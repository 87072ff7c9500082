"""What somebody new at the desk is told: what was done, what was refused and why, in French and in its place."""

import pytest

from astreinte.records.contracts.models import Coverage, Overlay, Price
from astreinte.records.journal.models import Entry
from astreinte.records.tickets import handling, opening
from astreinte.records.tickets.models import Call, Message, Ticket
from astreinte.records.worklog import intervening
from tests.builders import (
    BEGINNING,
    SETUP,
    a_contract,
    a_server,
    a_ticket,
    acting,
    paris,
    some_terms,
    time_passes,
)
from tests.doors.browsing import Reading

CALL = "/desk/tickets/call/"
PATCH = '{"targets": {"critical": {"business": "30m", "non_business": "1h"}}}'


def called(at_hugos, cast, **said):
    chosen = {
        "client": str(cast.kermor.pk),
        "caller": "Alice Caradec",
        "subject": "Plus rien",
        "text": "Panne.",
        "priority": "critical",
    }
    return at_hugos.send(at_hugos.get(CALL).form(""), CALL, **(chosen | said))


def test_a_call_to_a_number_that_is_not_defined_is_said_to_start_nothing_and_how_to_define_it(cast, at_hugos):
    page = called(at_hugos, cast, server=str(cast.web1.pk), number="02 99 00 00 00", rang_at="11:21")
    assert (
        "Le 02 99 00 00 00 n'était pas un numéro d'urgence défini à cet instant (11:21) :"
        " cet appel ne fait courir aucun délai garanti. Définissez ce numéro à la page « Équipe » :"
        " il comptera pour les appels qui suivront." in page.text
    )
    assert "pas un numéro d'urgence à cet instant : ne fait courir aucun délai garanti" in page.text


def test_a_call_to_a_defined_number_is_told_on_the_ticket_without_a_warning(cast, at_hugos):
    page = called(at_hugos, cast, server=str(cast.web1.pk), rang_at="11:21", answered="no")
    assert "11:21 02 61 91 00 24 Alice Caradec sans réponse" in page.text
    assert "n'était pas un numéro d'urgence" not in page.text


def test_a_call_about_a_ticket_needs_neither_subject_nor_text(cast, hand, at_hugos):
    ticket = a_ticket(cast.web1, hand.instant, text="")
    page = called(at_hugos, cast, ticket=str(ticket.number), subject="", text="")
    assert page.status == 200
    assert Call.objects.get().receipt.ticket == ticket
    assert not Message.objects.exists()
    refused = called(at_hugos, cast, subject="", text="")
    assert refused.text.count("Écrivez quelque chose ici.") == 2, "without a ticket both are needed"
    assert Ticket.objects.count() == 1


def test_the_instant_of_a_call_is_now_at_first_and_has_an_example(cast, hand, at_hugos):
    page = at_hugos.get(CALL)
    assert page.form("").values["rang_at"] == ["2026-11-23 11:30"]
    assert "Par exemple 11:30, ou 2026-12-01 11:30." in page.text
    hand.move_to(paris("2026-10-25T02:30", fold=1))
    assert at_hugos.get(CALL).form("").values["rang_at"] == ["2026-10-25 02:30+01:00"]


def test_the_strip_does_not_say_that_nothing_runs_while_a_deadline_is_past(cast, hand, at_hugos):
    assert "Aucune échéance ne court" in at_hugos.get("/desk/tickets/").text
    a_ticket(cast.web1, paris("2026-11-23T09:00"))
    hand.move_to(paris("2026-11-23T14:10"))
    text = at_hugos.get("/desk/tickets/").text
    assert "1 en retard" in text
    assert "Aucune échéance ne court" not in text


def test_an_internal_target_is_not_said_to_be_what_the_client_reads(cast, hand, at_hugos):
    a_ticket(cast.web1, hand.instant, channel="monitoring")
    text = at_hugos.get("/desk/tickets/1/").text
    assert "Le client lit la même chose." not in text
    assert "objectif interne Objectif interne" not in text
    assert text.count("Objectif interne : intervention avant 13:30.") == 1
    declared = a_ticket(cast.web1, hand.instant)
    assert "Le client lit la même chose." in at_hugos.get(f"/desk/tickets/{declared.number}/").text


def test_the_reason_of_a_closing_is_optional_only_after_an_intervention(cast, hand, at_hugos):
    ticket = a_ticket(cast.web1, hand.instant)
    path = f"/desk/tickets/{ticket.number}/"
    assert "Raison, que le client lit (facultatif)" not in at_hugos.get(path).text
    page = at_hugos.send(at_hugos.get(path).form(f"{path}close/"), **{"close-reason": " "})
    assert "Personne n'est intervenu : écrivez la raison que le client lira" in page.text
    intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, BEGINNING))
    time_passes()
    assert "Raison, que le client lit (facultatif)" in at_hugos.get(path).text


def test_the_last_minute_is_counted_in_seconds(cast, hand, at_hugos):
    a_ticket(cast.web1, paris("2026-11-23T09:30"))
    hand.move_to(paris("2026-11-23T11:29:29"))
    html = at_hugos.get("/desk/tickets/1/").html
    assert "<span hidden><span data-h>0</span>" in html
    assert '<span class="" data-s>31</span><small data-unit>s</small>' in html
    hand.move_to(paris("2026-11-23T11:17:29"))
    assert "12 min 31" in at_hugos.get("/desk/tickets/1/").text


def a_request(server, at):
    """A support request, which no promise is about."""
    return opening.declare(
        client=server.client,
        server=server,
        subject="Question",
        text="Où est le journal ?",
        priority="normal",
        nature="support",
        channel="web",
        key=opening.new_key("web"),
        at=at,
        actor=SETUP,
    ).ticket


class TestMerging:
    """Each reason for which tickets stay apart has its own sentence."""

    @pytest.fixture
    def merged(self, cast, at_hugos):
        def send(ticket, into):
            path = f"/desk/tickets/{ticket.number}/"
            return at_hugos.post(f"{path}merge/", **{"merge-into": str(into.number)}).text

        return send

    def test_into_itself(self, cast, hand, merged):
        ticket = a_ticket(cast.web1, hand.instant)
        assert "#1 est ce ticket même. Écrivez le numéro de l'autre." in merged(ticket, ticket)

    def test_what_is_merged_already(self, cast, hand, merged):
        hugo = acting(cast.house.hugo, BEGINNING)
        one, two = a_ticket(cast.web1, hand.instant), a_ticket(cast.web1, hand.instant)
        handling.merge(two, into=one, at=hand.instant, actor=hugo)
        assert "Ce ticket est déjà fusionné dans un autre. Il n'y a plus rien à faire." in merged(two, one)

    def test_into_a_closed_one(self, cast, hand, merged):
        one, two = a_ticket(cast.web1, hand.instant), a_ticket(cast.web1, hand.instant)
        handling.close(
            two, reason="Fausse alerte.", at=hand.instant, actor=acting(cast.house.hugo, BEGINNING)
        )
        assert "#2 n'est pas ouvert (Clos). Écrivez le numéro d'un ticket ouvert." in merged(one, two)

    def test_into_one_whose_promise_would_end_later(self, cast, hand, merged):
        # The one at night has four hours, the one of the morning two.
        early, late = a_ticket(cast.web1, paris("2026-11-23T08:59")), a_ticket(cast.web1, hand.instant)
        later = a_ticket(cast.web1, paris("2026-11-23T09:30"))
        assert (
            "La promesse finirait plus tard dans #1 qu'ici."
            " Fusionnez plutôt #1 dans #3, ou laissez-les séparés." in merged(later, early)
        )
        assert late.number == 2

    def test_into_one_of_another_nature(self, cast, hand, merged):
        one, two = a_ticket(cast.web1, hand.instant), a_request(cast.web1, hand.instant)
        assert (
            "#2 est d'une autre nature : une demande de support et un incident ne sont pas la même promesse."
            in merged(one, two)
        )

    def test_into_one_that_no_line_or_another_governs(self, cast, hand, merged):
        bare = a_server(cast.kermor, "bare.kermor.example")
        one, two = a_ticket(cast.web1, hand.instant), a_ticket(bare, hand.instant)
        assert (
            "#2 relève d'une autre commande, ou d'aucune : ce ticket perdrait sa promesse."
            " Fusionnez plutôt #2 dans #1, ou laissez-les séparés." in merged(one, two)
        )
        assert Ticket.objects.get(number=1).state == "open"

    def test_after_a_missed_promise_into_an_earlier_intervention(self, cast, hand, merged):
        old = a_ticket(cast.web1, paris("2026-11-23T09:00"))
        intervening.start(old, at=paris("2026-11-23T09:10"), actor=acting(cast.house.hugo, BEGINNING))
        new = a_ticket(cast.web1, paris("2026-11-23T09:30"))
        hand.move_to(paris("2026-11-23T15:00"))
        time_passes()
        assert (
            "La promesse de ce ticket a été manquée, et l'intervention sur #1 est antérieure à sa réception"
            in merged(new, old)
        )


ACTS = ["take", "assign", "wait", "resume", "close", "reopen", "place", "merge", "start", "end", "diagnose"]
RELOADED = [
    *((f"tickets/1/{act}/", "tickets/1/") for act in (*ACTS, "reply", "note")),
    ("servers/WEB1/cover/", "servers/WEB1/"),
    ("servers/WEB1/service/", "servers/WEB1/"),
    ("servers/WEB1/check/", "servers/WEB1/"),
    ("clients/KERMOR/people/", "clients/KERMOR/"),
    ("contracts/LINE/price/", "contracts/LINE/"),
    ("contracts/LINE/overlay/", "contracts/LINE/"),
    ("team/invite/", "team/"),
    ("team/number/", "team/"),
]


@pytest.mark.parametrize(("address", "page"), RELOADED)
def test_the_address_of_a_form_leads_back_to_its_page(cast, hand, at_hugos, address, page):
    a_ticket(cast.web1, hand.instant)
    known = {
        "WEB1": cast.web1.public_id,
        "KERMOR": str(cast.kermor.number),
        "LINE": str(cast.line.number),
    }
    for name, value in known.items():
        address, page = address.replace(name, value), page.replace(name, value)
    answer = at_hugos.get(f"/desk/{address}")
    assert answer.status == 200
    assert answer.response.redirect_chain == [(f"/desk/{page}", 302)]
    assert Reading(cast.charlie).get(f"/desk/{address}").status == 404


@pytest.fixture
def line_page(cast):
    return f"/desk/contracts/{cast.line.number}/"


def test_the_forms_of_an_order_line_offer_the_next_minute_and_left_as_it_is_it_means_at_once(
    cast, hand, at_sofias, line_page
):
    form = at_sofias.get(line_page).form(f"{line_page}price/")
    assert form.values["price-from_at"] == ["2026-11-23 11:31"]
    hand.move_to(paris("2026-11-23T11:36"))
    page = at_sofias.send(form, **{"price-price": "600"})
    assert "Nouveau prix : 600,00 €, dès 11:36." in page.text
    assert Price.objects.latest("pk").from_at == hand.instant


def test_a_price_to_come_is_marked_as_such(cast, at_sofias, line_page):
    form = at_sofias.get(line_page).form(f"{line_page}price/")
    page = at_sofias.send(form, **{"price-price": "600", "price-from_at": "2026-12-01"})
    assert "600,00 € à venir mardi 1er décembre 2026" in page.text


def test_a_specific_contract_is_shown_key_by_key(cast, at_sofias, line_page):
    said = {"overlay-title": "Soldes", "overlay-patch": PATCH, "overlay-from_at": "2026-12-01 08:30"}
    page = at_sofias.send(at_sofias.get(line_page).form(f"{line_page}overlay/"), **said)
    assert "« Soldes » vaut dès 1 déc. 08:30." in page.text
    assert (
        "Soldes à venir mardi 1er décembre 2026 08:30 Clé Valeur"
        " targets.critical.business 30m targets.critical.non_business 1h" in page.text
    )


NOT_LAID = [
    ({"overlay-from_at": "2026-11-22"}, "from_at", "C'est passé. Écrivez un instant à partir de maintenant."),
    (
        {"overlay-from_at": "2026-12-02", "overlay-until_at": "2026-12-01"},
        "until_at",
        "La fin n'est pas après le début. Écrivez un instant plus tardif.",
    ),
    (
        {"overlay-from_at": "2026-12-15"},
        "from_at",
        "Un autre contrat spécifique de ce nom, ou sur les mêmes valeurs, est en vigueur en même temps.",
    ),
    (
        {"overlay-patch": '{"targets": {"critical": {"busines": "1h"}}}'},
        "patch",
        'targets.critical.busines vaut "1h" : clé inconnue ; les clés connues sont business, non_business.',
    ),
    (
        {"overlay-patch": '{"targets": {"urgent": {"business": "2 heures"}}}'},
        "patch",
        'targets.urgent.business vaut "2 heures" : écrivez une durée comme « 2h », « 30m » ou « 1h30m ».',
    ),
    (
        {"overlay-patch": '{"targets": {"grave": {"non_business": "1h"}}}'},
        "patch",
        "une durée hors heures ouvrées ne promet rien à elle seule ; ajoutez « business ».",
    ),
    (
        {"overlay-patch": '{"business_hours": {"mon": ["18:00-09:00"]}}'},
        "patch",
        'business_hours.mon[0] vaut "18:00-09:00" : ferme avant d\'ouvrir ;'
        " des heures qui passent minuit sont deux plages, une par jour.",
    ),
    (
        {"overlay-patch": '{"calendar": "DE"}'},
        "patch",
        'calendar vaut "DE" : calendrier inconnu ;'
        " écrivez « FR », ou « FR- » et une subdivision comme « FR-57 ».",
    ),
    (
        {"overlay-patch": '{"penalty": {"rounding": "up"}}'},
        "patch",
        'penalty.rounding vaut "up" : écrivez l\'un de ces mots : started, completed, prorata.',
    ),
    (
        {"overlay-patch": '{"business_hours": {"mon-fri": null}}'},
        "patch",
        "un mois n'aurait aucune heure ouvrée",
    ),
    (
        {"overlay-patch": '{"a": 1'},
        "patch",
        "Ce n'est pas du JSON : ligne 1, colonne 8, il manque une virgule.",
    ),
    ({"overlay-patch": "{a: 1}"}, "patch", "colonne 2, une clé entre guillemets droits est attendue."),
]


@pytest.mark.parametrize(("wrong", "field", "message"), NOT_LAID)
def test_what_is_wrong_in_a_specific_contract_stands_under_its_own_field(
    cast, at_sofias, line_page, wrong, field, message
):
    laid = {"overlay-title": "Soldes", "overlay-patch": PATCH, "overlay-from_at": "2026-12-10"}
    at_sofias.send(
        at_sofias.get(line_page).form(f"{line_page}overlay/"), **laid, **{"overlay-until_at": "2027-01-01"}
    )
    before = Entry.objects.count()
    said = laid | {"overlay-from_at": "2027-02-01"} | wrong
    page = at_sofias.send(at_sofias.get(line_page).form(f"{line_page}overlay/"), **said)
    assert message in page.text
    (under,) = page.html.split(' class="err" id="')[1:]
    assert under.startswith(f"id_overlay-{field}_error")
    assert Entry.objects.count() == before
    assert Overlay.objects.count() == 1


def test_terms_are_said_to_be_json_with_an_example_before_any_error(cast, at_sofias):
    page = at_sofias.get("/desk/contracts/terms/")
    assert (
        "En JSON, seulement les clés qui changent ; les autres restent. Par exemple"
        ' {"targets": {"critical": {"business": "1h", "non_business": "3h"}}}' in page.text
    )
    assert 'placeholder="{&quot;targets&quot;' in page.html
    assert "D'après" in page.text


def test_each_act_that_changes_a_promise_is_confirmed(cast, hand, at_sofias):
    bare = a_server(cast.kermor, "bare.kermor.example")
    path = f"/desk/servers/{bare.public_id}/"
    form = at_sofias.get(path).form(f"{path}cover/")
    assert form.values["cover-from_at"] == ["2026-11-23"], "since this morning: nothing covered it"
    page = at_sofias.send(form, **{"cover-line": str(cast.line.pk)})
    assert f"bare.kermor.example est couvert par la commande n° {cast.line.number}." in page.text
    again = page.form(f"{path}cover/")
    assert again.values["cover-from_at"] == ["2026-11-23 11:31"]
    other = a_contract(
        cast.kermor, a_server(cast.kermor, "z.kermor.example"), terms=some_terms(cast.house, "t2")
    )
    hand.move_to(paris("2026-11-23T11:40"))
    form = at_sofias.get(path).form(f"{path}cover/")
    hand.move_to(paris("2026-11-23T11:45"))
    at_sofias.send(form, **{"cover-line": str(other.pk)})
    assert Coverage.objects.as_of(hand.instant).get(server=bare).line == other
    ada = Reading(cast.house.ada)
    page = ada.send(ada.get("/desk/team/").form("/desk/team/number/"), number="+33 2 61 91 00 25")
    assert "Le numéro est défini : un appel à ce numéro compte dès maintenant." in page.text
