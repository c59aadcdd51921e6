"""Whether one location lies inside another, as far as the gazetteer's divisions say."""

from __future__ import annotations

import math

from services.processor.extraction.places.model import Location

_WIDEST_TOWN = 0.4
"""Degrees, some 45 km: no quarter lies farther from the middle of even the largest city."""


def holds(outer: Location, inner: Location) -> bool:
    """Whether `inner` lies in `outer`. False where the gazetteer cannot tell, and of a place in itself."""
    if outer.country is None or outer.country != inner.country:
        return False
    if outer.kind == "country":
        return inner.kind != "country"
    if outer.kind == "division":
        return inner.kind not in ("country", "division") and inner.admin1 == outer.admin1
    if outer.kind == "district":
        return inner.kind in ("settlement", "site") and inner.admin1 == outer.admin1 and inner.admin2 == outer.admin2
    if outer.kind == "settlement":
        # A quarter of a town: in the same district, and smaller.
        return (
            inner.kind in ("settlement", "site")
            and _same_district(outer, inner)
            and not _far(outer, inner)
            and inner.population < outer.population
        )
    return outer.kind == "region" and inner.kind in ("settlement", "site", "district")


def _far(one: Location, other: Location) -> bool:
    """Whether two places, where both are known, lie too far apart for one to be a quarter of the other."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return False
    north = one.lat - other.lat
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return math.hypot(north, east) > _WIDEST_TOWN


def _same_district(one: Location, other: Location) -> bool:
    return one.admin1 == other.admin1 and (one.admin2 == other.admin2 or one.admin2 is None or other.admin2 is None)
