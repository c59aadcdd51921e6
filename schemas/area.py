"""Areas that people write by hand: circles and polygons on the globe."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import shapely
from pydantic import AfterValidator, Field

from schemas.channel import Written

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
"""Degrees north, WGS 84."""
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
"""Degrees east, WGS 84."""


def _point(point: tuple[float, float]) -> tuple[float, float]:
    lat, lon = point
    if not -90 <= lat <= 90:
        raise ValueError(f"latitude {lat} is beyond 90 degrees; write [latitude, longitude]")
    if not -180 <= lon <= 180:
        raise ValueError(f"longitude {lon} is beyond 180 degrees; write [latitude, longitude]")
    return point


def _polygon(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if len(set(points)) < 3:
        raise ValueError("a polygon needs at least three different points")
    closed = (*points, points[0])
    for (_, west), (_, east) in pairwise(closed):
        if abs(east - west) > 180:
            raise ValueError(
                f"the side from longitude {west} to {east} goes more than half round the world; where the 180th "
                "meridian is meant, write two polygons, one on each side of it"
            )
    area = shapely.Polygon([(lon, lat) for lat, lon in points])
    if not area.is_valid:
        reason, _, where = shapely.is_valid_reason(area).partition("[")
        at = f" at longitude and latitude {where.rstrip(']')}" if where else ""
        raise ValueError(
            f"the sides do not make a polygon: {reason.lower()}{at}; list the corners in order, not all on one line"
        )
    return points


Point = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=False)], Annotated[float, Field(allow_inf_nan=False)]],
    AfterValidator(_point),
]
"""`[latitude, longitude]`, degrees north and east (WGS 84)."""
Polygon = Annotated[tuple[Point, ...], AfterValidator(_polygon)]
"""The corners in order; the last is joined to the first, and may also repeat it. Sides are straight lines on a plain
map of degrees, and the border belongs to the area."""


class Circle(Written):
    """Everywhere within a distance of a point, along the surface of the Earth."""

    lat: Latitude
    """Degrees north of the centre, WGS 84."""
    lon: Longitude
    """Degrees east of the centre, WGS 84."""
    radius_km: float = Field(gt=0, le=20_000, allow_inf_nan=False)
    """Kilometres."""
