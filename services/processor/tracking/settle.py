"""Reports in groups become incidents: which id each group has, which revision, and what there is to publish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from schemas import Incident, IncidentEdit, IncidentStatus, Severity, new_incident_id
from services.processor.tracking.build_incident import incident_of, view_of
from services.processor.tracking.open_incident import Absorbed, OpenIncident
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.telling import Telling

Score = Callable[[Incident], Severity]


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
    """Other incidents that changed: reports were moved out of them or into them, or they were brought back."""
    merged: tuple[Incident, ...] = ()
    """The last revisions of incidents that were found to be another."""
    revisions: tuple[Incident, ...] = ()
    """Everything that is to be published, in order."""
    kept: bool = True
    """Whether the entry stays among the open incidents; a test does not."""


def settle(
    telling: Telling,
    story: Sequence[str],
    groups: Sequence[list[Telling]],
    incidents: OpenIncidents,
    kin: Sequence[set[int]] | None = None,
    score: Score | None = None,
    names: Sequence[str] | None = None,
    pinned: frozenset[str] | None = None,
    edit: IncidentEdit | None = None,
) -> Tracked:
    """Give `groups`, which are the reports of the incidents of `story` and `telling`, their ids, revisions and entries.

    `kin` says which groups reports link, where it may have changed. `names` are the ids of the groups, where somebody
    has decided on them; then `pinned` are the reports that stay where they are put, and `edit` is the decision.
    """
    before = {name: entry for name in story if (entry := incidents.get(name)) is not None}
    names = _names(groups, before, incidents) if names is None else names
    absorbed = {name: entry.absorbed for name, entry in before.items()}
    merged = _merge_away(before, groups, names, absorbed)
    revived = {one.incident_id: one for ones in absorbed.values() for one in ones if one.incident_id in names}
    held = {report_id for entry in before.values() for report_id in entry.pinned} if pinned is None else pinned
    views = {name: incidents.view(name) for name in before}
    for name in before.keys() - set(names):
        incidents.remove(name)
    changed: dict[str, OpenIncident] = {}
    revisions: list[Incident] = []
    own: OpenIncident | None = None
    own_revised = False
    for name, group in zip(names, groups, strict=True):
        old = before.get(name)
        mine = telling in group
        taken = tuple(one for one in absorbed.get(name, ()) if one.incident_id not in revived)
        if old is not None and edit is None and not mine and _is_as_it_was(old, group, taken):
            continue
        view = view_of(group, incidents.rules, views.get(name))
        incident = incident_of(name, view, old.incident if old is not None else None)
        if name in revived:
            incident = incident.model_copy(update={"revision": revived[name].revision + 1})
        revised = old is None or incident.revision != old.incident.revision
        if edit is not None:
            edited = (*incident.edits, edit)
            more = {} if revised else {"revision": incident.revision + 1, "changed": ("edits",)}
            incident, revised = incident.model_copy(update={"edits": edited, **more}), True
        if revised and score is not None:
            incident = incident.model_copy(update={"severity": score(incident)})
        entry = OpenIncident(
            incident=incident,
            reports=view.reports,
            absorbed=taken,
            pinned=frozenset(t.report_id for t in group if t.report_id in held) if held else frozenset(),
            kin=frozenset() if old is None else old.kin,
            told_at=incidents.watermark,
            kept=view.kept,
        )
        incidents.put(entry, view)
        changed[name] = entry
        if mine:
            own, own_revised = entry, revised
        if revised:
            revisions.append(incident)
    if kin is not None:
        changed.update(_note_kin(kin, names, {*story, *names}, incidents))
    closed = tuple(name for name in incidents.expired() if name not in names)
    for name in closed:
        incidents.close(name)
    if own is None:
        raise AssertionError("every report is in one of the groups")
    own_name = own.incident.incident_id
    own = changed.pop(own_name)
    return Tracked(own, own_revised, closed, tuple(changed.values()), tuple(merged), (*revisions, *merged))


def _merge_away(
    before: dict[str, OpenIncident],
    groups: Sequence[list[Telling]],
    names: Sequence[str],
    absorbed: dict[str, tuple[Absorbed, ...]],
) -> list[Incident]:
    """The last revisions of the incidents that no group goes on; `absorbed` learns whose they are now."""
    merged: list[Incident] = []
    for name, entry in before.items():
        if name in names:
            continue
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
        absorbed[heir] = (*absorbed.get(heir, ()), *absorbed.pop(name), gone)
    return merged


def _is_as_it_was(old: OpenIncident, group: Sequence[Telling], absorbed: tuple[Absorbed, ...]) -> bool:
    same = [telling.report_id for telling in group] == [report.report_id for report in old.reports]
    return same and absorbed == old.absorbed


def _names(groups: Sequence[list[Telling]], before: dict[str, OpenIncident], incidents: OpenIncidents) -> list[str]:
    """The id of each group: that of the incident it has most reports of, of equal ones the one told of first."""
    if len(groups) == 1 and len(before) == 1:
        return list(before)
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
    for at, group in enumerate(groups):
        if at not in names:
            names[at] = name_of_new(group, before, taken, incidents)
            taken.add(names[at])
    return [names[at] for at in range(len(groups))]


def name_of_new(
    group: Sequence[Telling], before: dict[str, OpenIncident], taken: set[str], incidents: OpenIncidents
) -> str:
    """The id of an incident that goes on none of `before`: that of one merged into them which had most of its reports,
    else a new one, none of `taken`."""
    gone = {one.incident_id: set(one.report_ids) for entry in before.values() for one in entry.absorbed}
    ids = {telling.report_id for telling in group}
    back = next((name for name, was in sorted(gone.items()) if len(was & ids) * 2 > len(ids)), None)
    if back is not None and back not in taken:
        return back
    used = taken | gone.keys() | before.keys()
    test = group[0].report.article.test
    fresh = (new_incident_id(group[n % len(group)].report_id, n // len(group), test=test) for n in count())
    return next(name for name in fresh if name not in used and incidents.get(name) is None)


def _heir(entry: OpenIncident, groups: Sequence[list[Telling]], names: Sequence[str]) -> str:
    """Where most of an incident's reports have gone."""
    ids = {report.report_id for report in entry.reports}
    counts = [sum(t.report_id in ids for t in group) for group in groups]
    return names[max(range(len(groups)), key=lambda at: (counts[at], names[at]))]


def _note_kin(
    kin: Sequence[set[int]], names: Sequence[str], story: set[str], incidents: OpenIncidents
) -> dict[str, OpenIncident]:
    """Remember which incidents of a story reports link: the entries that this changes."""
    changed = {}
    for at, name in enumerate(names):
        entry = incidents.get(name)
        if entry is None:
            continue
        others = frozenset(names[other] for other in kin[at]) | (entry.kin - story)
        if entry.kin != others:
            changed[name] = incidents.note_kin(name, others)
    return changed
