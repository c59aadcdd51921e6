"""What many reports say together: tolls rise at once, fall only for a reason, and are never added."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Figure, Modifier, Perpetrator, Report, Speaker, SpeakerRole, Toll
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


def over_days(*said: tuple[str, float, int]) -> Figure | None:
    """The toll of killed after `said`, each a source, the hour that it published at, and its number."""
    reports = [report(f"a{n}", killed=exactly(k), source=s, hours=h) for n, (s, h, k) in enumerate(said)]
    return toll_of(reports).killed


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([("A", 0, 90), ("B", 6, 84), ("C", 14, 82), ("D", 20, 85)], 85, id="one was too high"),
        pytest.param([("A", 0, 90), ("B", 6, 84), ("C", 8, 82), ("D", 10, 85)], 90, id="they may not have heard yet"),
        pytest.param([("B", 0, 84), ("C", 2, 82), ("A", 6, 90), ("D", 24, 85)], 90, id="two counted before it"),
        pytest.param([("A", 0, 90), ("B", 6, 84), ("C", 14, 60), ("D", 20, 85)], 90, id="they do not count alike"),
        pytest.param([("A", 0, 90), ("B", 6, 84), ("C", 14, 82), ("B", 20, 85)], 90, id="two of them are one"),
        pytest.param(
            [("A", 0, 90), ("B", 6, 84), ("E", 16, 90), ("C", 17, 82), ("D", 20, 85)], 90, id="it is said again"
        ),
        pytest.param([("A", 0, 200), ("B", 14, 61), ("C", 16, 63), ("D", 20, 60)], 200, id="one district of the flood"),
        pytest.param(
            [("A", 0, 90), ("B", 6, 84), ("C", 14, 82), ("D", 20, 85), ("A", 30, 93)], 93, id="more are found"
        ),
    ],
)
def test_a_higher_number_gives_way_to_several_who_count_alike_long_after_it(
    said: Sequence[tuple[str, float, int]], expected: int
) -> None:
    assert over_days(*said) == exactly(expected)


def test_a_number_unstated_gives_way_to_a_number() -> None:
    unstated = Figure(modifier=Modifier.VAGUE)
    assert view(("A", unstated), ("B", exactly(4))) == exactly(4)
    assert view(("A", unstated)) == unstated


def test_a_part_larger_than_the_whole_is_not_kept() -> None:
    first = report("a", killed=exactly(20), source="A", hours=1)
    first = first.model_copy(update={"toll": Toll(killed=exactly(20), killed_attackers=exactly(18))})
    later = report("b", killed=exactly(12), source="A", hours=2)
    assert toll_of([first, later]) == Toll(killed=exactly(12))


JNIM = Perpetrator(name="JNIM")


def claimed(
    name: str, killed: int, speaker: str, role: SpeakerRole, people: str = "soldiers", *, hours: float = 1
) -> Report:
    """A report of `killed` people by the word of `speaker`."""
    base = report(name, killed=exactly(killed), hours=hours, perpetrators=(JNIM,))
    by = Speaker(name=speaker, role=role)
    claims = tuple(claim.model_copy(update={"speaker": by, "people": people}) for claim in base.claims)
    return base.model_copy(update={"claims": claims})


@pytest.mark.parametrize(
    ("speaker", "people"),
    [("JNIM", "soldiers"), ("a spokesman for JNIM", "people"), ("The rebels", "soldiers"), ("The group", "police")],
)
def test_what_a_party_says_of_its_enemy_stands_only_where_nobody_else_counts(speaker: str, people: str) -> None:
    boast = claimed("a", 60, speaker, SpeakerRole.PARTY, people)
    army = claimed("b", 23, "the army", SpeakerRole.PARTY, hours=2)

    assert toll_of([boast]).killed == exactly(60)
    assert toll_of([boast, army]).killed == exactly(23)


def test_a_boast_that_comes_later_replaces_no_count() -> None:
    count = claimed("a", 23, "the hospital", SpeakerRole.MEDIC)
    boast = claimed("b", 60, "JNIM", SpeakerRole.PARTY, hours=9)

    assert toll_of([count, boast]).killed == exactly(23)


def test_what_an_army_says_of_its_own_dead_is_no_boast() -> None:
    first = claimed("a", 12, "the hospital", SpeakerRole.MEDIC)
    army = claimed("b", 23, "the army", SpeakerRole.PARTY, hours=9)

    assert toll_of([first, army]).killed == exactly(23)


def test_what_an_army_says_of_members_of_a_group_is_a_boast() -> None:
    count = claimed("a", 23, "the hospital", SpeakerRole.MEDIC)
    army = claimed("b", 300, "the army", SpeakerRole.PARTY, "members of the group", hours=9)

    assert toll_of([count, army]).killed == exactly(23)


def test_a_figure_of_one_who_knows_what_a_party_says_stands_before_it() -> None:
    army = claimed("a", 117, "the army", SpeakerRole.PARTY)
    both = claimed("b", 40, "a doctor", SpeakerRole.MEDIC, hours=9)
    party = army.claims[0]
    both = both.model_copy(update={"claims": (*both.claims, party)})

    assert toll_of([army, both]).killed == exactly(40)


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
