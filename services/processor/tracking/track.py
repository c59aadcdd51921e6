"""From reports to incidents: `track` is the one function that the stream, the back-test and the command line share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from schemas import Incident, IncidentStatus, Report
from services.processor.tracking.build_incident import build_incident
from services.processor.tracking.open_incidents import Absorbed, OpenIncident, OpenIncidents
from services.processor.tracking.partition import partition
from services.processor.tracking.telling import Telling, telling_of

MOST_COMPARED = 8
"""Reports of one incident that a new one is compared with, the first told: those that come later repeat them."""
MOST_SORTED = 24
"""Reports that are put into groups anew; of a larger story only those incidents that the new report links to."""
PINNED = 1000.0
"""Weight of what somebody has decided by hand."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """What one report changed."""

    entry: OpenIncident
    """The incident that the report belongs to, with the report in it."""
    revised: bool
    """A fact changed, so that there is a new revision to publish. False for a mere confirmation."""
    closed: tuple[str, ...] = ()
    """Ids of incidents that the watermark has left behind."""
    others: tuple[OpenIncident, ...] = ()
    """Other incidents that reports were moved out of or into, or that were brought back."""
    merged: tuple[Incident, ...] = ()
    """The last revisions of incidents that were found to be another."""
    revisions: tuple[Incident, ...] = ()
    """Everything that is to be published, in order."""


def track(report: Report, incidents: OpenIncidents) -> Tracked:
    """Put `report` into the open incident that it tells of, or into a new one, and say what changed.

    `incidents` is brought up to date. A report that is there already changes nothing, but its incident counts as
    revised: whoever sends a report again may never have seen what became of it. A newer version of a report, by
    publication, takes its place.
    """
    known = incidents.holding(report.report_id)
    if known is not None and not _is_newer(report, known):
        return Tracked(known, revised=True, revisions=(known.incident,))
    telling = telling_of(report)
    incidents.see(report.article.published_at)
    if known is not None:
        story = incidents.story([known.incident.incident_id])
        members = [t for name in story for t in incidents.tellings(name) if t.report_id != report.report_id]
        linked: list[str] = []
        torn = True
    else:
        linked, against = _linked(telling, incidents)
        story = incidents.story(linked)
        members = [t for name in story for t in incidents.tellings(name)]
        torn = against or len(story) > 1
    if len(members) > MOST_SORTED:
        story = linked or story[:1]
        members = [t for name in story for t in incidents.tellings(name) if t.report_id != report.report_id]
    everything = sorted([*members, telling], key=lambda t: t.order)
    if not torn or len(members) > MOST_SORTED:
        groups = [everything] if len(story) < 2 else _joined(telling, story, incidents)
    else:
        groups = _grouped(everything, story, incidents)
    return _settle(telling, story, groups, incidents, calm=not torn)


def _is_newer(report: Report, known: OpenIncident) -> bool:
    old = next(one for one in known.reports if one.report_id == report.report_id)
    if old.article.published_at is None or report.article.published_at is None:
        return False
    return report.article.published_at > old.article.published_at


def _linked(telling: Telling, incidents: OpenIncidents) -> tuple[list[str], bool]:
    """The incidents that a report links to, and whether some of their reports speak against it."""
    linked: list[str] = []
    against = False
    for name in incidents.candidates(telling):
        weights = [incidents.weight(telling, other) for other in incidents.tellings(name)[:MOST_COMPARED]]
        if max(weights) > 0:
            linked.append(name)
            against = against or min(weights) < 0
    return linked, against


def _joined(telling: Telling, story: Sequence[str], incidents: OpenIncidents) -> list[list[Telling]]:
    """The incidents as they are, with the report in the one that it goes with best: for stories too large to sort."""

    def fit(name: str) -> tuple[float, str]:
        others = incidents.tellings(name)[:MOST_COMPARED]
        return (sum(incidents.weight(telling, other) for other in others) / len(others), name)

    best = max(story, key=fit)
    groups = []
    for name in story:
        mine = [t for t in incidents.tellings(name) if t.report_id != telling.report_id]
        groups.append(sorted([*mine, telling], key=lambda t: t.order) if name == best else mine)
    return [group for group in groups if group]


def _grouped(everything: list[Telling], story: Sequence[str], incidents: OpenIncidents) -> list[list[Telling]]:
    pinned = {
        report_id: name for name in story if (entry := incidents.get(name)) is not None for report_id in entry.pinned
    }

    def pull(one: Telling, other: Telling) -> float:
        if pinned:
            here, there = pinned.get(one.report_id), pinned.get(other.report_id)
            if here is not None and there is not None:
                return PINNED if here == there else -PINNED * len(everything)
        return incidents.weight(one, other)

    return partition(everything, pull)


def _settle(
    telling: Telling, story: Sequence[str], groups: Sequence[list[Telling]], incidents: OpenIncidents, *, calm: bool
) -> Tracked:
    """Give the groups their ids, revisions and entries, and say what there is to publish. `calm` where no report of the
    story speaks against another."""
    before = {name: entry for name in story if (entry := incidents.get(name)) is not None}
    names = _names(groups, before, incidents)
    absorbed = {name: list(entry.absorbed) for name, entry in before.items()}
    merged: list[Incident] = []
    for name, entry in before.items():
        if name not in names:
            heir = _heir(entry, groups, names)
            end = entry.incident.model_copy(
                update={
                    "status": IncidentStatus.MERGED,
                    "merged_into": heir,
                    "revision": entry.incident.revision + 1,
                    "changed": ("status",),
                }
            )
            merged.append(end)
            ids = tuple(report.report_id for report in entry.reports)
            gone = Absorbed(incident_id=name, revision=end.revision, report_ids=ids)
            absorbed.setdefault(heir, []).extend([*absorbed.pop(name), gone])
    revived = {one.incident_id: one for ones in absorbed.values() for one in ones if one.incident_id in names}
    entries: list[OpenIncident] = []
    revisions: list[Incident] = []
    own: OpenIncident | None = None
    own_revised = False
    for name in before.keys() - set(names):
        incidents.remove(name)
    for name, group in zip(names, groups, strict=True):
        old = before.get(name)
        mine = telling in group
        if old is not None and not mine and _is_as_it_was(old, group, absorbed.get(name, ())):
            continue
        last: Incident | None = old.incident if old is not None else None
        incident = build_incident(name, (), last, incidents.rules, group)
        if name in revived:
            incident = incident.model_copy(update={"revision": revived[name].revision + 1})
        revised = last is None or incident.revision != last.revision
        entry = OpenIncident(
            incident=incident,
            reports=tuple(t.report for t in group),
            absorbed=tuple(one for one in absorbed.get(name, ()) if one.incident_id not in revived),
            pinned=tuple(t.report_id for t in group if old is not None and t.report_id in old.pinned),
            told_at=incidents.watermark,
        )
        incidents.put(entry, group)
        if mine:
            own, own_revised = entry, revised
        else:
            entries.append(entry)
        if revised:
            revisions.append(incident)
    if not calm:
        _note_links(names, groups, story, incidents)
    closed = tuple(name for name in incidents.expired() if name not in names)
    for name in closed:
        incidents.remove(name)
    if own is None:
        raise AssertionError("every report is in one of the groups")
    return Tracked(own, own_revised, closed, tuple(entries), tuple(merged), (*revisions, *merged))


def _is_as_it_was(old: OpenIncident, group: Sequence[Telling], absorbed: Sequence[Absorbed]) -> bool:
    same = [telling.report_id for telling in group] == [report.report_id for report in old.reports]
    return same and tuple(absorbed) == old.absorbed


def _names(groups: Sequence[list[Telling]], before: dict[str, OpenIncident], incidents: OpenIncidents) -> list[str]:
    """The id of each group: that of the incident it has most reports of, of equal ones the one told of first."""
    holder = {report.report_id: name for name, entry in before.items() for report in entry.reports}
    shared: list[tuple[int, float, str, int]] = []
    for at, group in enumerate(groups):
        counts: dict[str, int] = {}
        for telling in group:
            name = holder.get(telling.report_id)
            if name is not None:
                counts[name] = counts.get(name, 0) + 1
        for name, held in counts.items():
            as_of = before[name].incident.history[0].at
            shared.append((-held, as_of.timestamp() if as_of else 0.0, name, at))
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, name, at in sorted(shared):
        if at not in names and name not in taken:
            names[at] = name
            taken.add(name)
    gone = {one.incident_id: set(one.report_ids) for entry in before.values() for one in entry.absorbed}
    for at, group in enumerate(groups):
        if at in names:
            continue
        ids = {telling.report_id for telling in group}
        back = next((name for name, was in sorted(gone.items()) if len(was & ids) * 2 > len(ids)), None)
        if back is None or back in taken:
            used = taken | gone.keys() | before.keys()
            fresh = (new_incident_id(group[n % len(group)].report, n // len(group)) for n in count())
            back = next(name for name in fresh if name not in used and incidents.get(name) is None)
        name = back
        names[at] = name
        taken.add(name)
    return [names[at] for at in range(len(groups))]


def _heir(entry: OpenIncident, groups: Sequence[list[Telling]], names: Sequence[str]) -> str:
    """Where most of an incident's reports have gone."""
    ids = {report.report_id for report in entry.reports}
    counts = [sum(t.report_id in ids for t in group) for group in groups]
    return names[max(range(len(groups)), key=lambda at: (counts[at], names[at]))]


