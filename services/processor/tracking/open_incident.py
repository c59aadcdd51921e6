"""One entry of the tracker's table: an open incident, small enough to be written anew with each of its reports."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime

from schemas import Incident, Message, Report
from services.processor.tracking.independence import Voices
from services.processor.tracking.kept_report import KeptReport, compressed, decompressed
from services.processor.tracking.telling import condensed

_REBUILT = {"incident": {"claims", "sources", "report_ids"}}
"""Left out: what of an incident follows from its reports, and is not stored twice."""


class Absorbed(Message):
    """An incident that was found to be another."""

    incident_id: str
    revision: int
    """Its last, which said so."""
    report_ids: tuple[str, ...] = ()
    """The reports that it was put together from."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident and what is kept of the reports that it is made of."""

    incident: Incident
    reports: tuple[Report, ...]
    """Condensed, in order of publication, then of report id; those without a publication time first."""
    absorbed: tuple[Absorbed, ...] = ()
    """The incidents that were merged into it."""
    pinned: frozenset[str] = frozenset()
    """Reports that somebody has put here by hand: no other report moves them."""
    kin: frozenset[str] = frozenset()
    """Other incidents that some report links to it, though on the whole they are not one."""
    told_at: datetime | None = None
    """The newest publication time that was known when its last report came: what its window is counted from."""
    kept: tuple[KeptReport, ...] = field(default=(), compare=False, repr=False)
    """`reports` with their lines of this entry; empty where these are not at hand."""

    def to_bytes(self) -> bytes:
        """This entry as the value that goes onto the changelog: compressed JSON, a line for the incident, then a line
        for each report. What is compressed is joined, so that only the incident and a report that is new cost work."""
        stored = _Stored(
            incident=self.incident,
            absorbed=self.absorbed,
            pinned=tuple(sorted(self.pinned)),
            kin=tuple(sorted(self.kin)),
            told_at=self.told_at,
        )
        head = stored.model_dump_json(exclude_defaults=True, exclude=_REBUILT).encode()
        kept = self.kept or tuple(map(KeptReport, self.reports))
        return b"".join([compressed(head), *[one.line or one.to_line() for one in kept]])

    @classmethod
    def from_bytes(cls, value: bytes) -> OpenIncident:
        """Read what `to_bytes` wrote, compressed or not, or an entry that is one JSON object with its reports.

        Raises pydantic.ValidationError, naming each field that is wrong, when `value` is no such entry, and ValueError
        where it cannot be decompressed.
        """
        try:
            text = value if value[:1] == b"{" else decompressed(value)
        except zlib.error as error:
            raise ValueError(f"an entry of the open incidents cannot be decompressed: {error}") from error
        head, *lines = text.split(b"\n")
        stored = _Stored.model_validate_json(head)
        reports = tuple(condensed(report) for report in (*stored.reports, *map(Report.from_bytes, lines)))
        if not reports:
            raise ValueError(f"the entry of {stored.incident.incident_id} holds no report")
        voices = Voices()
        rebuilt = {
            "claims": tuple(claim for report in reports if voices.hear(report) is not None for claim in report.claims),
            "sources": tuple({report.article.article_id: report.article for report in reports}.values()),
            "report_ids": tuple(report.report_id for report in reports),
        }
        return cls(
            incident=stored.incident.model_copy(update=rebuilt),
            reports=reports,
            absorbed=stored.absorbed,
            pinned=frozenset(stored.pinned),
            kin=frozenset(stored.kin),
            told_at=stored.told_at,
        )


class _Stored(Message):
    """An entry as it is written."""

    incident: Incident
    reports: tuple[Report, ...] = ()
    """In an entry that has no lines of their own for them."""
    absorbed: tuple[Absorbed, ...] = ()
    pinned: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    told_at: datetime | None = None
