"""Motives: what an attack was against, or what was said at it, as a description of those who may have done it.

An abortion clinic set on fire by nobody known is the work of opponents of abortion, possibly: no more than that is
said, no group is named, and nothing is said where the text names a group itself.
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
_BLASTS = (
    r"bombs?|bombed|firebombs?|firebombed|bombing|devices?|explosives?|dynamite|grenades?|cocktails?|explosion|blast"
    r"|exploded|detonated"
)
_ASSAULTS = (
    r"attacks?|attacked|arsons?|shots?|shooting|stabbed|burned|burnt|torched|vandali[sz]ed|assaults?|assaulted"
    r"|set (?:a )?fires?|set at least \w+ fires|ignited|started a fire|opened fire|gunfire|bullets?|blasts|murdered"
    r"|killed|targeted|targeting|raided"
)
_GOVERNED = re.compile(rf"\b(?:({_BLASTS})|{_ASSAULTS})\b(?P<between>[^;]{{0,90}})\Z")
"""An attack whose object follows."""
_AWAY = re.compile(r"\b(?:near|outside|behind|opposite|beside|from|after|than|police|hospital|before)\b|\. ")
_SUFFERED = re.compile(
    r"[^.;]{0,40}?\b(?:was|were|had been|has been)\b[^.;,]{0,20}?\b"
    r"(?:attacked|bombed|firebombed|burned|burnt|torched|set|vandalised|vandalized|targeted|shot|stabbed|rammed|damaged)\b"
    r"|[^.;]{0,30}?\b(?:sustained|suffered)\b"
)
"""What follows a target that was attacked."""


_UNMEANT = frozenset((IncidentFamily.ACCIDENT, IncidentFamily.DISASTER, IncidentFamily.HEALTH))
MAY_BE_MEANT = frozenset((IncidentType.FIRE, IncidentType.EXPLOSION))
"""Accidents by their words, which attacks are told of in too."""


@dataclass(frozen=True, slots=True)
class Motive:
    """One row of actors_motives.tsv."""

    kind: str
    description: str
    countries: frozenset[str]
    """ISO 3166-1 alpha-2; anywhere where empty."""
    years: tuple[int, int] | None
    """First and last; at any time where None."""

    def holds(self, country: str | None, year: int | None, kind: IncidentType) -> bool:
        """Whether it may be taken for the motive there and then, of an incident that may have been meant."""
        if TYPES[kind].family in _UNMEANT and kind not in MAY_BE_MEANT:
            return False
        if self.countries and country not in self.countries:
            return False
        return self.years is None or (year is not None and self.years[0] <= year <= self.years[1])


@dataclass(frozen=True, slots=True)
class _Lexicon:
    matcher: AhoCorasick
    motives: tuple[Motive, ...]
    hated: dict[str, Motive]
    words: re.Pattern[str]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    spellings: list[str] = []
    motives: list[Motive] = []
    hated: dict[str, Motive] = {}
    for kind, description, countries, years, words, *_ in read_rows("actors_motives.tsv"):
        span = tuple(map(int, years.split("-"))) if years else None
        motive = Motive(
            kind,
            description,
            frozenset(countries.split("|")) if countries else frozenset(),
            (span[0], span[1]) if span is not None else None,
        )
        for word in words.split("|"):
            if kind == "hated":
                hated[word] = motive
            else:
                spellings.append(f" {word}")
                motives.append(motive)
    names = "|".join(sorted(map(re.escape, hated), key=len, reverse=True))
    pattern = re.compile(rf"\banti ({names}) (?:{_FELT})\b|\b(?:{_HATING}) (?:all |the )?({names})\b")
    matcher = AhoCorasick(spellings, matchkind=MatchKind.Standard)
    return _Lexicon(matcher, tuple(motives), hated, pattern)


def find_motives(view: str) -> Iterator[tuple[int, int, Motive]]:
    """Where an `ascii_view` tells of a motive, with which; not in order. Takes linear time."""
    lexicon = _lexicon()
    size = len(view)
    for pattern, start, stop in lexicon.matcher.find_matches_as_indexes(" " + view, overlapping=True):
        end = stop - 1
        if end >= size or not view[end].isalnum():
            yield start, end, lexicon.motives[pattern]
    for match in lexicon.words.finditer(view):
        yield match.start(), match.end(), lexicon.hated[match[1] or match[2]]


def is_attacked(view: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    """Whether a sentence says that the target at `view[start:end]` was attacked, not somebody who stood near it."""
    first, last = sentence
    governed = _GOVERNED.search(view, max(first, start - 120), start)
    if governed is not None:
        away = _AWAY.search(governed["between"])
        # A bomb outside a place is meant for it; a man shot outside it need not be.
        if away is None or (governed[1] is not None and away[0] in ("outside", "near")):
            return True
    return _SUFFERED.match(view, end, last) is not None
