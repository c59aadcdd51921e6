"""The entry of an open incident: what is written is read back, and nothing is written out twice."""

from __future__ import annotations

import json
import zlib

import pytest

from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from tests.processor.tracking.reports import at_least, exactly, report


def entries() -> tuple[OpenIncident, OpenIncident]:
    """An incident with its first report, and with the second."""
    state = OpenIncidents()
    first = track(report("a", killed=at_least(60)), state).entry
    return first, track(report("b", killed=exactly(64), hours=20), state).entry


def test_an_entry_is_read_as_it_was_written() -> None:
    for entry in entries():
        assert OpenIncident.from_bytes(entry.to_bytes()) == entry


@pytest.mark.parametrize("packed", [zlib.compress, bytes])
def test_an_entry_that_is_one_object_with_its_reports_is_read_too(packed: type[bytes]) -> None:
    _, entry = entries()
    value = {
        "incident": entry.incident.model_dump(mode="json", exclude={"claims", "sources", "report_ids"}),
        "reports": [one.model_dump(mode="json") for one in entry.reports],
        "told_at": entry.told_at.isoformat() if entry.told_at else None,
    }
    assert OpenIncident.from_bytes(packed(json.dumps(value).encode())) == entry


def test_a_report_is_written_out_once_and_stands_in_every_entry_of_its_incident() -> None:
    first, second = entries()
    line = first.kept[0].to_line()
    assert first.to_bytes().endswith(line)
    assert second.kept[0].to_line() is line
    assert line in second.to_bytes()


def test_an_entry_that_breaks_off_is_refused() -> None:
    _, entry = entries()
    with pytest.raises(ValueError, match="cannot be decompressed"):
        OpenIncident.from_bytes(entry.to_bytes()[:-3])


def test_an_entry_without_a_report_is_refused() -> None:
    _, entry = entries()
    value = json.dumps({"incident": entry.incident.model_dump(mode="json")}).encode()
    with pytest.raises(ValueError, match="holds no report"):
        OpenIncident.from_bytes(value)
