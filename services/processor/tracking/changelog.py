"""What there is to write of the open incidents so that another worker can go on: entries and pages, by key.

An entry is written anew with each report of its incident. So that it stays small, however many there are, reports that
have become a page's worth leave it: a page is written once. A page stands in the changelog before the entry that names
it, and goes only after the entry that no longer does; wherever a crash falls, what the entries name is there. Who
writes at once what many reports gave, of each key the last, keeps to that order by `turn_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schemas import Report
from services.processor.tracking.kept_report import KeptReport
from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.stored_entry import entry_bytes, page_bytes, read_entry

PAGE_REPORTS = 16
"""Reports that leave an entry together. Few incidents have more, so that most are one entry and nothing else."""
PAGE_BYTES = 256 * 1024
"""Compressed, from which on fewer leave it: an article may have 16 MiB, and what it claims hardly less."""
_MARK = "/"
"""Between an incident's id and the name of a page. No id has it."""

Written = tuple[str, bytes | None]
"""Key and value; no value where the key is to be forgotten."""


def turn_of(key: str, value: bytes | None) -> int:
    """Before and after which others something is written: pages, entries, ends of entries, ends of pages.

    An incident that was merged into another ends once the other has its reports, too.
    """
    is_page = _MARK in key
    if value is None:
        return 3 if is_page else 2
    return 0 if is_page else 1


@dataclass(frozen=True, slots=True)
class Restored:
    """The open incidents as the changelog has them."""

    entries: tuple[OpenIncident, ...]
    missing: tuple[str, ...]
    """Keys of pages that an entry names and that are not there: nothing that Tocsin does takes them away."""


class Changelog:
    """Which pages the changelog has, and what there is to write."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._stray: tuple[str, ...] = ()

    def writes(self, entries: Iterable[OpenIncident], gone: Iterable[str]) -> list[Written]:
        """What is to be written, in this order, where `entries` have changed and the incidents `gone` are closed.

        `note` is to be told once it is handed on; until then its pages count as not written.
        """
        pages: list[Written] = []
        heads: list[Written] = []
        ended: list[Written] = [(key, None) for key in self._stray]
        for entry in entries:
            name, beside = entry.incident.incident_id, entry.kept or tuple(map(KeptReport, entry.reports))
            shelf = self._shelves.get(name)
            if shelf is None and _page_of(beside):
                shelf = self._shelves[name] = _Shelf()
            if shelf is None:
                heads.append((name, entry_bytes(entry, (), beside)))
                continue
            beside = shelf.take(beside)
            pages += [(name + _MARK + page, value) for page, value in shelf.fresh.items()]
            heads.append((name, entry_bytes(entry, tuple(shelf.pages), beside)))
            ended += [(name + _MARK + page, None) for page in sorted(shelf.stored - shelf.pages.keys())]
        for name in gone:
            heads.append((name, None))
            shelf = self._shelves.get(name)
            if shelf is not None:
                ended += [(name + _MARK + page, None) for page in sorted(shelf.stored)]
        return [*pages, *heads, *ended]

    def note(self, written: Iterable[Written]) -> None:
        """Take note that what `writes` gave is handed on."""
        self._stray = ()
        for key, value in written:
            name, mark, page = key.partition(_MARK)
            shelf = self._shelves.get(name)
            if shelf is None:
                continue
            if not mark:
                if value is None:
                    del self._shelves[name]
            elif value is None:
                shelf.stored.discard(page)
            else:
                shelf.stored.add(page)
                shelf.fresh.pop(page, None)

    def restore(self, values: Mapping[str, bytes]) -> Restored:
        """Read what the changelog has, by key, and forget what was known of it before. Pages that no entry names, since
        a crash came in between, are ended with what is written next.

        Raises as `read_entry` does.
        """
        self._shelves = {}
        found: list[OpenIncident] = []
        missing: list[str] = []
        pages: dict[str, dict[str, bytes]] = {}
        for key, value in values.items():
            name, mark, page = key.partition(_MARK)
            if mark:
                pages.setdefault(name, {})[page] = value
        named: set[str] = set()
        for name, value in values.items():
            if _MARK in name:
                continue
            read = read_entry(value, pages.get(name, {}))
            missing += [name + _MARK + page for page in read.missing]
            if read.entry is not None:
                found.append(read.entry)
            if read.pages:
                shelf = self._shelves[name] = _Shelf()
                for page, reports in read.pages.items():
                    shelf.add(page, reports)
                shelf.stored.update(read.pages)
                named.update(name + _MARK + page for page in read.pages)
        self._stray = tuple(sorted(key for key in values if _MARK in key and key not in named))
        return Restored(tuple(found), tuple(missing))


def entry_in(incident_id: str, values: Mapping[str, bytes]) -> OpenIncident | None:
    """The entry of one incident among `values`, by key; None where it is not open."""
    value = values.get(incident_id)
    start = incident_id + _MARK
    pages = {key.removeprefix(start): value for key, value in values.items() if key.startswith(start)}
    return None if value is None else read_entry(value, pages).entry


def belongs_to(key: str, incident_id: str) -> bool:
    """Whether that is the key of the incident's entry or of one of its pages."""
    return key.partition(_MARK)[0] == incident_id


