"""One field of an article, searched for the phrases of the lexicons: whether they can tell of harm or of an event.

Quick looks at the characters around a phrase, before any sentence is split or word read. They skip only what tells
nothing; whoever adds a way to say harm adds it here, too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.article import ArticleField
from services.processor.extraction.claims.all_aboard import may_count_survivors
from services.processor.extraction.claims.bodies_and_lives import may_be_remains, may_be_taken
from services.processor.extraction.claims.happenings import may_be_sent
from services.processor.extraction.claims.losses import may_claim_people
from services.processor.extraction.claims.nth import may_be_numbered
from services.processor.extraction.claims.quick_looks import may_be_done_to_people
from services.processor.extraction.events.quick_looks import may_tell_of_event
from services.processor.extraction.events.realis import may_follow_to
from services.processor.extraction.scan import Hit, scan
from services.processor.extraction.teasers import without_teasers
from services.processor.extraction.text import fold, latest_end, readable
from services.processor.extraction.wordlists import word_set

_SAID = ("always", "by", "object", "lives", "remains")
"""What words for harm tell that a follow-up may speak of harm by, whatever stands beside them."""
_OF_THINGS_TOO = ("object", "lives", "remains")
_READ_ON = ("survivors", "soldiers", "claimed", "sent")
"""Words that are read on in a sentence with any other word for harm: "hospital sources: nine bodies"."""
_BY = re.compile(r"(?<![^\W_])by(?![^\W_])")
_LOST = re.compile(rf"\b(?:{'|'.join(sorted(word_set('lost_in_battle')))})\b")
_LOST_REACH = 80
"""Characters from "lost" to the soldiers."""


@dataclass(frozen=True, slots=True)
class FieldScan:
    """One field of an article, searched for the phrases of the lexicons and not yet read."""

    where: ArticleField
    view: str
    folded: str
    hits: Sequence[Hit]
    """In order of the text."""

    def holds(self, *tables: str) -> bool:
        """Whether a phrase of one of these lexicons stands in it."""
        for hit in self.hits:  # noqa: SIM110 - any() takes twice as long
            if hit.entry.table in tables:
                return True
        return False

    @property
    def may_tell(self) -> bool:
        """Whether a claim or an event can be in it; where not, only what other fields tell of can be told on in it."""
        doubtful: list[Hit] = []
        for hit in self.hits:
            entry = hit.entry
            if entry.table == "harm" and entry.tells != "never":
                if entry.tells == "always":
                    return True
                doubtful.append(hit)
        if self.may_tell_of_event or any(may_harm(self, (hit,)) for hit in doubtful):
            return True
        return any(hit.entry.tells in _OF_THINGS_TOO and self._is_read_on(hit) for hit in doubtful)

    @property
    def may_tell_of_event(self) -> bool:
        """Whether an event can be in it, if nobody is said in the article to be harmed."""
        return may_tell_of_event(self.hits, self.folded, headline=self.where == "title")

    def _is_read_on(self, hit: Hit) -> bool:
        """Whether a word may share its sentence with one that is read on beside any word for harm."""
        starts = [other.start for other in self.hits if other.entry.tells in _READ_ON]
        at = bisect_left(starts, hit.start)
        near = [sorted((hit.start, other)) for other in starts[max(0, at - 1) : at + 1]]
        return any(latest_end(self.view, first) > second for first, second in near)

    @property
    def speaks(self) -> bool:
        """Whether a word for harm or for an event stands in it, though nothing beside it may let it tell of one."""
        for hit in self.hits:
            entry = hit.entry
            if entry.table == "trigger":
                return True
            if entry.table == "harm" and entry.tells != "never" and (entry.tells in _SAID or may_be_said(hit, self)):
                return True
        return False


def scan_field(where: ArticleField, original: str) -> FieldScan:
    """A field of an article with the phrases that decide whether, and which sentences of it, are read."""
    if not original:
        return FieldScan(where, "", "", ())
    view = readable(original)
    folded = fold(view).replace("\n", " ")
    hits = sorted(scan(folded), key=_start)
    return FieldScan(where, view, folded, without_teasers(hits, view) if hits and "\n" in view else hits)


def _start(hit: Hit) -> int:
    return hit.start


def may_harm(scanned: FieldScan, hits: Sequence[Hit], end: int | None = None) -> bool:
    """Whether a sentence with these phrases can say that people were harmed.

    `end` is where it ends; where that is not known yet, it is looked for no farther than the sentence may reach.
    """
    for hit in hits:
        entry = hit.entry
        if entry.table != "harm" or entry.tells == "never":
            continue
        if entry.tells == "always":
            return True
        if entry.tells == "by":
            if _BY.search(scanned.folded, hit.end, latest_end(scanned.view, hit.end) if end is None else end):
                return True
        elif may_be_said(hit, scanned) or (
            entry.tells in _OF_THINGS_TOO and any(other.entry.tells in _READ_ON for other in hits)
        ):
            return True
    return False


def may_be_said(hit: Hit, scanned: FieldScan) -> bool:
    """Whether a word for harm that is said of things as well has beside it what it says of people."""
    tells, folded = hit.entry.tells, scanned.folded
    if tells == "nth":
        return may_be_numbered(folded, hit.start)
    if tells == "survivors":
        return may_count_survivors(folded, hit.start)
    if tells == "sent":
        return may_be_sent(folded, hit.start)
    if tells == "claimed":
        return may_claim_people(folded, hit.start)
    if tells == "soldiers":
        return _LOST.search(folded, hit.end, hit.end + _LOST_REACH) is not None
    if tells not in _OF_THINGS_TOO:
        return True
    if tells == "object":
        return may_be_done_to_people(scanned.view, folded, hit.start, hit.end)
    return (may_be_taken if tells == "lives" else may_be_remains)(folded, hit.start, hit.end)


def may_have_happened(hit: Hit, where: ArticleField, folded: str) -> bool:
    """Whether a word for an event can say that it happened, was tried or was threatened.

    Outside headlines "kidnap" and "derails" do so only after "to".
    """
    return hit.entry.tells == "always" or where == "title" or may_follow_to(folded, hit.start)
