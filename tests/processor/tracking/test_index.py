"""Which incidents a report is compared with."""

from __future__ import annotations

import pytest

from schemas import IncidentType, Revises
from services.processor.tracking.index import COMMON, Index
from services.processor.tracking.telling import Telling, telling_of
from tests.processor.tracking.reports import BOULKESSI, MALI, report


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


@pytest.mark.parametrize("kinds", [(IncidentType.OTHER, IncidentType.FLOOD), (IncidentType.FLOOD, IncidentType.OTHER)])
def test_a_report_that_does_not_say_what_happened_is_compared_with_every_kind_of_its_country_and_day(
    kinds: tuple[IncidentType, IncidentType],
) -> None:
    index = Index()
    index.add(telling_of(report("a", kind=kinds[0], place=MALI)), "inc-a")

    assert index.candidates(telling_of(report("b", kind=kinds[1]))) == ["inc-a"]


@pytest.mark.parametrize("late", [False, True])
def test_what_takes_a_report_back_is_compared_with_all_of_its_outlet_in_those_days(late: bool) -> None:
    flood = telling_of(report("a", kind=IncidentType.FLOOD, place=MALI, source="Post"))
    taken_back = telling_of(
        report("b", kind=IncidentType.OTHER, place=None, source="Post").model_copy(
            update={"revises": Revises.RETRACTED}
        )
    )
    first, second = (taken_back, flood) if late else (flood, taken_back)
    index = Index()
    index.add(first, "inc-a")

    assert index.candidates(second) == ["inc-a"]
