"""The SQL behind the constraints: triggers, for SQLite and for PostgreSQL.

Each statement is a Django `Statement` with a `Table` in it, so that it follows the table when SQLite
rebuilds it under another name, and is forgotten with the table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Reference, Statement, Table

FUNCTION = """
CREATE OR REPLACE FUNCTION astreinte_keep() RETURNS trigger LANGUAGE plpgsql AS $keep$
DECLARE
    fixed boolean := TG_ARGV[0]::boolean;
    named text[] := TG_ARGV[1]::text[];
    once text[] := TG_ARGV[2]::text[];
    erased text[] := TG_ARGV[3]::text[];
    before jsonb; after jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := to_jsonb(OLD); after := to_jsonb(NEW);
        IF NOT (fixed AND named = '{}')
            AND (CASE WHEN fixed THEN (before - named) = (after - named)
                 ELSE NOT EXISTS (SELECT FROM unnest(named) AS c
                                  WHERE NOT c = ANY (once) AND before->c IS DISTINCT FROM after->c) END)
            AND NOT EXISTS (SELECT FROM unnest(once) AS c
                            WHERE NOT c = ANY (erased)
                              AND before->>c IS NOT NULL AND before->c IS DISTINCT FROM after->c)
            AND NOT EXISTS (SELECT FROM unnest(erased) AS c
                            WHERE before->c IS DISTINCT FROM after->c AND coalesce(after->>c, '') <> ''
                              AND NOT (c = ANY (once) AND before->>c IS NULL))
        THEN RETURN NEW; END IF;
    END IF;
    RAISE integrity_constraint_violation USING MESSAGE = TG_TABLE_NAME || ': ' || TG_ARGV[4];
END $keep$
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be done to the rows of a table once they are written. Columns by their database name.

    `fixed`: every column but `free`, `once`, `erasable` stays as written, and no row is deleted.
    Otherwise only the columns of `kept` stay, and rows may go. `once`: from NULL, one time.
    `erasable`: to NULL or to the empty text; a column may be both. `words`: what the error says after the table's name.
    """

    words: str
    fixed: bool
    kept: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    erasable: tuple[str, ...] = ()


def keeping(
    name: str, rule: Rule, model: type[models.Model], editor: BaseDatabaseSchemaEditor
) -> list[Statement]:
    """Return the statements that make the database hold to `rule`; `name` begins the triggers' names."""
    if editor.connection.vendor == "postgresql":
        return _on_postgresql(name, rule, model, editor)
    return _on_sqlite(name, rule, model, editor)


