"""From reports to incidents: `track` is the one function that the stream, the back-test and the command line share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from schemas import Incident, Report
from services.processor.tracking.build_incident import build_incident, in_order
from services.processor.tracking.linking import find_incident
from services.processor.tracking.open_incidents import OpenIncident, OpenIncidents


@dataclass(frozen=True, slots=True)
class Tracked:
    """What one report changed."""

    entry: OpenIncident
    """The incident that the report belongs to, with the report in it."""
    revised: bool
    """A fact changed, so that there is a new revision to publish. False for a repeat and for a mere confirmation."""
    closed: tuple[str, ...] = ()
    """Ids of incidents that the watermark has left behind."""


def track(report: Report, incidents: OpenIncidents) -> Tracked:
    """Put `report` into the open incident that it tells of, or into a new one, and say what changed.

    `incidents` is brought up to date. A report that is there already changes nothing, but its incident counts as
    revised: whoever sends a report again may never have seen what became of it.
    """
    known = incidents.holding(report.report_id)
    if known is not None:
        return Tracked(known, revised=True)
    entry = find_incident(report, incidents)
    before = entry.incident if entry else None
    reports = in_order((*entry.reports, report)) if entry else (report,)
    incident_id = before.incident_id if before else new_incident_id(report)
    incident = build_incident(incident_id, reports, before)
    updated = OpenIncident(incident=incident, reports=reports)
    incidents.put(updated)
    closed = tuple(name for name in incidents.expired() if name != incident_id)
    for name in closed:
        incidents.remove(name)
    return Tracked(updated, revised=before is None or incident.revision != before.revision, closed=closed)


def rescored(entry: OpenIncident, incident: Incident) -> OpenIncident:
    """`entry` holding `incident`, the same revision with its severity."""
    return entry.model_copy(update={"incident": incident})


def new_incident_id(report: Report) -> str:
    """The id of the incident that `report` is the first to tell of: the same report always founds the same incident."""
    return "inc-" + hashlib.sha256(report.report_id.encode()).hexdigest()[:20]
