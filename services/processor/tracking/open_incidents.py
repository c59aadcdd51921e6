"""The incidents that may still be told of, and where to look for the one that a report is about."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from schemas import Incident, Message, Place, PlacePrecision, Report

WINDOW = timedelta(days=14)
"""How long an incident stays open after the newest article in it: follow-ups of a fortnight are the news's own habit
(anniversaries and trials, which come later, are incidents of the past)."""
_PRECISION_ORDER = list(PlacePrecision)


class OpenIncident(Message):
    """One entry of the tracker's table: an incident and the reports that it is made of."""

    incident: Incident
    reports: tuple[Report, ...]
    """In order of publication, then of report id; those without a publication time first."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that the reports name."""
        return tuple(report.place for report in self.reports if report.place)


class OpenIncidents:
    """All open incidents, indexed by country and by report. The tracker's whole memory."""

    def __init__(self, entries: Iterable[OpenIncident] = ()) -> None:
        self._entries: dict[str, OpenIncident] = {}
        self._by_country: dict[str | None, set[str]] = defaultdict(set)
        self._by_report: dict[str, str] = {}
        self.watermark: datetime | None = None
        """The newest publication time seen; what is older by `WINDOW` is closed."""
        for entry in entries:
            self.put(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[OpenIncident]:
        return iter(self._entries.values())

    def get(self, incident_id: str) -> OpenIncident | None:
        """The entry of that incident, or None where it is not open."""
        return self._entries.get(incident_id)

    def holding(self, report_id: str) -> OpenIncident | None:
        """The entry that this report was put into before, or None."""
        incident_id = self._by_report.get(report_id)
        return None if incident_id is None else self._entries[incident_id]

    def near(self, place: Place | None) -> Iterator[OpenIncident]:
        """Entries that may be at `place`, in a fixed order: those of its country, and those without one.

        Every entry where no country is known.
        """
        if place is None or place.country is None:
            names = set(self._entries)
        else:
            names = self._by_country[place.country] | self._by_country[None]
        return (self._entries[name] for name in sorted(names))

    def put(self, entry: OpenIncident) -> None:
        """Add an entry, or replace the one of the same incident, and move the watermark on."""
        incident_id = entry.incident.incident_id
        self.remove(incident_id)
        self._entries[incident_id] = entry
        countries: set[str | None] = {place.country for place in entry.places}
        for country in countries or {None}:
            self._by_country[country].add(incident_id)
        for report in entry.reports:
            self._by_report[report.report_id] = incident_id
        newest = entry.incident.as_of
        if newest is not None and (self.watermark is None or newest > self.watermark):
            self.watermark = newest

    def remove(self, incident_id: str) -> None:
        """Forget an incident; nothing happens where it is not open."""
        entry = self._entries.pop(incident_id, None)
        if entry is None:
            return
        for names in self._by_country.values():
            names.discard(incident_id)
        for report in entry.reports:
            self._by_report.pop(report.report_id, None)

    def expired(self) -> list[str]:
        """Ids of the incidents that the watermark has left behind, in a fixed order."""
        if self.watermark is None:
            return []
        oldest = self.watermark - WINDOW
        return sorted(
            name
            for name, entry in self._entries.items()
            if entry.incident.as_of is not None and entry.incident.as_of < oldest
        )


def folded(name: str) -> str:
    """A place or actor name for comparison: without accents, case, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(character for character in plain.casefold() if character.isalnum())


def precision_rank(place: Place) -> int:
    """0 for an exact place, growing as the place gets vaguer."""
    return _PRECISION_ORDER.index(place.precision)
