"""Opening the store."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError

from services.alerter.outbox.engine import Store, StoreUnavailableError, open_store
from services.alerter.outbox.tables import consumed_offsets, incidents, metadata
from services.shared.errors import UserError
from tests.alerter.incidents import NOON

ROW = {"topic": "incidents", "partition": 0, "next_offset": 7, "updated_at": NOON}


def differences(connection: Connection) -> list[object]:
    found: list[object] = compare_metadata(MigrationContext.configure(connection), metadata)
    return found


async def test_the_migrations_make_the_tables_that_the_code_works_with(store: Store) -> None:
    async with store.transaction() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_store_that_is_opened_again_keeps_what_is_in_it(store_url: str) -> None:
    store = await open_store(store_url)
    async with store.transaction() as connection:
        await connection.execute(consumed_offsets.insert(), ROW)
    await store.close()
    store = await open_store(store_url)
    async with store.transaction() as connection:
        kept = (await connection.execute(select(consumed_offsets))).one()
        assert dict(kept._mapping) == ROW
        assert kept.updated_at.utcoffset() is not None
    await store.close()


async def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    async def add_and_fail() -> None:
        async with store.transaction() as connection:
            await connection.execute(consumed_offsets.insert(), ROW)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await add_and_fail()
    async with store.transaction() as connection:
        assert await connection.scalar(select(func.count()).select_from(consumed_offsets)) == 0


async def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        async with store.transaction() as connection:
            await connection.execute(consumed_offsets.insert(), ROW | {"updated_at": NOON.replace(tzinfo=None)})


async def test_what_is_wrong_with_a_row_is_not_taken_for_a_store_that_is_down(store: Store) -> None:
    row = {"incident_id": "i", "revision": None, "decided_at": NOON, "considered": 0}
    with pytest.raises(IntegrityError):
        async with store.transaction() as connection:
            await connection.execute(incidents.insert(), row)


async def test_the_file_and_its_folder_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/new/folder/alerter.db")
    file = tmp_path / "new/folder/alerter.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    async with store.transaction() as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await connection.scalar(text("PRAGMA synchronous")) == 2
    await store.close()


async def test_a_file_that_another_alerter_has_is_refused_with_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/alerter.db"
    store = await open_store(url)
    with pytest.raises(UserError, match=r"in use by another alerter.*PostgreSQL"):
        await open_store(url)
    await store.close()
    again = await open_store(url)
    await again.close()


@pytest.mark.postgres
async def test_several_alerters_that_start_at_once_migrate_one_after_another(postgres_url: str) -> None:
    stores = await asyncio.gather(*(open_store(postgres_url) for _ in range(4)))
    for store in stores:
        await store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("alerter.db", "not a URL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://host/name", "begins with mysql"),
        ("sqlite:////dev/null/alerter.db", "cannot be opened"),
    ],
)
async def test_a_url_that_cannot_be_used_is_a_sentence(url: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        await open_store(url)


async def test_a_store_of_a_newer_version_is_refused_with_what_to_do(store_url: str) -> None:
    store = await open_store(store_url)
    async with store.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(UserError, match="written by a newer Tocsin"):
        await open_store(store_url)


async def test_a_database_that_does_not_answer_is_unavailable_and_says_no_password() -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        await open_store("postgresql://tocsin:hunter2@127.0.0.1:1/alerts")
    assert "hunter2" not in str(caught.value)


async def test_writers_of_one_file_wait_for_their_turn(sqlite_store: Store) -> None:
    async def add(number: int) -> None:
        async with sqlite_store.transaction() as connection:
            await asyncio.sleep(0)
            await connection.execute(consumed_offsets.insert(), ROW | {"partition": number})

    await asyncio.gather(*(add(number) for number in range(50)))
    async with sqlite_store.transaction() as connection:
        assert await connection.scalar(select(func.count()).select_from(consumed_offsets)) == 50
