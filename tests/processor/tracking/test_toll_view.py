"""What many reports say together: tolls rise at once, fall only for a reason, and are never added."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Figure, Modifier, Toll
from services.processor.tracking.toll_view import toll_of
from tests.processor.tracking.reports import at_least, dozens, exactly, report


def view(*said: tuple[str, Figure]) -> Figure | None:
    """The toll of killed after `said`, each a source and its figure, in order of publication."""
    return toll_of([report(f"a{n}", killed=f, source=s, hours=n) for n, (s, f) in enumerate(said)]).killed


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("A", at_least(60))], at_least(60)),
        ([("A", at_least(60)), ("B", at_least(51))], at_least(60)),
        ([("A", at_least(51)), ("B", at_least(60))], at_least(60)),
        ([("A", dozens()), ("B", at_least(60))], at_least(60)),
        ([("A", at_least(60)), ("B", dozens())], at_least(60)),
        ([("A", at_least(60)), ("A", dozens())], at_least(60)),
        ([("A", exactly(12)), ("B", exactly(15))], exactly(15)),
        ([("A", at_least(12)), ("B", exactly(15))], exactly(15)),
        ([("A", exactly(15)), ("B", exactly(12))], exactly(15)),
        ([("A", exactly(71)), ("A", exactly(63))], exactly(63)),
        ([("A", exactly(71)), ("B", exactly(63)), ("C", exactly(63))], exactly(63)),
        ([("A", exactly(71)), ("B", exactly(71)), ("A", exactly(63))], exactly(71)),
        ([("A", exactly(71)), ("B", exactly(71)), ("A", exactly(63)), ("B", exactly(63))], exactly(63)),
        ([("A", exactly(5)), ("B", exactly(50)), ("C", exactly(5)), ("D", exactly(5))], exactly(5)),
        ([("A", exactly(0)), ("B", exactly(3))], exactly(3)),
    ],
)
def test_figures_of_several_sources(said: Sequence[tuple[str, Figure]], expected: Figure) -> None:
    assert view(*said) == expected


def test_a_number_unstated_gives_way_to_a_number() -> None:
    unstated = Figure(modifier=Modifier.VAGUE)
    assert view(("A", unstated), ("B", exactly(4))) == exactly(4)
    assert view(("A", unstated)) == unstated


def test_a_part_larger_than_the_whole_is_not_kept() -> None:
    first = report("a", killed=exactly(20), source="A", hours=1)
    first = first.model_copy(update={"toll": Toll(killed=exactly(20), killed_attackers=exactly(18))})
    later = report("b", killed=exactly(12), source="A", hours=2)
    assert toll_of([first, later]) == Toll(killed=exactly(12))


figures = st.one_of(
    st.integers(0, 300).map(exactly),
    st.integers(1, 300).map(at_least),
    st.just(dozens()),
    st.just(Figure(modifier=Modifier.VAGUE)),
)


@given(st.lists(st.tuples(st.sampled_from("ABCD"), figures), min_size=1, max_size=12))
def test_the_low_is_always_one_that_somebody_stands_by(said: list[tuple[str, Figure]]) -> None:
    killed = view(*said)
    assert killed is not None
    assert killed.low in {figure.low for _, figure in said}
    assert killed.high is None or killed.low is None or killed.low <= killed.high


@given(st.lists(st.tuples(st.sampled_from("ABCD"), figures), min_size=1, max_size=8), st.integers(0, 7))
def test_saying_the_same_again_changes_nothing(said: list[tuple[str, Figure]], again: int) -> None:
    repeated = said[-1]
    assert view(*said, *[repeated] * (again % 3)) == view(*said)
