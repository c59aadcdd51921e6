"""Splitting and merging incidents by hand: what an edit does to the open incidents."""

from __future__ import annotations

from dataclasses import replace

from schemas import EditAction, IncidentEdit
from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.settle import Score, Tracked, name_of_new, settle
from services.processor.tracking.telling import Telling


class EditError(ValueError):
    """An edit that cannot be done. Its text says why and what to do."""


def apply_edit(edit: IncidentEdit, incidents: OpenIncidents, score: Score | None = None) -> Tracked:
    """Split or merge open incidents as `edit` says, and say what changed; `incidents` is brought up to date.

    The reports concerned are pinned: later reports do not move them, and only another edit does. An edit that was done
    before changes nothing, and gives its incidents' last revisions again. Raises EditError where an incident is not
    open, or a split would take out nothing or everything.
    """
    done = [entry for entry in incidents if any(known.edit_id == edit.edit_id for known in entry.incident.edits)]
    if done:
        last = tuple(entry.incident for entry in done)
        return Tracked(done[0], revised=True, others=tuple(done[1:]), revisions=last)
    if edit.action is EditAction.MERGE:
        return _merge(edit, incidents, score)
    return _split(edit, incidents, score)


def _merge(edit: IncidentEdit, incidents: OpenIncidents, score: Score | None) -> Tracked:
    if not edit.into:
        raise EditError(f"say which incident {edit.incident_id} is to be merged into (`into`)")
    gone, heir = _open(edit.incident_id, incidents), _open(edit.into, incidents)
    gone_id, heir_id = gone.incident.incident_id, heir.incident.incident_id
    if gone_id == heir_id:
        raise EditError(f"{edit.incident_id} and {edit.into} are one incident already, {heir_id}")
    group = sorted((*incidents.tellings(gone_id), *incidents.tellings(heir_id)), key=lambda telling: telling.order)
    pinned = frozenset(telling.report_id for telling in group)
    tracked = settle(group[-1], [gone_id, heir_id], [group], incidents, None, score, [heir_id], pinned, edit)
    heir_kin = (heir.kin | gone.kin) - {gone_id, heir_id}
    own = incidents.note_kin(heir_id, frozenset(heir_kin))
    moved = []
    for name in sorted(heir_kin):
        other = incidents.get(name)
        if other is not None:
            moved.append(incidents.note_kin(name, (other.kin - {gone_id}) | {heir_id}))
    return replace(tracked, entry=own, others=(*tracked.others, *moved))


def _split(edit: IncidentEdit, incidents: OpenIncidents, score: Score | None) -> Tracked:
    entry = _open(edit.incident_id, incidents)
    name = entry.incident.incident_id
    ids = _taken_out(edit, entry)
    leaving = [telling for telling in incidents.tellings(name) if telling.report_id in ids]
    staying = [telling for telling in incidents.tellings(name) if telling.report_id not in ids]
    if not leaving:
        raise EditError(f"{name} has none of the reports or articles that the split takes out: it is told of in "
                        f"{', '.join(entry.incident.article_ids)}")  # fmt: skip
    if not staying:
        raise EditError(f"the split takes every report out of {name}: name fewer, or leave the incident as it is")
    fresh = name_of_new(leaving, {name: entry}, {name}, incidents)
    pinned = frozenset(telling.report_id for telling in (*leaving, *staying))
    groups: list[list[Telling]] = [staying, leaving]
    return settle(staying[-1], [name], groups, incidents, [{1}, {0}], score, [name, fresh], pinned, edit)


def _taken_out(edit: IncidentEdit, entry: OpenIncident) -> set[str]:
    """The reports that a split names. One that names none, of an incident that was merged, takes out what was its."""
    if edit.report_ids or edit.article_ids:
        return {
            report.report_id
            for report in entry.reports
            if report.report_id in edit.report_ids or report.article.article_id in edit.article_ids
        }
    merged = next((one for one in entry.absorbed if one.incident_id == edit.incident_id), None)
    if merged is None:
        raise EditError(f"say which reports or articles are to be taken out of {edit.incident_id}")
    return set(merged.report_ids)


def _open(incident_id: str, incidents: OpenIncidents) -> OpenIncident:
    """The entry of an incident, or of the one that it was merged into. Raises EditError where it is not open."""
    entry = incidents.get(incident_id)
    if entry is not None:
        return entry
    for other in incidents:
        if any(one.incident_id == incident_id for one in other.absorbed):
            return other
    raise EditError(f"no open incident has the id {incident_id}: it is wrong, or its window has passed, after which "
                    "incidents stay as they are")  # fmt: skip
