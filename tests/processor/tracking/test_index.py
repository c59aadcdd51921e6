"""Which incidents a report is compared with."""

from __future__ import annotations

from services.processor.tracking.index import COMMON, Index
from services.processor.tracking.telling import Telling, telling_of
from tests.processor.tracking.reports import BOULKESSI, report


def told(n: int) -> Telling:
    """A report of an incident in a town of its own, far from the others, on one day."""
    town = BOULKESSI.model_copy(update={"name": f"Town {n}", "lat": 12.0 + n, "lon": -8.0 + n})
    return telling_of(report(f"a{n}", place=town))


def index_of(number: int) -> Index:
    """So many incidents of one kind in one country."""
    index = Index()
    for n in range(number):
        index.add(told(n), f"inc-{n:02d}")
    return index


ELSEWHERE = telling_of(report("new", place=BOULKESSI.model_copy(update={"name": "Elsewhere", "lat": 40.0})))


def test_a_report_is_compared_with_every_incident_that_shares_a_rare_key() -> None:
    assert len(index_of(COMMON).candidates(ELSEWHERE)) == COMMON


def test_a_key_that_many_incidents_share_finds_none() -> None:
    assert index_of(COMMON + 1).candidates(ELSEWHERE) == []


def test_what_was_removed_is_not_found() -> None:
    index = index_of(1)
    index.remove(told(0), "inc-00")
    assert index.candidates(ELSEWHERE) == []
