"""Round-ups: paragraphs that each begin with the place that they tell of, "HAITI. Gunmen ..." or "Djibo: Some ..."."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.processor.extraction.drafts import Statement
from services.processor.extraction.places.model import Location, PlaceMention, ResolvedPlace
from services.processor.extraction.places.unknown import unnamed
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.setting import Setting
from services.processor.extraction.wordlists import word_set

_PARAGRAPH = r"[ \t*\u2022-]{0,6}(?=\S)"
_OPENING_PARAGRAPH, _LATER_PARAGRAPH = re.compile(_PARAGRAPH), re.compile(rf"\n{_PARAGRAPH}")
"""What begins a paragraph: at the head of a text, and after a line end, to which a search skips."""
_BULLET = re.compile(r"\s{0,4}(?:\d{1,2}[.)]|[*\u2022\u2013-])[ \t]{1,3}")
_ENDS_LABEL = re.compile(r"[ \t]{0,2}(?::|\.(?= )|[ ](?:-{1,2}|[\u2013\u2014])(?= ))[ \t]{0,2}\S")
_UNKNOWN = re.compile(
    r"(?P<name>[A-Z][a-z\u00c0-\u024f'\u2019-]{2,20}(?: [A-Z][a-z\u00c0-\u024f'\u2019-]{2,20}){0,2}):[ \t]\S"
)
_HEADINGS = word_set("headings")
_ITEM = r"[ \t]{0,4}(?:\d{1,2}[.)]|[*\u2022\u2013-])[ \t]{1,3}(?=\S)"
_OPENING_ITEM, _LATER_ITEM = re.compile(_ITEM), re.compile(rf"\n{_ITEM}")
"""Begins an item of a list: "1. ", "- "."""
_OPENING_BLOCK, _LATER_BLOCK = re.compile(r"\s{0,4}(?=\S)"), re.compile(r"\n[ \t]{0,4}\n\s{0,4}(?=\S)")
"""Begins a paragraph that a blank line parts from the one before."""
_HEADED_BY_NAME = re.compile(r"[A-Z][A-Za-z'-]{2,20}(?: [A-Z][A-Za-z'-]{1,20}){0,2}[.:] [A-Z]")
"""A paragraph that begins with a name and a full stop: "Croatia. Six people were shot"."""
_ROUND_UP = re.compile(
    r"\b(?:briefing|bulletin|summary|digest|round-?up|newsletter|headlines|in brief|at a glance|(?:show )?notes:|"
    r"week in (?:review|brief|numbers)|(?:the|this|your) (?:week|day|morning)(?: in (?:brief|review))?\W{0,2}\Z|"
    r"in (?:\w+ ){1,2}(?:seconds|minutes)|(?:three|four|five|six|seven|ten) things)\b",
    re.IGNORECASE,
)
"""What a title says of an article that tells of this and that."""
_FEWEST_ITEMS = 3
_FROM_ELSEWHERE = ("nationality", "organisation", "origin", "government", "demonym")
_FEWEST = 2
"""Places that must head paragraphs for a text to be a round-up: one alone is a dateline."""


@dataclass(frozen=True, slots=True)
class Sections:
    """The paragraphs of a body, and the place at the head of each that has one."""

    starts: Sequence[int]
    labels: Sequence[ResolvedPlace | None]

    def label_of(self, statement: Statement) -> ResolvedPlace | None:
        """The place at the head of the statement's paragraph."""
        if statement.where != "body" or not self.starts:
            return None
        # The sentence of an item begins with its bullet.
        bullet = _BULLET.match(statement.text)
        first = statement.sentence.start + (bullet.end() if bullet is not None else 0)
        at = bisect_right(self.starts, first) - 1
        return self.labels[at] if at >= 0 else None


