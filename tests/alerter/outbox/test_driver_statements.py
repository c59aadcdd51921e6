"""Rows that are handed to the driver are those that SQLAlchemy would have written."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError, StatementError

from schemas import AlertStatus
from services.alerter.outbox.driver_statements import RowStatement, insert_rows, upsert_rows
from services.alerter.outbox.engine import Store
from services.alerter.outbox.tables import destinations, lanes
from tests.alerter.incidents import NOON

MOMENTS = st.none() | st.datetimes(
    NOON.replace(year=1971, tzinfo=None),
    NOON.replace(year=2199, tzinfo=None),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]),
)
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "channel": st.sampled_from(["a", "b", "c%s", "d'", 'e"', "f:x"]),
            "failures": st.integers(0, 2**31 - 1),
            "failing_since": MOMENTS,
            "closed_until": MOMENTS,
            "off_because": TEXT,
        }
    ),
    max_size=6,
    unique_by=lambda row: str(row["channel"]),
)


async def kept(connection: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await connection.execute(select(destinations).order_by(destinations.c.channel))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
async def test_what_is_written_is_what_sqlalchemy_writes(
    store: Store, first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    async with store.transaction() as connection:
        await connection.execute(delete(destinations))
        await insert_rows(connection, destinations, first)
        by_driver = await kept(connection)
        await upsert_rows(connection, destinations, second, ["failures", "closed_until"])
        both = {row["channel"]: row for row in second} | {
            row["channel"]: row
            | {
                key: new[key]
                for new in second
                if new["channel"] == row["channel"]
                for key in ("failures", "closed_until")
            }
            for row in first
        }
        merged = await kept(connection)
        await connection.execute(delete(destinations))
        if first:
            await connection.execute(destinations.insert(), first)
        assert by_driver == await kept(connection)
        await connection.execute(delete(destinations))
        if both:
            await connection.execute(destinations.insert(), list(both.values()))
        assert merged == await kept(connection)


async def test_an_update_changes_each_row_that_it_names(store: Store) -> None:
    rows = [{"channel": "a", "incident_id": f"i{number}", "last_sequence": number} for number in range(3)]
    statement = RowStatement(
        lambda dialect: (
            update(lanes)
            .where(lanes.c.channel == bindparam("of"), lanes.c.incident_id == bindparam("about"))
            .values(last_failed_at=bindparam("at"), lease=bindparam("by"))
        )
    )
    async with store.transaction() as connection:
        await insert_rows(connection, lanes, rows)
        done = [{"of": "a", "about": f"i{number}", "at": NOON, "by": AlertStatus.DEAD} for number in (0, 2)]
        await statement.run(connection, done)
        await statement.run(connection, [])
        found = await connection.execute(select(lanes.c.incident_id, lanes.c.last_failed_at, lanes.c.lease))
        assert sorted(tuple(row) for row in found) == [("i0", NOON, "dead"), ("i1", None, None), ("i2", NOON, "dead")]


async def test_a_moment_without_a_time_zone_is_refused_and_a_row_that_is_there_is_not_written_twice(
    store: Store,
) -> None:
    row = {"channel": "a", "failures": 0, "off_because": "", "closed_until": None}
    with pytest.raises((ValueError, StatementError)):
        async with store.transaction() as connection:
            await insert_rows(connection, destinations, [row | {"closed_until": NOON.replace(tzinfo=None)}])
    async with store.transaction() as connection:
        await insert_rows(connection, destinations, [row])
    with pytest.raises(DBAPIError):
        async with store.transaction() as connection:
            await insert_rows(connection, destinations, [row | {"channel": "b"}, row])
    async with store.reading() as connection:
        assert [one[0] for one in await kept(connection)] == ["a"]
