"""Revisions: one for every change of a fact, none for a repeat, and the same incident from the same reports."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas import Certainty, Incident, Report, Stage, Target
from services.processor.tracking.build_incident import build_incident
from services.processor.tracking.open_incidents import WINDOW, OpenIncidents
from services.processor.tracking.track import track
from tests.processor.tracking.reports import BOULKESSI, JUNE_1, TIMBUKTU, at_least, dozens, exactly, report
from tests.processor.tracking.restoring import restored

STORY = [
    report("wire", killed=at_least(60), source="wire", hours=9),
    report("daily", killed=at_least(51), source="daily", hours=13),
    report("next-day", killed=exactly(71), source="wire", hours=33),
    report("correction", killed=exactly(63), source="wire", hours=60),
]


def run(reports: list[Report]) -> tuple[OpenIncidents, list[Incident]]:
    state, revisions = OpenIncidents(), []
    for item in reports:
        tracked = track(item, state)
        if tracked.revised:
            revisions.append(tracked.entry.incident)
    return state, revisions


def test_a_story_is_one_incident_whose_revisions_follow_the_facts() -> None:
    _, revisions = run(STORY)
    assert len({incident.incident_id for incident in revisions}) == 1
    lows = [incident.toll.killed.low for incident in revisions if incident.toll.killed]
    assert lows[0] == 60
    assert 71 in lows
    assert lows[-1] == 63
    assert [incident.revision for incident in revisions] == list(range(1, len(revisions) + 1))
    assert [item.toll.killed.low for item in revisions[-1].history if item.toll.killed] == [60, 71, 63]


def test_a_report_that_comes_again_gives_the_same_revision_again() -> None:
    state, revisions = run(STORY[:1])
    again = track(STORY[0], state)
    assert again.revised
    assert again.entry.incident == revisions[0]
    assert len(state) == 1


def test_a_mere_confirmation_by_the_same_source_is_no_revision() -> None:
    state, _ = run(STORY[:1])
    assert not track(report("wire-again", killed=at_least(60), source="wire", hours=10), state).revised


def test_a_second_source_makes_it_surer_and_that_is_a_revision() -> None:
    _, revisions = run(STORY[:2])
    assert [incident.certainty for incident in revisions] == [Certainty.POSSIBLE, Certainty.LIKELY]
    assert revisions[1].changed == ("certainty",)


def test_what_changed_is_named() -> None:
    _, revisions = run(STORY)
    assert "toll" in revisions[-1].changed
    assert "place" not in revisions[-1].changed


def late(name: str, hours: float = 2) -> Report:
    """A report of another incident, a window after the first of June."""
    days = WINDOW / timedelta(days=1)
    return report(name, place=TIMBUKTU, hours=hours + 24 * days, day=int(days))


def test_incidents_close_when_the_watermark_has_left_them_behind() -> None:
    state, _ = run([report("old", hours=1), late("new"), late("new-2")])
    tracked = track(late("new-3"), state)
    assert len(tracked.closed) == 1
    assert len(state) == 1
    assert state.watermark == JUNE_1 + timedelta(hours=2) + WINDOW


def test_one_article_dated_in_the_future_closes_nothing() -> None:
    state, _ = run([report("old", hours=1)])
    assert not track(late("wrong-clock", hours=24 * 400), state).closed
    assert len(state) == 2
    assert state.watermark == JUNE_1 + timedelta(hours=1)


def test_an_open_incident_survives_its_changelog() -> None:
    state, _ = run(STORY)
    other = restored(state)
    assert list(other) == list(state)
    assert other.watermark == state.watermark
    assert not track(STORY[-1], other).closed


stories = st.permutations([*STORY, report("vague", killed=dozens(), source="radio", hours=8)])


@given(stories, st.lists(st.integers(0, 4), max_size=4))
def test_the_same_reports_make_the_same_facts_in_any_order_and_however_often(
    story: list[Report], repeats: list[int]
) -> None:
    state, _ = run([*story, *(story[n] for n in repeats)])
    (entry,) = state
    fresh = build_incident(entry.incident.incident_id, story, None)
    differing = {"incident_id", "revision", "history", "changed"}
    assert entry.incident.model_dump(exclude=differing) == fresh.model_dump(exclude=differing)


@given(stories)
def test_revisions_count_up_by_one(story: list[Report]) -> None:
    _, revisions = run(story)
    assert [incident.revision for incident in revisions] == list(range(1, len(revisions) + 1))


def test_an_incident_accomplished_in_one_report_is_accomplished() -> None:
    foiled = report("a").model_copy(update={"stage": Stage.ATTEMPTED})
    assert build_incident("x", [foiled, report("b")], None).stage is Stage.ACCOMPLISHED


def test_targets_stand_in_the_order_in_which_they_were_first_told_of() -> None:
    base, trucks = Target(kind="military", text="army base"), Target(kind="transport", text="trucks")
    camp = Target(kind="military", text="camp")
    first = report("a", hours=9).model_copy(update={"targets": (base, trucks)})
    second = report("b", hours=10).model_copy(update={"targets": (camp,)})
    assert build_incident("x", [second, first], None).targets == (base, trucks)


def crowded() -> list[Report]:
    """Nine incidents of one kind in one country on one day, each told of three times: more than a few are alike."""
    towns = [
        BOULKESSI.model_copy(update={"name": f"Town {n}", "lat": 12.0 + n, "lon": -8.0 + n, "admin1": f"Region {n}"})
        for n in range(9)
    ]
    return [
        report(f"{n}-{again}", place=town, killed=exactly(11 + n), source=f"outlet {again}", hours=9 + again)
        for n, town in enumerate(towns)
        for again in range(3)
    ]


@given(st.permutations(crowded()))
def test_many_incidents_that_are_alike_end_the_same_in_any_order(order: list[Report]) -> None:
    state, _ = run(order)
    found = {frozenset(one.article.article_id for one in entry.reports) for entry in state}
    assert found == {frozenset(f"{n}-{again}" for again in range(3)) for n in range(9)}
