"""How attempts ended: kept with what it says of alert, lane and receiver, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus, Delivery, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.destinations import Limits
from services.alerter.outbox import ledger
from services.alerter.outbox.attempts import delivery_id, write_attempts
from services.alerter.outbox.claiming import Claimed
from services.alerter.outbox.destinations import Ended, SwitchedOff, judge
from services.alerter.outbox.driver_statements import RowStatement
from services.alerter.outbox.giving_way import withdraw_untold
from services.alerter.outbox.statements import any_of
from services.alerter.outbox.tables import alerts, lanes


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one attempt ended, and where its alert stands then."""

    claimed: Claimed
    delivery: Delivery
    status: AlertStatus
    answer: ChannelAnswer


@dataclass(slots=True)
class Settled:
    """What became of settlements."""

    kept: list[bool] = field(default_factory=list)
    """For each, False where its lease has passed to another worker, which then sends the alert itself."""
    switched_off: list[SwitchedOff] = field(default_factory=list)


_HELD = (
    select(lanes.c.channel, lanes.c.incident_id, lanes.c.lease)
    .where(lanes.c.lease.in_(any_of("leases")))
    .with_for_update()
)
_GIVE_BACK = RowStatement(
    lambda dialect: (
        update(lanes)
        .where(lanes.c.channel == bindparam("of_channel"), lanes.c.incident_id == bindparam("of_incident"))
        .values(lease=null(), leased_until=null(), last_failed_at=bindparam("failed_at"))
    )
)


def _is_well(settlement: Settlement) -> bool:
    return settlement.delivery.outcome is DeliveryOutcome.ACCEPTED


async def settle_all(
    connection: AsyncConnection, settlements: Sequence[Settlement], limits: Mapping[str, Limits] | None = None
) -> Settled:
    """Keep how attempts ended, one of each lane at most, and give their lanes back. `limits` by channel."""
    leases = sorted({one.claimed.lease for one in settlements})
    ours = {(row.channel, row.incident_id, row.lease) for row in await connection.execute(_HELD, {"leases": leases})}
    settled = Settled([(*one.claimed.lane, one.claimed.lease) in ours for one in settlements])
    held = [one for one, is_held in zip(settlements, settled.kept, strict=True) if is_held]
    if held:
        await _GIVE_BACK.run(connection, [_given_back(one) for one in held])
        entries = [ledger.Entry(one.delivery, one.claimed.alert.sequence, one.claimed.digest) for one in held]
        await write_attempts(connection, entries)
        await _SETTLE.run(connection, [_settled_row(one) for one in held])
        await _settle_carried(connection, held)
        for one in held:
            if one.status is AlertStatus.DEAD:
                await withdraw_untold(connection, one.claimed.alert, one.delivery.ended_at)
        ended = [Ended(one.delivery.channel, one.answer, one.delivery.ended_at, one.claimed.probe) for one in held]
        settled.switched_off = await judge(connection, ended, limits or {})
    return settled


async def _settle_carried(connection: AsyncConnection, held: Sequence[Settlement]) -> None:
    """Settle what messages carried as the messages themselves: accepted with them, or dead with them.

    What is dead is no longer carried, so that it is sent by itself where it is sent again.
    """
    ended = {
        one.claimed.alert.alert_id: one
        for one in held
        if one.claimed.alert.also and one.status is not AlertStatus.PENDING
    }
    if not ended:
        return
    query = select(alerts.c.payload, alerts.c.carried_by).where(
        alerts.c.carried_by.in_(list(ended)), alerts.c.status == AlertStatus.PENDING
    )
    rows, entries = [], []
    for payload, carrier in (await connection.execute(query)).all():
        one, alert = ended[carrier], Alert.model_validate_json(payload)
        delivery = one.delivery.model_copy(
            update={
                "delivery_id": delivery_id(alert.alert_id, 1),
                "alert_id": alert.alert_id,
                "incident_id": alert.incident_id,
                "revision": alert.revision,
                "attempt": 1,
                "reason": f"In the message of {carrier}. {one.delivery.reason}".rstrip(),
            }
        )
        entries.append(ledger.Entry(delivery, alert.sequence, ledger.digest_of(payload)))
        still = carrier if one.status is AlertStatus.DELIVERED else None
        rows.append({"settled_id": alert.alert_id, "new_carried_by": still, **_settled(delivery, one.status)})
    if rows:
        await write_attempts(connection, entries)
        await connection.execute(_SETTLE_CARRIED, rows)


def _settled(delivery: Delivery, status: AlertStatus) -> dict[str, Any]:
    return {
        "new_status": status,
        "new_attempts": delivery.attempt,
        "new_next_attempt_at": None,
        "new_settled_at": delivery.ended_at,
        "new_reason": delivery.reason,
    }


_SETTLE_CARRIED = (
    update(alerts)
    .where(alerts.c.alert_id == bindparam("settled_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("status", "attempts", "next_attempt_at", "settled_at", "reason", "carried_by")
        }
    )
)
_SETTLED = ("status", "attempts", "next_attempt_at", "settled_at", "reason", "receipt", "maybe_seen")
_SETTLE = RowStatement(
    lambda dialect: (
        update(alerts)
        .where(alerts.c.alert_id == bindparam("settled_id"))
        .values({name: bindparam(f"new_{name}") for name in _SETTLED})
    )
)


def _given_back(settlement: Settlement) -> dict[str, Any]:
    channel, incident_id = settlement.claimed.lane
    failed_at = None if _is_well(settlement) else settlement.delivery.ended_at
    return {"of_channel": channel, "of_incident": incident_id, "failed_at": failed_at}


def _settled_row(settlement: Settlement) -> dict[str, Any]:
    delivery, done = settlement.delivery, settlement.status is not AlertStatus.PENDING
    # By its answer and not by the record of it: the tenth attempt without an answer is recorded as given up.
    arrived = settlement.answer.outcome in (DeliveryOutcome.ACCEPTED, DeliveryOutcome.SENT_UNKNOWN)
    return {
        "settled_id": delivery.alert_id,
        "new_status": settlement.status,
        "new_attempts": delivery.attempt,
        "new_next_attempt_at": delivery.next_attempt_at,
        "new_settled_at": delivery.ended_at if done else None,
        "new_reason": delivery.reason,
        "new_receipt": settlement.answer.receipt,
        "new_maybe_seen": arrived or settlement.claimed.maybe_seen,
    }
