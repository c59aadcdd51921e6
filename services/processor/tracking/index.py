"""Where to look for the incident that a report tells of: incidents by name, place, day, number and wording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from math import floor

from services.processor.tracking.telling import Telling

CELL_DEGREES = 0.5
"""Of latitude and longitude: larger than the distance at which two places may be one."""
SKETCH_KEYS = 8
COMMON = 400
"""Incidents under one key from which on the key tells none of them from another."""
LEAST = 1.0
"""Points of common keys from which on two reports are compared at all."""
MOST = 5
"""Incidents that a report is compared with, those with most in common."""


class Index:
    """Keys of open incidents."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, dict[str, int]] = defaultdict(dict)

    def add(self, telling: Telling, incident_id: str) -> None:
        """Find the incident under the keys of one of its reports."""
        for key, _ in keys_of(telling):
            held = self._by_key[key]
            held[incident_id] = held.get(incident_id, 0) + 1

    def remove(self, telling: Telling, incident_id: str) -> None:
        """Undo `add`."""
        for key, _ in keys_of(telling):
            held = self._by_key[key]
            if held[incident_id] > 1:
                held[incident_id] -= 1
            else:
                del held[incident_id]
                if not held:
                    del self._by_key[key]

    def candidates(self, telling: Telling) -> list[str]:
        """Ids of the incidents that have most keys in common with `telling`, best first; at most `MOST`."""
        points: dict[str, float] = {}
        for key, worth in (*keys_of(telling), *_neighbours(telling)):
            held = self._by_key.get(key)
            if held is None or len(held) > COMMON:
                continue
            for incident_id in held:
                points[incident_id] = points.get(incident_id, 0.0) + worth
        found = [(-value, incident_id) for incident_id, value in points.items() if value >= LEAST]
        found.sort()
        return [incident_id for _, incident_id in found[:MOST]]


def keys_of(telling: Telling) -> Iterator[tuple[Hashable, float]]:
    """Each key of a report, and how much it says that another report has it too."""
    for name in telling.names:
        yield name, 1.0
    for number in sorted(telling.sketch)[:SKETCH_KEYS]:
        yield number, 3.0
    for actor in telling.actors:
        yield ("actor", actor), 1.0
    for kind, number in telling.numbers:
        yield (kind, number), 1.0
    for number in telling.outdated:
        yield ("killed", number), 1.0
    spot = telling.spot
    if spot is not None:
        yield ("place", spot.country, spot.name), 1.5
        cell = _cell(telling)
        if cell is not None:
            yield ("cell", *cell), 1.5
    day = _day(telling)
    if day is not None:
        country = spot.country if spot is not None else None
        yield ("day", country, telling.family, day), 1.0
        yield ("type", telling.type, day), 1.0


def _neighbours(telling: Telling) -> Iterator[tuple[Hashable, float]]:
    """Keys beside those of a report: the cells around its own, the days before and after."""
    cell = _cell(telling)
    if cell is not None:
        for north in (-1, 0, 1):
            for east in (-1, 0, 1):
                if north or east:
                    yield ("cell", cell[0] + north, cell[1] + east), 1.5
    day = _day(telling)
    if day is not None:
        country = telling.spot.country if telling.spot is not None else None
        for other in (day - 2, day - 1, day + 1, day + 2):
            yield ("day", country, telling.family, other), 1.0
            yield ("type", telling.type, other), 1.0


def _cell(telling: Telling) -> tuple[int, int] | None:
    spot = telling.spot
    if spot is None or spot.rank or spot.lat is None or spot.lon is None:
        return None
    return floor(spot.lat / CELL_DEGREES), floor(spot.lon / CELL_DEGREES)


def _day(telling: Telling) -> int | None:
    moment = telling.starts if telling.dated else telling.published
    return None if moment is None else floor(moment)
