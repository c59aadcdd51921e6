"""The incidents that may still be told of, and where to look for the one that a report is about."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from schemas import Incident, Message, Place, Report
from services.processor.tracking.index import Index
from services.processor.tracking.linking import link, weight
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import Telling, folded, precision_rank, telling_of

__all__ = ["WINDOW", "Absorbed", "OpenIncident", "OpenIncidents", "folded", "precision_rank"]

WINDOW = timedelta(days=14)
"""How long most incidents stay open after the newest article in them: follow-ups of a fortnight are the news's own
habit (anniversaries and trials, which come later, are incidents of the past)."""
SURE_SOURCES = 3
"""Articles that must have been published after a moment before the watermark reaches it: a date in the future, which
feeds do give, must not close everything that is open."""
JUMP = timedelta(days=2)
"""How far one article alone can move the watermark."""


class Absorbed(Message):
    """An incident that was found to be another."""

    incident_id: str
    revision: int
    """Its last, which said so."""
    report_ids: tuple[str, ...] = ()
    """The reports that it was put together from."""


class OpenIncident(Message):
    """One entry of the tracker's table: an incident and the reports that it is made of."""

    incident: Incident
    reports: tuple[Report, ...]
    """In order of publication, then of report id; those without a publication time first."""
    absorbed: tuple[Absorbed, ...] = ()
    """The incidents that were merged into it."""
    pinned: tuple[str, ...] = ()
    """Reports that somebody has put here by hand: no other report moves them."""
    told_at: datetime | None = None
    """The newest publication time that was known when its last report came: what its window is counted from."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that the reports name."""
        return tuple(report.place for report in self.reports if report.place)


