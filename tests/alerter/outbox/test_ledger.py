"""The ledger: whatever is done to its entries afterwards shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Delivery, DeliveryOutcome
from services.alerter.ledger import LedgerFault, Verified, verify_chain, verify_heads
from services.alerter.outbox.engine import Store
from services.alerter.outbox.ledger import (
    Entry,
    Head,
    Row,
    append,
    chained,
    digest_of,
    genesis,
    read_heads,
    read_ledger,
)
from tests.alerter.incidents import NOON


def entry(number: int, subscription: str = "desk") -> Entry:
    delivery = Delivery(
        delivery_id=f"alert_{number}/1",
        alert_id=f"alert_{number}",
        subscription=subscription,
        channel="a",
        incident_id="i",
        revision=number,
        attempt=1,
        outcome=DeliveryOutcome.ACCEPTED,
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=number),
    )
    return Entry(delivery, number, "0" * 64)


ROWS = chained(Head("desk", 0, genesis("desk")), [entry(number) for number in range(1, 7)])
HEAD = Head("desk", 6, ROWS[-1].digest)


def fault(rows: list[Row], kept: Head | None = HEAD) -> LedgerFault | None:
    found = verify_chain("desk", rows, kept)
    return found if isinstance(found, LedgerFault) else None


def test_a_ledger_that_nobody_touched_is_whole() -> None:
    assert verify_chain("desk", ROWS, HEAD) == Verified("desk", 6, HEAD.digest)


@pytest.mark.parametrize("place", range(6))
def test_an_edited_entry_is_named(place: int) -> None:
    rows = list(ROWS)
    values = json.loads(rows[place].entry) | {"outcome": "dead"}
    rows[place] = replace(rows[place], entry=json.dumps(values, sort_keys=True, separators=(",", ":")))
    found = fault(rows)
    assert found is not None
    assert found.sequence == place + 1
    assert "was edited" in found.reason


@pytest.mark.parametrize("place", range(5))
def test_an_entry_edited_with_its_digest_is_found_at_the_next(place: int) -> None:
    rows = list(ROWS)
    text = json.dumps(json.loads(rows[place].entry) | {"outcome": "dead"}, sort_keys=True, separators=(",", ":"))
    rows[place] = replace(rows[place], entry=text, digest=digest_of(text))
    found = fault(rows)
    assert found is not None
    assert found.sequence == place + 2


@pytest.mark.parametrize("place", range(6))
def test_a_removed_entry_is_named(place: int) -> None:
    found = fault(ROWS[:place] + ROWS[place + 1 :])
    assert found is not None
    assert found.sequence == place + 1
    assert "missing" in found.reason


@pytest.mark.parametrize("place", range(7))
def test_an_inserted_entry_is_found(place: int) -> None:
    previous = ROWS[place - 1].digest if place else genesis("desk")
    (extra,) = chained(Head("desk", place, previous), [entry(99)])
    assert fault([*ROWS[:place], extra, *ROWS[place:]]) is not None


@given(st.permutations(ROWS))
def test_entries_in_another_order_are_found(rows: list[Row]) -> None:
    renumbered = [replace(row, sequence=number) for number, row in enumerate(rows, 1)]
    assert (fault(rows) is None) == (rows == ROWS)
    assert (fault(renumbered) is None) == (rows == ROWS)


def test_an_entry_of_another_subscription_is_found() -> None:
    strange = chained(Head("other", 0, genesis("other")), [entry(1)])
    assert fault([replace(strange[0], subscription="desk")], None) is not None


def test_a_ledger_cut_short_is_found_by_its_head_and_by_one_kept_elsewhere() -> None:
    cut = ROWS[:4]
    found = fault(cut)
    assert found is not None
    assert found.sequence == 5
    # Whoever cut it short put the head right as well.
    forged = Head("desk", 4, cut[-1].digest)
    assert fault(cut, forged) is None
    (lost,) = verify_heads({"desk": cut}, [HEAD])
    assert (lost.subscription, lost.sequence) == ("desk", 6)


def test_a_ledger_written_anew_is_found_by_a_head_kept_elsewhere() -> None:
    anew = chained(Head("desk", 0, genesis("desk")), [entry(number + 10) for number in range(1, 9)])
    assert fault(anew, Head("desk", 8, anew[-1].digest)) is None
    (found,) = verify_heads({"desk": anew}, [HEAD])
    assert found.sequence == 6
    assert verify_heads({"desk": ROWS}, [HEAD]) == []


async def test_entries_of_several_transactions_make_one_chain_for_each_subscription(store: Store) -> None:
    for number in range(1, 4):
        async with store.transaction() as connection:
            await append(connection, [entry(number), entry(number, "other"), entry(number + 10)])
    async with store.transaction() as connection:
        heads = {head.subscription: head for head in await read_heads(connection)}
        for name, length in (("desk", 6), ("other", 3)):
            rows = [row async for row in read_ledger(connection, name)]
            assert verify_chain(name, rows, heads[name]) == Verified(name, length, heads[name].digest)
        assert [row.sequence async for row in read_ledger(connection, "desk", last=2)] == [5, 6]
