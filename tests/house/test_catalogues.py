"""Whatever is said to people is said in every language, and nothing is kept that nobody says."""

import pytest

from tools import messages


@pytest.fixture(scope="module")
def said():
    return {(message.context, message.id) for message in messages.gathered() if message.id}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_holds_what_the_code_says(language, said):
    kept = {(message.context, message.id) for message in messages.read(language) if message.id}
    assert not said - kept, "make messages, then say them"
    assert not kept - said, "nobody says these any more: make messages"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_says_everything(language):
    missing = messages.unsaid(messages.read(language))
    assert not missing, f"{messages.catalogue(language)}: to be said in {language}: {missing}"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_is_sure_of_itself(language):
    assert not messages.read(language).fuzzy, "its head says fuzzy: Babel will not compile it"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_fills_the_same_places(language):
    wrong = [f"{message.id!r}: {error}" for message in messages.read(language) for error in message.check()]
    assert not wrong


def test_templates_are_read_like_code(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<p>l\'eau "{% translate "It\'s fine" %}\n'
        "    {% blocktranslate count n=items|length %}One item{% plural %}{{ n }} items{% endblocktranslate %}\n"
        '  {{ _("Other") }}{% translate "Priority" context "ticket" %}\n'
    )
    with page.open("rb") as file:
        found = [
            text
            for _line, _function, text, _comments in messages.extract_template(
                file, messages.KEYWORDS, [], {}
            )
        ]
    assert found == ["It's fine", ("One item", "%(n)s items", None), "Other", ("ticket", "Priority")]
