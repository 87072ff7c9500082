"""Whoever alters by SQL what a deadline, an amount or a proof reads is named by `journal verify` (X.1, A3.1)."""

from datetime import datetime

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from astreinte.loops import clock
from astreinte.records.contracts import binding, overlaying
from astreinte.records.journal import verifying
from astreinte.records.tickets import opening
from astreinte.records.worklog import intervening
from tests.builders import SETUP, a_declaration, acting, paris, the_cast, time_passes
from tests.harness.emptying import lifted

pytestmark = pytest.mark.django_db(transaction=True)

MEANS = {"journal", "sample", "sessions", "contenttypes", "auth", "account", "evidence"}
"""Rooms without a journalled fact of this story, and the journal's own tables, which have their own tests."""


def a_late_month():
    """A story that writes to every table that has money or time in it."""
    cast = the_cast()
    hugo = acting(cast.house.hugo, paris("2026-11-28 03:00"))
    with clock.moved_to(paris("2026-11-28 03:00")) as hand:
        binding.change_price(
            line=cast.line,
            price_cents=600_00,
            from_at=paris("2026-12-01 00:00"),
            at=hand.instant,
            actor=SETUP,
        )
        overlaying.lay(
            line=cast.line,
            title="Noël",
            patch={"penalty": {"multiplier": "10"}},
            from_at=paris("2026-12-01 00:00"),
            until_at=paris("2027-01-01 00:00"),
            at=hand.instant,
            actor=SETUP,
        )
        ticket = a_declaration(cast.web1, hand.instant, by=acting(cast.alice, hand.instant)).ticket
        opening.record_call(
            client=cast.kermor,
            server=cast.web1,
            number_called="+33261910024",
            caller="Bob",
            rang_at=hand.instant,
            text="Allô ?",
            priority="critical",
            key="call",
            at=hand.instant,
            actor=hugo,
            ticket=ticket,
        )
        hand.move_to(paris("2026-11-28 07:00:01"))
        time_passes()
        row = intervening.start(ticket, at=hand.move_to(paris("2026-11-28 09:30")), actor=hugo)
        intervening.end(row, text="Redémarré.", at=hand.advance(minutes=20), actor=hugo)
        time_passes()
    return cast


def columns_of_money_and_time():
    for model in apps.get_models():
        if model._meta.app_label in MEANS or not getattr(model, "JOURNALLED", False):
            continue
        for field in model._meta.concrete_fields:
            kept = field.name not in getattr(model, "JOURNAL_LEAVES", ())
            money = isinstance(field, models.IntegerField) and not field.primary_key
            if kept and (
                money or isinstance(field, models.DateTimeField) or field.name in {"month", "days", "trace"}
            ):
                yield model, field


def another(field, value):
    if isinstance(field, models.DateTimeField):
        other = (
            datetime(2039, 1, 1, tzinfo=paris("2039-01-01").tzinfo)
            if value is None
            else value.replace(microsecond=7)
        )
        return connection.ops.adapt_datetimefield_value(other) if connection.vendor == "sqlite" else other
    return (value or 0) + 1 if isinstance(field, models.IntegerField) else f"{value}"[:-1] + "~"


def test_one_altered_column_of_money_or_time_names_its_record():
    a_late_month()
    assert verifying.verify() == []
    looked_at, silent = set(), []
    for model, field in columns_of_money_and_time():
        row = model._base_manager.order_by("-pk").first()
        if row is None:
            continue
        looked_at.add(model._meta.label)
        found = _verified_after(model, field, row)
        named = [
            text for text in found if f"{model._meta.label_lower}" in text.lower() and str(row.pk) in text
        ]
        if not named:
            silent.append(f"{model._meta.label}.{field.name}: {found}")
    assert not silent
    assert {
        "contracts.Price",
        "contracts.FrozenYear",
        "contracts.Coverage",
        "contracts.Binding",
        "contracts.Overlay",
        "tickets.Ticket",
        "tickets.Receipt",
        "tickets.Call",
        "worklog.Intervention",
        "commitments.Clock",
        "commitments.Verdict",
        "commitments.Breach",
        "commitments.Settlement",
        "commitments.Share",
    } <= looked_at


class _Undone(Exception):
    """Takes an alteration back."""


def _verified_after(model, field, row):
    found = []
    value = another(field, getattr(row, field.attname))
    table, column, key = (
        connection.ops.quote_name(n) for n in (model._meta.db_table, field.column, model._meta.pk.column)
    )
    try:
        with transaction.atomic(), lifted(connection):
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.execute("PRAGMA ignore_check_constraints=ON")
                else:
                    _drop_checks(cursor, table)
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, row.pk])
            found = [str(one) for one in verifying.verify()]
            raise _Undone
    except _Undone:
        return found


def _drop_checks(cursor, table):
    """Do away with what the database itself refuses, as its owner can; it comes back with the transaction."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def test_a_deleted_and_an_added_row_are_named_too():
    cast = a_late_month()
    from astreinte.records.commitments.models import Share

    share = Share.objects.latest("pk")
    with transaction.atomic(), lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM commitments_share WHERE id = %s", [share.pk])
    assert any(
        "commitments.share" in str(one).lower() and str(share.pk) in str(one) for one in verifying.verify()
    )
    cast.line.pk = None
    cast.line.public_id, cast.line.number = "x" * 16, 99
    cast.line.save(force_insert=True)
    assert any(
        "contracts.orderline" in str(one).lower() and str(cast.line.pk) in str(one)
        for one in verifying.verify()
    )