def _note_links(
    names: Sequence[str], groups: Sequence[list[Telling]], story: Sequence[str], incidents: OpenIncidents
) -> None:
    """Remember which incidents of a story reports link, and which have reports that speak against each other."""
    kin: dict[str, set[str]] = {}
    for at, group in enumerate(groups):
        for other in range(at + 1, len(groups)):
            if any(incidents.weight(a, b) > 0 for a in group[:MOST_COMPARED] for b in groups[other][:MOST_COMPARED]):
                kin.setdefault(names[at], set()).add(names[other])
                kin.setdefault(names[other], set()).add(names[at])
    torn = [name for name, group in zip(names, groups, strict=True) if _speak_against(group[:MOST_COMPARED], incidents)]
    incidents.note_kin({*names, *story}, kin, torn)


def _speak_against(group: Sequence[Telling], incidents: OpenIncidents) -> bool:
    return any(incidents.weight(a, b) < 0 for n, a in enumerate(group) for b in group[n + 1 :])


def rescored(entry: OpenIncident, incident: Incident) -> OpenIncident:
    """`entry` holding `incident`, the same revision with its severity."""
    return entry.model_copy(update={"incident": incident})


def new_incident_id(report: Report, again: int = 0) -> str:
    """The id of the incident that `report` is the first to tell of: the same report always founds the same incident.

    `again` counts the incidents that it has founded before, since no id is given twice.
    """
    identity = f"{report.report_id}/{again}" if again else report.report_id
    return "inc-" + hashlib.sha256(identity.encode()).hexdigest()[:20]
