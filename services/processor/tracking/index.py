"""Where to look for the incident that a report tells of: incidents by name, place, day, number and wording."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from math import floor
from typing import TypeVar

from schemas import TYPES, IncidentFamily, IncidentType
from services.processor.tracking.telling import Telling

CELL_DEGREES = 0.5
"""Of latitude and longitude: larger than the distance at which two places may be one."""
SKETCH_KEYS = 8
COMMON = 12
"""Incidents under one key from which on the key tells none of them from another."""
DAYS_ASKED = 2
"""How many days apart two reports may date an incident and still be compared for it."""
LEAST = 1.0
"""Points of common keys from which on two reports are compared at all."""
MOST = 50
"""Incidents that a report is compared with, those with most in common: more than there are save in a flood of copies,
and far more than hold a report back. With 5, which incidents a report was compared with hung on the order."""


MANY_DEAD = 10
"""Dead from which on an incident is looked for by the week in which its country's outlets tell of it."""
TAKEN_BACK_WITHIN = 2
"""Days within which an outlet takes back or corrects what it has published."""
_KEPT = 16
"""Reports whose keys are at hand: one is looked for by its keys, and then found by them."""
_ALL = tuple(IncidentFamily)
_OTHER = IncidentType.OTHER
_UNSAID = TYPES[_OTHER].family
K = TypeVar("K", bound=Hashable)


_Held = str | dict[str, int]
"""The incidents that are found under a key, each with the number of its reports that have it. Most keys are those of a
single report: then it is the incident alone, without a dictionary for it."""


