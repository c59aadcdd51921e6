"""An open incident as bytes: read as it was written, by earlier versions too, and nothing is written out twice."""

from __future__ import annotations

import json
import zlib

import pytest

from services.processor.tracking.kept_report import KeptReport, compressed, decompressed
from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.stored_entry import LAYOUT, entry_bytes, page_bytes, read_entry
from services.processor.tracking.track import track
from tests.processor.tracking.reports import at_least, exactly, report


def entries() -> tuple[OpenIncident, OpenIncident]:
    """An incident with its first report, and with the second."""
    state = OpenIncidents()
    first = track(report("a", killed=at_least(60)), state).entry
    return first, track(report("b", killed=exactly(64), hours=20), state).entry


def test_an_entry_is_read_as_it_was_written() -> None:
    for entry in entries():
        assert read_entry(entry_bytes(entry)).entry == entry


@pytest.mark.parametrize("packed", [zlib.compress, bytes])
def test_an_entry_that_is_one_object_with_its_reports_is_read_too(packed: type[bytes]) -> None:
    _, entry = entries()
    value = {
        "incident": entry.incident.model_dump(mode="json", exclude={"claims", "sources", "report_ids"}),
        "reports": [one.model_dump(mode="json") for one in entry.reports],
        "told_at": entry.told_at.isoformat() if entry.told_at else None,
    }
    assert read_entry(packed(json.dumps(value).encode())).entry == entry


def test_an_entry_of_lines_without_a_layout_is_read_too() -> None:
    _, entry = entries()
    head = {
        "incident": entry.incident.model_dump(mode="json", exclude={"claims", "sources", "report_ids"}),
        "told_at": entry.told_at.isoformat() if entry.told_at else None,
    }
    value = compressed(json.dumps(head).encode()) + b"".join(kept.to_line() for kept in entry.kept)
    assert read_entry(value).entry == entry


def test_a_report_is_written_out_once_and_stands_in_every_entry_of_its_incident() -> None:
    first, second = entries()
    line = first.kept[0].to_line()
    assert entry_bytes(first).endswith(line)
    assert second.kept[0].to_line() is line
    assert line in entry_bytes(second)


def test_reports_on_a_page_are_those_of_the_entry_in_the_order_of_publication() -> None:
    _, entry = entries()
    a, b = entry.kept
    for on_page, beside in (((a,), (b,)), ((b,), (a,)), ((a, b), ())):
        name, value = page_bytes(on_page)
        read = read_entry(entry_bytes(entry, [name], beside), {name: value, "another": b"that is not looked at"})
        assert read.entry == entry
        assert read.pages == {name: tuple(kept.report for kept in on_page)}
        assert not read.missing


def test_the_name_of_a_page_follows_from_what_is_on_it() -> None:
    a, b = entries()[1].kept
    name, value = page_bytes([a, b])
    assert page_bytes([KeptReport(a.report), KeptReport(b.report)]) == (name, value)
    assert len({name, page_bytes([a])[0], page_bytes([b])[0]}) == 3


def test_pages_that_are_missing_are_named_and_cost_no_other_report() -> None:
    _, entry = entries()
    a, b = entry.kept
    name, _ = page_bytes([a])
    read = read_entry(entry_bytes(entry, [name], [b]))
    assert read.missing == (name,)
    assert read.entry is not None
    assert read.entry.reports == (b.report,)
    assert read_entry(entry_bytes(entry, [name], [])).entry is None


def test_an_entry_that_breaks_off_is_refused() -> None:
    _, entry = entries()
    with pytest.raises(ValueError, match="cannot be decompressed"):
        read_entry(entry_bytes(entry)[:-3])


def test_an_entry_without_a_report_is_refused() -> None:
    _, entry = entries()
    value = json.dumps({"incident": entry.incident.model_dump(mode="json")}).encode()
    with pytest.raises(ValueError, match="holds no report"):
        read_entry(value)


def test_an_entry_of_a_newer_layout_is_refused_by_name() -> None:
    _, entry = entries()
    head, *lines = decompressed(entry_bytes(entry)).split(b"\n")
    newer = json.dumps({**json.loads(head), "layout": LAYOUT + 1}).encode()
    with pytest.raises(ValueError, match=f"{entry.incident.incident_id} has layout {LAYOUT + 1}"):
        read_entry(b"\n".join([newer, *lines]))
