"""Putting a notice into the outbox: a lane of its own, due at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert
from services.alerter.outbox.deciding import OutboxRow, alert_row
from services.alerter.outbox.numbering import numbered
from services.alerter.outbox.tables import alerts, lanes


async def write_notice(connection: AsyncConnection, notice: Alert, traceparent: str, now: datetime) -> None:
    """Add `notice`, the first and only alert of its lane; it is numbered here."""
    (counted,) = await numbered(connection, [notice])
    await connection.execute(alerts.insert().values(alert_row(OutboxRow(counted, traceparent, now), now)))
    await connection.execute(
        lanes.insert().values(channel=notice.channel, incident_id=notice.incident_id, last_sequence=notice.sequence)
    )
