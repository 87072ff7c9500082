"""Why this deadline, why this sum: from the stored trace alone, with the article, for both parties."""

import json

import pytest

from astreinte.rules.sla import clock, months, penalties
from astreinte.rules.sla.clock import Receipt, Suspension
from astreinte.rules.sla.penalties import Price, Share
from astreinte.words import LANGUAGES, speaking
from astreinte.words.why import why_deadline, why_sum
from tests.rules.sla.reading import bound, paris

FEE = Price(50000, "monthly")


def plain(said):
    return "\n".join(said.paragraphs).replace("\u00a0", " ").replace("\u202f", " ")


def table(said):
    return {name.replace("\u00a0", " "): value.replace("\u00a0", " ") for name, value in said.table}


def trace_of(
    at,
    *,
    priority="critical",
    channel="web",
    patch=None,
    others=(),
    pauses=(),
    until=None,
    internal=False,
    relapse=None,
):
    receipts = [Receipt(paris(at), channel), *(Receipt(paris(when), how) for when, how in others)]
    run = clock.run(
        bound(patch),
        priority,
        receipts,
        suspensions=[Suspension(paris(start), end and paris(end)) for start, end in pauses],
        internal=internal,
        relapse=relapse and paris(relapse),
    )
    assert run is not None
    return json.loads(json.dumps(run.trace if until is None else run.judged(paris(until))))


def late_month(*lates, price=FEE, patch=None, exclusion=None):
    return json.loads(
        json.dumps(
            months.owed(
                months.Late(name, penalties.raw(bound(patch), price, paris(deadline), seconds), exclusion)
                for name, deadline, seconds in lates
            ).trace
        )
    )


def test_the_clock_of_a_relapse_says_that_nobody_has_to_declare_it_again():
    trace = trace_of(
        "2026-11-23 09:30", others=[("2026-11-23 09:20", "monitoring")], relapse="2026-11-23 11:10"
    )
    assert clock.agrees(trace)
    said = why_deadline(trace)
    text = plain(said)
    assert (
        "La panne, reçue dans l’interface web le lundi 23 novembre 2026 à 09:30:00, est revenue le lundi"
        " 23 novembre 2026 à 11:10:00, après une intervention. C’était en heures ouvrées." in text
    )
    assert "en moins de 30 min après un rétablissement constaté : c’est la même panne" in text
    assert "11:10 + 2 h = 13:10" in text
    assert "Une réception par une sonde le lundi 23 novembre 2026 à 09:20:00 n’ouvre pas le délai" in text
    assert table(said)["Rechute"] == "lundi 23 novembre 2026 à 11:10:00"
    longer = trace_of("2026-11-23 09:30", patch={"relapse_within": "2h"}, relapse="2026-11-23 11:10")
    with speaking("en-gb"):
        assert "It came back in less than 2 h after a recovery that was sure" in plain(why_deadline(longer))


def test_the_story_of_ticket_4812():
    trace = trace_of(
        "2026-11-23 11:30",
        others=[("2026-11-23 11:22", "monitoring"), ("2026-11-23 11:41", "phone")],
    )
    said = why_deadline(trace, provider_name="Estran")
    text = plain(said)
    assert (
        "reçu dans l’interface web le lundi 23 novembre 2026 à 11:30:00. C’était en heures ouvrées." in text
    )
    assert "Critique : le délai est de 2 h, en temps écoulé. 11:30 + 2 h = 13:30." in text
    assert "De 12:00 à 14:00 ce sont des heures non ouvrées" in text
    assert (
        "Une réception par une sonde le lundi 23 novembre 2026 à 11:22:00 n’ouvre pas le délai contractuel."
        in text
    )
    assert "à 11:41:00 ne change rien : la première qui compte décide." in text
    assert "au prorata des deux délais, 14:30 ; deux compteurs séparés, 15:30" in text
    assert said.quote.startswith(
        "«\u00a02\u00a0heures (heures ouvrées) et 4\u00a0heures (heures non ouvrées)"
    )
    assert "réception par Estran du ticket" in said.quote
    assert said.source.startswith("Article\u00a05, Conditions Particulières")
    assert table(said)["11:30 – 12:00"] == "30 min, heures ouvrées"


