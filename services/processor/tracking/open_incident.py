"""One open incident of the tracker's table, with what is kept of its reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from schemas import Incident, Message, Report
from services.processor.tracking.kept_report import KeptReport


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
    """`reports` as the table has them; empty where these are not at hand."""
