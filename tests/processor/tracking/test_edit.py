"""Incidents split and merged by hand: it stays as somebody decided, both ids resolve, and it can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import EditAction, Incident, IncidentEdit, IncidentStatus, Report
from services.processor.tracking.edit import EditError, apply_edit
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.settle import Tracked
from services.processor.tracking.track import track
from tests.processor.tracking.reports import JUNE_1, TIMBUKTU, at_least, exactly, report
from tests.processor.tracking.restoring import restored

HERE = [report("a", killed=at_least(60), source="wire"), report("b", killed=exactly(64), source="daily", hours=20)]
THERE = [report("t", place=TIMBUKTU, killed=exactly(13)), report("u", place=TIMBUKTU, killed=exactly(13), hours=14)]


def state_of(*reports: Report) -> OpenIncidents:
    state = OpenIncidents()
    for item in reports:
        track(item, state)
    return state


def id_of(state: OpenIncidents, report_id: str) -> str:
    entry = state.holding(report_id)
    assert entry is not None
    return entry.incident.incident_id


def merge(gone: str, into: str, edit_id: str = "m") -> IncidentEdit:
    return IncidentEdit(
        edit_id=edit_id, action=EditAction.MERGE, incident_id=gone, into=into, reason="one raid", author="desk",
        made_at=JUNE_1,
    )  # fmt: skip


def split(incident: str, *articles: str, edit_id: str = "s") -> IncidentEdit:
    return IncidentEdit(
        edit_id=edit_id, action=EditAction.SPLIT, incident_id=incident, article_ids=articles, reason="two raids",
        author="desk", made_at=JUNE_1,
    )  # fmt: skip


def merged() -> tuple[OpenIncidents, str, str, Tracked]:
    state = state_of(*HERE, *THERE)
    here, there = id_of(state, "a#0"), id_of(state, "t#0")
    return state, here, there, apply_edit(merge(there, here), state)


def test_a_merge_says_what_became_of_both() -> None:
    state, here, there, tracked = merged()
    assert len(state) == 1
    last = {incident.incident_id: incident for incident in tracked.revisions}
    assert (last[there].status, last[there].merged_into) == (IncidentStatus.MERGED, here)
    assert last[there].revision == 3
    assert last[here].article_ids == ("a", "t", "u", "b")
    assert [(edit.author, edit.reason) for edit in last[here].edits] == [("desk", "one raid")]


def test_a_merge_is_undone_by_a_split_of_the_merged_id_which_comes_back() -> None:
    state, here, there, _ = merged()
    tracked = apply_edit(split(there), state)
    assert id_of(state, "t#0") == id_of(state, "u#0") == there
    assert id_of(state, "a#0") == here
    back = next(incident for incident in tracked.revisions if incident.incident_id == there)
    assert (back.status, back.merged_into, back.revision) == (IncidentStatus.OPEN, None, 4)


def test_a_split_takes_out_what_it_names_and_a_merge_undoes_it() -> None:
    state = state_of(*HERE)
    whole = id_of(state, "a#0")
    apply_edit(split(whole, "b"), state)
    part = id_of(state, "b#0")
    assert (id_of(state, "a#0"), part != whole) == (whole, True)
    apply_edit(merge(part, whole), state)
    assert id_of(state, "b#0") == whole


def test_later_reports_do_not_undo_a_split() -> None:
    state = state_of(*HERE)
    whole = id_of(state, "a#0")
    apply_edit(split(whole, "b"), state)
    for hours in range(21, 26):
        track(report(f"c{hours}", killed=exactly(64), source=f"paper {hours}", hours=hours), state)
    assert id_of(state, "a#0") != id_of(state, "b#0")


def test_later_reports_do_not_undo_a_merge() -> None:
    state, here, _, _ = merged()
    for hours in range(21, 26):
        track(report(f"c{hours}", killed=exactly(13), place=TIMBUKTU, source=f"paper {hours}", hours=hours), state)
    assert {id_of(state, name) for name in ("a#0", "b#0", "t#0", "u#0")} == {here}


def test_an_edit_that_arrives_again_changes_nothing_and_says_the_same() -> None:
    state, here, there, _ = merged()
    before = list(state)
    again = apply_edit(merge(there, here), state)
    assert list(state) == before
    assert [incident.incident_id for incident in again.revisions] == [here]


def test_what_was_decided_survives_the_changelog() -> None:
    state = state_of(*HERE)
    whole = id_of(state, "a#0")
    apply_edit(split(whole, "b"), state)
    other = restored(state)
    assert {id_of(other, f"{name}#0") for name in "ab"} == {id_of(state, f"{name}#0") for name in "ab"}
    assert all(other.get(entry.incident.incident_id) == entry for entry in state)
    late = report("c", killed=exactly(64), source="radio", hours=22)
    assert track(late, other).revisions == track(late, state).revisions
    assert id_of(other, "a#0") != id_of(other, "b#0")


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (merge("inc-unknown", "inc-other"), "no open incident has the id inc-unknown"),
        (split("inc-unknown", "a"), "no open incident has the id inc-unknown"),
        (merge("inc-unknown", ""), "say which incident"),
    ],
)
def test_an_edit_of_what_is_not_open_is_refused(edit: IncidentEdit, says: str) -> None:
    with pytest.raises(EditError, match=says):
        apply_edit(edit, state_of(*HERE))


@pytest.mark.parametrize(
    ("articles", "says"), [(("x",), "none of the reports"), (("a", "b"), "every report"), ((), "say which")]
)
def test_a_split_takes_out_some_and_not_all(articles: tuple[str, ...], says: str) -> None:
    state = state_of(*HERE)
    with pytest.raises(EditError, match=says):
        apply_edit(split(id_of(state, "a#0"), *articles), state)


@settings(max_examples=30, deadline=None)
@given(st.permutations([*HERE, *THERE]), st.lists(st.sampled_from(["merge", "undo"]), max_size=5))
def test_every_id_that_was_told_resolves_after_any_edits(order: list[Report], steps: list[str]) -> None:
    state = OpenIncidents()
    told: dict[str, Incident] = {}

    def publish(tracked: Tracked) -> None:
        for incident in tracked.revisions:
            known = told.get(incident.incident_id)
            assert known is None or incident.revision > known.revision
            told[incident.incident_id] = incident

    for item in order:
        publish(track(item, state))
    here, there = id_of(state, "a#0"), id_of(state, "t#0")
    for n, step in enumerate(steps):
        together = id_of(state, "a#0") == id_of(state, "t#0")
        if step == "merge" and not together:
            publish(apply_edit(merge(there, here, f"m{n}"), state))
        elif step == "undo" and together:
            publish(apply_edit(split(there, edit_id=f"s{n}"), state))
    for incident in told.values():
        resolved = incident
        while resolved.merged_into is not None:
            resolved = told[resolved.merged_into]
        entry = state.get(resolved.incident_id)
        assert entry is not None
        assert entry.incident == resolved
