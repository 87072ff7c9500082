"""Append-only tables refuse UPDATE, DELETE and their kin, by raw SQL too, on both databases."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter

from astreinte.records.validity.constraints import AppendOnly, NoOverlap
from tests.records.sample.models import Fee, Remark, Stone

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def run(sql: str, *values: str | int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sample_stone SET text = 'changed'",
        "UPDATE sample_stone SET text = text",
        "DELETE FROM sample_stone",
        "UPDATE sample_stone SET id = id + 100",
    ],
)
def test_raw_sql_changes_nothing(sql):
    Stone.objects.create(text="written")
    with pytest.raises(IntegrityError, match="sample_stone: rows are only added"):
        run(sql)
    assert Stone.objects.get().text == "written"


def test_the_table_is_not_emptied_at_a_stroke():
    Stone.objects.create(text="written")
    sql = "TRUNCATE sample_stone" if connection.vendor == "postgresql" else "DELETE FROM sample_stone WHERE 1"
    with pytest.raises(IntegrityError, match="sample_stone"):
        run(sql)


def test_a_row_is_not_replaced_by_another():
    stone = Stone.objects.create(text="written")
    if connection.vendor == "postgresql":
        sql = "INSERT INTO sample_stone (id, text) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET text = 'other'"
    else:
        sql = "INSERT OR REPLACE INTO sample_stone (id, text) VALUES (%s, %s)"
    with pytest.raises(IntegrityError, match="sample_stone"):
        run(sql, stone.pk, "other")
    with pytest.raises(IntegrityError):
        run("INSERT INTO sample_stone (text) VALUES (%s)", "written")
    assert Stone.objects.get().text == "written"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param({"text": "x"}, None, id="an ordinary column"),
        pytest.param({"replaced_at": MARCH}, {"replaced_at": None}, id="set once, then taken back"),
        pytest.param(
            {"replaced_at": MARCH}, {"replaced_at": datetime(2027, 1, 1, tzinfo=UTC)}, id="set twice"
        ),
        pytest.param({"author": None}, {"author": "Mallory"}, id="erased, then written again"),
        pytest.param({"author": "Mallory"}, None, id="words put in another's mouth"),
        pytest.param({"author": "", "text": "x"}, None, id="an erasure that changes more"),
    ],
)
def test_only_the_exceptions_may_change_and_only_their_way(first, then):
    row = Remark.objects.create(text="said", author="Alice")
    refused = then or first
    if then:
        Remark.objects.filter(pk=row.pk).update(**first)
    with pytest.raises(IntegrityError, match="sample_remark"), transaction.atomic():
        Remark.objects.filter(pk=row.pk).update(**refused)


@pytest.mark.parametrize("change", [{"seen": 3}, {"replaced_at": MARCH}, {"author": None}, {"author": ""}])
def test_the_exceptions_are_allowed(change):
    row = Remark.objects.create(text="said", author="Alice")
    Remark.objects.filter(pk=row.pk).update(**change)
    Remark.objects.filter(pk=row.pk).update(seen=9)
    with pytest.raises(IntegrityError, match="sample_remark"), transaction.atomic():
        row.delete()


@pytest.mark.parametrize(
    "constraint",
    [
        AppendOnly(name="one", but=("a",), free=("b",), erasable=("c",)),
        AppendOnly(),
        NoOverlap(by=("server", "channel"), name="two"),
        NoOverlap(by=(), name="three", violation_error_message="no", violation_error_code="other"),
    ],
)
def test_a_constraint_is_written_down_in_a_migration_and_read_back(constraint):
    text, imports = MigrationWriter.serialize(constraint)
    scope: dict[str, object] = {}
    exec("\n".join(sorted(imports)), scope)
    assert eval(text, scope) == constraint
    assert constraint.clone() == constraint
    assert constraint != AppendOnly(name="another")


@pytest.mark.django_db(transaction=True)
def test_constraints_are_taken_away_and_put_back_by_migrations():
    kept = [(Stone, Stone._meta.constraints[0]), (Fee, Fee._meta.constraints[0])]
    for model, constraint in kept:
        change(model, without=constraint)
    stone = Stone.objects.create(text="written")
    stone.delete()
    for model, constraint in kept:
        change(model, back=constraint)
    stone = Stone.objects.create(text="written")
    with pytest.raises(IntegrityError, match="sample_stone"):
        stone.delete()


def change(model: type[models.Model], *, without=None, back=None) -> None:
    constraints = model._meta.constraints
    model._meta.constraints = [each for each in constraints if each is not without]
    try:
        with connection.schema_editor() as editor:
            if without:
                editor.remove_constraint(model, without)
            else:
                editor.add_constraint(model, back)
    finally:
        model._meta.constraints = constraints
