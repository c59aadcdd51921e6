"""Round-ups: paragraphs that each begin with the place that they tell of, "HAITI. Gunmen ..." or "Djibo: Some ..."."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from services.processor.extraction.drafts import Statement
from services.processor.extraction.places.model import ResolvedPlace
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.setting import Setting

_PARAGRAPH = re.compile(r"(?:\A|\n)[ \t*\u2022-]{0,6}(?=\S)")
_ENDS_LABEL = re.compile(r"[ \t]{0,2}(?::|\.(?= )|[ ](?:-{1,2}|[\u2013\u2014])(?= ))[ \t]{0,2}\S")
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
    """The sections of a round-up; none where fewer than two places head paragraphs."""
    body = next((reading for reading in readings if reading.where == "body"), None)
    if body is None:
        return Sections((), ())
    base = setting.offsets["body"]
    placed = {place.mention.start - base: place for place in setting.places if place.location is not None}
    starts: list[int] = []
    labels: list[ResolvedPlace | None] = []
    for match in _PARAGRAPH.finditer(body.view):
        label = placed.get(match.end())
        if label is not None and not _is_label(label, base, body.view):
            label = None
        starts.append(match.end())
        labels.append(label)
    named = {label.location.name for label in labels if label is not None and label.location is not None}
    return Sections(starts, labels) if len(named) >= _FEWEST else Sections((), ())


def _is_label(label: ResolvedPlace, base: int, view: str) -> bool:
    end = _ENDS_LABEL.match(view, label.mention.end - base)
    # "Mali. The army" ends a sentence as well: without a colon a label is in capitals.
    return end is not None and (":" in end[0] or label.mention.text.isupper())
