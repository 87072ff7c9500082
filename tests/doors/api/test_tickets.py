"""Tickets over the API: declared once, shown with their clock, why and sum, answered; strangers see nothing."""

import pytest

from astreinte.doors.api.bearing import PACE
from astreinte.records.accounts import people, tokens
from astreinte.records.accounts.models import Token
from astreinte.records.contracts import binding
from astreinte.records.tickets import conversation, handling
from astreinte.records.tickets.models import Message, Receipt, Ticket
from astreinte.records.worklog import intervening
from tests.builders import BEGINNING, SETUP, a_person, a_ticket, acting, paris, some_terms, time_passes
from tests.doors.api.caller import calling, error

DECLARED = {"subject": "La boutique répond 502", "text": "Plus aucune page.", "priority": "critical"}


def declared(cast, **more):
    return {**DECLARED, "server": cast.web1.public_id, **more}


def test_a_declaration_is_received_and_says_that_its_channel_starts_no_clock(cast, alice):
    answer = alice.post("/tickets", declared(cast))
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert found["receipt"]["channel"] == "api"
    assert found["receipt"]["at"] == "2026-11-23T10:30:00Z"
    assert found["ticket"]["standing"] == "no_clock"
    assert found["ticket"]["promise"] is None
    assert found["said"] == found["ticket"]["said"]
    assert found["said"] == (
        "Le délai d’intervention garanti ne court pas\u00a0: selon les conditions en vigueur, il part seulement"
        " du formulaire de l’interface web ou d’un appel au numéro d’urgence."
    )


def test_terms_that_let_the_api_start_the_clock_do(cast, alice):
    ours = some_terms(cast.house, "with-api", {"clock_starts_on": ["web", "phone", "api"]})
    binding.change_terms(
        line=cast.line, terms=ours, from_at=paris("2026-11-01"), at=paris("2026-11-01"), actor=SETUP
    )
    found = alice.post("/tickets", declared(cast)).json()
    assert found["ticket"]["standing"] == "running"
    assert found["ticket"]["promise"]["deadline_at"] == "2026-11-23T12:30:00Z"
    assert "13:30" in found["said"]


def test_it_is_said_in_the_language_and_zone_of_the_token_s_person(cast, hand):
    people.change(cast.alice, language="en-gb", zone="Europe/London", at=BEGINNING, actor=SETUP)
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    found = calling(cast.alice, BEGINNING).get(f"/tickets/{ticket.public_id}").json()
    assert found["said"].startswith("The clock runs until")
    assert "12:30" in found["said"]
    assert found["why"]["deadline"]["paragraphs"][0].startswith("The ticket")


def test_the_same_key_again_gives_the_same_ticket(cast, alice):
    first = alice.post("/tickets", declared(cast), key="import-17")
    again = alice.post("/tickets", declared(cast), key="import-17")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["receipt"] == first.json()["receipt"]
    assert again.json()["ticket"]["id"] == first.json()["ticket"]["id"]
    assert Ticket.objects.count() == Receipt.objects.count() == 1
    token = Token.objects.get(person=cast.alice)
    assert Receipt.objects.get().key == f"api:{token.pk}:import-17"


def test_the_order_of_the_fields_makes_no_other_request(cast, alice):
    alice.post("/tickets", declared(cast), key="k")
    turned = dict(reversed(list(declared(cast).items())))
    assert alice.post("/tickets", turned, key="k").status_code == 200


def test_another_body_under_the_same_key_is_refused_and_changes_nothing(cast, alice):
    alice.post("/tickets", declared(cast), key="k")
    answer = alice.post("/tickets", declared(cast, text="Autre chose."), key="k")
    assert answer.status_code == 409
    assert error(answer)["message"] == "Idempotency-Key: 'k' was sent with another request; choose a new one"
    assert Ticket.objects.count() == 1


def test_the_same_key_at_another_address_is_refused(cast, alice):
    found = alice.post("/tickets", declared(cast), key="k").json()
    answer = alice.post(f"/tickets/{found['ticket']['id']}/replies", {"text": "Et alors ?"}, key="k")
    assert answer.status_code == 409


