"""An incident as a view over the reports that it is made of: the same reports always give the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from schemas import (
    Certainty,
    Incident,
    IncidentType,
    Occurred,
    Perpetrator,
    Place,
    Report,
    Responsibility,
    SourcedClaim,
    SpeakerRole,
    Stage,
    TimePrecision,
    TollRevision,
)
from services.processor.tracking.open_incidents import folded, precision_rank
from services.processor.tracking.toll_view import toll_of

_FIRMEST = [
    Responsibility.CLAIMED_OR_ADMITTED,
    Responsibility.REPORTED_AS_FACT,
    Responsibility.SUSPECTED_BY_AUTHORITIES,
    Responsibility.SUSPECTED,
    Responsibility.POSSIBLE,
    Responsibility.DENIED,
]
_FACTS = ("status", "type", "stage", "place", "occurred", "toll", "perpetrators", "targets", "weapons", "certainty")
"""The slots whose change makes a new revision."""


def in_order(reports: Sequence[Report]) -> tuple[Report, ...]:
    """`reports` by publication, then id; those without a publication time first."""

    def key(report: Report) -> tuple[float, str]:
        published = report.article.published_at
        return (published.timestamp() if published else float("-inf"), report.report_id)

    return tuple(sorted(reports, key=key))


def build_incident(incident_id: str, reports: Sequence[Report], before: Incident | None) -> Incident:
    """The incident that `reports` tell of; `before` is its last revision, if any.

    Where no fact differs from `before`, that revision's number stands; severity is left to the scoring.
    """
    ordered = in_order(reports)
    toll = toll_of(ordered)
    facts: dict[str, Any] = {
        "type": _type_of(ordered),
        "stage": _stage_of(ordered),
        "place": _place_of(ordered),
        "occurred": _occurred_of(ordered),
        "toll": toll,
        "perpetrators": _perpetrators_of(ordered),
        "targets": tuple({(t.kind, folded(t.text)): t for r in ordered for t in r.targets}.values()),
        "weapons": tuple({(w.kind, folded(w.text)): w for r in ordered for w in r.weapons}.values()),
        "certainty": _certainty_of(ordered),
    }
    changed = tuple(slot for slot, value in facts.items() if before is None or getattr(before, slot) != value)
    if before is None:
        changed = tuple(slot for slot in changed if facts[slot])
    revision = 1 if before is None else before.revision + bool(changed)
    newest = ordered[-1].article
    history = before.history if before else ()
    if not history or history[-1].toll != toll:
        history = (
            *history,
            TollRevision(revision=revision, toll=toll, at=newest.published_at, article_id=newest.article_id),
        )
    return Incident(
        incident_id=incident_id,
        revision=revision,
        regions=_regions_of(ordered, facts["place"]),
        claims=tuple(
            SourcedClaim(**dict(claim), article_id=report.article.article_id, report_id=report.report_id)
            for report in ordered
            for claim in report.claims
        ),
        sources=tuple({report.article.article_id: report.article for report in ordered}.values()),
        report_ids=tuple(report.report_id for report in ordered),
        changed=changed,
        as_of=newest.published_at,
        history=history,
        **facts,
    )


def _type_of(reports: Sequence[Report]) -> IncidentType:
    """The type that most reports give, of equal ones the newest; `other` only where no report knows better."""
    known = [report.type for report in reports if report.type is not IncidentType.OTHER]
    if not known:
        return IncidentType.OTHER
    counts = Counter(known)
    return max(reversed(known), key=lambda kind: counts[kind])


def _stage_of(reports: Sequence[Report]) -> Stage:
    """Accomplished as soon as one report says so."""
    stages = {report.stage for report in reports}
    return next(stage for stage in Stage if stage in stages)


def _place_of(reports: Sequence[Report]) -> Place | None:
    """The most exact place; of equal ones, the one that most reports give, then the first given."""
    places = [report.place for report in reports if report.place]
    if not places:
        return None
    counts = Counter(folded(place.name) for place in places)
    return min(places, key=lambda place: (precision_rank(place), place.lat is None, -counts[folded(place.name)]))


def _regions_of(reports: Sequence[Report], place: Place | None) -> tuple[str, ...]:
    return next((report.regions for report in reports if report.place == place), ())


def _occurred_of(reports: Sequence[Report]) -> Occurred | None:
    """The closest dating; of equal ones the first given."""
    order = list(TimePrecision)
    times = [report.occurred for report in reports if report.occurred]
    return min(times, key=lambda time: order.index(time.precision), default=None)


def _perpetrators_of(reports: Sequence[Report]) -> tuple[Perpetrator, ...]:
    """Every named perpetrator once, as firmly as any report names them; a denial stands where nobody says otherwise."""
    best: dict[str, Perpetrator] = {}
    for report in reports:
        for actor in report.perpetrators:
            key = folded(actor.name)
            known = best.get(key)
            if known is None or _FIRMEST.index(actor.responsibility) < _FIRMEST.index(known.responsibility):
                best[key] = actor
    return tuple(best.values())


def _certainty_of(reports: Sequence[Report]) -> Certainty:
    """CAP certainty: observed where an official, a medic or a witness speaks and two sources tell of it; likely with
    one of the two; possible with neither."""
    firm = {SpeakerRole.OFFICIAL, SpeakerRole.MEDIC, SpeakerRole.WITNESS, SpeakerRole.ORGANISATION}
    spoken = any(claim.speaker and claim.speaker.role in firm for report in reports for claim in report.claims)
    several = len({report.article.source or report.article.article_id for report in reports}) > 1
    return (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.OBSERVED)[spoken + several]
