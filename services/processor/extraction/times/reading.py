"""One text being read for times: what all readers of dates and relative times share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, timedelta, tzinfo

from schemas.report import Occurred
from schemas.vocabulary import TimePrecision
from services.processor.extraction.ascii_view import ascii_view
from services.processor.extraction.times.intervals import Interval, Reference, is_history
from services.processor.extraction.times.mentions import TimeMention, TimeRole
from services.processor.extraction.times.words import load_words

WINDOW = 48
"""Characters to either side of a word that a time around it can take up."""
_WHOLE_MONTH = timedelta(days=28)
_FUTURE_WITHIN = 60
_DATELINE_WITHIN = 110

_BELIEVED_TO_BE = re.compile(
    r"(?<= )(?:suspected|believed|thought|said|known|alleged|reported|understood|feared) to be(?= )"
)
"""Before a day it tells of nothing to come: "gunmen suspected to be rebels on Monday abducted"."""
_DATELINE = re.compile(r"\s*[A-Z][A-Z .,'()/&-]{1,90}")
_FILED_FROM = re.compile(r"\s\([A-Z][A-Z ,./'-]{2,40}\)\s?[-–—:]")
"""After the date of a dateline that begins with it: "March 4, 2017 (GAO) -"."""


class Reading:
    """A text, its plain view, what times count from, and the mentions found so far."""

    __slots__ = ("dated", "found", "reference", "text", "view", "weekdays")

    def __init__(self, text: str, reference: Reference | None, *, dated: bool = False) -> None:
        """`reference` is None where it is not known when `text` was published; `dated`: it is no dateline's day."""
        self.dated = dated
        self.text = text
        self.view = ascii_view(text)
        self.reference = reference
        self.found: list[TimeMention] = []
        self.weekdays: set[int] = set()
        """Starts of the mentions that are weekdays."""

    @property
    def zone(self) -> tzinfo:
        """The UTC offset in which days are counted."""
        return self.reference.zone if self.reference is not None else UTC

    def before(self, start: int, reach: int = WINDOW) -> str:
        """The view before a place."""
        return self.view[max(0, start - reach) : start]

    def next_word(self, end: int) -> str:
        """The word after a place; empty at the end."""
        words = self.view[end : end + 24].split(maxsplit=1)
        return words[0] if words else ""

    def is_future(self, start: int) -> bool:
        """Whether the words before, within the sentence, say that what follows is still to come."""
        words = self.before(start, _FUTURE_WITHIN)
        for mark in (".", ";", "!", "?"):
            words = words.rsplit(mark, 1)[-1]
        padded = _BELIEVED_TO_BE.sub(" ", f" {' '.join(words.split())} ")
        return any(f" {word} " in padded for word in load_words()["future"])

    def add(
        self, start: int, end: int, interval: Interval | None, *, past: bool = False, role: TimeRole = "event"
    ) -> None:
        """Take `text[start:end]` for a mention of `interval`; of an unresolved time where that is None."""
        text = self.text[start:end]
        if interval is None:
            occurred = Occurred(precision=TimePrecision.UNRESOLVED, text=text)
        else:
            occurred = Occurred(start=interval.start, end=interval.end, precision=interval.precision, text=text)
        if role == "event" and start < _DATELINE_WITHIN and self._is_dateline(start, end):
            role = "dateline"
        history = role != "since" and (past or is_history(interval, self.reference) or self._is_gone(interval))
        self.found.append(TimeMention(start, end, text, occurred, history, role))

    def _is_gone(self, interval: Interval | None) -> bool:
        """Whether it is a month before that of publication: what news dates by such a month it tells as past."""
        if (
            not self.dated
            or interval is None
            or self.reference is None
            or interval.precision is not TimePrecision.MONTH
        ):
            return False
        if interval.end - interval.start < _WHOLE_MONTH:
            return False
        return interval.end + timedelta(days=1) <= self.reference.moment

    def _is_dateline(self, start: int, end: int) -> bool:
        if not self.text[:start].strip() and _FILED_FROM.match(self.text, end) is not None:
            return True
        if not _DATELINE.fullmatch(self.text[:start].rstrip(", ")):
            return False
        following = self.text[end : end + 90].lstrip(" .,")
        return following.startswith(("(", "--", "-", "—", "–", "/")) or " -- " in following or "\n" in following[:3]


def without_overlaps(found: Iterable[TimeMention]) -> list[TimeMention]:
    """In order of the text; of two that share characters the more exact, then the longer stays."""
    exact = list(TimePrecision)

    def worth(mention: TimeMention) -> tuple[int, int]:
        return -exact.index(mention.occurred.precision), mention.end - mention.start

    kept: list[TimeMention] = []
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        if kept and mention.start < kept[-1].end:
            if worth(mention) > worth(kept[-1]):
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept
