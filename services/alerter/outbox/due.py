"""What is due: the first unsettled alert of each free lane, where its receiver is open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import AlertStatus
from services.alerter.outbox.destinations import DESTINATION
from services.alerter.outbox.statements import any_of, written_out
from services.alerter.outbox.tables import UtcMoment, alerts, destinations, lanes

MOST_CANDIDATES = 500
"""Lanes that are looked at at once; the next time at more."""

_NOW = bindparam("now", type_=UtcMoment)
_PENDING = written_out(AlertStatus.PENDING)
FREE = or_(lanes.c.leased_until.is_(None), lanes.c.leased_until < _NOW)
"""A lane that nobody holds at the moment `now`."""


@dataclass(frozen=True, slots=True)
class Due:
    rows: list[Row[Any]]
    """The first unsettled alert of each free lane where that is due and its receiver is open: for those that are well
    first, then those due longest."""
    cut_off: bool
    """There may be more for receivers that are well."""
    failing_cut_off: bool
    """There may be more for receivers that fail."""


async def read_due(
    connection: AsyncConnection,
    now: datetime,
    channels: Collection[str] | None,
    closed: Sequence[str],
    most_failing: int,
) -> Due:
    """What is due for `channels`; for all but `closed` where None, and then at most `most_failing` for receivers that
    fail: hundreds may wait for the few places that these have, and reading them all costs those that are well. Nothing
    for receivers that fail where `most_failing` is 0."""
    values = {"now": now, "closed": list(closed), "of_channels": sorted(channels or ())}
    kinds: tuple[bool | None, ...] = (False,)
    if most_failing:
        # Where all is looked at they are asked for apart, so that what waits for receivers that fail hides nothing.
        kinds = (False, True) if channels is None else (None,)
    found: list[Row[Any]] = []
    cut_off = {True: False, False: False}
    for failing in kinds:
        most = most_failing if failing else MOST_CANDIDATES
        query = _due_query(bool(closed), channels is not None, failing)
        rows = (await connection.execute(query, values | {"most": most})).all()
        cut_off[bool(failing)] = len(rows) == most
        found += rows
    return Due(sorted(found, key=lambda row: bool(row.failures)), cut_off[False], cut_off[True])


@cache
def _due_query(some_closed: bool, of_channels: bool, failing: bool | None) -> Any:
    """Built once: to put this statement together takes longer than to run it."""
    earlier, carried, before = alerts.alias(), alerts.alias(), alerts.alias()
    query = (
        select(alerts.c.alert_id, alerts.c.channel, alerts.c.incident_id, *DESTINATION)
        .join(lanes, and_(alerts.c.channel == lanes.c.channel, alerts.c.incident_id == lanes.c.incident_id))
        .outerjoin(destinations, destinations.c.channel == alerts.c.channel)
        .where(
            alerts.c.status == _PENDING,
            alerts.c.next_attempt_at <= _NOW,
            FREE,
            destinations.c.off_at.is_(None),
            or_(destinations.c.closed_until.is_(None), destinations.c.closed_until <= _NOW),
            or_(destinations.c.turn_at.is_(None), destinations.c.turn_at <= _NOW),
            ~exists().where(
                earlier.c.channel == alerts.c.channel,
                earlier.c.incident_id == alerts.c.incident_id,
                earlier.c.sequence < alerts.c.sequence,
                earlier.c.status == _PENDING,
            ),
            # A message that carries others goes out when it is the turn of each.
            alerts.c.carried_by.is_(None),
            ~exists().where(
                carried.c.carried_by == alerts.c.alert_id,
                before.c.channel == carried.c.channel,
                before.c.incident_id == carried.c.incident_id,
                before.c.sequence < carried.c.sequence,
                before.c.status == _PENDING,
            ),
        )
        .order_by(alerts.c.next_attempt_at, alerts.c.position)
        .limit(bindparam("most", type_=Integer))
    )
    if some_closed:
        query = query.where(alerts.c.channel.not_in(any_of("closed")))
    if of_channels:
        query = query.where(alerts.c.channel.in_(any_of("of_channels")))
    failures = func.coalesce(destinations.c.failures, 0)
    if failing is None:
        return query
    return query.where(failures > 0 if failing else failures == 0)