def find_sections(readings: Sequence[FieldReading], setting: Setting) -> Sections:
    """The sections of a round-up; none where fewer than two places head paragraphs.

    Beside a known place a name that no gazetteer has is one, too, in the country of the first. Of a list, of paragraphs
    that are headed "Croatia. ..." and of a text whose title says that it is a round-up, each item or paragraph has the
    place that it names first, where they name several countries.
    """
    body = next((reading for reading in readings if reading.where == "body"), None)
    if body is None:
        return Sections((), ())
    base = setting.offsets["body"]
    placed = {place.mention.start - base: place for place in setting.places if place.location is not None}
    starts = _starts(body.view, _OPENING_PARAGRAPH, _LATER_PARAGRAPH)
    labels = [_known_label(placed.get(start), base, body.view) for start in starts]
    known = next((label.location for label in labels if label is not None), None)
    if known is None or len({label.location for label in labels if label is not None}) < _FEWEST:
        found = _items(readings, body.view, base, setting)
        if found is not None:
            return found
    if known is None:
        return Sections((), ())
    labels = [
        label or _unknown_label(body.view, start, base, known) for start, label in zip(starts, labels, strict=True)
    ]
    named = {label.location.name for label in labels if label is not None and label.location is not None}
    return Sections(starts, labels) if len(named) >= _FEWEST else Sections((), ())


def _starts(view: str, opening: re.Pattern[str], later: re.Pattern[str]) -> list[int]:
    """Where the text of each paragraph or item begins, the first of them perhaps at the head of `view`."""
    first = opening.match(view)
    starts = [first.end()] if first is not None else []
    return starts + [match.end() for match in later.finditer(view, *starts)]


def _items(readings: Sequence[FieldReading], view: str, base: int, setting: Setting) -> Sections | None:
    """The items of a list or the paragraphs of a round-up, each with the place that it names first; None for others."""
    starts, fewest = _starts(view, _OPENING_ITEM, _LATER_ITEM), _FEWEST_ITEMS
    if len(starts) < _FEWEST_ITEMS:
        fewest = _FEWEST
        starts = _starts(view, _OPENING_BLOCK, _LATER_BLOCK)
        title = next((reading.view for reading in readings if reading.where == "title"), "")
        headed = sum(_HEADED_BY_NAME.match(view, start) is not None for start in starts)
        if len(starts) < _FEWEST_ITEMS or (headed < _FEWEST_ITEMS and _ROUND_UP.search(title) is None):
            return None
    ends = [*starts[1:], len(view)]
    labels = [_first_place(setting, base + start, base + end) for start, end in zip(starts, ends, strict=True)]
    countries = {label.location.country for label in labels if label is not None and label.location is not None}
    # A communique numbers the points of one incident, in one country.
    told = sum(label is not None for label in labels)
    apart = fewest == _FEWEST or 4 * len(countries) > 3 * told
    return Sections(starts, labels) if apart and len(countries) >= fewest else None


def _first_place(setting: Setting, start: int, end: int) -> ResolvedPlace | None:
    """The first place between two offsets of the setting's text that is not only where somebody is from."""
    first = bisect_left(setting.starts, start)
    for place in setting.places[first : bisect_left(setting.starts, end)]:
        if place.location is not None and place.location.country and place.mention.role not in _FROM_ELSEWHERE:
            return place
    return None


def _known_label(place: ResolvedPlace | None, base: int, view: str) -> ResolvedPlace | None:
    if place is None:
        return None
    end = _ENDS_LABEL.match(view, place.mention.end - base)
    # "Mali. The army" ends a sentence as well: without a colon a label is in capitals.
    ends = end is not None and (":" in end[0] or place.mention.text.isupper())
    return place if ends else None


def _unknown_label(view: str, start: int, base: int, known: Location) -> ResolvedPlace | None:
    match = _UNKNOWN.match(view, start)
    if match is None or not _HEADINGS.isdisjoint(match["name"].lower().split()):
        return None
    place = replace(unnamed(match["name"], None), country=known.country)
    mention = PlaceMention(base + start, base + match.end("name"), match["name"], (place,), "at")
    return ResolvedPlace(mention, place)
