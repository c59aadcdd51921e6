"""What of a transaction on SQLite runs in the event loop, and what on the connection's thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.alerter.outbox.engine import Store
from services.alerter.outbox.prompt_connection import MANY_ROWS, connect_promptly
from services.alerter.outbox.tables import consumed_offsets
from tests.alerter.incidents import NOON


async def test_only_what_can_wait_leaves_the_event_loop(tmp_path: Path) -> None:
    connection = await connect_promptly(str(tmp_path / "one.db"))
    ran: list[tuple[str, bool]] = []
    here = threading.get_ident()
    raw = connection._conn
    raw.isolation_level = None
    raw.set_trace_callback(lambda sql: ran.append((sql.split()[0], threading.get_ident() == here)))
    try:
        for statement in ("CREATE TABLE t (n)", "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)", "SELECT n FROM t"):
            cursor = await connection.execute(statement)
        assert await cursor.fetchall() == [(1,)]
        await connection.commit()
        await connection.execute("BEGIN IMMEDIATE")
        await connection.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(MANY_ROWS + 1)])
        await connection.rollback()
    finally:
        await connection.close()
    assert dict.fromkeys(ran) == dict.fromkeys(
        [
            ("CREATE", False),
            ("BEGIN", False),
            ("INSERT", True),
            ("SELECT", True),
            ("COMMIT", False),
            ("INSERT", False),
            ("ROLLBACK", True),
        ]
    )


async def test_what_fails_in_the_event_loop_says_so_as_sqlite_does(tmp_path: Path) -> None:
    connection = await connect_promptly(str(tmp_path / "one.db"))
    try:
        await connection.execute("BEGIN")
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await connection.execute("INSERT INTO missing VALUES (1)")
    finally:
        await connection.close()


async def test_a_transaction_whose_task_is_cancelled_leaves_nothing_and_the_next_can_write(sqlite_store: Store) -> None:
    row = {"topic": "incidents", "partition": 0, "next_offset": 7, "updated_at": NOON}
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with sqlite_store.transaction() as connection:
            await connection.execute(consumed_offsets.insert(), row)
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with sqlite_store.transaction() as connection:
        assert await connection.scalar(select(func.count()).select_from(consumed_offsets)) == 0
        await connection.execute(consumed_offsets.insert(), row)
    async with sqlite_store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(consumed_offsets)) == 1
