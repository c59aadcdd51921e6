"""Years that only say when somebody held an office."""

from __future__ import annotations

import re
from functools import cache

from services.processor.extraction.wordlists import read_words

_ASIDE = re.compile(r",\s[^,;:.]*\Z")
_ASIDE_REACH = 90
"""Characters before a year within which the office opens that somebody held then."""
_VERB_WITHIN = re.compile(
    r"\b(?:was|were|is|are|be|been|has|have|had|who|which|that|when|where|while|after|before|\w+ed|\w+ing|died|shot)\b",
    re.IGNORECASE,
)


def in_office(before: str) -> bool:
    """Whether a year only says when somebody held an office: "Pablo Gomez, mayor of Medellin in 2004, was shot"."""
    aside = _ASIDE.search(before[-_ASIDE_REACH:])
    if aside is None or _VERB_WITHIN.search(aside[0]) is not None:
        return False
    return any(word in _titles() for word in aside[0].lower().split())


@cache
def _titles() -> frozenset[str]:
    return frozenset(read_words("titles.txt"))
