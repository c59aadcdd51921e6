"""Whether a place is in the regions, circles and polygons that a subscription asks for. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

import shapely

from schemas import Circle, Incident, Place, Subscription
from schemas.vocabulary import PlacePrecision
from services.regions.regions import folded_division
from services.regions.written import division_parts

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the WGS 84 ellipsoid (IUGG)."""
REACH_KM = {PlacePrecision.DIVISION: 300.0, PlacePrecision.COUNTRY: 1000.0}
"""How far from the reference point of a division or country a place in it may lie, for saying that an incident may be
in an area. Nine in ten first-level divisions are smaller than that; of the largest countries only the middle is."""
LOCATED = frozenset({PlacePrecision.EXACT, PlacePrecision.DISTRICT})
"""How closely a place must be known to be in a circle or polygon."""
Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east and north, degrees."""


class Inside(Enum):
    """Whether a place is in an area."""

    YES = auto()
    NO = auto()
    MAYBE = auto()
    """It is not known closely enough, and the area is within reach of what is known."""


@dataclass(frozen=True, slots=True)
class Areas:
    """Where a subscription asks for, laid out for asking often."""

    regions: frozenset[str] = frozenset()
    """Ids of regions, and codes of countries."""
    division_codes: frozenset[str] = frozenset()
    """ISO 3166-2."""
    division_names: frozenset[tuple[str, str]] = frozenset()
    """Country and folded name."""
    circles: tuple[Circle, ...] = ()
    polygons: tuple[shapely.Polygon, ...] = ()
    """x is the longitude; prepared for repeated tests."""

    @property
    def drawn(self) -> bool:
        """Whether any is a circle or polygon, which only a place with coordinates can be in."""
        return bool(self.circles or self.polygons)


def areas_of(subscription: Subscription) -> Areas | None:
    """The areas of `subscription`; None where it asks for every place."""
    if not (subscription.regions or subscription.circles or subscription.polygons):
        return None
    regions, codes, names = set(), set(), set()
    for written in subscription.regions:
        if not is_division(written):
            regions.add(written)
            continue
        country, code, name = division_parts(written)
        if code is not None:
            codes.add(code)
        if name is not None:
            names.add((country, folded_division(name)))
    polygons = [shapely.Polygon([(lon, lat) for lat, lon in corners]) for corners in subscription.polygons]
    for polygon in polygons:
        shapely.prepare(polygon)
    return Areas(frozenset(regions), frozenset(codes), frozenset(names), subscription.circles, tuple(polygons))


def is_division(written: str) -> bool:
    """Whether `written`, as a subscription names a region, is a first-level division: `ML-5`, `ML Mopti`."""
    return len(written) > 3 and written[:2].isupper() and written[2] in "- "


def place_keys(incident: Incident) -> list[str | tuple[str, str]]:
    """Everything by which `Areas` names what holds the incident's place: regions, country, division by code and name.

    A place of which only the country is known is in no division.
    """
    place = incident.place
    if place is None:
        return []
    keys: list[str | tuple[str, str]] = list(incident.regions)
    if place.country is not None:
        keys.append(place.country)
    if place.precision is not PlacePrecision.COUNTRY:
        if place.admin1_code is not None:
            keys.append(place.admin1_code)
        if place.country is not None and place.admin1 is not None:
            keys.append((place.country, folded_division(place.admin1)))
    return keys


def inside(areas: Areas, incident: Incident) -> Inside:
    """Whether the incident's place is in one of `areas`.

    A place is never put where it is not known to be: only a place known exactly or by its district is in a circle or
    polygon. One known by its division or country, whose reference point is near, may be.
    """
    for key in place_keys(incident):
        if key in areas.regions or key in areas.division_codes or key in areas.division_names:
            return Inside.YES
    if not areas.drawn or incident.place is None:
        return Inside.NO
    return drawn_inside(areas.circles, areas.polygons, incident.place)


def drawn_inside(circles: Iterable[Circle], polygons: Iterable[shapely.Polygon], place: Place) -> Inside:
    """Whether `place` is in one of the areas that are drawn."""
    lat, lon = place.lat, place.lon
    if lat is None or lon is None:
        return Inside.NO
    if place.precision in LOCATED:
        if any(distance_km(lat, lon, one.lat, one.lon) <= one.radius_km for one in circles):
            return Inside.YES
        return Inside.YES if any(shapely.intersects_xy(one, lon, lat) for one in polygons) else Inside.NO
    reach = REACH_KM[place.precision]
    if any(distance_km(lat, lon, one.lat, one.lon) <= one.radius_km + reach for one in circles):
        return Inside.MAYBE
    boxes = [shapely.box(*box) for box in boxes_around(lat, lon, reach)]
    return Inside.MAYBE if any(shapely.intersects(one, box) for one in polygons for box in boxes) else Inside.NO


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine formula."""
    rad1, rad2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((rad2 - rad1) / 2) ** 2
    half += math.cos(rad1) * math.cos(rad2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def boxes_around(lat: float, lon: float, km: float) -> list[Box]:
    """The least box that holds every point within `km`, in two parts where it passes the 180th meridian."""
    west, south, east, north = _box_around(lat, lon, km)
    boxes = [(max(west, -180.0), south, min(east, 180.0), north)]
    if west < -180.0:
        boxes.append((west + 360.0, south, 180.0, north))
    if east > 180.0:
        boxes.append((-180.0, south, east - 360.0, north))
    return boxes


def _box_around(lat: float, lon: float, km: float) -> Box:
    reach = math.degrees(km / EARTH_RADIUS_KM)
    south, north = lat - reach, lat + reach
    if south <= -90 or north >= 90:
        return -180.0, max(south, -90.0), 180.0, min(north, 90.0)
    # The circle's easternmost point lies nearer to the pole than its centre.
    sine = math.sin(math.radians(reach)) / math.cos(math.radians(lat))
    width = 180.0 if sine >= 1 else math.degrees(math.asin(sine))
    return lon - width, south, lon + width, north
