"""Opening the store: SQLite in a file, or PostgreSQL by URL."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from services.alerter.outbox.migrate import is_up_to_date, upgrade_to_head
from services.alerter.outbox.prompt_connection import connect_promptly
from services.alerter.outbox.turns import Turns
from services.shared.errors import UserError

BUSY_MS = 5000
"""How long SQLite waits for a reader from outside, such as a backup, before it says that it is locked."""
CONNECT_SECONDS = 5
WRITER_SECONDS = 60.0
"""How long a transaction waits for those before it: a disk that hangs for longer is a store that does not answer."""
POSTGRES_OPTIONS = "-c lock_timeout=10s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
"""A worker that hangs in the middle of a transaction loses it, so that another can take over its partitions."""
POOL_SIZE = 10
READERS = 2
"""Connections of the alerter that only read an SQLite store: what publishes and audits does not wait for the writer."""
BESIDE_CONNECTIONS = 4
"""Connections of a process beside the alerter to an SQLite store; readers do not wait for each other."""
_READS_ONLY = "tocsin_reads_only"


class StoreUnavailableError(Exception):
    """The store does not answer, or not now. Nothing was written; the same can be tried again."""


@dataclass(slots=True)
class Store:
    """An open store. Close it when done."""

    engine: AsyncEngine
    _lock_file: int | None = None
    _readers: AsyncEngine | None = None
    """What reads beside the one writer of an SQLite file; the same as `engine` where None."""
    _turns: Turns | None = None
    """Whose turn it is to write an SQLite file; None where its database sees to that."""

    @property
    def is_postgres(self) -> bool:
        """PostgreSQL, which several alerters may share; else SQLite, which is one alerter's alone."""
        return self.engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def transaction(self, *, urgent: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction: all of it or, where it raises, nothing. Where one waits for another to end, who is `urgent`
        goes first.

        Raises StoreUnavailableError where the store cannot be reached or asks to be tried again. Other database errors
        pass: what was to be written is at fault then.
        """
        turn = nullcontext() if self._turns is None else self._turns.turn(urgent=urgent, seconds=WRITER_SECONDS)
        async with _translated(), turn, self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that only reads; in SQLite it keeps nobody from writing.

        Raises StoreUnavailableError as `transaction` does.
        """
        engine = self._readers or self.engine
        async with _translated(), engine.execution_options(**{_READS_ONLY: True}).begin() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection, and let another alerter have the file."""
        await self.engine.dispose()
        if self._readers is not None:
            await self._readers.dispose()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Raises StoreUnavailableError for what says that the database is not there, or not now."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError, OSError) as error:
        raise StoreUnavailableError(_said(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailableError(_said(error)) from error
        raise


async def open_store(url: str) -> Store:
    """The store at `url` (`sqlite:///path` or `postgresql://...`), with its tables as this version needs them.

    A file and its folder are made where missing, readable by their owner only. Raises UserError where the URL cannot be
    used, the file is another alerter's, or the tables are of a newer version; StoreUnavailableError where no database
    answers now.
    """
    target = _async_url(url)
    lock_file = readers = turns = None
    if target.get_backend_name() == "sqlite":
        lock_file = _own_file(Path(str(target.database)))
        engine, readers = _sqlite_engine(target, 1, writes=True), _sqlite_engine(target, READERS)
        turns = Turns()
    else:
        engine = _postgres_engine(target)
    store = Store(engine, lock_file, readers, turns)
    try:
        async with store.transaction() as connection:
            await connection.run_sync(_upgrade_alone)
    except BaseException:
        await store.close()
        raise
    return store


async def open_beside(url: str) -> Store:
    """The store of an alerter, for another process that reads in it and changes little.

    It is neither made nor migrated here, and an SQLite file is not locked: the alerter may run or not. Raises UserError
    where the URL cannot be used; StoreUnavailableError where there is no store, its tables are of another version, or
    it does not answer.
    """
    target = _async_url(url)
    if target.get_backend_name() == "sqlite":
        if not await asyncio.to_thread(Path(str(target.database)).exists):
            raise StoreUnavailableError(f"there is no store {target.database} yet: the alerter makes it when it starts")
        engine = _sqlite_engine(target, BESIDE_CONNECTIONS)
    else:
        engine = _postgres_engine(target)
    store = Store(engine)
    try:
        async with store.reading() as connection:
            if not await connection.run_sync(is_up_to_date):
                raise StoreUnavailableError(
                    "the store is of another version of Tocsin: start the alerter of this version, which brings it up "
                    "to date"
                )
    except BaseException:
        await store.close()
        raise
    return store


def _postgres_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": POSTGRES_OPTIONS},
    )


def _async_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UserError("TOCSIN_STORE is not a URL such as sqlite:///alerter.db or postgresql://host/name.") from error
    match parsed.get_backend_name():
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise UserError(
                    "TOCSIN_STORE names no file: write sqlite:///path, since what is in memory can be lost."
                )
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
    raise UserError(f"TOCSIN_STORE begins with {parsed.drivername}: use sqlite:///path or postgresql://host/name.")


def _own_file(path: Path) -> int:
    """Make the store's file where missing and lock it for this process: the descriptor that holds the lock."""
    lock = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UserError(f"The store {path} cannot be opened ({error.strerror}): check TOCSIN_STORE.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise UserError(
            f"The store {path} is in use by another alerter. SQLite serves one alerter: stop the other, or give both "
            "a PostgreSQL URL in TOCSIN_STORE."
        ) from error
    return descriptor


def _sqlite_engine(url: URL, connections: int, *, writes: bool = False) -> AsyncEngine:
    """An engine for the file of `url`; `writes` where it has the alerter's one connection that writes."""
    # SQLite has one writer at a time. With one connection, the others wait their turn here, in order, and not in
    # SQLite's polling for the lock.
    options: dict[str, Any] = {"async_creator": lambda: connect_promptly(str(url.database))} if writes else {}
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WRITER_SECONDS,
        **options,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        # The driver's own transactions begin late and would let another writer in between a read and its write.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get(_READS_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


def _upgrade_alone(connection: Connection) -> None:
    """Bring the tables up to date while no other alerter does; SQLite's transaction keeps others out by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('tocsin-migrations'))"))
    upgrade_to_head(connection)


def _said(error: BaseException) -> str:
    """The database's own words, without the statement and its values."""
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split())[:500] or type(original).__name__
