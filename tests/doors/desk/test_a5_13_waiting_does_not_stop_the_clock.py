"""A5.10, A5.13: taking, giving and waiting leave the clock running; an intervention or a diagnostic stops it."""

import pytest

from astreinte.records.commitments.models import Verdict
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog.models import Intervention
from tests.builders import BEGINNING, a_person, a_ticket, acting, paris, time_passes

DEADLINE = "Intervention avant 13:30 , lundi 23 novembre 2026"


@pytest.fixture
def ticket(cast, hand):
    made = a_ticket(cast.web1, hand.instant)
    hand.advance(minutes=4)
    return made


@pytest.fixture
def path(ticket):
    return f"/desk/tickets/{ticket.number}/"


def test_waiting_for_the_client_changes_nothing_to_the_deadline_and_says_so(
    ticket, path, at_hugos, at_alices
):
    form = at_hugos.get(path).form(f"{path}wait/")
    page = at_hugos.send(form, **{"wait-text": "Pouvez-vous revenir à la version précédente ?"})
    assert DEADLINE in page.text
    assert "L'attente n'arrête pas l'horloge : rien dans l'article 5 ne suspend le délai." in page.text
    assert "En attente du client. Cela n'arrête pas l'horloge" in page.text
    assert "Pouvez-vous revenir" in page.text
    assert Ticket.objects.get().state == "waiting"
    client = at_alices.get(f"/tickets/{ticket.number}/")
    assert "Nous attendons votre réponse. L'attente n'arrête pas le délai garanti." in client.text
    assert DEADLINE in client.text
    resumed = at_hugos.send(page.form(f"{path}resume/"))
    assert Ticket.objects.get().state == "open"
    assert DEADLINE in resumed.text


def test_taking_it_does_not_stop_the_clock_and_says_so(ticket, path, at_hugos):
    page = at_hugos.send(at_hugos.get(path).form(f"{path}take/"))
    assert "Il est à vous. L'horloge court toujours : seule une intervention l'arrête." in page.text
    assert "Hugo Lemaire, 11:34. L'horloge court toujours." in page.text.replace(" ,", ",")
    assert DEADLINE in page.text
    assert not Verdict.objects.exists()


def test_giving_it_to_somebody_of_the_team(cast, ticket, path, at_hugos):
    page = at_hugos.get(path)
    form = page.form(f"{path}assign/")
    people = {"", *(str(one.pk) for one in (cast.house.ada, cast.house.hugo, cast.house.sofia))}
    assert form.choices["assign-person"] == people, "neither clients nor another provider's people"
    page = at_hugos.send(form, **{"assign-person": str(cast.house.sofia.pk)})
    assert "Sofia Marchetti l'a. L'horloge court toujours" in page.text
    assert Ticket.objects.get().assignee == cast.house.sofia


def test_beginning_an_intervention_stops_it(ticket, path, at_hugos, hand):
    hand.move_to(paris("2026-11-23T11:58:20"))
    page = at_hugos.send(at_hugos.get(path).form(f"{path}start/"))
    assert "Garantie tenue : intervention à temps HO 2 h horloge arrêtée 28 min" in page.text
    assert "intervention , Hugo Lemaire, 11:58:20" in page.text.replace("intervention,", "intervention ,")
    assert "Vous intervenez depuis 11:58" in page.text
    hand.move_to(paris("2026-11-23T12:44"))
    page = at_hugos.send(
        at_hugos.get(path).form(f"{path}end/"), **{"end-text": "Ligne fautive retirée, PHP relancé."}
    )
    assert "Votre intervention est terminée." in page.text
    assert "Fin de l'intervention 45 min" in page.text
    assert "Ligne fautive retirée, PHP relancé." in page.text
    assert Intervention.objects.get().ended_at == hand.instant


def test_a_diagnostic_stops_it_too(ticket, path, at_hugos, at_alices):
    text = "Le pool PHP ne démarre plus depuis la livraison de 11:18 ; nous retirons la ligne."
    page = at_hugos.send(at_hugos.get(path).form(f"{path}diagnose/"), **{"diagnostic-text": text})
    assert "Garantie tenue" in page.text
    assert "diagnostic écrit , Hugo Lemaire" in page.text.replace("écrit,", "écrit ,")
    assert text.replace("\u00a0", " ") in at_alices.get(f"/tickets/{ticket.number}/").text


