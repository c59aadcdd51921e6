"""Numbers of a subscription's alerts: 1, 2, 3 without a gap, in the order in which they become visible in the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert
from services.alerter.outbox.statements import insert_into
from services.alerter.outbox.tables import numbering


@cache
def _taking(dialect: str) -> Any:
    insert = insert_into(numbering, dialect)
    return insert.on_conflict_do_update(
        index_elements=["subscription"],
        set_={"last_number": numbering.c.last_number + insert.excluded.last_number},
    ).returning(numbering.c.subscription, numbering.c.last_number)


async def numbered(connection: AsyncConnection, new: Sequence[Alert]) -> list[Alert]:
    """`new` in the same order, each with the next number of its subscription.

    Locks the counters of those subscriptions until this transaction ends. So a number is seen only when every lower
    one can be, and whoever has read as far as a number has missed nothing below it; where the transaction fails, its
    numbers are given out again. Counters are locked in the order of their names, so that two transactions cannot wait
    for each other.
    """
    if not new:
        return []
    wanted = Counter(alert.subscription for alert in new)
    rows = [{"subscription": name, "last_number": wanted[name]} for name in sorted(wanted)]
    taken = {
        row.subscription: row.last_number for row in await connection.execute(_taking(connection.dialect.name), rows)
    }
    given = {name: last - wanted[name] for name, last in taken.items()}
    found = []
    for alert in new:
        given[alert.subscription] += 1
        found.append(alert.model_copy(update={"number": given[alert.subscription]}))
    return found
