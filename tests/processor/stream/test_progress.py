"""A partition is committed up to the first offset that was handed over and is not acknowledged, and never past it."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from services.processor.stream.progress import Progress


def test_nothing_is_committed_before_something_is_safe() -> None:
    progress = Progress()
    assert progress.committable() is None
    progress.hand(7)
    assert progress.committable() is None
    progress.ack(7)
    assert progress.committable() == 8


def test_one_event_in_flight_holds_the_commit() -> None:
    progress = Progress()
    for offset in range(3, 12):
        progress.hand(offset)
    for offset in range(4, 12):
        progress.ack(offset)
    assert progress.committable() is None
    progress.ack(3)
    assert progress.committable() == 12


def test_offsets_that_are_compacted_away_hold_nothing_up() -> None:
    progress = Progress()
    for offset in (3, 8, 9, 40):
        progress.hand(offset)
        progress.ack(offset)
    assert progress.committable() == 41


def test_what_was_taken_back_or_never_handed_over_is_not_safe() -> None:
    progress = Progress()
    progress.hand(1)
    progress.hand(2)
    progress.take_back(2)
    for offset in (1, 2, 3):
        progress.ack(offset)
    assert progress.committable() == 2


@given(
    offsets=st.sets(st.integers(0, 500), min_size=1, max_size=40).map(sorted),
    unsafe=st.sets(st.integers(0, 40)),
    seed=st.integers(),
)
def test_a_commit_covers_everything_before_the_first_event_in_flight_and_nothing_else(
    offsets: list[int], unsafe: set[int], seed: int
) -> None:
    progress = Progress()
    for offset in offsets:
        progress.hand(offset)
    safe = [offset for place, offset in enumerate(offsets) if place not in unsafe]
    random.Random(seed).shuffle(safe)
    for count, offset in enumerate(safe):
        progress.ack(offset)
        waiting = [other for other in offsets if other not in safe[: count + 1]]
        before = [other for other in offsets if not waiting or other < waiting[0]]
        assert progress.committable() == (before[-1] + 1 if before else None)