def test_the_same_in_english_quotes_the_contract_in_its_own_words():
    trace = trace_of("2026-11-23 11:30")
    with speaking("en-gb"):
        said = why_deadline(trace, provider_name="Estran")
    assert "Its priority is Critical: the time to intervene is 2 h, elapsed. 11:30 + 2 h = 13:30." in plain(
        said
    )
    assert said.quote == why_deadline(trace, provider_name="Estran").quote


def test_an_urgent_ticket_says_the_holiday_and_when_lateness_opens():
    text = plain(why_deadline(trace_of("2026-11-10 17:00", priority="urgent")))
    assert "Le mercredi 11 novembre 2026 est férié" in text
    assert "8 h, en heures ouvrées seulement. Échéance : jeudi 12 novembre 2026 à 18:00." in text
    assert "la réouverture, le vendredi 13 novembre 2026 à 09:00." in text


def test_the_repeated_hour_shows_which_pass_it_was():
    text = plain(why_deadline(trace_of("2026-10-25 01:30")))
    assert "L’heure légale change entre-temps" in text
    text = plain(
        why_deadline(trace_of("2026-10-24 22:30", patch={"targets": {"critical": {"non_business": "4h"}}}))
    )
    assert "02:30 (+02:00)" in text
    assert "L’heure de 02:00 existe deux fois cette nuit-là" in text


def test_suspensions_are_said_and_one_for_good_leaves_no_deadline():
    given_back = trace_of("2026-11-23 11:30", pauses=[("2026-11-23 12:00", "2026-11-23 12:30")])
    assert "L’horloge est suspendue du lundi 23 novembre 2026 à 12:00 au" in plain(why_deadline(given_back))
    assert "suspensions exclues. Échéance : 14:00." in plain(why_deadline(given_back))
    still = why_deadline(trace_of("2026-11-23 11:30", pauses=[("2026-11-23 12:00", None)]))
    assert "l’accès n’est pas rendu" in plain(still)
    assert table(still)["Échéance"] == "aucune"


def test_an_overlay_is_named_and_the_source_says_that_it_changes_the_clause():
    said = why_deadline(
        trace_of("2026-11-23 11:30", patch={"id": "or", "targets": {"critical": {"business": "1h"}}})
    )
    assert (
        "Les conditions « or » fixent ici ce délai : 1 h (heures ouvrées) et 4 h (heures non ouvrées)."
        in plain(said)
    )
    assert "modifié par les conditions «\u00a0or\u00a0»" in said.source
    unnamed = why_deadline(trace_of("2026-11-23 11:30", patch={"targets": {"critical": {"business": "1h"}}}))
    assert "Le contrat fixe ici ce délai" in plain(unnamed)
    assert unnamed.source.endswith("modifié par le contrat")


def test_lateness_and_the_internal_target():
    text = plain(why_deadline(trace_of("2026-11-28 03:00", channel="phone", until="2026-11-28 09:30")))
    assert "Au samedi 28 novembre 2026 à 09:30:00, le retard est de 2 h 30, en temps écoulé." in text
    assert "il n’y a pas de retard" in plain(
        why_deadline(trace_of("2026-11-28 03:00", until="2026-11-28 06:00"))
    )
    internal = why_deadline(trace_of("2026-11-28 03:00", channel="monitoring", internal=True))
    assert "Cet objectif est interne" in plain(internal)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", ["reception", "proportional", "separate"])
@pytest.mark.parametrize("priority", ["critical", "urgent", "vip"])
@pytest.mark.parametrize("at", ["2026-11-23 11:30", "2026-10-24 23:30", "2026-12-31 17:00"])
def test_every_clock_can_be_said_without_a_hole(language, rule, priority, at):
    patch = {"mixed_rule": rule, "targets": {"vip": {"business": "45m", "non_business": "90m"}}}
    with speaking(language):
        said = why_deadline(trace_of(at, priority=priority, patch=patch))
    assert all(said.paragraphs)
    whole = said.as_text() + json.dumps(said.as_dict())
    assert "{" not in said.as_text().replace("{{", "")
    assert "None" not in whole


