"""What the tracker remembers is bounded by its window, however long the stream."""

from __future__ import annotations

from collections.abc import Sized
from datetime import timedelta

import pytest

from schemas import Report
from services.processor.tracking.open_incidents import WINDOW, OpenIncidents
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.track import track
from tests.processor.tracking.reports import BOULKESSI, MOPTI, TIMBUKTU, exactly, report

DAYS = int(WINDOW / timedelta(days=1))
LONGEST = int(LinkingRules().window.deadly_days)
"""Days that most of these stay open: ten and more died."""


def told_on(day: int, seed: int) -> list[Report]:
    """Five reports of one day, of incidents at two places, one article not saying where, one giving the province."""
    places = (BOULKESSI, TIMBUKTU, BOULKESSI, None, MOPTI)
    return [
        report(
            f"d{day}-{n}-{seed}",
            place=place,
            killed=exactly(3 + (day * 7 + n + seed) % 40),
            hours=24 * day + 8 + n,
            day=day,
            source=f"outlet {n}",
        )
        for n, place in enumerate(places)
    ]


def sizes(of: object, name: str = "") -> dict[str, int]:
    """How many items each collection that an object holds has, those within it too."""
    found: dict[str, int] = {}
    for slot, value in vars(of).items():
        if isinstance(value, Sized) and not isinstance(value, str | bytes):
            found[f"{name}{slot}"] = len(value)
        elif type(value).__module__.startswith("services.processor.tracking.index"):
            found |= sizes(value, f"{name}{slot}.")
    return found


def most(held: list[dict[str, int]]) -> dict[str, int]:
    return {slot: max(one.get(slot, 0) for one in held) for slot in held[0]}


def entries(state: OpenIncidents) -> int:
    return sum(len(entry.reports) for entry in state)


@pytest.mark.parametrize("seed", [0, 17])
def test_nothing_that_is_remembered_grows_once_the_window_has_passed(seed: int) -> None:
    state = OpenIncidents()
    held: list[dict[str, int]] = []
    for day in range(4 * LONGEST):
        for item in told_on(day, seed):
            track(item, state)
        held.append({**sizes(state), "reports": entries(state)})

    assert {"_entries", "_index._by_key", "_weights", "_expiry", "reports"} <= held[0].keys()
    first, last = most(held[LONGEST : 2 * LONGEST + 1]), most(held[3 * LONGEST :])
    grown = {slot: (first[slot], last[slot]) for slot in first if last[slot] > 1.1 * first[slot] + 5}
    assert not grown


def test_what_has_closed_leaves_nothing_behind() -> None:
    state = OpenIncidents()
    closed: set[str] = set()
    for day in range(2 * DAYS):
        for item in told_on(day, 0):
            closed.update(track(item, state).closed)
    assert closed
    for entry in list(state):
        state.close(entry.incident.incident_id)
    assert {slot for slot, count in sizes(state).items() if count} <= {"_expiry", "_ahead"}