def test_two_tokens_may_choose_the_same_key(cast, alice, charlie):
    alice.post("/tickets", declared(cast), key="k")
    answer = charlie.post("/tickets", declared(cast, server=cast.app2.public_id), key="k")
    assert answer.status_code == 201
    assert Ticket.objects.count() == 2


def test_a_key_whose_request_was_refused_is_free(cast, alice):
    assert alice.post("/tickets", declared(cast, server="nope"), key="k").status_code == 422
    assert alice.post("/tickets", declared(cast), key="k").status_code == 201


def test_a_reply_is_written_once_and_read_by_both_sides(cast, alice, hugo):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    path = f"/tickets/{ticket.public_id}/replies"
    first = alice.post(path, {"text": "Toujours en panne."}, key="r1")
    again = alice.post(path, {"text": "Toujours en panne."}, key="r1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["by_client"] is True
    assert Message.objects.filter(ticket=ticket, text="Toujours en panne.").count() == 1
    seen = hugo.get(f"/tickets/{ticket.public_id}").json()["messages"]
    assert seen[-1]["text"] == "Toujours en panne."


def test_what_the_staff_says_among_itself_stays_there(cast, alice, hugo):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    conversation.note(
        ticket,
        "Disque plein, encore.",
        at=paris("2026-11-23T11:40"),
        actor=acting(cast.house.hugo, BEGINNING),
    )
    path = f"/tickets/{ticket.public_id}"
    assert "Disque plein" in hugo.get(path).content.decode()
    assert "Disque plein" not in alice.get(path).content.decode()


def test_a_late_ticket_shows_its_clock_the_sum_owed_and_why(cast, alice, hand):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    hand.move_to(paris("2026-11-23T16:00"))
    time_passes()
    found = alice.get(f"/tickets/{ticket.public_id}").json()
    assert found["standing"] == "late"
    assert found["promise"]["deadline_at"] == "2026-11-23T12:30:00Z"
    assert found["promise"]["late_s"] == 9000
    assert found["promise"]["left_s"] == -9000
    assert found["breach_at"] == "2026-11-23T12:30:01Z"
    # 2 h 30 late, three hours begun: 3 x 5 x 500.00 / 140 h of opening in November 2026
    assert found["owed"]["due"] == "53.57"
    assert found["owed"]["next_at"] == "2026-11-23T15:30:00Z"
    assert found["owed"]["next_due"] == "71.43"
    assert found["why"]["deadline"]["agrees"] is True
    assert found["why"]["sum"]["agrees"] is True
    assert "53,57\u00a0€" in " ".join(found["why"]["sum"]["paragraphs"])
    assert "Article\u00a06" in found["why"]["sum"]["source"]


def test_a_promise_that_was_kept_says_so_and_owes_nothing(cast, alice, hand):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    hugo = acting(cast.house.hugo, BEGINNING)
    intervening.start(ticket, at=paris("2026-11-23T12:00"), actor=hugo)
    hand.move_to(paris("2026-11-24T12:00"))
    found = alice.get(f"/tickets/{ticket.public_id}").json()
    assert found["standing"] == "met"
    assert found["owed"]["due"] == "0.00"
    assert found["why"]["sum"] is None
    (work,) = found["interventions"]
    assert (work["person"], work["kind"]) == ("Hugo Lemaire", "session")


def test_a_merged_ticket_names_the_one_that_stays_which_shows_both_receipts(cast, alice):
    stays = a_ticket(cast.web1, paris("2026-11-23T11:00"))
    gone = a_ticket(cast.web1, paris("2026-11-23T11:10"))
    handling.merge(gone, into=stays, at=paris("2026-11-23T11:20"), actor=acting(cast.house.hugo, BEGINNING))
    assert alice.get(f"/tickets/{gone.public_id}").json()["merged_into"] == stays.number
    assert len(alice.get(f"/tickets/{stays.public_id}").json()["receipts"]) == 2


def test_the_list_holds_what_is_open_the_newest_first_and_all_on_demand(cast, alice):
    first = a_ticket(cast.web1, paris("2026-11-23T11:00"))
    second = a_ticket(cast.web1, paris("2026-11-23T11:10"))
    handling.close(second, reason="Fausse alerte.", at=paris("2026-11-23T11:20"), actor=hugo_of(cast))
    listed = [one["number"] for one in alice.get("/tickets").json()["items"]]
    assert listed == [first.number]
    listed = [one["number"] for one in alice.get("/tickets", state="all").json()["items"]]
    assert listed == [second.number, first.number]
    assert alice.get("/tickets", server=cast.web1.public_id).json()["items"][0]["id"] == first.public_id


def test_pages_follow_each_other_without_a_gap_or_a_double(cast, alice):
    made = [a_ticket(cast.web1, paris(f"2026-11-23T10:{minute:02}")) for minute in range(5)]
    seen, after = [], ""
    while after is not None:
        page = alice.get("/tickets", limit=2, after=after).json()
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert seen == [one.public_id for one in reversed(made)]


def test_a_stranger_finds_nothing_not_even_that_something_is_there(cast, charlie):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    victor = calling(cast.victor, BEGINNING, host="ressac.test")
    for stranger in (charlie, victor):
        theirs = stranger.get(f"/tickets/{ticket.public_id}")
        nowhere = stranger.get("/tickets/0000000000000000")
        assert theirs.status_code == nowhere.status_code == 404
        assert theirs.content == nowhere.content
        assert stranger.post(f"/tickets/{ticket.public_id}/replies", {"text": "x"}).status_code == 404
        assert ticket.public_id not in stranger.get("/tickets", state="all").content.decode()
    assert Message.objects.filter(ticket=ticket, text="x").count() == 0


def test_a_colleague_sees_the_ticket(cast, bob):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:30"))
    assert bob.get(f"/tickets/{ticket.public_id}").status_code == 200


def test_who_only_reads_may_not_declare(cast, hand):
    reader = a_person(cast.house, "Rachel Nedelec", client=cast.kermor, role="reader")
    answer = calling(reader, BEGINNING).post("/tickets", declared(cast))
    assert answer.status_code == 403
    assert error(answer)["code"] == "not_allowed"
    assert Ticket.objects.count() == 0


def test_the_staff_names_the_client_when_there_is_no_server(cast, hugo):
    asked = {**DECLARED, "nature": "support", "priority": "normal"}
    missing = hugo.post("/tickets", asked)
    assert error(missing)["message"] == "client: is missing; name a client, or a server of one"
    answer = hugo.post("/tickets", {**asked, "client": cast.kermor.public_id})
    assert answer.status_code == 201
    assert answer.json()["ticket"]["client"] == "Maison Kermor"


def test_a_token_that_ended_opens_nothing(cast, alice, hand):
    row = Token.objects.get(person=cast.alice)
    tokens.end(row, at=paris("2026-11-23T11:00"), actor=SETUP)
    assert alice.get("/tickets").status_code == 401


def test_a_token_opens_nothing_under_the_host_of_another_provider(cast, alice):
    elsewhere = type(alice)(alice.token, host="ressac.test")
    assert elsewhere.get("/tickets").status_code == 401


def test_a_caller_in_a_loop_is_asked_to_wait_and_others_are_not(cast, alice, bob, hand, monkeypatch):
    monkeypatch.setattr(PACE, "most", 3)
    answers = [alice.get("/servers").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = alice.get("/servers")
    assert error(refused)["code"] == "too_many_requests"
    assert refused.headers["Retry-After"] == "60"
    assert bob.get("/servers").status_code == 200
    hand.advance(minutes=1)
    assert alice.get("/servers").status_code == 200


def hugo_of(cast):
    return acting(cast.house.hugo, BEGINNING)


@pytest.mark.parametrize("channel", ["web", "phone"])
def test_another_channel_cannot_be_claimed(cast, alice, channel):
    answer = alice.post("/tickets", declared(cast, channel=channel))
    assert error(answer)["place"] == "channel"
