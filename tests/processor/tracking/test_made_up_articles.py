"""Tests stand alone: what Tocsin makes up is never one with what happened, nor with another test."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas import Report
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from tests.processor.tracking.reports import exactly, report


def marked(one: Report) -> Report:
    return one.model_copy(update={"article": one.article.model_copy(update={"test": True})})


@given(order=st.permutations(range(4)))
def test_a_test_of_the_same_text_is_never_one_with_what_happened(order: list[int]) -> None:
    real = [report("a", killed=exactly(12)), report("b", killed=exactly(12))]
    tests = [marked(report("c", killed=exactly(12))), marked(report("a", killed=exactly(12)))]
    open_ones = OpenIncidents()
    found = {}
    for number in order:
        found[number] = track([*real, *tests][number], open_ones).entry.incident
    assert len(open_ones) == 1
    (kept,) = list(open_ones)
    assert sorted(kept.incident.report_ids) == sorted(one.report_id for one in real)
    assert kept.incident.test is False
    assert kept.incident.independent_sources <= len(real)
    ids = {found[2].incident_id, found[3].incident_id, kept.incident.incident_id}
    assert len(ids) == 3
    assert all(found[number].test and found[number].revision == 1 for number in (2, 3))


def test_a_test_read_again_is_the_same_revision_to_the_byte() -> None:
    open_ones = OpenIncidents()
    first = track(marked(report("a")), open_ones)
    again = track(marked(report("a")), open_ones)
    assert [one.to_bytes() for one in first.revisions] == [one.to_bytes() for one in again.revisions]
    assert not first.kept


def test_the_time_of_a_test_closes_nothing() -> None:
    open_ones = OpenIncidents()
    real = report("a")
    track(real, open_ones)
    before = open_ones.watermark
    late = marked(report("b"))
    for day in range(5):
        published = late.article.published_at + timedelta(days=400 + day)
        article = late.article.model_copy(update={"published_at": published, "article_id": f"b{day}"})
        track(late.model_copy(update={"article": article, "report_id": f"b{day}#0"}), open_ones)
    assert open_ones.watermark == before
    assert open_ones.holding(real.report_id) is not None
