"""Headlines of other stories that a web page sets among an article's lines: "Most read", "Related stories"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from services.processor.extraction.scan import Hit

_LABEL = re.compile(
    r"\n[ \t*|>•·–-]*(?i:most (?:read|viewed|popular)|related (?:articles?|stories|story|news|links?|content|coverage)|"
    r"read (?:more|also|next)|see also|also read|more stories|more on this story|recommended(?: for you)?|"
    r"trending(?: now)?|don'?t miss|you (?:may|might) also like)(?: (?i:in) [A-Z]\w+)?[ \t]*"
    r"(?P<alone>:?[ \t]*$|:|\||(?=[A-Z'\"]))",
    re.MULTILINE,
)
"""A label at the head of a line, by itself or before a headline: "Most read in News", "READ MORE: Twelve die". That it
begins with the line end lets the search skip from line to line."""
_HEADLINES = re.compile(r"(?:\n[^\n]{1,160}(?<![.!?\s])[ \t]*(?=\n|\Z)){0,12}")
"""Lines below a label that stands alone: headlines, which are short and have no full stop."""

_TRAILING = re.compile(r"(?<=[.!?\"'”’)])[ \t]*(?:\n+[ \t]*[A-Z'\"‘“][^\n]{20,140}(?<![.!?,;:\s\"”)])[ \t]*){2,12}\Z")
"""Two lines and more without a full stop, below the last that has one: headlines of other stories."""
_ENDS_NO_HEADLINE = frozenset('.!?,;:"”)\n')
"""Marks at the very end of a text below which no headlines stand."""
_FARTHEST = 2_000
"""Characters at the end of a text within which they are looked for."""


def without_teasers(hits: Sequence[Hit], view: str) -> Sequence[Hit]:
    """The phrases found in a text, without those in headlines of other stories. Linear in the length of the text."""
    spans: list[tuple[int, int]] = []
    for label in _LABEL.finditer("\n" + view):
        # The line end before the text puts a label's line at the offset of its match, and its end one too far.
        first, last = label.start(), label.end() - 1
        if spans and first < spans[-1][1]:
            continue
        end = view.find("\n", last)
        end = len(view) if end < 0 else end
        alone = not label["alone"].strip(": \t") and not view[last:end].strip()
        below = _HEADLINES.match(view, end) if alone else None
        spans.append((first, below.end() if below is not None else end))
    if view.rstrip(" \t")[-1:] not in _ENDS_NO_HEADLINE:
        trailing = _TRAILING.search(view, max(0, len(view) - _FARTHEST))
        if trailing is not None:
            spans.append(trailing.span())
    if not spans:
        return hits
    spans.sort()
    starts = [start for start, _ in spans]
    return [hit for hit in hits if not _within(hit, starts, spans)]


def _within(hit: Hit, starts: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(starts, hit.start) - 1
    return at >= 0 and hit.start < spans[at][1]
