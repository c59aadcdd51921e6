"""A lesser incident stays under a greater one that was told: what is near it, as an aftershock, and what may be part of
it, as one village of a province under attack. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from schemas import TYPES, Incident, IncidentFamily, Inhibition, Place
from schemas.vocabulary import PlacePrecision, Responsibility, SeverityLevel
from services.alerter.policy.areas import LOCATED, distance_km
from services.regions.regions import folded_division


@dataclass(frozen=True, slots=True)
class Area:
    """Where an incident was, as closely as it is known."""

    precision: PlacePrecision
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    division_code: str | None = None
    """ISO 3166-2."""
    division: str | None = None
    """Folded name of the first-level division."""
    lat: float | None = None
    lon: float | None = None
    """Null where the place is not known at least by its district."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a subscription stands told of, as far as others may stay under it."""

    incident_id: str
    family: IncidentFamily
    severity: SeverityLevel
    area: Area | None
    as_of: datetime | None
    """The incident's own clock."""
    killed_low: int = 0
    killed_high: int | None = None
    """None where nothing bounds the number of dead."""
    perpetrators: frozenset[str] = frozenset()
    """Names and aliases, case folded, of all who are said by name to have done it."""


class Under(Enum):
    """Why an incident stays under another, as the decision says it."""

    NEAR = "It is near {}, which was told and is as severe."
    PART = "It may be part of {}, which was told for a wider area and is as severe."


def standing_of(incident: Incident) -> Standing:
    """What is told once `incident` is."""
    killed = incident.toll.killed
    return Standing(
        incident.incident_id,
        TYPES[incident.type].family,
        incident.severity.level,
        _area(incident.place) if incident.place is not None else None,
        incident.as_of,
        0 if killed is None else killed.low or 0,
        None if killed is None else killed.high,
        frozenset(
            name.casefold()
            for one in incident.perpetrators
            if one.responsibility is not Responsibility.DENIED
            for name in one.proper_names
        ),
    )


def inhibited_by(asked: Inhibition, incident: Incident, told: Iterable[Standing]) -> tuple[Standing, Under] | None:
    """The first of `told` that `incident` stays under, and why; None where it is told by itself.

    It stays under one of its family that is at least as severe and as new to within `asked.hours`, and is near, or is
    told for an area that holds its place. Only a named perpetrator or a natural hazard holds a whole country together:
    two attacks by nobody knows whom in one country on one day are two.
    """
    own = standing_of(incident)
    spell = timedelta(hours=asked.hours)
    for one in told:
        if (
            one.incident_id == own.incident_id
            or one.family is not own.family
            or one.severity.rank < own.severity.rank
            or one.as_of is None
            or own.as_of is None
            or abs(own.as_of - one.as_of) > spell
            or one.area is None
            or own.area is None
        ):
            continue
        if _near(one.area, own.area, asked.radius_km):
            return one, Under.NEAR
        if _may_be_part(own, one) and _holds(one, own.area, own.perpetrators):
            return one, Under.PART
    return None


def _area(place: Place) -> Area:
    located = place.precision in LOCATED
    return Area(
        place.precision,
        place.country,
        place.admin1_code,
        None if place.admin1 is None else folded_division(place.admin1),
        place.lat if located else None,
        place.lon if located else None,
    )


def _near(one: Area, other: Area, radius_km: float) -> bool:
    return (
        one.lat is not None
        and one.lon is not None
        and other.lat is not None
        and other.lon is not None
        and distance_km(one.lat, one.lon, other.lat, other.lon) <= radius_km
    )


def _may_be_part(part: Standing, whole: Standing) -> bool:
    """Whether a part can have so many dead, and nobody else than the whole's perpetrators is said to have done it."""
    if whole.killed_high is not None and part.killed_low > whole.killed_high:
        return False
    return not (part.perpetrators and whole.perpetrators) or not part.perpetrators.isdisjoint(whole.perpetrators)


def _holds(whole: Standing, area: Area, perpetrators: frozenset[str]) -> bool:
    """Whether the place of `whole` is wider than `area` and holds it."""
    wide = whole.area
    if wide is None or area.country is None or area.country != wide.country:
        return False
    if wide.precision is PlacePrecision.COUNTRY:
        together = whole.family is IncidentFamily.DISASTER or not whole.perpetrators.isdisjoint(perpetrators)
        return together and area.precision is not PlacePrecision.COUNTRY
    if wide.precision is not PlacePrecision.DIVISION or area.precision not in LOCATED:
        return False
    if wide.division_code is not None and area.division_code is not None:
        return wide.division_code == area.division_code
    return wide.division is not None and wide.division == area.division
