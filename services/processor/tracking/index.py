"""Where to look for the incident that a report tells of: incidents by name, place, day, number and wording."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from math import floor

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
_BY_DAY = ("day", "type", "nowhere", "outlet", "takes back", "week")
_ALL = tuple(IncidentFamily)
_OTHER = IncidentType.OTHER
_UNSAID = TYPES[_OTHER].family


class Index:
    """Keys of open incidents."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, str | dict[str, int]] = {}
        """By key the incidents that are found under it, each with the number of its reports that have the key. Of most
        keys a single report has them: then it is the incident alone, without a dictionary for it."""

    def add(self, telling: Telling, incident_id: str) -> None:
        """Find the incident under the keys of one of its reports."""
        by_key = self._by_key
        for key, _ in keys_of(telling):
            held = by_key.get(key)
            if held is None:
                by_key[key] = incident_id
            elif isinstance(held, str):
                by_key[key] = {held: 2} if held == incident_id else {held: 1, incident_id: 1}
            else:
                held[incident_id] = held.get(incident_id, 0) + 1

    def remove(self, telling: Telling, incident_id: str) -> None:
        """Undo `add`."""
        for key, _ in keys_of(telling):
            held = self._by_key[key]
            if isinstance(held, str):
                del self._by_key[key]
            elif held[incident_id] > 1:
                held[incident_id] -= 1
            else:
                del held[incident_id]
                if not held:
                    del self._by_key[key]

    def candidates(self, telling: Telling) -> list[str]:
        """Ids of the incidents that have most keys in common with `telling`, best first; at most `MOST`."""
        points: dict[str, float] = {}
        by_key = self._by_key
        for key, worth in _asked(telling):
            held = by_key.get(key)
            if held is None:
                continue
            if isinstance(held, str):
                points[held] = points.get(held, 0.0) + worth
            elif len(held) <= COMMON:
                for incident_id in held:
                    points[incident_id] = points.get(incident_id, 0.0) + worth
        found = [(-value, incident_id) for incident_id, value in points.items() if value >= LEAST]
        found.sort()
        return [incident_id for _, incident_id in found[:MOST]]


@lru_cache(maxsize=_KEPT)
def keys_of(telling: Telling) -> tuple[tuple[Hashable, float], ...]:
    """Each key of a report, and how much it says that another report has it too."""
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
        cell = _cell(telling)
        if cell is not None:
            keys.append((cell, 1.5))
    day = _day(telling)
    if day is not None:
        country = spot.country if spot is not None else None
        keys.append((("day", country, telling.family, day), 1.0))
        keys.append((("type", telling.type, day), 1.0))
        if spot is None:
            keys.append((("nowhere", telling.type, day), 1.0))
    week = _week(telling)
    if week is not None:
        keys.append((("week", None if spot is None else spot.country, telling.family, week), 1.0))
    if telling.published is not None:
        told = floor(telling.published)
        keys.append((("outlet", telling.source, told), 1.0))
        if telling.revises is not None:
            keys.append((("takes back", telling.source, told), 1.0))
    return tuple(keys)


def _asked(telling: Telling) -> list[tuple[Hashable, float]]:
    """The keys by which incidents are looked for that one report may tell of: its own, and those beside them (the cells
    around, the days before and after). The kind of incident and the day are asked for only where one of the two reports
    gives no place."""
    keys = [item for item in keys_of(telling) if not (isinstance(item[0], tuple) and item[0][0] in _BY_DAY)]
    cell = _cell(telling)
    if cell is not None:
        north, east = cell
        keys += [((north + n, east + e), 1.5) for n in (-1, 0, 1) for e in (-1, 0, 1) if n or e]
    if telling.published is not None:
        # "We withdraw our report of this morning" need not say of what.
        told = floor(telling.published)
        for later in range(TAKEN_BACK_WITHIN + 1):
            keys.append((("takes back", telling.source, told + later), 1.0))
            if telling.revises is not None:
                keys.append((("outlet", telling.source, told - later), 1.0))
    day = _day(telling)
    if day is not None:
        country = telling.spot.country if telling.spot is not None else None
        anywhere = "nowhere" if telling.spot is not None else "type"
        # An article that does not say what happened may tell of anything.
        families = _ALL if telling.type is _OTHER else (telling.family, _UNSAID)
        for other in range(day - DAYS_ASKED, day + DAYS_ASKED + 1):
            keys.extend([(("day", country, family, other), 1.0) for family in families])
            keys.append(((anywhere, telling.type, other), 1.0))
    week = _week(telling)
    if week is not None:
        # What harmed very many is told of for days, and last by those who name neither its day nor its town.
        country = telling.spot.country if telling.spot is not None else None
        families = _ALL if telling.type is _OTHER else (telling.family, _UNSAID)
        for other in (week - 1, week, week + 1):
            keys.extend([(("week", country, family, other), 1.0) for family in families])
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
