"""Round-ups: paragraphs that each begin with the place that they tell of, "HAITI. Gunmen ..." or "Djibo: Some ..."."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.processor.extraction.drafts import Statement
from services.processor.extraction.places.model import Location, PlaceMention, ResolvedPlace
from services.processor.extraction.places.unknown import unnamed
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.setting import Setting
from services.processor.extraction.wordlists import word_set

_PARAGRAPH = re.compile(r"(?:\A|\n)[ \t*\u2022-]{0,6}(?=\S)")
_ENDS_LABEL = re.compile(r"[ \t]{0,2}(?::|\.(?= )|[ ](?:-{1,2}|[\u2013\u2014])(?= ))[ \t]{0,2}\S")
_UNKNOWN = re.compile(
    r"(?P<name>[A-Z][a-z\u00c0-\u024f'\u2019-]{2,20}(?: [A-Z][a-z\u00c0-\u024f'\u2019-]{2,20}){0,2}):[ \t]\S"
)
_HEADINGS = word_set("headings")
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
        at = bisect_right(self.starts, statement.sentence.start) - 1
        return self.labels[at] if at >= 0 else None


def find_sections(readings: Sequence[FieldReading], setting: Setting) -> Sections:
    """The sections of a round-up; none where fewer than two places head paragraphs.

    Beside a known place a name that no gazetteer has is one, too, in the country of the first.
    """
    body = next((reading for reading in readings if reading.where == "body"), None)
    if body is None:
        return Sections((), ())
    base = setting.offsets["body"]
    placed = {place.mention.start - base: place for place in setting.places if place.location is not None}
    starts = [match.end() for match in _PARAGRAPH.finditer(body.view)]
    labels = [_known_label(placed.get(start), base, body.view) for start in starts]
    known = next((label.location for label in labels if label is not None), None)
    if known is None:
        return Sections((), ())
    labels = [
        label or _unknown_label(body.view, start, base, known) for start, label in zip(starts, labels, strict=True)
    ]
    named = {label.location.name for label in labels if label is not None and label.location is not None}
    return Sections(starts, labels) if len(named) >= _FEWEST else Sections((), ())


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