class Index:
    """Keys of open incidents."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, _Held] = {}
        self._by_number: dict[Hashable, dict[int, _Held]] = {}
        """Keys of days and of map cells: by what they have in common, then by their number. One look-up finds those of
        several days, and of most of what is asked for there is nothing on any day."""

    def add(self, telling: Telling, incident_id: str) -> None:
        """Find the incident under the keys of one of its reports."""
        for key, _ in keys_of(telling):
            _put(self._by_key, key, incident_id)
        for key, number, _ in numbered_keys_of(telling):
            held = self._by_number.get(key)
            if held is None:
                held = self._by_number[key] = {}
            _put(held, number, incident_id)

    def remove(self, telling: Telling, incident_id: str) -> None:
        """Undo `add`."""
        for key, _ in keys_of(telling):
            _take(self._by_key, key, incident_id)
        for key, number, _ in numbered_keys_of(telling):
            held = self._by_number[key]
            _take(held, number, incident_id)
            if not held:
                del self._by_number[key]

    def candidates(self, telling: Telling) -> list[str]:
        """Ids of the incidents that have most keys in common with `telling`, best first; at most `MOST`."""
        points: dict[str, float] = {}
        get = self._by_key.get
        found = [(get(key), worth) for key, worth in keys_of(telling)]
        for key, numbers, worth in _asked(telling):
            by_number = self._by_number.get(key)
            if by_number is not None:
                found += [(by_number.get(number), worth) for number in numbers]
        for held, worth in found:
            if held is None:
                continue
            if type(held) is str:
                points[held] = points.get(held, 0.0) + worth
            elif len(held) <= COMMON:
                for incident_id in held:
                    points[incident_id] = points.get(incident_id, 0.0) + worth
        best = [(-value, incident_id) for incident_id, value in points.items() if value >= LEAST]
        best.sort()
        return [incident_id for _, incident_id in best[:MOST]]


def _put(by_key: dict[K, _Held], key: K, incident_id: str) -> None:
    held = by_key.get(key)
    if held is None:
        by_key[key] = incident_id
    elif isinstance(held, str):
        by_key[key] = {held: 2} if held == incident_id else {held: 1, incident_id: 1}
    else:
        held[incident_id] = held.get(incident_id, 0) + 1


def _take(by_key: dict[K, _Held], key: K, incident_id: str) -> None:
    held = by_key[key]
    if isinstance(held, str):
        del by_key[key]
    elif held[incident_id] > 1:
        held[incident_id] -= 1
    else:
        del held[incident_id]
        if not held:
            del by_key[key]


@lru_cache(maxsize=_KEPT)
def keys_of(telling: Telling) -> tuple[tuple[Hashable, float], ...]:
    """Each key of a report by which it is found by others that have it too, and how much it says that they do."""
    keys: list[tuple[Hashable, float]] = [(name, 1.0) for name in telling.names]
    wording = telling.report.wording
    if wording is not None:
        keys += [(number, 3.0) for number in sorted(wording.sketch)[:SKETCH_KEYS]]
    keys += [(("actor", actor), 1.0) for actor in telling.actors]
    keys += [(number, 1.0) for number in telling.numbers]
    keys += [(("killed", number), 1.0) for number in telling.outdated]
    spot = telling.spot
    if spot is not None:
        keys.append((("place", spot.country, spot.name), 1.5))
    return tuple(keys)


def numbered_keys_of(telling: Telling) -> list[tuple[Hashable, int, float]]:
    """The keys of a report that have others beside them, by which it is found as well: cells of the map, and days."""
    keys: list[tuple[Hashable, int, float]] = []
    spot = telling.spot
    cell = _cell(telling)
    if cell is not None:
        keys.append((("cell", cell[0]), cell[1], 1.5))
    day = _day(telling)
    if day is not None:
        country = spot.country if spot is not None else None
        keys.append((("day", country, telling.family), day, 1.0))
        keys.append((("type", telling.type), day, 1.0))
        if spot is None:
            keys.append((("nowhere", telling.type), day, 1.0))
    week = _week(telling)
    if week is not None:
        keys.append((("week", None if spot is None else spot.country, telling.family), week, 1.0))
    if telling.published is not None:
        told = floor(telling.published)
        keys.append((("outlet", telling.source), told, 1.0))
        if telling.revises is not None:
            keys.append((("takes back", telling.source), told, 1.0))
    return keys


def _asked(telling: Telling) -> list[tuple[Hashable, Iterable[int], float]]:
    """Of cells and days the keys by which incidents are looked for that one report may tell of: its own, and those
    beside them. The kind of incident and the day are asked for only where one of the two reports gives no place."""
    keys: list[tuple[Hashable, Iterable[int], float]] = []
    cell = _cell(telling)
    if cell is not None:
        north, east = cell
        around = (east - 1, east, east + 1)
        keys = [(("cell", north + n), around, 1.5) for n in (-1, 0, 1)]
    if telling.published is not None:
        # "We withdraw our report of this morning" need not say of what.
        told = floor(telling.published)
        keys.append((("takes back", telling.source), range(told, told + TAKEN_BACK_WITHIN + 1), 1.0))
        if telling.revises is not None:
            keys.append((("outlet", telling.source), range(told - TAKEN_BACK_WITHIN, told + 1), 1.0))
    day = _day(telling)
    if day is not None:
        country = telling.spot.country if telling.spot is not None else None
        days = range(day - DAYS_ASKED, day + DAYS_ASKED + 1)
        # An article that does not say what happened may tell of anything.
        families = _ALL if telling.type is _OTHER else (telling.family, _UNSAID)
        keys += [(("day", country, family), days, 1.0) for family in families]
        keys.append((("nowhere" if telling.spot is not None else "type", telling.type), days, 1.0))
    week = _week(telling)
    if week is not None:
        # What harmed very many is told of for days, and last by those who name neither its day nor its town.
        country = telling.spot.country if telling.spot is not None else None
        families = _ALL if telling.type is _OTHER else (telling.family, _UNSAID)
        weeks = range(week - 1, week + 2)
        keys += [(("week", country, family), weeks, 1.0) for family in families]
    return keys


def _week(telling: Telling) -> int | None:
    """The week of publication, of reports on many dead."""
    if telling.published is None or telling.dead < MANY_DEAD:
        return None
    return floor(telling.published / 7)


def _cell(telling: Telling) -> tuple[int, int] | None:
    spot = telling.spot
    if spot is None or spot.rank or spot.lat is None or spot.lon is None:
        return None
    return floor(spot.lat / CELL_DEGREES), floor(spot.lon / CELL_DEGREES)


def _day(telling: Telling) -> int | None:
    moment = telling.starts if telling.dated else telling.published
    return None if moment is None else floor(moment)
