"""A connection to SQLite that runs statements where they are asked for, and hands only what can wait to its thread.

aiosqlite hands every call to a thread. While the event loop is busy, each such call waits for the interpreter's lock
on its way there and back, up to 5 ms (`sys.getswitchinterval`), and a decision is two dozen statements of some
microseconds. What can wait is the beginning of a transaction, for another process that writes, and its commit, for the
disk. What lies between runs in the event loop, so that a transaction cannot be cancelled between two statements.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite

MANY_ROWS = 1000
"""Rows in one statement from which on it takes milliseconds, and is worth the thread."""
_CHUNK = 64
"""Rows that an iteration fetches at once, as aiosqlite has it."""


class PromptConnection(aiosqlite.Connection):
    """As aiosqlite's, with statements within a transaction run at once."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        raw = self._connection
        if raw is None or not self._running or _can_wait(raw, fn, args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)


def _can_wait(raw: sqlite3.Connection, fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    if fn in (raw.cursor, raw.rollback):
        return False
    many = len(args) > 1 and isinstance(args[1], list) and len(args[1]) > MANY_ROWS
    return not raw.in_transaction or many or fn == raw.commit


async def connect_promptly(path: str) -> PromptConnection:
    """An open connection to the file at `path`. Raises sqlite3.OperationalError where it cannot be opened."""
    connection = PromptConnection(lambda: sqlite3.connect(path, check_same_thread=False), _CHUNK)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does: an end of the process does not wait for it
    await connection
    return connection