def test_the_story_of_ticket_4822():
    said = why_sum(late_month(("4822", "2026-11-28 07:00", 9000)), ticket="4822", provider_name="Estran")
    text = plain(said)
    assert "L’échéance était le samedi 28 novembre 2026 à 07:00. Le retard est de 2 h 30." in text
    assert "par heure entamée : 3 h." in text
    assert (
        "novembre 2026, a 140 h d’ouverture : 20 jours ouvrés, fériés exclus (mercredi 11 novembre 2026)."
        in text
    )
    assert "5 × 500,00 € ÷ 140 h × 3 h = 53,57 €." in text
    assert "53,5714… € ; il est arrondi une seule fois, au centime." in text
    assert "500,00 € par mois : il n’est pas atteint." in text
    assert "quintuple du forfait mensuel" in said.quote
    assert table(said)["Dû"] == "53,57 €"


def test_a_ticket_that_meets_the_cap_says_what_was_left():
    month = late_month(("1", "2026-11-02 10:00", 25 * 3600), ("2", "2026-11-20 10:00", 10 * 3600))
    text = plain(why_sum(month, ticket="2"))
    assert "500,00 € par mois, et 53,57 € en restaient : 53,57 € sont dus au lieu de 178,57 €." in text
    assert "2 tickets en retard : 500,00 € sont dus au total." in text


def test_an_exclusion_is_quoted_with_its_ground():
    month = late_month(("1", "2026-11-02 10:00", 3600), exclusion="unauthorised_change")
    said = why_sum(month, ticket="1", provider_name="Estran")
    assert "une modification du système sans autorisation préalable. Rien n’est dû" in plain(said)
    assert "sans avoir demandé une autorisation préalable à Estran" in said.quote


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (Price(150000, "quarterly"), "le tiers de 1 500,00 € par trimestre, soit 500,00 €"),
        (Price(540000, "yearly"), "le douzième de 5 400,00 € par an, soit 450,00 €"),
        (Price(79900, "one_off"), "Une prestation ponctuelle n’a pas de forfait mensuel"),
    ],
)
def test_the_fee_is_said_from_the_price(price, said):
    assert said in plain(why_sum(late_month(("1", "2026-11-02 10:00", 3600), price=price), ticket="1"))


@pytest.mark.parametrize(
    ("penalty", "said"),
    [
        ({"rounding": "prorata"}, "au prorata : 1 h 00 min 01 s"),
        ({"rounding": "completed"}, "par heure accomplie : 1 h"),
        ({"opening_hours": "elapsed"}, "720 h en tout : le contrat compte toutes ses heures"),
        ({"cap": None}, "ne plafonne pas"),
        ({"cap_scope": "ticket"}, "par ticket : il n’est pas atteint"),
        ({"cap_scope": "ticket", "cap": "0.01"}, "5,00 € par ticket : 5,00 € sont dus au lieu de"),
        ({"multiplier": "12.5"}, "12,5 × 500,00 €"),
    ],
)
def test_each_value_of_the_terms_is_said(penalty, said):
    month = late_month(("1", "2026-11-02 10:00", 3601), patch={"penalty": penalty})
    assert said in plain(why_sum(month, ticket="1"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_is_said_whole_and_an_empty_one_too(language):
    month = late_month(("1", "2026-11-02 10:00", 3600), ("2", "2026-11-03 10:00", 3600))
    with speaking(language):
        assert len(why_sum(month).table) == 3
        assert why_sum({"kind": "month", "month": "2026-11", "shares": []}).paragraphs
        assert why_sum({"kind": "month", "month": "2026-11", "shares": []}, ticket="9").paragraphs


def test_a_settlement_and_a_bare_penalty_are_said_from_their_own_traces():
    penalty = penalties.raw(bound(), Price(50000, "monthly"), paris("2026-11-28 07:00"), 9000)
    assert "= 53,57 €" in plain(why_sum(penalty.trace))
    settlement = penalties.settle(bound(), Price(50000, "monthly"), [Share("4822", penalty.deadline, 5357)])
    assert "53,57 €" in plain(why_sum(settlement.trace, ticket="4822"))


def test_a_ticket_that_is_not_in_the_month_is_refused():
    with pytest.raises(LookupError, match="ticket 9 is not in this month; it has 1"):
        why_sum(late_month(("1", "2026-11-02 10:00", 3600)), ticket="9")


def test_words_know_no_django():
    import subprocess
    import sys

    code = "import astreinte.words.why, sys; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
