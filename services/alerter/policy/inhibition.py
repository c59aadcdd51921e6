"""A lesser incident stays under a greater one near it that was told: an aftershock, another attack of a raid. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas import TYPES, Incident, IncidentFamily, Inhibition
from schemas.vocabulary import SeverityLevel
from services.alerter.policy.areas import LOCATED, distance_km


@dataclass(frozen=True, slots=True)
class Standing:
    """What a subscription stands told of, as far as others may stay under it."""

    incident_id: str
    family: IncidentFamily
    severity: SeverityLevel
    lat: float | None
    lon: float | None
    """Null where the place is not known at least by its district."""
    as_of: datetime | None
    """The incident's own clock."""


def standing_of(incident: Incident) -> Standing:
    """What is told once `incident` is."""
    place = incident.place
    located = place is not None and place.precision in LOCATED
    return Standing(
        incident.incident_id,
        TYPES[incident.type].family,
        incident.severity.level,
        place.lat if place is not None and located else None,
        place.lon if place is not None and located else None,
        incident.as_of,
    )


def inhibited_by(asked: Inhibition, incident: Incident, told: Iterable[Standing]) -> Standing | None:
    """The first of `told` that `incident` stays under: near in place and time, of its family, and at least as severe;
    None where it is told by itself."""
    own = standing_of(incident)
    spell = timedelta(hours=asked.hours)
    for one in told:
        if (
            one.incident_id != own.incident_id
            and one.family is own.family
            and one.severity.rank >= own.severity.rank
            and one.as_of is not None
            and own.as_of is not None
            and abs(own.as_of - one.as_of) <= spell
            and one.lat is not None
            and one.lon is not None
            and own.lat is not None
            and own.lon is not None
            and distance_km(one.lat, one.lon, own.lat, own.lon) <= asked.radius_km
        ):
            return one
    return None
