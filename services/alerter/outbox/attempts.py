"""Writing attempts: for each a row of `deliveries` and an entry in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerter.outbox import ledger
from services.alerter.outbox.driver_statements import insert_rows
from services.alerter.outbox.tables import deliveries


def delivery_id(alert_id: str, attempt: int) -> str:
    """The identity of attempt number `attempt` to deliver `alert_id`."""
    return f"{alert_id}/{attempt}"


async def write_attempts(connection: AsyncConnection, entries: Sequence[ledger.Entry]) -> None:
    """Keep `entries`, in this order."""
    if not entries:
        return
    rows = [
        {
            "alert_id": one.delivery.alert_id,
            "attempt": one.delivery.attempt,
            "outcome": one.delivery.outcome,
            "payload": one.delivery.model_dump_json(),
            "ended_at": one.delivery.ended_at,
        }
        for one in entries
    ]
    await insert_rows(connection, deliveries, rows)
    await ledger.append(connection, entries)
