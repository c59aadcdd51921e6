"""An open incident as bytes: a small entry with its newest reports, and pages of those that came before.

The entry names its pages, so that it alone says what the incident is made of: a page that no entry names counts for
nothing, and is never another page under the same name.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas import Incident, Message, Report
from services.processor.tracking.independence import Voices
from services.processor.tracking.kept_report import KeptReport, compressed, decompressed
from services.processor.tracking.open_incident import Absorbed, OpenIncident
from services.processor.tracking.telling import condensed

LAYOUT = 2
"""1, which none but the first entries have, knew no pages."""
_DIGITS = 16
_REBUILT = {"incident": {"claims", "sources", "report_ids"}}
"""Left out: what of an incident follows from its reports, and is not stored twice."""


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry of the table as it was read."""

    entry: OpenIncident | None
    """None where all its reports are on pages that are missing."""
    pages: dict[str, tuple[Report, ...]]
    """By name, the reports on each of its pages: the same objects as in `entry`."""
    missing: tuple[str, ...] = ()
    """Pages that it names and that are not there."""


def entry_bytes(entry: OpenIncident, pages: Sequence[str] = (), beside: Sequence[KeptReport] | None = None) -> bytes:
    """An entry as the value that goes onto the changelog: compressed JSON, a line for the incident, then one for each
    report that stands on none of its `pages`: those `beside` them (all, where not given). What is compressed is joined,
    so that only the incident and a report that is new cost work."""
    stored = _Stored(
        layout=LAYOUT,
        incident=entry.incident,
        pages=tuple(pages),
        absorbed=entry.absorbed,
        pinned=tuple(sorted(entry.pinned)),
        kin=tuple(sorted(entry.kin)),
        told_at=entry.told_at,
    )
    head = stored.model_dump_json(exclude_defaults=True, exclude=_REBUILT).encode()
    if beside is None:
        beside = entry.kept or tuple(map(KeptReport, entry.reports))
    return b"".join([compressed(head), *[kept.line or kept.to_line() for kept in beside]])


def page_bytes(reports: Sequence[KeptReport]) -> tuple[str, bytes]:
    """A page's name within its incident, which follows from what is on it, and its value: compressed JSON, a line for
    each report. Half of what the reports take in an entry, where each is compressed by itself."""
    text = b"".join([decompressed(kept.to_line()) for kept in reports])
    return hashlib.sha256(text).hexdigest()[:_DIGITS], compressed(text)


def read_entry(value: bytes, pages: Mapping[str, bytes] | None = None) -> ReadEntry:
    """Read what `entry_bytes` and `page_bytes` wrote, and what earlier versions did: one compressed text with all its
    reports, or one JSON object with them, compressed or not. `pages` are those of the incident that there are, by name.

    Raises pydantic.ValidationError, naming each field that is wrong, when `value` is no such entry, and ValueError
    where it cannot be decompressed, holds no report, or was written by a version of Tocsin that is newer than this one.
    """
    head, *lines = _text_of(value).split(b"\n")
    stored = _Stored.model_validate_json(head)
    name = stored.incident.incident_id
    if stored.layout > LAYOUT:
        raise ValueError(f"the entry of {name} has layout {stored.layout}, and this version of Tocsin reads up to "
                         f"{LAYOUT}: a newer one wrote it")  # fmt: skip
    beside = tuple(condensed(report) for report in (*stored.reports, *map(Report.from_bytes, lines)))
    if not beside and not stored.pages:
        raise ValueError(f"the entry of {name} holds no report")
    held = {page: _reports_on(pages[page]) for page in stored.pages if pages and page in pages}
    reports = tuple(sorted((*beside, *(one for page in held.values() for one in page)), key=_order))
    missing = tuple(page for page in stored.pages if page not in held)
    if not reports:
        return ReadEntry(None, held, missing)
    voices = Voices()
    rebuilt = {
        "claims": tuple(claim for report in reports if voices.hear(report) is not None for claim in report.claims),
        "sources": tuple({report.article.article_id: report.article for report in reports}.values()),
        "report_ids": tuple(report.report_id for report in reports),
    }
    entry = OpenIncident(
        incident=stored.incident.model_copy(update=rebuilt),
        reports=reports,
        absorbed=stored.absorbed,
        pinned=frozenset(stored.pinned),
        kin=frozenset(stored.kin),
        told_at=stored.told_at,
    )
    return ReadEntry(entry, held, missing)


def _text_of(value: bytes) -> bytes:
    try:
        return value if value[:1] == b"{" else decompressed(value)
    except zlib.error as error:
        raise ValueError(f"an entry of the open incidents cannot be decompressed: {error}") from error


def _reports_on(value: bytes) -> tuple[Report, ...]:
    _, *lines = _text_of(value).split(b"\n")
    return tuple(condensed(Report.from_bytes(line)) for line in lines)


def _order(report: Report) -> tuple[float, str]:
    published = report.article.published_at
    return (float("-inf") if published is None else published.timestamp(), report.report_id)


class _Stored(Message):
    """An entry as it is written."""

    layout: int = 1
    incident: Incident
    reports: tuple[Report, ...] = ()
    """In an entry that has no lines of their own for them."""
    pages: tuple[str, ...] = ()
    absorbed: tuple[Absorbed, ...] = ()
    pinned: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    told_at: datetime | None = None
