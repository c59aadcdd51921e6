"""The word "here" of a correspondent: the town that an article was filed from, "GAO, Mali - A bomb went off here"."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Sequence

from services.processor.extraction.places.model import ResolvedPlace

_HERE = re.compile(
    r"(?<=[\w,] )(?<!from )(?<!over )(?<!of )(?<!and )(?<!or )(?<!but )(?<!is )(?<!are )(?<!was )(?<!were )(?<!out )"
    r"(?<!to )here(?=[,.;]|\s(?!and\sthere\b|to\sstay\b|is\b|are\b))"
)
_QUOTED_WITHIN = 600
"""Characters before the word among which it is looked whether a quotation is open."""


def with_here(places: Sequence[ResolvedPlace], text: str) -> list[ResolvedPlace]:
    """The places of `text`, in its order, and each "here" outside quotations as a mention of its dateline's town."""
    found = list(places)
    filed = next((place for place in places if place.mention.role == "dateline"), None)
    if filed is None or filed.location is None or filed.location.kind != "settlement" or " here" not in text:
        return found
    for match in _HERE.finditer(text, filed.mention.end):
        if _is_quoted(text, match.start()):
            continue
        mention = filed.mention._replace(start=match.start(), end=match.end(), role="at", within=None)
        insort(found, filed._replace(mention=mention), key=lambda place: place.mention.start)
    return found


def _is_quoted(text: str, at: int) -> bool:
    paragraph = text.rfind("\n", max(0, at - _QUOTED_WITHIN), at) + 1
    return text.count('"', paragraph or max(0, at - _QUOTED_WITHIN), at) % 2 == 1
