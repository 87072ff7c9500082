"""Our own texts at the command line: each value is taken from the terms that are named."""

import json

import pytest

SOFIA = "sofia@estran.example"
OWN = json.dumps(
    {"targets": {"critical": {"business": "1h"}}, "penalty": {"multiplier": "10", "month": "receipt"}}
)


def test_the_text_has_the_values_of_the_terms_that_are_named(cast, terminal):
    assert terminal.type("terms", "add", "gold", "-", as_=SOFIA, stdin=OWN).code == 0
    said = terminal.type("terms", "text", "gold").out.replace("\u00a0", " ")
    assert "1 heure en heures ouvrées, 4 heures en heures non ouvrées" in said
    assert "10 fois le forfait mensuel" in said
    assert "Le mois retenu est celui de la réception." in said
    assert "des conditions « gold »" in said
    assert said.count("{{company.name}}") == 1


def test_a_value_by_which_no_room_acts_is_named_when_terms_are_written(cast, terminal):
    written = terminal.type("terms", "add", "gold", "-", as_=SOFIA, stdin=OWN)
    assert written.err.splitlines()[1:] == [
        "penalty.month: our texts say it, and no room judges by it yet: the product goes on acting by the usual value"
    ]
    assert "judges" not in terminal.type("terms", "add", "plain", "-", as_=SOFIA, stdin="{}").err


@pytest.mark.parametrize("kind", ["special", "general_sale", "general_service"])
@pytest.mark.parametrize("language", ["fr", "en-gb"])
def test_without_a_name_the_terms_built_in_are_printed_and_no_database_is_asked(terminal, kind, language):
    shown = terminal.type("terms", "text", "--kind", kind, "--language", language, as_="")
    assert shown.code == 0, shown.err
    assert shown.out.startswith("# ")


def test_with_a_company_it_is_a_page_and_the_name_prints_as_it_is(terminal):
    page = terminal.type("terms", "text", "--company", "<b>A&B</b> {{x}}", as_="").out
    assert page.startswith("<!doctype html>")
    assert "&lt;b&gt;A&amp;B&lt;/b&gt; {{x}}" in page
    assert "{{company.name}}" not in page


def test_a_text_that_we_do_not_ship_is_refused(terminal):
    refused = terminal.type("terms", "text", "--kind", "cgv", as_="")
    assert refused.code == 2
    assert (
        refused.err == "error: kind: 'cgv': no text of ours; choose special, general_sale, general_service\n"
    )
