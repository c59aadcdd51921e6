"""An incident as a view over the reports that it is made of: the same reports always give the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from schemas import (
    Incident,
    IncidentStatus,
    IncidentType,
    Occurred,
    Perpetrator,
    Place,
    Report,
    Responsibility,
    Stage,
    Target,
    TimePrecision,
    TollRevision,
    Weapon,
)
from services.processor.tracking.certainty import certainty_of
from services.processor.tracking.independence import independent_sources, voices_of
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import Telling, folded, precision_rank, telling_of
from services.processor.tracking.toll_view import taken_back, toll_of

Kind = TypeVar("Kind", Target, Weapon)

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


def build_incident(
    incident_id: str,
    reports: Sequence[Report],
    before: Incident | None,
    rules: LinkingRules | None = None,
    tellings: Sequence[Telling] | None = None,
) -> Incident:
    """The incident that `reports` tell of; `before` is its last revision, if any.

    Where no fact differs from `before`, that revision's number stands; severity is left to the scoring. `tellings` are
    the reports in order and ready for comparison, where at hand.
    """
    tellings = tellings or [telling_of(report) for report in in_order(reports)]
    ordered = [telling.report for telling in tellings]
    voices = voices_of(ordered)
    toll = toll_of(ordered, rules, voices)
    independent = independent_sources(ordered, voices)
    retracted = taken_back(ordered, voices)
    facts: dict[str, Any] = {
        "status": IncidentStatus.RETRACTED if retracted else IncidentStatus.OPEN,
        "type": _type_of(ordered),
        "stage": _stage_of(ordered),
        "place": _place_of(ordered),
        "occurred": _occurred_of(ordered),
        "toll": toll,
        "perpetrators": _perpetrators_of(ordered),
        "targets": _first_of_each_kind(t for report in ordered for t in report.targets),
        "weapons": _first_of_each_kind(w for report in ordered for w in report.weapons),
        "certainty": certainty_of(ordered, independent=independent, retracted=retracted),
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
            claim
            for telling, voice in zip(tellings, voices, strict=True)
            if voice is not None
            for claim in telling.claims
        ),
        sources=tuple({report.article.article_id: report.article for report in ordered}.values()),
        independent_sources=independent,
        report_ids=tuple(report.report_id for report in ordered),
        changed=changed,
        as_of=newest.published_at,
        history=history,
        **facts,
    )


def _first_of_each_kind(told: Iterable[Kind]) -> tuple[Kind, ...]:
    """The first of each kind, in the order in which they are told of: an article tells first of what matters most."""
    found: dict[str, Kind] = {}
    for one in told:
        found.setdefault(one.kind, one)
    return tuple(found.values())


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
    """The place that most reports agree with, of equal ones the most exact, then the first given.

    A report agrees that names the place itself, or the division or country that it lies in: one article may take
    another town of its text for the scene.
    """
    places = [report.place for report in reports if report.place]
    if not places:
        return None
    countries = Counter(place.country for place in places if place.country)
    country = max(countries, key=lambda code: countries[code], default=None)
    within = [place for place in places if place.country in (None, country)] or places
    exact: dict[str, Place] = {}
    for place in within:
        exact.setdefault(f"{folded(place.name)} {place.precision}", place)

    def agreement(place: Place) -> int:
        return sum(_agrees(place, other) for other in within)

    return min(exact.values(), key=lambda p: (-agreement(p) if p.lat is not None else 0, precision_rank(p)))


def _agrees(place: Place, other: Place) -> bool:
    if folded(place.name) == folded(other.name):
        return True
    if precision_rank(other) <= precision_rank(place):
        return False
    return not (place.admin1 and other.admin1) or folded(place.admin1) == folded(other.admin1)


def _regions_of(reports: Sequence[Report], place: Place | None) -> tuple[str, ...]:
    return next((report.regions for report in reports if report.place == place), ())


def _occurred_of(reports: Sequence[Report]) -> Occurred | None:
    """The closest dating, of those to the day the one that most reports give; of equal ones the first given."""
    order = list(TimePrecision)
    times = [report.occurred for report in reports if report.occurred]
    days = Counter(time.start for time in times)
    return min(times, key=lambda time: (order.index(time.precision), -days[time.start]), default=None)


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
