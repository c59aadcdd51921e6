"""Whether a report tells of an incident that is already open: by place, time, kind of event, actors and toll."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import product

from schemas import (
    TYPES,
    ClaimKind,
    Figure,
    IncidentFamily,
    Occurred,
    Place,
    PlacePrecision,
    Report,
    Toll,
)
from services.processor.tracking.open_incidents import OpenIncident, OpenIncidents, folded

NEAR_KM = 30.0
"""Two exact places so close may be one event told of with two names: the village and the town it belongs to."""
TELLING_SPAN = timedelta(days=7)
"""Where the texts give no day, how far apart two articles on one event may be published."""
DAY_SLACK = timedelta(days=1)
"""Night attacks are dated to either day, and publication may be a day off in another time zone."""
EARTH_RADIUS_KM = 6371.0
"""Mean radius, IUGG."""
LINK_AT = 4
"""Points from which a report is taken to tell of the incident: a place that agrees closely is enough where nothing
speaks against it; one that only may agree needs a toll or an actor in common besides."""


def find_incident(report: Report, incidents: OpenIncidents) -> OpenIncident | None:
    """The open incident that `report` tells of, or None where it is a new one.

    The best link wins; of equal ones, the incident told of last, then the lower id: the same answer every time.
    """
    best: tuple[int, float, str] | None = None
    found: OpenIncident | None = None
    for entry in incidents.near(report.place):
        points = link_points(report, entry)
        if points < LINK_AT:
            continue
        as_of = entry.incident.as_of
        rank = (-points, -as_of.timestamp() if as_of else math.inf, entry.incident.incident_id)
        if best is None or rank < best:
            best, found = rank, entry
    return found


def link_points(report: Report, entry: OpenIncident) -> int:
    """How much speaks for `report` telling of `entry`, in points; 0 where something speaks against it."""
    if any(other.article.article_id == report.article.article_id for other in entry.reports):
        return 0  # An article that tells of two incidents says itself that they are two.
    if not (_families_agree(report, entry) and _times_agree(report, entry)):
        return 0
    place = _place_points(report.place, entry.places)
    if place is None:
        return 0
    points = place
    points += 1 if report.type == entry.incident.type else 0
    points += 1 if _shared_actor(report, entry) else 0
    toll = _toll_points(report.toll, entry)
    return max(points + toll, 0)


def _families_agree(report: Report, entry: OpenIncident) -> bool:
    families = {TYPES[report.type].family, TYPES[entry.incident.type].family}
    return len(families) == 1 or IncidentFamily.UNKNOWN in families


def _times_agree(report: Report, entry: OpenIncident) -> bool:
    known = _resolved(report.occurred)
    others = [occurred for other in entry.reports if (occurred := _resolved(other.occurred))]
    if known and others:
        return any(_overlap(known, other) for other in others)
    published = report.article.published_at
    times = [other.article.published_at for other in entry.reports if other.article.published_at]
    if published is None or not times:
        return True
    return min(abs(published - time) for time in times) <= TELLING_SPAN


def _resolved(occurred: Occurred | None) -> tuple[datetime, datetime] | None:
    """Its bounds, or None where it has none."""
    if occurred is None or occurred.start is None or occurred.end is None:
        return None
    return occurred.start, occurred.end


def _overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] + DAY_SLACK and other[0] < one[1] + DAY_SLACK


def _place_points(place: Place | None, others: tuple[Place, ...]) -> int | None:
    """4 for the same or a near place, 2 where one may hold the other, 1 where one has no place; None against."""
    if place is None or not others:
        return 1
    found = [points for other in others if (points := _pair_points(place, other)) is not None]
    return max(found, default=None)


def _pair_points(one: Place, other: Place) -> int | None:
    if one.country and other.country and one.country != other.country:
        return None
    if folded(one.name) == folded(other.name):
        return 4 if one.precision is not PlacePrecision.COUNTRY else 2
    exact = one.precision is PlacePrecision.EXACT and other.precision is PlacePrecision.EXACT
    if exact:
        distance = _distance_km(one, other)
        return 4 if distance is not None and distance <= NEAR_KM else None
    if one.precision is other.precision and one.precision is not PlacePrecision.COUNTRY:
        return None
    if one.admin1 and other.admin1 and folded(one.admin1) != folded(other.admin1):
        return None
    return 2


def _distance_km(one: Place, other: Place) -> float | None:
    """Great-circle distance, or None where coordinates are not known."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def _shared_actor(report: Report, entry: OpenIncident) -> bool:
    named = {folded(name) for actor in report.perpetrators for name in (actor.name, *actor.aliases)}
    known = {folded(name) for actor in entry.incident.perpetrators for name in (actor.name, *actor.aliases)}
    return bool(named & known)


def _toll_points(toll: Toll, entry: OpenIncident) -> int:
    """2 where a stated figure of three or more may be the same, else 0."""
    tolls = [other.toll for other in entry.reports]
    pairs = [
        (mine, theirs)
        for kind, other in product(ClaimKind, tolls)
        if (mine := toll.of(kind)) is not None and (theirs := other.of(kind)) is not None
    ]
    if any(figures_overlap(mine, theirs) and min(mine.minimum, theirs.minimum) >= 3 for mine, theirs in pairs):
        return 2
    return 0


def figures_overlap(one: Figure, other: Figure) -> bool:
    """Whether both figures may be true of the same people."""
    lows = (one.low or 0, other.low or 0)
    highs = [figure.high for figure in (one, other) if figure.high is not None]
    return not highs or max(lows) <= min(highs)
