"""Revisions that are put together from written claims are byte for byte what writing them anew gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas import Report
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from tests.processor.tracking.reports import BOULKESSI, exactly, report
from tests.processor.tracking.test_link_ceiling import reports

SLY = BOULKESSI.model_copy(update={"name": '","claims":[]," \\'})


@given(st.lists(reports(), max_size=8))
def test_each_revision_is_what_it_would_be_if_written_anew(made: list[Report]) -> None:
    incidents = OpenIncidents()
    for one in made:
        for incident in track(one, incidents).revisions:
            assert incidents.revision_bytes(incident) == incident.to_bytes()


def test_a_place_that_is_named_like_a_field_is_no_field() -> None:
    incidents = OpenIncidents()
    for n in range(3):
        (incident,) = track(report(f"a{n}", place=SLY, killed=exactly(20 + n), hours=n), incidents).revisions
        assert len(incident.claims) == n + 1
        assert incidents.revision_bytes(incident) == incident.to_bytes()


def test_claims_are_not_written_anew_with_each_revision() -> None:
    incidents = OpenIncidents()
    (first,) = track(report("a0", killed=exactly(20)), incidents).revisions
    incidents.revision_bytes(first)
    view = incidents.view(first.incident_id)
    assert view is not None
    written = view.claims_json()
    (second,) = track(report("a1", killed=exactly(21), hours=1), incidents).revisions
    assert incidents.revision_bytes(second).count(written) == 1
    assert view.claims_json().startswith(written)


def test_an_earlier_revision_than_the_last_is_written_as_it_was() -> None:
    incidents = OpenIncidents()
    (first,) = track(report("a0", killed=exactly(20)), incidents).revisions
    track(report("a1", killed=exactly(21), hours=1), incidents)
    assert incidents.revision_bytes(first) == first.to_bytes()
