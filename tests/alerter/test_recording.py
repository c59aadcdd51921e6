"""What is recorded together: those who are well do not wait for the many that failed in one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from schemas import AlertStatus, DeliveryOutcome
from services.alerter.outbox.claiming import Room, claim_due
from services.alerter.outbox.engine import Store
from services.alerter.outbox.settling import Settlement
from services.alerter.recording import FAILED_AT_ONCE, Recorder, as_of
from tests.alerter.incidents import NOON
from tests.alerter.outbox.test_delivering import LEASED_UNTIL, ended, settlement
from tests.alerter.outboxes import decided, on_channel, rising

FAILED = 3 * FAILED_AT_ONCE


class Watched(Recorder):
    """Notes what each transaction records, and records nothing."""

    __slots__ = ("batches",)
    batches: list[list[bool]]

    async def _write(self, batch: Sequence[Any]) -> None:
        self.batches.append([one.delivery.outcome is DeliveryOutcome.ACCEPTED for one, _ in batch])
        for _, kept in batch:
            kept.set_result(True)


async def settlements(store: Store) -> list[Settlement]:
    """Attempts that failed, and after them one that was taken."""
    await decided(store, [one for number in range(FAILED + 1) for one in rising(f"i{number}", 1)], on_channel("a"))
    async with store.transaction() as connection:
        claimed = await claim_due(connection, Room({"a": 99}), NOON, LEASED_UNTIL)
    failed = [settlement(one, ended(one, DeliveryOutcome.RETRY, NOON), AlertStatus.PENDING) for one in claimed[:-1]]
    return [*failed, settlement(claimed[-1], ended(claimed[-1], DeliveryOutcome.ACCEPTED), AlertStatus.DELIVERED)]


async def test_an_attempt_that_ended_before_the_clock_was_set_back_is_recorded_by_the_clock_as_it_is(
    sqlite_store: Store,
) -> None:
    failed, *_ = await settlements(sqlite_store)
    assert failed.delivery.next_attempt_at is not None
    spell = failed.delivery.next_attempt_at - failed.delivery.ended_at
    earlier = failed.delivery.ended_at - timedelta(hours=1)
    moved = as_of(failed, earlier).delivery
    assert (moved.ended_at, moved.next_attempt_at) == (earlier, earlier + spell)
    assert moved.ended_at - moved.started_at == failed.delivery.ended_at - failed.delivery.started_at
    assert as_of(failed, failed.delivery.ended_at + timedelta(seconds=1)) == failed


async def test_of_many_that_failed_together_few_are_recorded_with_the_one_that_is_well(sqlite_store: Store) -> None:
    recorder = Watched(sqlite_store, lambda: NOON, {}, {}, lambda freed: nullcontext())  # type: ignore[arg-type, return-value]
    recorder.batches = []
    kept = await asyncio.gather(*(recorder.record(one) for one in await settlements(sqlite_store)))
    assert all(kept)
    assert len(kept) == FAILED + 1
    assert recorder.batches[0] == [True, *[False] * FAILED_AT_ONCE]
    assert [len(batch) for batch in recorder.batches[1:]] == [FAILED_AT_ONCE, FAILED_AT_ONCE]
