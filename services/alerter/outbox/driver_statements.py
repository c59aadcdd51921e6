"""Writing rows by statements that are rendered once for each database, and then handed to its driver as they stand.

SQLAlchemy puts the values of each row together anew whenever a statement runs, which takes longer than SQLite takes to
write them. It still says what the statements are and how a value of each type is written; only what is written many
times a second goes this way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Table
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from services.alerter.outbox.statements import insert_into, upsert

Row = Mapping[str, Any]
"""Values by the names of a statement's parameters."""
_Process = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Rendered:
    """A statement as one dialect has it."""

    text: str
    parameters: tuple[tuple[str, _Process | None], ...]
    """Each place in the text, in order: the parameter that stands there, and what makes the driver's value of it."""
    by_name: bool
    """The driver takes values by name and not by place."""

    def values(self, rows: Sequence[Row]) -> list[Any]:
        """`rows` as the driver takes them."""
        columns = [_column(name, process, rows) for name, process in self.parameters]
        if not self.by_name:
            return list(zip(*columns, strict=True))
        names = [name for name, _ in self.parameters]
        return [dict(zip(names, one, strict=True)) for one in zip(*columns, strict=True)]


def _column(name: str, process: _Process | None, rows: Sequence[Row]) -> list[Any]:
    if process is None:
        return [row[name] for row in rows]
    made, before, value = [], _NOTHING, None
    for row in rows:
        given = row[name]
        # Rows that are written together mostly share their moments.
        if given is not before:
            before, value = given, process(given)
        made.append(value)
    return made


_NOTHING: Any = object()


class RowStatement:
    """An INSERT or UPDATE of single rows, which returns nothing."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        """`make` gives the statement for the name of a dialect. All its parameters are given with each row: IN with a
        list of any length is none of them."""
        self._make = make
        self._rendered: dict[tuple[str, tuple[str, ...]], _Rendered] = {}

    async def run(self, connection: AsyncConnection, rows: Sequence[Row]) -> None:
        """Run it for each of `rows`, which all give the same names."""
        if not rows:
            return
        key = (connection.dialect.name, tuple(rows[0]))
        rendered = self._rendered.get(key)
        if rendered is None:
            rendered = self._rendered[key] = _render(self._make(key[0]), connection.dialect, key[1])
        await connection.exec_driver_sql(rendered.text, rendered.values(rows))


def _render(statement: Any, dialect: Dialect, names: Sequence[str]) -> _Rendered:
    compiled = cast("SQLCompiler", statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True))
    places = compiled.positiontup if compiled.positional else list(compiled.bind_names.values())
    parameters = []
    for name in places or ():
        made_of = compiled.binds[name].type.dialect_impl(dialect)
        parameters.append((name, made_of.bind_processor(dialect)))
    return _Rendered(str(compiled), tuple(parameters), by_name=not compiled.positional)


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Add `rows`, which all have the same columns."""
    await _inserting(table).run(connection, rows)


async def upsert_rows(
    connection: AsyncConnection, table: Table, rows: Sequence[Row], replaced: Sequence[str] | None = None
) -> None:
    """Insert `rows`, each in the place of the one with the same primary key, of which `replaced` is changed: where
    None, all that is given but the key."""
    if not rows:
        return
    if replaced is None:
        keys = {column.name for column in table.primary_key}
        replaced = [name for name in rows[0] if name not in keys]
    await _upserting(table, tuple(replaced)).run(connection, rows)


@cache
def _inserting(table: Table) -> RowStatement:
    return RowStatement(lambda dialect: insert_into(table, dialect))


@cache
def _upserting(table: Table, replaced: tuple[str, ...]) -> RowStatement:
    return RowStatement(lambda dialect: upsert(table, dialect, replaced))
