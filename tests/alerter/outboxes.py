"""Filling a store with alerts, for tests of what comes after deciding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from schemas import Alert, Incident
from services.alerter.deciding import Audience, Revision, decide_revision
from services.alerter.outbox.deciding import Decided, read_states, write_decided
from services.alerter.outbox.engine import Store
from services.alerter.policy.matching import CompiledSubscription, compile_subscription
from tests.alerter.incidents import NOON, incident, subscription


def on_channel(name: str) -> CompiledSubscription:
    """A subscription to everything, on a channel of that name."""
    return compile_subscription(subscription(name=f"all-{name}", channel=name))


async def decided(
    store: Store, revisions: Sequence[Incident], *asked: CompiledSubscription, at: datetime = NOON
) -> list[Alert]:
    """Decide `revisions` at `at` and keep what follows: the alerts."""
    new = Decided()
    async with store.transaction() as connection:
        states = await read_states(connection, {revision.incident_id for revision in revisions}, at)
        for revision in revisions:
            state = states[revision.incident_id]
            decide_revision(Revision(revision, [], NOON), Audience(asked), state, new, Counter())
        await write_decided(connection, new, states, at)
    return [row.alert for row in new.alerts]


def rising(identity: str, revisions: int) -> list[Incident]:
    """Revisions of one incident, each of which is told."""
    return [incident(10**number, number, incident_id=identity) for number in range(1, revisions + 1)]