def test_we_are_looking_into_it_is_no_diagnostic(ticket, path, at_hugos):
    page = at_hugos.send(
        at_hugos.get(path).form(f"{path}diagnose/"), **{"diagnostic-text": "Nous regardons."}
    )
    assert page.status == 422
    assert (
        "Trop court pour un diagnostic : écrivez ce qui ne va pas et ce qui sera fait, en 40 caractères ou plus."
        in page.text
    )
    assert not Verdict.objects.exists()


def test_what_is_written_down_afterwards_needs_its_evidence_and_is_marked(ticket, path, at_hugos, hand):
    hand.move_to(paris("2026-11-23T12:30"))
    form = next(
        one
        for one in at_hugos.get(path).forms
        if one.action == f"{path}start/" and "start-evidence" in one.values
    )
    page = at_hugos.send(form, **{"start-started_at": "11:58:20"})
    assert page.status == 422
    assert "Ce qui est noté après coup demande sa preuve" in page.text
    page = at_hugos.send(
        form, **{"start-started_at": "11:58:20", "start-evidence": "session s-88213, 11 commandes"}
    )
    assert "Intervention commencée à 11:58" in page.text
    assert "noté après coup, à 12:30" in page.text
    before = at_hugos.send(
        form, **{"start-started_at": "11:29", "start-evidence": "session s-88213, 11 commandes"}
    )
    assert "Personne, ni aucune sonde, ne l'avait signalé alors." in before.text
    later = at_hugos.send(form, **{"start-started_at": "13:00", "start-evidence": "x"})
    assert "C'est encore à venir. Laissez vide pour commencer maintenant." in later.text


def test_recovery_does_not_stop_it(cast, hand, at_hugos):
    from astreinte.records.monitoring.models import Incident
    from astreinte.records.tickets.incidents import mark_restored

    incident = Incident.objects.create(
        provider=cast.house.provider, number=7, title="web1", detected_at=hand.instant, opened_at=hand.instant
    )
    made = a_ticket(cast.web1, hand.instant)
    Ticket.objects.filter(pk=made.pk).update(incident=incident)
    hand.advance(minutes=30)
    mark_restored(incident_id=incident.pk, client_id=cast.kermor.pk, at=hand.instant)
    page = at_hugos.get(f"/desk/tickets/{made.number}/")
    assert "Rétabli 12:00. Non garanti par l'article 5." in page.text
    assert "Reste pour intervenir" in page.text
    assert DEADLINE in page.text


def test_a_ticket_is_not_closed_without_an_intervention_or_a_reason_that_the_client_reads(
    ticket, path, at_hugos, at_alices
):
    form = at_hugos.get(path).form(f"{path}close/")
    page = at_hugos.send(form)
    assert page.status == 422
    assert "Personne n'est intervenu : écrivez la raison que le client lira" in page.text
    assert Ticket.objects.get().state == "open"
    page = at_hugos.send(form, **{"close-reason": "Fausse alerte : notre sonde était en faute."})
    assert Ticket.objects.get().state == "closed"
    assert "Fausse alerte" in at_alices.get(f"/tickets/{ticket.number}/").text
    again = at_hugos.send(form, **{"close-reason": "encore"})
    assert (
        "Cela ne peut pas se faire sur le ticket #1 tel qu'il est maintenant : voyez plus bas." in again.text
    )


def test_closed_in_time_without_an_intervention_is_neither_kept_nor_missed(ticket, path, at_hugos, at_alices):
    page = at_hugos.send(at_hugos.get(path).form(f"{path}close/"), **{"close-reason": "Fausse alerte."})
    assert "Clos dans le délai HO 2 h horloge arrêtée 4 min" in page.text
    assert "Clos sans intervention à 11:34 , échéance 13:30" in page.text
    assert "Garantie tenue" not in page.text
    assert "Clos 11:34 : Fausse alerte." in at_alices.get(f"/tickets/{ticket.number}/").text


def test_closed_late_without_an_intervention_is_missed_and_owed(ticket, path, at_hugos, at_alices, hand):
    hand.move_to(paris("2026-11-23T14:00"))
    time_passes()
    page = at_hugos.send(at_hugos.get(path).form(f"{path}close/"), **{"close-reason": "Réparé tout seul."})
    assert "Garantie manquée : clos en retard HO 2 h horloge arrêtée 30 min" in page.text
    assert "17,86 € si le client le demande" in page.text
    admitted = at_alices.get(f"/tickets/{ticket.number}/").text
    assert "personne n'est intervenu avant 13:30. Nous vous devons 17,86 €" in admitted


