"""Which circles and polygons of very many subscriptions hold a place: a tree of their boxes, then all at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from schemas import Circle, Incident, IncidentType
from services.alerter.policy.areas import (
    EARTH_RADIUS_KM,
    LOCATED,
    REACH_KM,
    Areas,
    Box,
    boxes_around,
    distance_km,
)

_BIT = {kind: 1 << place for place, kind in enumerate(IncidentType)}
_EVERY_TYPE = sum(_BIT.values())
CLOSE = 1e-9
"""Share of a distance within which it is worked out again, as `distance_km` does: the two may round differently."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One subscription with circles or polygons, and what else the tree can tell of it."""

    number: int
    areas: Areas
    severity: int
    """Rank of the mildest severity asked for; -1 for any."""
    figure: int
    """Which of an incident's figures the first threshold is compared with."""
    least: int
    types: frozenset[IncidentType]
    """Empty for all."""


class DrawnIndex:
    """The circles and polygons of subscriptions. It does not change: make another."""

    def __init__(self, drawn: Sequence[Drawn]) -> None:
        shapes: list[tuple[Drawn, Circle | shapely.Polygon]] = []
        for one in drawn:
            shapes += [(one, circle) for circle in one.areas.circles]
            shapes += [(one, polygon) for polygon in one.areas.polygons]
        boxes = [(place, box) for place, (_, shape) in enumerate(shapes) for box in _boxes(shape)]
        self._tree = shapely.STRtree([shapely.box(*box) for _, box in boxes])
        self._shape_of_box = np.array([place for place, _ in boxes], dtype=np.intp)
        self._number = np.array([one.number for one, _ in shapes], dtype=np.intp)
        self._severity = np.array([one.severity for one, _ in shapes], dtype=np.int8)
        self._figure = np.array([one.figure for one, _ in shapes], dtype=np.intp)
        self._least = np.array([one.least for one, _ in shapes], dtype=object)
        self._types = np.array(
            [sum(_BIT[kind] for kind in one.types) or _EVERY_TYPE for one, _ in shapes], dtype=np.int64
        )
        circles = [shape if isinstance(shape, Circle) else None for _, shape in shapes]
        self._is_circle = np.array([circle is not None for circle in circles])
        self._lat = np.array([np.nan if circle is None else circle.lat for circle in circles])
        self._lon = np.array([np.nan if circle is None else circle.lon for circle in circles])
        self._radius = np.array([np.nan if circle is None else circle.radius_km for circle in circles])
        self._polygon = np.array([None if isinstance(shape, Circle) else shape for _, shape in shapes], dtype=object)

    def near(self, incident: Incident, people: Sequence[int]) -> list[int]:
        """The numbers of the subscriptions with an area that holds the incident's place, or may; a number may come more
        than once. `people` are the incident's figures, by the place that `Drawn.figure` gives."""
        place = incident.place
        if place is None or place.lat is None or place.lon is None:
            return []
        located = place.precision in LOCATED
        reach = 0.0 if located else REACH_KM[place.precision]
        around: list[shapely.Geometry] = [shapely.Point(place.lon, place.lat)]
        if not located:
            around = [shapely.box(*box) for box in boxes_around(place.lat, place.lon, reach)]
        hit = np.unique(self._shape_of_box[np.concatenate([self._tree.query(shape) for shape in around])])
        figures = np.array(people, dtype=object)
        hit = hit[
            (self._severity[hit] <= incident.severity.level.rank)
            & (self._types[hit] & _BIT[incident.type] != 0)
            & (self._least[hit] <= figures[self._figure[hit]]).astype(bool)
        ]
        circles, polygons = hit[self._is_circle[hit]], hit[~self._is_circle[hit]]
        inside = [circles[self._within(circles, place.lat, place.lon, reach)]]
        if located:
            inside.append(polygons[shapely.intersects_xy(self._polygon[polygons], place.lon, place.lat)])
        else:
            inside += [polygons[shapely.intersects(self._polygon[polygons], box)] for box in around]
        found: list[int] = self._number[np.concatenate(inside)].tolist()
        return found

    def _within(self, circles: npt.NDArray[np.intp], lat: float, lon: float, reach: float) -> npt.NDArray[np.bool_]:
        """Whether the point is within `reach` kilometres of each of `circles`."""
        lats, lons = np.radians(self._lat[circles]), np.radians(self._lon[circles])
        half = np.sin((lats - np.radians(lat)) / 2) ** 2
        half += np.cos(lats) * np.cos(np.radians(lat)) * np.sin((lons - np.radians(lon)) / 2) ** 2
        distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))
        limit = self._radius[circles] + reach
        within: npt.NDArray[np.bool_] = distance <= limit
        for place in np.flatnonzero(np.abs(distance - limit) <= limit * CLOSE + CLOSE).tolist():
            one = circles[place]
            exact = distance_km(lat, lon, float(self._lat[one]), float(self._lon[one]))
            within[place] = exact <= float(self._radius[one]) + reach
        return within


def _boxes(shape: Circle | shapely.Polygon) -> Iterable[Box]:
    if isinstance(shape, Circle):
        return boxes_around(shape.lat, shape.lon, shape.radius_km)
    west, south, east, north = shape.bounds
    return [(west, south, east, north)]