class OpenIncidents:
    """All open incidents with their reports made ready for comparison. The tracker's whole memory."""

    def __init__(self, entries: Iterable[OpenIncident] = (), rules: LinkingRules | None = None) -> None:
        self.rules = rules or LinkingRules()
        self._entries: dict[str, OpenIncident] = {}
        self._tellings: dict[str, list[Telling]] = {}
        self._by_report: dict[str, str] = {}
        self._weights: dict[str, dict[str, float]] = {}
        self._index = Index()
        self._kin: dict[str, set[str]] = {}
        self._torn: set[str] = set()
        self._expiry: list[tuple[datetime, str]] = []
        self._ahead: list[datetime] = []
        self.watermark: datetime | None = None
        """The newest publication time that is sure; what is older by its window is closed."""
        for entry in _without_doubles(entries):
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

    def candidates(self, telling: Telling) -> list[str]:
        """Ids of the incidents that a report may tell of, in a fixed order."""
        return self._index.candidates(telling)

    def tellings(self, incident_id: str) -> list[Telling]:
        """The reports of an open incident, in order."""
        return self._tellings[incident_id]

    def weight(self, one: Telling, other: Telling) -> float:
        """What two reports contribute to being put together; see `linking.weight`."""
        first, second = (one, other) if one.report_id <= other.report_id else (other, one)
        known = self._weights.setdefault(first.report_id, {})
        value = known.get(second.report_id)
        if value is None:
            value = known[second.report_id] = weight(link(first, second, self.rules), self.rules)
        return value

    def story(self, incident_ids: Iterable[str]) -> list[str]:
        """The incidents that reports link to those given, directly or through others, in a fixed order."""
        found: set[str] = set()
        waiting = [name for name in incident_ids if name in self._entries]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self._kin.get(name, ()))
        return sorted(found)

    def note_kin(self, names: Iterable[str], kin: dict[str, set[str]], torn: Iterable[str]) -> None:
        """Remember which of these incidents reports link, and in which some reports speak against each other."""
        for name in names:
            for other in self._kin.pop(name, set()):
                self._kin.get(other, set()).discard(name)
            self._torn.discard(name)
        for name, others in kin.items():
            self._kin.setdefault(name, set()).update(others)
        self._torn.update(torn)

    def is_torn(self, incident_id: str) -> bool:
        """Whether some of its reports speak against each other."""
        return incident_id in self._torn

    def put(self, entry: OpenIncident, tellings: list[Telling] | None = None) -> None:
        """Add an entry, or replace the one of the same incident. `tellings` are its reports, where at hand."""
        incident_id = entry.incident.incident_id
        new = [telling_of(report) for report in entry.reports] if tellings is None else tellings
        old = self._tellings.get(incident_id, [])
        kept = set(map(id, old)) & set(map(id, new))
        for telling in old:
            if id(telling) not in kept:
                self._index.remove(telling, incident_id)
                if self._by_report.get(telling.report_id) == incident_id:
                    del self._by_report[telling.report_id]
        for telling in new:
            if id(telling) not in kept:
                self._index.add(telling, incident_id)
            self._by_report[telling.report_id] = incident_id
        if incident_id not in self._entries:
            heapq.heappush(self._expiry, (self._closes(entry), incident_id))
        self._entries[incident_id] = entry
        self._tellings[incident_id] = new
        for time in (entry.told_at, entry.incident.as_of):
            if time is not None and (self.watermark is None or (tellings is None and time > self.watermark)):
                self.watermark = time

    def see(self, published: datetime | None) -> None:
        """Let the watermark follow an article."""
        if published is None:
            return
        if self.watermark is None:
            self.watermark = published
        elif published > self.watermark + JUMP:
            self._ahead = sorted([*self._ahead, published])[-SURE_SOURCES:]
            if len(self._ahead) == SURE_SOURCES:
                self.watermark, self._ahead = self._ahead[0], []
        elif published > self.watermark:
            self.watermark = published

    def remove(self, incident_id: str) -> None:
        """Forget an incident; nothing happens where it is not open."""
        if self._entries.pop(incident_id, None) is None:
            return
        for telling in self._tellings.pop(incident_id):
            self._index.remove(telling, incident_id)
            if self._by_report.get(telling.report_id) == incident_id:
                del self._by_report[telling.report_id]
                self._weights.pop(telling.report_id, None)
        self.note_kin([incident_id], {}, ())

    def expired(self) -> list[str]:
        """Ids of the incidents that the watermark has left behind, in a fixed order. Takes time by their number."""
        found: list[str] = []
        again: list[tuple[datetime, str]] = []
        while self.watermark is not None and self._expiry and self._expiry[0][0] < self.watermark:
            _, incident_id = heapq.heappop(self._expiry)
            entry = self._entries.get(incident_id)
            if entry is None:
                continue
            closes = self._closes(entry)
            again.append((closes, incident_id))
            if closes < self.watermark:
                found.append(incident_id)
        for item in again:
            heapq.heappush(self._expiry, item)
        return sorted(found)

    def _closes(self, entry: OpenIncident) -> datetime:
        times = [time for time in (entry.told_at, entry.incident.as_of) if time is not None]
        newest = max(times) if times else self.watermark
        if newest is None:
            return _NEVER
        return newest + timedelta(days=self.rules.window.of(entry.incident))


def _without_doubles(entries: Iterable[OpenIncident]) -> list[OpenIncident]:
    """`entries` in the order in which they were last told of, each report in the last that holds it: a crash between
    two entries of one change leaves a report that was moved in both."""
    ordered = sorted(
        entries, key=lambda entry: (entry.told_at.timestamp() if entry.told_at else 0.0, entry.incident.incident_id)
    )
    owner = {report.report_id: entry.incident.incident_id for entry in ordered for report in entry.reports}
    kept = []
    for entry in ordered:
        mine = tuple(r for r in entry.reports if owner[r.report_id] == entry.incident.incident_id)
        if mine:
            kept.append(entry if len(mine) == len(entry.reports) else entry.model_copy(update={"reports": mine}))
    return kept


_NEVER = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
"""An incident of which no time is known, in a stream of which none is: nothing tells that it is old."""
