"""Motives: what was said or left at an attack, as a description of those who may have done it.

What was attacked says nothing of who attacked it. Where the text tells of a motive ("he hated Jews", a swastika on the
wall), those who do such things are given as possible: no group is named, and nothing is said where the text names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from schemas.taxonomy import TYPES, IncidentType
from schemas.vocabulary import IncidentFamily
from services.processor.extraction.wordlists import read_rows

_FELT = (
    r"sentiments?|views?|beliefs?|statements?|slurs?|profanity|profanities|rhetoric|bias|bigotry|hatred|hate|motives?"
    r"|motivation|ideology|graffiti|messages?|attacks?|violence|extremism|feelings?|prejudice|manifesto|militia|crimes?"
    r"|slogans?|threats?|propaganda|tirade|remarks"
)
_HATING = (
    r"hated|hates|hating|disliked|dislikes|despised|detested|hatred of|hatred for|hatred towards?|kill|killing|murder"
    r"|war on|anger at|angry at|rid of|death to|run the"
)
_LEADS = re.compile(rf"\b(?:anti|(?:{_HATING})(?: all| the)?) \Z")
_LEADS_REACH = 24
"""Characters before the name of those who are hated in which it is said that they are."""
_UNMEANT = frozenset((IncidentFamily.ACCIDENT, IncidentFamily.DISASTER, IncidentFamily.HEALTH))
MAY_BE_MEANT = frozenset((IncidentType.FIRE, IncidentType.EXPLOSION))
"""Accidents by their words, which attacks are told of in too."""


@dataclass(frozen=True, slots=True)
class Motive:
    """One row of actors_motives.tsv."""

    description: str
    countries: frozenset[str]
    """ISO 3166-1 alpha-2; anywhere where empty."""

    def holds(self, country: str | None, kind: IncidentType) -> bool:
        """Whether it may be taken for the motive there, of an incident that may have been meant."""
        if TYPES[kind].family in _UNMEANT and kind not in MAY_BE_MEANT:
            return False
        return not self.countries or country in self.countries


@dataclass(frozen=True, slots=True)
class _Lexicon:
    matcher: AhoCorasick
    motives: tuple[Motive | None, ...]
    """Of each word that is searched for; None where it only says who is hated, and `words` has to match."""
    hated: dict[str, Motive]
    words: re.Pattern[str]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    spellings: list[str] = []
    motives: list[Motive | None] = []
    hated: dict[str, Motive] = {}
    for kind, description, countries, words, *_ in read_rows("actors_motives.tsv"):
        motive = Motive(description, frozenset(countries.split("|")) if countries else frozenset())
        for word in words.split("|"):
            spellings.append(f" {word}")
            motives.append(None if kind == "hated" else motive)
            if kind == "hated":
                hated[word] = motive
    names = "|".join(sorted(map(re.escape, hated), key=len, reverse=True))
    pattern = re.compile(rf"\banti ({names}) (?:{_FELT})\b|\b(?:{_HATING}) (?:all |the )?({names})\b")
    matcher = AhoCorasick(spellings, matchkind=MatchKind.Standard)
    return _Lexicon(matcher, tuple(motives), hated, pattern)


def find_motives(view: str) -> Iterator[tuple[int, int, Motive]]:
    """Where an `ascii_view` tells of a motive, with which; not in order. Takes linear time."""
    lexicon = _lexicon()
    size, hated = len(view), False
    for pattern, start, stop in lexicon.matcher.find_matches_as_indexes(" " + view, overlapping=True):
        end, motive = stop - 1, lexicon.motives[pattern]
        if motive is None:
            hated = hated or _LEADS.search(view[max(0, start - _LEADS_REACH) : start]) is not None
        elif end >= size or not view[end].isalnum():
            yield start, end, motive
    for match in lexicon.words.finditer(view) if hated else ():
        yield match.start(), match.end(), lexicon.hated[match[1] or match[2]]
