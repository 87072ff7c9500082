"""Constraints for `Meta.constraints`, kept by the database itself on SQLite and on PostgreSQL.

They travel in migrations like Django's own and survive SQLite's rebuilding of a table.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.constraints import BaseConstraint

from astreinte.records.validity import triggers
from astreinte.records.validity.triggers import Condition, Rule, statement

_DATES = ("from_at", "until_at", "withdrawn_at")


class Kept(BaseConstraint):
    """A constraint made of statements that come after the table."""

    def statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        """Return what makes the database hold to it."""
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Add nothing to CREATE TABLE: everything comes after it, and after a rebuild."""
        schema_editor.deferred_sql.extend(self.statements(model, schema_editor))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return everything at once: PostgreSQL takes several statements, SQLite rebuilds instead."""
        return triggers.Several(self.statements(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what ends it."""
        return triggers.dropping(self.name, model, schema_editor)

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Accept: only the database can judge."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Kept):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)


class AppendOnly(Kept):
    """Rows are added, never changed nor deleted, by raw SQL neither.

    Exceptions, by field name: `but` may be set once from NULL, `free` at will, `erasable` to NULL or to
    the empty text (the erasure of personal words, X.7). Anything else is an IntegrityError that names
    the table.
    """

    def __init__(
        self,
        *,
        name: str = "%(app_label)s_%(class)s_append_only",
        but: Sequence[str] = (),
        free: Sequence[str] = (),
        erasable: Sequence[str] = (),
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.but, self.free, self.erasable = tuple(but), tuple(free), tuple(erasable)

    def statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        """Return the triggers that refuse UPDATE, DELETE, REPLACE and TRUNCATE."""
        rule = Rule(
            "rows are only added: correct it with a new row, this one stays as it is",
            fixed=True,
            free=_columns(model, self.free),
            once=_columns(model, self.but),
            erasable=_columns(model, self.erasable),
        )
        return triggers.keeping(self.name, rule, model, editor)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, arguments, keywords = super().deconstruct()
        for key in ("but", "free", "erasable"):
            if getattr(self, key):
                keywords[key] = getattr(self, key)
        return path, arguments, keywords


class NoOverlap(Kept):
    """Among the rows of a `Validity` not withdrawn, no two with equal `by` hold at one instant.

    Also keeps the dates: `until_at` is after `from_at`; `until_at` and `withdrawn_at` are set once;
    `from_at` and `by` stay as written. A row with a NULL in `by` overlaps nothing.
    """

    def __init__(
        self,
        *,
        by: Sequence[str],
        name: str = "%(app_label)s_%(class)s_no_overlap",
        violation_error_code: str | None = "overlap",
        violation_error_message: str | None = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.by = tuple(by)

    def statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        """Return the exclusion constraint or triggers, the order of the dates, and what keeps them."""
        by = _columns(model, self.by)
        rule = Rule(
            "from_at and what it is about stay, until_at and withdrawn_at are set once:"
            " withdraw the row and say it again",
            fixed=False,
            kept=("from_at", *by),
            once=("until_at", "withdrawn_at"),
        )
        if editor.connection.vendor == "postgresql":
            own = self._on_postgresql(model, editor)
        else:
            own = self._on_sqlite(model, editor)
        return [*own, *triggers.keeping(f"{self.name}_dates", rule, model, editor)]

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what ends it, on PostgreSQL."""
        table = schema_editor.quote_name(model._meta.db_table)
        names = (schema_editor.quote_name(self._in_table(model, end)) for end in ("", "_order"))
        own = "; ".join(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {each}" for each in names)
        return f"{own}; {triggers.dropping(f'{self.name}_dates', model, schema_editor)}"

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError when the dates are in the wrong order or another row holds meanwhile."""
        if {*self.by, *_DATES} & set(exclude or ()):
            return
        fields: list[Any] = [model._meta.get_field(name) for name in self.by]
        about = {field.name: getattr(instance, field.attname) for field in fields}
        start, end, withdrawn = (getattr(instance, name) for name in _DATES)
        if start is None:
            return
        if end is not None and end <= start:
            raise ValidationError({"until_at": f"ends before it begins ({start} .. {end})"}, code="order")
        if withdrawn is not None or None in about.values():
            return
        others = model._default_manager.using(using).filter(**about, withdrawn_at__isnull=True)
        others = others.filter(models.Q(until_at__isnull=True) | models.Q(until_at__gt=start))
        if end is not None:
            others = others.filter(from_at__lt=end)
        if others.exclude(pk=instance.pk).exists():
            raise ValidationError(self._message(model), code=self.violation_error_code)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, arguments, keywords = super().deconstruct()
        if keywords.get("violation_error_code") == "overlap":
            del keywords["violation_error_code"]
        return path, arguments, {**keywords, "by": self.by}

    def _message(self, model: type[models.Model]) -> str:
        if self.violation_error_message != self.default_violation_error_message:
            return str(self.get_violation_error_message())
        table = model._meta.db_table.removeprefix("new__")
        same = f" with the same {', '.join(self.by)}" if self.by else ""
        return f"{table}: another row{same} holds during this time: end or withdraw it first"

    def _in_table(self, model: type[models.Model], end: str) -> str:
        # PostgreSQL's message names the constraint alone: so its name begins with the table's.
        table = model._meta.db_table
        name = self.name.removeprefix(f"{table}_")
        return f"{table}_{name}"[: 63 - len(end)] + end

    def _on_postgresql(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        quote = editor.quote_name
        fields = [model._meta.get_field(name) for name in self.by]
        numbers = [_number(field, quote, editor) for field in fields]
        same = "".join(f"int8range({each}, {each}, '[]') WITH &&, " for each in numbers)
        known = "".join(f" AND {quote(column)} IS NOT NULL" for column in _columns(model, self.by))
        excluded = (
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s EXCLUDE USING gist"
            " (%(same)ststzrange(from_at, until_at) WITH &&) WHERE (withdrawn_at IS NULL%(about)s)"
        )
        ordered = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s CHECK (until_at > from_at)"
        uses = [*_columns(model, self.by), *_DATES]
        # The order comes first: tstzrange itself stumbles over dates in the wrong order.
        return [
            statement(ordered, model, editor, name=quote(self._in_table(model, "_order"))),
            statement(
                excluded,
                model,
                editor,
                uses=uses,
                same=same,
                about=known,
                name=quote(self._in_table(model, "")),
            ),
        ]

    def _on_sqlite(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        quote, table = editor.quote_name, model._meta.db_table
        same = " AND ".join(f"other.{quote(c)} = NEW.{quote(c)}" for c in _columns(model, self.by))
        key: Any = model._meta.pk
        pk = quote(key.column)
        overlap = (
            f"NEW.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM {{table}} AS other WHERE {same or '1'}"  # noqa: S608  names of our own columns
            f" AND other.withdrawn_at IS NULL AND other.{pk} IS NOT NEW.{pk}"
            " AND (NEW.until_at IS NULL OR other.from_at < NEW.until_at)"
            " AND (other.until_at IS NULL OR other.until_at > NEW.from_at))"
        )
        wanted = {
            "overlap": (overlap, self._message(model)),
            "order": ("NEW.until_at <= NEW.from_at", f"{table.removeprefix('new__')}: ends before it begins"),
        }
        template = (
            "CREATE TRIGGER %(name)s BEFORE %(when)s ON %(table)s WHEN %(condition)s"
            " BEGIN SELECT RAISE(ABORT, %(words)s); END"
        )
        return [
            statement(
                template,
                model,
                editor,
                uses=[*_columns(model, self.by), *_DATES],
                name=quote(f"{self.name}_{what}_{when.lower()}"),
                when=when,
                condition=Condition(condition, table, quote(table)),
                words="'" + words.replace("'", "''") + "'",
            )
            for what, (condition, words) in wanted.items()
            for when in ("INSERT", "UPDATE")
        ]


def _columns(model: type[models.Model], names: Sequence[str]) -> tuple[str, ...]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return tuple(field.column for field in fields)


def _number(field: Any, quote: Any, editor: BaseDatabaseSchemaEditor) -> str:
    """Return an expression of type int8: GiST has no plain equality without an extension."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    column: str = quote(field.column)
    if isinstance(kind, models.IntegerField):
        return f"{column}::int8"
    if isinstance(kind, models.BooleanField):
        return f"{column}::int::int8"
    if isinstance(kind, models.CharField | models.TextField):
        # Two texts of one hash would be refused as equal: one pair in 2^64.
        return f"hashtextextended({column}, 0)"
    raise TypeError(f"{field}: NoOverlap compares integers, texts, truth values and what they point to")
