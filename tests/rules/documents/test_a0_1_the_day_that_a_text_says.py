"""A0.1: the day from which a text says that it holds, in local form, is read to be set beside the version's own."""

from datetime import date

import pytest

from astreinte.rules.documents import dates
from tests.rules.documents.dirty import TEXT


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Applicables à compter du 1 Juillet 2017.", [date(2017, 7, 1)]),
        ("En vigueur au 1er février 2024.", [date(2024, 2, 1)]),
        ("Prend effet le 31/12/2025.", [date(2025, 12, 31)]),
        ("Date d’effet : 2026-11-24.", [date(2026, 11, 24)]),
        ("Effective from 1st July 2017.", [date(2017, 7, 1)]),
        ("In force as from July 4, 2026.", [date(2026, 7, 4)]),
        ("Applicable à partir du 30 février 2024.", []),
        ("Signé le 1er février 2024.", []),
        ("Applicables dès la signature.", []),
    ],
)
def test_a_day_is_read_in_the_forms_that_contracts_write(text, days):
    assert [said.day for said in dates.effective(text)] == days


def test_it_is_cited_where_it_stands():
    (said,) = dates.effective(TEXT)
    assert (said.day, said.anchor, said.line) == (date(2019, 3, 3), "0.1.1", 3)
