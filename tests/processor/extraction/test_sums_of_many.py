"""A sum of several incidents is found among few, and looking for one grows no faster than the incidents.

The work is counted in calls of functions, not in seconds: the count is the same on every machine.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from types import FrameType

from schemas import ClaimKind, Modifier, Whose
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.currency.reasons import EARLIER_INCIDENT
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.text import Sentence
from services.processor.extraction.told_together import set_sums_aside

DAY = date(2022, 3, 1)


def cluster(order: int, text: str, *killed: int, earlier: bool = False) -> Cluster:
    """An incident of a day of its own, with one sentence and its numbers of dead."""
    drafts = [
        Draft(
            kind=ClaimKind.KILLED, low=n, best=n, high=n, modifier=Modifier.EXACT, whose=Whose.VICTIMS,
            people="people", form="count", voice="", group=(order, at), start=0, end=len(text),
            background=EARLIER_INCIDENT if earlier else None,
        )
        for at, n in enumerate(killed)
    ]  # fmt: skip
    sentence = Sentence(index=order, start=0, end=len(text), paragraph=order)
    told = Cluster()
    told.add(
        Statement(order=order, where="body", sentence=sentence, drafts=drafts, hits=[], text=text),
        [],
        {DAY + timedelta(days=order): True},
    )
    return told


def many(size: int) -> list[Cluster]:
    """Incidents one after another, every third told of as several attacks, every tenth with an earlier one."""
    return [
        cluster(
            order,
            "Two attacks killed many." if order % 3 == 0 else "A raid killed many.",
            1_000_000 + 17 * order,
            3 + order % 1_000,
            earlier=order % 10 == 9,
        )
        for order in range(size)
    ]


def calls(size: int) -> int:
    """How many functions are called to look through so many incidents for sums."""
    clusters = many(size)
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        set_sums_aside(clusters)
    finally:
        sys.setprofile(None)
    return counted


def test_twice_the_incidents_are_at_most_about_twice_the_work() -> None:
    calls(10)

    once, twice = calls(300), calls(600)

    assert twice <= 2.4 * once


def test_a_sum_of_two_days_is_set_aside_and_the_number_of_its_own_day_stays() -> None:
    today = cluster(1, "The raid killed 15, bringing the toll to 63.", 15, 63)

    set_sums_aside([cluster(0, "A raid killed 48.", 48), today])

    assert [(draft.best, draft.background is None) for draft in today.drafts] == [(15, True), (63, False)]
