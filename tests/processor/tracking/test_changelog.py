"""What is written of the open incidents: little, however large a story grows, and enough, wherever a crash falls."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas import EditAction, IncidentEdit, Report, Wording
from services.processor.tracking.changelog import PAGE_BYTES, PAGE_REPORTS, Changelog, Written, entry_in, turn_of
from services.processor.tracking.edit import EditError, apply_edit
from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.settle import Tracked
from services.processor.tracking.track import track
from tests.processor.tracking.reports import BOULKESSI, JUNE_1, TIMBUKTU, exactly, report
from tests.processor.tracking.restoring import stand


@dataclass
class Worker:
    """A tracker, and the table as its changelog leaves it."""

    state: OpenIncidents = field(default_factory=OpenIncidents)
    changelog: Changelog = field(default_factory=Changelog)
    table: dict[str, bytes] = field(default_factory=dict)

    def take(self, item: Report | IncidentEdit) -> list[Written]:
        """What is written for a report or an edit; the table has it."""
        if isinstance(item, Report):
            return self.write(track(item, self.state))
        return self.write(apply_edit(item, self.state))

    def write(self, tracked: Tracked) -> list[Written]:
        gone = (*(incident.incident_id for incident in tracked.merged), *tracked.closed)
        written = self.changelog.writes((tracked.entry, *tracked.others), gone)
        self.changelog.note(written)
        stand(self.table, written)
        return written


def taken_over(table: dict[str, bytes]) -> Worker:
    """Another worker that goes on from a table."""
    worker = Worker(table=dict(table))
    restored = worker.changelog.restore(worker.table)
    assert not restored.missing
    worker.state = OpenIncidents(restored.entries)
    return worker


def told(number: int, *, place: int = 0, hours: float | None = None, killed: int | None = None) -> Report:
    where = (BOULKESSI, TIMBUKTU)[place]
    return report(
        f"{place}-{number:04}", place=where, killed=exactly(killed or 20 + number), source=f"outlet {number}",
        hours=12 + number / 10 if hours is None else hours,
    )  # fmt: skip


def entries(state: OpenIncidents) -> dict[str, OpenIncident]:
    return {entry.incident.incident_id: entry for entry in state}


def size(written: list[Written]) -> int:
    return sum(len(value or b"") for _, value in written)


def pages(table: dict[str, bytes]) -> list[str]:
    return [key for key in table if "/" in key]


def test_what_a_report_costs_to_write_does_not_grow_with_its_story() -> None:
    worker = Worker()
    costs = [size(worker.take(told(n, killed=30))) for n in range(20 * PAGE_REPORTS)]
    assert len(worker.state) == 1
    early, late = sum(costs[PAGE_REPORTS : 3 * PAGE_REPORTS]), sum(costs[-2 * PAGE_REPORTS :])
    assert late < 1.5 * early


def test_a_small_incident_is_one_entry() -> None:
    worker = Worker()
    for n in range(PAGE_REPORTS - 1):
        assert len(worker.take(told(n))) == 1
    assert len(worker.table) == 1


def test_each_report_is_written_onto_one_page_once() -> None:
    worker = Worker()
    written = [key for n in range(4 * PAGE_REPORTS) for key, value in worker.take(told(n)) if "/" in key and value]
    assert len(written) == len(set(written)) == len(pages(worker.table)) == 4


def test_a_page_comes_before_the_entry_that_names_it() -> None:
    worker = Worker()
    last = [worker.take(told(n)) for n in range(PAGE_REPORTS)][-1]
    assert ["/" in key for key, _ in last] == [True, False]


@pytest.mark.parametrize("at", [0, PAGE_REPORTS + 3, 2 * PAGE_REPORTS + 1])
def test_a_newer_version_of_a_report_takes_its_place_on_the_pages(at: int) -> None:
    worker = Worker()
    for n in range(2 * PAGE_REPORTS + 5):
        worker.take(told(n))
    written = worker.take(told(at, hours=90, killed=300))
    ended = [key for key, value in written if value is None]
    assert len(ended) == (at < 2 * PAGE_REPORTS)
    assert written[len(written) - len(ended) :] == [(key, None) for key in ended]
    assert entries(taken_over(worker.table).state) == entries(worker.state)
    assert size(written) < 4 * max(size(worker.take(told(n))) for n in range(60, 60 + PAGE_REPORTS))


def test_of_an_incident_that_is_closed_nothing_stays() -> None:
    worker = Worker()
    for n in range(2 * PAGE_REPORTS + 5):
        worker.take(told(n))
    assert len(worker.table) == 3
    for n in range(3):
        worker.take(told(n, place=1, hours=24 * 60))
    assert len(worker.state) == len(worker.table) == 1


def test_a_page_without_an_entry_that_names_it_is_forgotten_with_the_next_report() -> None:
    worker = Worker()
    for n in range(PAGE_REPORTS - 1):
        worker.take(told(n))
    table = dict(worker.table)
    page, _ = worker.take(told(PAGE_REPORTS))
    stand(table, [page])
    other = taken_over(table)
    assert [len(entry.reports) for entry in other.state] == [PAGE_REPORTS - 1]
    assert (page[0], None) in other.take(told(0, place=1))
    assert not pages(other.table)


def test_what_was_not_handed_on_is_written_with_the_next() -> None:
    worker = Worker()
    for n in range(PAGE_REPORTS - 1):
        worker.take(told(n))
    refused = worker.changelog.writes([track(told(PAGE_REPORTS), worker.state).entry], ())
    written = worker.take(told(PAGE_REPORTS + 1))
    assert written[0] == refused[0]
    assert entries(taken_over(worker.table).state) == entries(worker.state)


def test_large_reports_leave_the_entry_before_they_are_many() -> None:
    worker = Worker()
    for n in range(6):
        # What hardly can be compressed: the hashes of a text of a megabyte and more.
        numbers = tuple((n * 7_919 + at) * 2_654_435_761 % 2**32 for at in range(PAGE_BYTES // 8))
        worker.take(told(n).model_copy(update={"wording": Wording(sketch=numbers)}))
    assert max(len(value) for value in worker.table.values()) < 3 * PAGE_BYTES
    assert entries(taken_over(worker.table).state) == entries(worker.state)


def test_an_entry_is_found_with_its_pages() -> None:
    worker = Worker()
    for n in range(PAGE_REPORTS + 2):
        worker.take(told(n))
    (name,) = entries(worker.state)
    assert entry_in(name, worker.table) == worker.state.get(name)
    assert entry_in("inc-other", worker.table) is None


def merge(gone: str, into: str) -> IncidentEdit:
    return IncidentEdit(
        edit_id=f"m {gone}",
        action=EditAction.MERGE,
        incident_id=gone,
        into=into,
        reason="r",
        author="d",
        made_at=JUNE_1,
    )


def split(incident: str, *articles: str) -> IncidentEdit:
    return IncidentEdit(
        edit_id=f"s {articles}", action=EditAction.SPLIT, incident_id=incident, article_ids=articles, reason="r",
        author="d", made_at=JUNE_1,
    )  # fmt: skip


def drawn(seed: int) -> list[tuple[int, int, float, int]]:
    """Which report of which place, when it was published, and its dead."""
    draw = Random(seed)
    return [
        (draw.choice((0, 0, 0, 1)), draw.randint(0, 40), 40 * draw.random(), draw.randint(20, 60))
        for _ in range(draw.randint(PAGE_REPORTS, 3 * PAGE_REPORTS))
    ]


def story(items: list[tuple[int, int, float, int]], edits: bool) -> list[Report | IncidentEdit]:
    """Reports of two incidents, newer versions of some, in any order, then a merge of the two and a split."""
    found: list[Report | IncidentEdit] = [
        told(number, place=place, hours=hours, killed=killed) for place, number, hours, killed in items
    ]
    state = OpenIncidents()
    for item in found:
        assert isinstance(item, Report)
        track(item, state)
    names = sorted(entries(state))
    if edits and len(names) > 1:
        found += [merge(names[0], names[1])]
        found += [split(names[1], *{f"{place}-{number:04}" for place, number, *_ in items[:5]})]
    return found


def last_of_each(written: list[Written]) -> list[Written]:
    """What is left of the writes of a batch of reports: of each key the last, in turn."""
    last = {key: at for at, (key, _) in enumerate(written)}
    return sorted((one for at, one in enumerate(written) if last[one[0]] == at), key=lambda one: turn_of(*one))


@given(st.integers().map(drawn), st.booleans(), st.integers(1, 9))
@example(drawn(1), True, 1)
@settings(max_examples=5, deadline=None)
def test_a_crash_between_any_two_writes_loses_nothing(
    items: list[tuple[int, int, float, int]], edits: bool, at_a_time: int
) -> None:
    worker = Worker()
    whole = story(items, edits)
    for start in range(0, len(whole), at_a_time):
        before, table = entries(worker.state), dict(worker.table)
        written: list[Written] = []
        for item in whole[start : start + at_a_time]:
            with suppress(EditError):  # A split that would take out everything, say.
                written += worker.take(item)
        after = entries(worker.state)
        for one in last_of_each(written):
            stand(table, [one])
            restored = Changelog().restore(table)
            assert not restored.missing
            for entry in restored.entries:
                name = entry.incident.incident_id
                assert entry in (before.get(name), after.get(name))
        assert table == worker.table
        assert entries(taken_over(table).state) == after
    assert len(pages(worker.table)) <= sum(len(entry.reports) for entry in worker.state) // PAGE_REPORTS


@given(st.integers().map(drawn), st.integers(0, 3 * PAGE_REPORTS))
@settings(max_examples=12, deadline=None)
def test_who_takes_over_goes_on_as_if_nothing_had_happened(items: list[tuple[int, int, float, int]], cut: int) -> None:
    worker = Worker()
    reports = story(items, edits=False)
    for item in reports[:cut]:
        worker.take(item)
    other = taken_over(worker.table)
    for item in reports[cut:]:
        assert isinstance(item, Report)
        one, same = track(item, worker.state), track(item, other.state)
        assert [incident.to_bytes() for incident in one.revisions] == [
            incident.to_bytes() for incident in same.revisions
        ]
        worker.write(one)
        other.write(same)
    assert entries(other.state) == entries(worker.state)
    assert entries(taken_over(other.table).state) == entries(taken_over(worker.table).state)