@dataclass(slots=True)
class _Shelf:
    """The pages of one incident."""

    pages: dict[str, tuple[Report, ...]] = field(default_factory=dict)
    """By name."""
    held: dict[str, Report] = field(default_factory=dict)
    """What is on them, by report id."""
    fresh: dict[str, bytes] = field(default_factory=dict)
    """Pages that are not in the changelog yet."""
    stored: set[str] = field(default_factory=set)
    """Pages that are."""
    taken: tuple[KeptReport, ...] = ()
    """What `take` was given last."""
    left: tuple[KeptReport, ...] = ()
    """What it gave."""

    def take(self, reports: tuple[KeptReport, ...]) -> tuple[KeptReport, ...]:
        """Let the pages hold of the incident's reports what there is for them to hold: the others, in order."""
        known = len(self.taken)
        if known and reports[:known] == self.taken:
            beside = self.left + reports[known:]
        else:
            beside = self._not_held(reports)
            if len(beside) + len(self.held) > len(reports):
                self._take_apart({id(kept.report) for kept in reports})
                beside = self._not_held(reports)
        while page := _page_of(beside):
            name, value = page_bytes(page)
            self.add(name, [kept.report for kept in page])
            if name not in self.stored:
                self.fresh[name] = value
            for kept in page:
                kept.line = None
            beside = beside[len(page) :]
        self.taken, self.left = reports, beside
        return beside

    def _not_held(self, reports: tuple[KeptReport, ...]) -> tuple[KeptReport, ...]:
        held = self.held
        return tuple([kept for kept in reports if held.get(kept.report.report_id) is not kept.report])

    def add(self, page: str, reports: Iterable[Report]) -> None:
        """Put a page onto the shelf."""
        self.pages[page] = tuple(reports)
        self.held.update({report.report_id: report for report in self.pages[page]})

    def _take_apart(self, present: set[int]) -> None:
        """Take off each page on which a report stands that is gone, or has been replaced by a newer version."""
        for page, reports in list(self.pages.items()):
            if any(id(report) not in present for report in reports):
                del self.pages[page]
                self.fresh.pop(page, None)
                for report in reports:
                    del self.held[report.report_id]


def _page_of(reports: tuple[KeptReport, ...]) -> tuple[KeptReport, ...]:
    """The first of `reports` that make a page; none where there are too few."""
    size = 0
    for at, kept in enumerate(reports, 1):
        size += len(kept.to_line())
        if at == PAGE_REPORTS or size >= PAGE_BYTES:
            return reports[:at]
    return ()
