"""From reports to incidents: `track` is the one function that the stream, the back-test and the command line share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas import Report
from services.processor.tracking.first_reports import MOST_COMPARED, FirstReports
from services.processor.tracking.link_ceiling import CeilingOfOne
from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.partition import partition
from services.processor.tracking.settle import Score, Tracked, settle
from services.processor.tracking.telling import Telling, telling_of

FIRST_COMPARED = 3
"""Reports of an incident that are asked first: where they all speak against, the others are not asked."""
MOST_SORTED = 24
"""Reports that are put into groups anew; of a larger story only those incidents that the new report links to."""
PINNED = 1000.0
"""Weight of what somebody has decided by hand."""


def track(report: Report, incidents: OpenIncidents, score: Score | None = None) -> Tracked:
    """Put `report` into the open incident that it tells of, or into a new one, and say what changed.

    `incidents` is brought up to date. A report that is there already changes nothing, but its incident counts as
    revised: whoever sends a report again may never have seen what became of it. A newer version of a report, by
    publication, takes its place. `score` rates each revision; without it the severity is left as it was. A report of a
    test (`article.test`) is an incident by itself, always the same one, and leaves `incidents` as they are.
    """
    if report.article.test:
        # In a world of its own that ends with it: what Tocsin makes up bears on nothing that happened, nor on a test.
        return replace(_track(report, OpenIncidents(rules=incidents.rules), score), kept=False)
    return _track(report, incidents, score)


def _track(report: Report, incidents: OpenIncidents, score: Score | None) -> Tracked:
    known = incidents.holding(report.report_id)
    if known is not None and not _is_newer(report, known):
        return Tracked(known, revised=True, revisions=(known.incident,))
    telling = telling_of(report)
    incidents.see(report.article.published_at)
    if known is not None:
        incidents.forget_weights(report.report_id)
        linked = [known.incident.incident_id]
        torn = True
    else:
        linked, torn = _linked(telling, incidents)
    story = incidents.story(linked, MOST_SORTED)
    if story is None:
        story = linked
        groups = _joined(telling, story, incidents)
        torn = torn or len(story) > 1
    else:
        torn = torn or len(story) > 1
        members = [t for name in story for t in incidents.tellings(name) if t.report_id != telling.report_id]
        groups = (
            _grouped(sorted([*members, telling], key=_order), story, incidents) if torn else [_with(telling, members)]
        )
    kin = _kin_of(groups, incidents) if torn else None
    return settle(telling, story, groups, incidents, kin, score)


def _is_newer(report: Report, known: OpenIncident) -> bool:
    old = next(one for one in known.reports if one.report_id == report.report_id)
    if old.article.published_at is None or report.article.published_at is None:
        return False
    return report.article.published_at > old.article.published_at


def _order(telling: Telling) -> tuple[float, str]:
    return telling.order


def _with(telling: Telling, members: list[Telling]) -> list[Telling]:
    """`members`, which are in order, and one report more."""
    if not members or members[-1].order <= telling.order:
        return [*members, telling]
    return sorted([*members, telling], key=_order)


def _linked(telling: Telling, incidents: OpenIncidents) -> tuple[list[str], bool]:
    """The incidents that a report links to, and whether some of their reports speak against it."""
    linked: list[str] = []
    against = False
    ceiling = incidents.ceiling_of(telling)
    for name in incidents.candidates(telling):
        if _links(telling, incidents.first_reports(name), ceiling, incidents) and not incidents.is_over_for(
            telling, name
        ):
            linked.append(name)
            against = against or incidents.speaks_against(telling, name)
    return linked, against


def _links(telling: Telling, first: FirstReports, ceiling: CeilingOfOne, incidents: OpenIncidents) -> bool:
    """Whether a report links to an incident: one of its first speaks for it, and not all of those asked first speak
    against it."""
    for other in ceiling.within_reach(first):
        if incidents.weight(telling, other) > 0:
            asked = first.tellings[:FIRST_COMPARED]
            if other in asked or len(asked) < FIRST_COMPARED:
                return True
            return any(incidents.weight(telling, one) >= 0 for one in asked)
    return False


def _joined(telling: Telling, story: Sequence[str], incidents: OpenIncidents) -> list[list[Telling]]:
    """The incidents as they are, with the report in the one that it goes with best: for stories too large to sort."""

    def fit(name: str) -> tuple[float, str]:
        others = incidents.tellings(name)[:MOST_COMPARED]
        return (sum(incidents.weight(telling, other) for other in others) / len(others), name)

    known = incidents.holding(telling.report_id) is not None
    best = story[0] if len(story) == 1 else max(story, key=fit)
    groups = []
    for name in story:
        mine = incidents.tellings(name)
        if known:
            mine = [other for other in mine if other.report_id != telling.report_id]
        groups.append(_with(telling, mine) if name == best else mine)
    return [group for group in groups if group]


def _grouped(everything: list[Telling], story: Sequence[str], incidents: OpenIncidents) -> list[list[Telling]]:
    pinned = {
        report_id: name for name in story if (entry := incidents.get(name)) is not None for report_id in entry.pinned
    }
    if not pinned:
        return partition(everything, incidents.weight)

    def pull(one: Telling, other: Telling) -> float:
        here, there = pinned.get(one.report_id), pinned.get(other.report_id)
        if here is not None and there is not None:
            return PINNED if here == there else -PINNED * len(everything)
        return incidents.weight(one, other)

    return partition(everything, pull)


def _kin_of(groups: Sequence[list[Telling]], incidents: OpenIncidents) -> list[set[int]]:
    """For each group the others that some of its reports link to."""
    kin: list[set[int]] = [set() for _ in groups]
    for at, group in enumerate(groups):
        for other in range(at + 1, len(groups)):
            pairs = [(a, b) for a in group[:MOST_COMPARED] for b in groups[other][:MOST_COMPARED]]
            # Those that link have mostly been compared before.
            if any(incidents.links_at_hand(a, b) for a, b in pairs) or any(
                incidents.weight(a, b) > 0 for a, b in pairs
            ):
                kin[at].add(other)
                kin[other].add(at)
    return kin
