"""Statements that are run for every message, built once: to put one together takes longer than to run it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from schemas import AlertStatus


def any_of(name: str) -> BindParameter[Any]:
    """What stands behind IN: the list that is given as `name` when the statement runs."""
    return bindparam(name, expanding=True)


def written_out(status: AlertStatus) -> ColumnElement[Any]:
    """A status as it stands in the statement itself, so that SQLite sees which partial indexes serve.

    Where it stands as a value, SQLite plans the statement anew whenever that is given.
    """
    return literal_column(f"'{status.value}'")


@cache
def insert_into(table: Table, dialect: str) -> Any:
    """An INSERT that knows ON CONFLICT, as `dialect` has it."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def upsert(table: Table, dialect: str, replaced: tuple[str, ...]) -> Any:
    """Inserts rows, each in the place of the one with the same primary key, of which it changes `replaced`."""
    insert = insert_into(table, dialect)
    keys = [column.name for column in table.primary_key]
    return insert.on_conflict_do_update(index_elements=keys, set_={name: insert.excluded[name] for name in replaced})