def test_a_closing_is_contested_by_either_side_and_the_clock_runs_on(ticket, path, at_hugos, at_alices, hand):
    at_hugos.send(at_hugos.get(path).form(f"{path}close/"), **{"close-reason": "Fausse alerte."})
    hand.advance(minutes=26)
    here = f"/tickets/{ticket.number}/"
    empty = at_alices.send(at_alices.get(here).form(f"{here}reopen/"), text=" ")
    assert empty.status == 422
    page = at_alices.send(
        at_alices.get(here).form(f"{here}reopen/"), text="La boutique est toujours en panne."
    )
    assert "La boutique est toujours en panne." in page.text
    assert "Reste pour intervenir HO 2 h compté jour et nuit 1 h 30 min 00" in page.text
    assert Ticket.objects.get().state == "open"
    at_hugos.send(at_hugos.get(path).form(f"{path}close/"), **{"close-reason": "Encore."})
    page = at_hugos.send(at_hugos.get(path).form(f"{path}reopen/"), **{"reopen-text": "À tort."})
    assert "Rouvert : son horloge reprend comme s'il n'avait jamais été clos." in page.text
    assert DEADLINE in page.text


def test_a_ticket_without_a_server_is_told_which_one_it_is_about(cast, hand, at_hugos):
    opening.record_call(
        client=cast.kermor,
        server=None,
        number_called="+33261910024",
        caller="Alice",
        rang_at=hand.instant,
        text="Plus rien.",
        priority="critical",
        key="phone:1",
        at=hand.instant,
        actor=acting(cast.house.hugo, BEGINNING),
    )
    here = "/desk/tickets/1/"
    page = at_hugos.get(here)
    assert "sans serveur, aucune promesse ne court" in page.text
    form = page.form(f"{here}place/")
    assert form.choices["place-server"] == {"", str(cast.web1.pk)}, "servers of that client alone"
    page = at_hugos.send(form, **{"place-server": str(cast.web1.pk)})
    assert "Le ticket concerne web1.kermor.example." in page.text
    assert DEADLINE in page.text


def test_merging_keeps_every_receipt_and_the_earliest_that_counts(cast, ticket, path, at_hugos, hand):
    second = a_ticket(cast.web1, hand.instant, subject="Paiement en panne")
    other = f"/desk/tickets/{second.number}/"
    page = at_hugos.send(at_hugos.get(other).form(f"{other}merge/"), **{"merge-into": str(ticket.number)})
    assert page.response.redirect_chain[-1][0] == path
    assert "#2 est fusionné dans ce ticket." in page.text
    assert DEADLINE in page.text
    assert "ticket #2, fusionné dans celui-ci" in page.text
    assert page.text.count("Plus aucune page ne s'affiche.") == 2, "what was said there is read here"
    assert "Fusionné dans #1 : ce qui a été reçu ici compte là-bas." in at_hugos.get(other).text


def test_tickets_of_two_clients_are_never_merged(cast, ticket, path, at_hugos, hand):
    theirs = a_ticket(cast.app2, hand.instant)
    form = at_hugos.get(path).form(f"{path}merge/")
    for into in (theirs.number, 99):
        page = at_hugos.send(form, **{"merge-into": str(into)})
        assert page.status == 422
        assert f"#{into} n'est pas un ticket de Maison Kermor." in page.text
    assert "Écrivez le numéro du ticket, par exemple 4812." in at_hugos.send(form, **{"merge-into": "x"}).text


def test_somebody_else_ends_their_own_intervention_only(cast, ticket, path, at_hugos, at_sofias, hand):
    at_hugos.send(at_hugos.get(path).form(f"{path}start/"))
    assert at_sofias.post(f"{path}end/", **{"end-text": "fini"}).status == 404
    assert Intervention.objects.get().ended_at is None


def test_an_accountant_looks_and_does_not_touch(cast, ticket, path):
    from tests.doors.browsing import Reading

    carl = Reading(a_person(cast.house, "Carl Roux", role="accountant"))
    page = carl.get(path)
    assert page.status == 200
    assert not [form for form in page.forms if form.action.startswith(path)]
    assert carl.post(f"{path}take/").status == 403
    assert Ticket.objects.get().assignee is None
    assert acting(cast.house.hugo, BEGINNING).is_staff
    time_passes()


def test_nothing_is_said_to_stop_a_clock_that_stands(path, at_hugos):
    words = (
        "Commencer arrête l'horloge. Prendre en compte, non.",
        "il arrête l'horloge comme une intervention",
    )
    page = at_hugos.get(path)
    assert all(said in page.text for said in words)
    stopped = at_hugos.send(page.form(f"{path}start/")).text
    assert not [said for said in words if said in stopped]
