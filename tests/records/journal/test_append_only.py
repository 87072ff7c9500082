"""The tables of the record refuse UPDATE and DELETE, by raw SQL too (both databases)."""

import pytest
from django.db import IntegrityError, connection, transaction

from astreinte.records.journal import publishing
from tests.records.journal.stories import AT, SEALED_APART, open_case, seal_all

CHANGES = {
    "journal_entry": "kind = 'forged'",
    "journal_seal": "chain = chain",
    "journal_publication": "seq = 1",
}


@pytest.mark.django_db(transaction=SEALED_APART)
@pytest.mark.parametrize("table", CHANGES)
def test_the_record_is_only_added_to(table):
    open_case()
    seal_all()
    publishing.publish(1, AT, "receipt 1")
    for sql in (
        f"UPDATE {table} SET {CHANGES[table]}",
        f"UPDATE {table} SET id = id + 1",
        f"DELETE FROM {table}",
    ):
        with pytest.raises(IntegrityError, match=f"{table}: rows are only added"):
            run(sql)


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