def dropping(name: str, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
    """Return the statements that end the rule `name` on PostgreSQL (SQLite rebuilds the table)."""
    table = editor.quote_name(model._meta.db_table)
    names = (editor.quote_name(f"{name}_{what}") for what in ("row", "all"))
    return "; ".join(f"DROP TRIGGER IF EXISTS {each} ON {table}" for each in names)


def statement(
    template: str,
    model: type[models.Model],
    editor: BaseDatabaseSchemaEditor,
    *,
    uses: Iterable[str] = (),
    **parts: object,
) -> Statement:
    """Return `template` with `table`, `parts`, and a note that it uses the columns `uses`."""
    table = model._meta.db_table
    known = Columns(table, list(uses), editor.quote_name)
    return Statement(template, table=Table(table, editor.quote_name), known=known, **parts)


def _on_postgresql(
    name: str, rule: Rule, model: type[models.Model], editor: BaseDatabaseSchemaEditor
) -> list[Statement]:
    named = (*rule.free, *rule.once, *rule.erasable) if rule.fixed else (*rule.kept, *rule.once)
    arguments = ", ".join(
        _text(each)
        for each in (
            str(rule.fixed).lower(),
            "{" + ",".join(named) + "}",
            "{" + ",".join(rule.once) + "}",
            "{" + ",".join(rule.erasable) + "}",
            rule.words,
        )
    )
    row = "CREATE TRIGGER %(name)s BEFORE %(when)s ON %(table)s FOR EACH ROW EXECUTE FUNCTION %(call)s"
    whole = "CREATE TRIGGER %(name)s BEFORE TRUNCATE ON %(table)s EXECUTE FUNCTION %(call)s"
    call = f"astreinte_keep({arguments})"
    when = "UPDATE OR DELETE" if rule.fixed else "UPDATE"
    made = [
        statement(FUNCTION + "/* for %(table)s */", model, editor),
        statement(
            row, model, editor, uses=named, when=when, call=call, name=editor.quote_name(f"{name}_row")
        ),
    ]
    if rule.fixed:
        made.append(statement(whole, model, editor, call=call, name=editor.quote_name(f"{name}_all")))
    return made


def _on_sqlite(
    name: str, rule: Rule, model: type[models.Model], editor: BaseDatabaseSchemaEditor
) -> list[Statement]:
    quote = editor.quote_name
    loose = {*rule.free, *rule.once, *rule.erasable}
    # Sorted: a table's columns have another order once a migration added some, and `guards` compares texts.
    columns = sorted(field.column for field in model._meta.concrete_fields if field.column)
    kept = [each for each in columns if each not in loose] if rule.fixed else list(rule.kept)
    refused = [f"NEW.{quote(c)} IS NOT OLD.{quote(c)}" for c in kept]
    changed = {c: f"NEW.{quote(c)} IS NOT OLD.{quote(c)}" for c in loose}
    refused += [f"(OLD.{quote(c)} IS NOT NULL AND {changed[c]})" for c in rule.once if c not in rule.erasable]
    refused += [
        f"({changed[c]} AND NEW.{quote(c)} <> ''"
        + (f" AND OLD.{quote(c)} IS NOT NULL)" if c in rule.once else ")")
        for c in rule.erasable
    ]
    if rule.fixed and not loose:
        refused = ["1"]
    conditions = {"UPDATE": " OR ".join(refused)}
    if rule.fixed:
        # REPLACE deletes the row in the way without asking the DELETE trigger: refuse it here.
        conditions |= {"DELETE": "1", "INSERT": _in_the_way(model, editor)}
    template = (
        "CREATE TRIGGER %(name)s BEFORE %(when)s ON %(table)s WHEN %(condition)s"
        " BEGIN SELECT RAISE(ABORT, %(words)s); END"
    )
    words = _text(f"{model._meta.db_table.removeprefix('new__')}: {rule.words}")
    return [
        statement(
            template,
            model,
            editor,
            uses=[*kept, *rule.once, *rule.erasable],
            name=quote(f"{name}_{when.lower()}"),
            when=when,
            condition=Condition(condition, model._meta.db_table, quote(model._meta.db_table)),
            words=words,
        )
        for when, condition in conditions.items()
    ]


class Several(Reference):
    """Statements that are executed as one, in their order."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements

    def references_table(self, table: Any) -> bool:
        """Return whether one of them names `table`."""
        return any(each.references_table(table) for each in self.statements)

    def references_column(self, table: Any, column: Any) -> bool:
        """Return whether one of them uses `column` of `table`."""
        return any(each.references_column(table, column) for each in self.statements)

    def rename_table_references(self, old_table: Any, new_table: Any) -> None:
        """Follow a table to its new name."""
        for each in self.statements:
            each.rename_table_references(old_table, new_table)

    def rename_column_references(self, table: Any, old_column: Any, new_column: Any) -> None:
        """Follow a column to its new name."""
        for each in self.statements:
            each.rename_column_references(table, old_column, new_column)

    def __str__(self) -> str:
        return ";\n".join(str(each) for each in self.statements)


class Condition(Table):
    """SQL that names its table by `{table}` and follows it when it is renamed."""

    def __init__(self, template: str, table: str, quoted: str) -> None:
        super().__init__(table, lambda name: quoted[0] + name + quoted[-1])
        self.template = template

    def __str__(self) -> str:
        return self.template.replace("{table}", super().__str__())


def _in_the_way(model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
    quote = editor.quote_name
    sets: list[list[Any]] = [[field] for field in model._meta.concrete_fields if field.unique]
    sets += [
        [model._meta.get_field(name) for name in each.fields]
        for each in model._meta.constraints
        if isinstance(each, models.UniqueConstraint) and each.fields and each.condition is None
    ]
    same = [
        " AND ".join(f"{quote(field.column)} = NEW.{quote(field.column)}" for field in fields)
        for fields in sets
    ]
    wheres = " OR ".join(f"({each})" for each in sorted(same))
    return f"EXISTS (SELECT 1 FROM {{table}} WHERE {wheres})"  # noqa: S608  names of our own columns


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
