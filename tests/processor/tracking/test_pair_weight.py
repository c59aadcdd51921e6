"""Weights that are worked out without reasons are those that the reasons give, and what is sure without them is so."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from schemas import IncidentType, Report, Revises, TimePrecision
from services.processor.tracking.link_floor import LinkFloor
from services.processor.tracking.linking import link, weight
from services.processor.tracking.pair_weight import PairWeights
from services.processor.tracking.rules import LinkingRules, Tolls
from services.processor.tracking.telling import telling_of
from tests.processor.tracking.reports import BOULKESSI, MALI, TIMBUKTU, exactly, report
from tests.processor.tracking.test_link_ceiling import reports

RULES = LinkingRules()
HARSH = LinkingRules(nothing_shared=3, tolls=Tolls(fell=5))
PAIRS = (
    (report("a", killed=exactly(60)), report("b", killed=exactly(60), place=MALI)),
    (report("a", killed=exactly(60)), report("b", killed=exactly(9), hours=30)),
    (report("a", place=TIMBUKTU), report("a", ordinal=1, place=BOULKESSI)),
    (report("a", kind=IncidentType.FLOOD), report("b", kind=IncidentType.FLOOD, place=TIMBUKTU)),
    (report("a", source="Post"), report("b", source="Post").model_copy(update={"revises": Revises.CORRECTED})),
)


def since(made: Report) -> Report:
    """`made`, of which is known when it began and not when it ended."""
    assert made.occurred is not None
    return made.model_copy(
        update={"occurred": made.occurred.model_copy(update={"end": None, "precision": TimePrecision.WEEK})}
    )


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_kind_of_pair_weighs_what_its_reasons_do(one: Report, other: Report) -> None:
    here, there = telling_of(one), telling_of(other)
    assert PairWeights(RULES).of(here, there) == weight(link(here, there, RULES), RULES)


@given(reports(), reports(), st.sampled_from([RULES, HARSH]))
def test_a_pair_weighs_to_the_last_bit_what_its_reasons_do(one: Report, other: Report, rules: LinkingRules) -> None:
    here, there = telling_of(one), telling_of(other)
    assert PairWeights(rules).of(here, there) == weight(link(here, there, rules), rules)


@given(reports(), reports(), st.sampled_from([RULES, HARSH]))
@example(since(report("a")), report("b"), RULES)
def test_which_of_two_reports_comes_first_changes_nothing(one: Report, other: Report, rules: LinkingRules) -> None:
    assume(one.report_id != other.report_id)
    here, there = telling_of(one), telling_of(other)
    assert link(here, there, rules) == link(there, here, rules)
    assert PairWeights(rules).of(here, there) == PairWeights(rules).of(there, here)


@given(reports(), reports(), st.sampled_from([RULES, HARSH]))
def test_what_surely_does_not_speak_against_does_not(one: Report, other: Report, rules: LinkingRules) -> None:
    here, there = telling_of(one), telling_of(other)
    if LinkFloor(rules).holds(here, there):
        assert weight(link(here, there, rules), rules) >= 0


def test_two_reports_on_one_place_and_day_do_not_speak_against_each_other_whatever_their_texts() -> None:
    here, there = telling_of(report("a", killed=exactly(20))), telling_of(report("b", killed=exactly(14), hours=30))
    assert LinkFloor(RULES).holds(here, there)
    assert not LinkFloor(RULES).holds(here, telling_of(report("c", place=TIMBUKTU)))
