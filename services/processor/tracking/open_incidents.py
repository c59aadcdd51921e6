"""The incidents that may still be told of, and where to look for the one that a report is about."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from operator import is_

from schemas import Incident
from services.processor.tracking.build_incident import view_of
from services.processor.tracking.first_reports import FirstReports
from services.processor.tracking.index import Index
from services.processor.tracking.link_ceiling import CeilingOfOne, LinkCeiling
from services.processor.tracking.link_floor import LinkFloor
from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.pair_weight import PairWeights
from services.processor.tracking.revision_bytes import revision_bytes
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.running_view import RunningView
from services.processor.tracking.telling import Telling, telling_of

WINDOW = timedelta(days=14)
"""How long most incidents stay open after the newest article in them: follow-ups of a fortnight are the news's own
habit (anniversaries and trials, which come later, are incidents of the past)."""
SURE_SOURCES = 3
"""Articles that must have been published after a moment before the watermark reaches it: a date in the future, which
feeds do give, must not close everything that is open."""
JUMP = timedelta(days=2)
"""How far one article alone can move the watermark."""


class OpenIncidents:
    """All open incidents with their reports made ready for comparison. The tracker's whole memory."""

    def __init__(self, entries: Iterable[OpenIncident] = (), rules: LinkingRules | None = None) -> None:
        self.rules = rules or LinkingRules()
        self._entries: dict[str, OpenIncident] = {}
        self._tellings: dict[str, list[Telling]] = {}
        self._first: dict[str, FirstReports] = {}
        self._views: dict[str, RunningView] = {}
        self._by_report: dict[str, str] = {}
        self._weights: dict[str, dict[str, float]] = {}
        self._index = Index()
        self._ceiling, self._floor = LinkCeiling(self.rules), LinkFloor(self.rules)
        self._pairs = PairWeights(self.rules)
        self._expiry: list[tuple[datetime, str]] = []
        self._ahead: list[datetime] = []
        self.watermark: datetime | None = None
        """The newest publication time that is sure; what is older by its window is closed."""
        for entry in _without_doubles(entries):
            self._restore(entry)

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

    def is_over_for(self, telling: Telling, incident_id: str) -> bool:
        """Whether the window of an incident lies between its articles and a report, by their own times.

        The watermark closes an incident only once other articles have moved it. Of a feed in which nothing came for
        months, the next article tells of something new.
        """
        told, mine = telling.published, self._tellings[incident_id]
        oldest, newest = next((t.published for t in mine if t.published is not None), None), mine[-1].published
        if told is None or oldest is None or newest is None:
            return False
        apart = max(told - newest, oldest - told)
        # Most windows are longer than the shortest: it need not be worked out for what is told of day by day.
        return apart > self.rules.window.days and apart > self.rules.window.of(self._entries[incident_id].incident)

    def tellings(self, incident_id: str) -> list[Telling]:
        """The reports of an open incident, in order."""
        return self._tellings[incident_id]

    def first_reports(self, incident_id: str) -> FirstReports:
        """Those reports of an open incident that others are compared with."""
        return self._first[incident_id]

    def view(self, incident_id: str) -> RunningView | None:
        """What the reports of an incident say together, or None where it is not open."""
        return self._views.get(incident_id)

    def revision_bytes(self, incident: Incident) -> bytes:
        """A revision as its topic takes it, in less time where it is the last of an open incident."""
        return revision_bytes(incident, self._views.get(incident.incident_id))

    def ceiling_of(self, telling: Telling) -> CeilingOfOne:
        """Says with which reports of others `weight` may be above 0: quick, and sure where it is not."""
        return self._ceiling.of(telling)

    def speaks_against(self, telling: Telling, incident_id: str) -> bool:
        """Whether any of those reports of an incident that others are compared with speaks against `telling`."""
        holds = self._floor.holds
        return any(
            not holds(telling, one) and self.weight(telling, one) < 0 for one in self._first[incident_id].tellings
        )

    def weight(self, one: Telling, other: Telling) -> float:
        """What two reports contribute to being put together; see `linking.weight`."""
        row = self._weights.get(one.report_id)
        value = None if row is None else row.get(other.report_id)
        if value is None:
            value = self.fresh_weight(one, other)
            self.note_weight(one, other, value)
        return value

    def links_at_hand(self, one: Telling, other: Telling) -> bool:
        """Whether two reports are known to link, without working it out."""
        row = self._weights.get(one.report_id)
        return row is not None and row.get(other.report_id, 0.0) > 0

    def fresh_weight(self, one: Telling, other: Telling) -> float:
        """`weight`, worked out and not remembered."""
        if one.report_id > other.report_id:
            one, other = other, one
        return self._pairs.of(one, other)

    def note_weight(self, one: Telling, other: Telling, value: float) -> None:
        """Remember what two reports contribute, until one of them is forgotten."""
        self._weights.setdefault(one.report_id, {})[other.report_id] = value
        self._weights.setdefault(other.report_id, {})[one.report_id] = value

    def story(self, incident_ids: Iterable[str], most: int) -> list[str] | None:
        """The incidents that reports link to those given, directly or through others, in a fixed order; None where they
        have more than `most` reports."""
        found: set[str] = set()
        waiting = list(incident_ids)
        while waiting:
            name = waiting.pop()
            entry = self._entries.get(name)
            if entry is not None and name not in found:
                found.add(name)
                waiting.extend(entry.kin)
                most -= len(entry.reports)
                if most < 0:
                    return None
        return sorted(found)

    def put(self, entry: OpenIncident, view: RunningView) -> None:
        """Add an entry, or replace the one of the same incident. `view` is that of its reports."""
        incident_id = entry.incident.incident_id
        old, new = self._tellings.get(incident_id, []), view.tellings.copy()
        if len(old) < len(new) and all(map(is_, old, new)):
            gone, come = [], new[len(old) :]
        else:
            before, after = set(map(id, old)), set(map(id, new))
            gone = [telling for telling in old if id(telling) not in after]
            come = [telling for telling in new if id(telling) not in before]
        for telling in gone:
            self._leave(telling, incident_id)
        for telling in come:
            self._index.add(telling, incident_id)
            self._by_report[telling.report_id] = incident_id
        if incident_id not in self._entries:
            heapq.heappush(self._expiry, (self._closes(entry), incident_id))
        self._entries[incident_id] = entry
        self._tellings[incident_id] = new
        first = self._first.get(incident_id)
        if first is None or not first.is_of(new):
            self._first[incident_id] = FirstReports(new)
        self._views[incident_id] = view

    def note_kin(self, incident_id: str, kin: frozenset[str]) -> OpenIncident:
        """Remember which incidents reports link to that one: its entry now."""
        entry = self._entries[incident_id] = replace(self._entries[incident_id], kin=kin)
        return entry

    def _restore(self, entry: OpenIncident) -> None:
        view = view_of([telling_of(report) for report in entry.reports], self.rules)
        self.put(replace(entry, kept=view.kept), view)
        for time in (entry.told_at, entry.incident.as_of):
            if time is not None and (self.watermark is None or time > self.watermark):
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

    def close(self, incident_id: str) -> None:
        """Forget an incident and all that is known of its reports; nothing happens where it is not open."""
        for telling in self._tellings.get(incident_id, ()):
            self.forget_weights(telling.report_id)
        self.remove(incident_id)

    def remove(self, incident_id: str) -> None:
        """Forget an incident whose reports are about to be put into others; nothing happens where it is not open."""
        if self._entries.pop(incident_id, None) is None:
            return
        self._views.pop(incident_id)
        self._first.pop(incident_id)
        for telling in self._tellings.pop(incident_id):
            self._leave(telling, incident_id)

    def _leave(self, telling: Telling, incident_id: str) -> None:
        self._index.remove(telling, incident_id)
        if self._by_report.get(telling.report_id) == incident_id:
            del self._by_report[telling.report_id]

    def forget_weights(self, report_id: str) -> None:
        """Forget what a report and others contribute to being put together: it is gone, or says something else now."""
        for other in self._weights.pop(report_id, ()):
            row = self._weights.get(other)
            if row is not None:
                row.pop(report_id, None)

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
            kept.append(entry if len(mine) == len(entry.reports) else replace(entry, reports=mine, kept=()))
    return kept


_NEVER = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
"""An incident of which no time is known, in a stream of which none is: nothing tells that it is old."""
