"""Find the runs of capitalised words in a text, and the gazetteer's names in them. Time is linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.folding import APOSTROPHES, fold
from services.processor.extraction.places.gazetteer import gazetteer

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_QUOTE = f"[{APOSTROPHES}]"
# Every repetition is bounded, and no two neighbours can match the same sign: no text makes this backtrack far.
_WORD = (
    rf"(?:[A-Z]\.(?:[ ]?[A-Z]\.){{1,4}}|(?:St|Ste|Mt|Ft|Pt|ST|MT|FT)\.|[A-Z]\.(?=[ ]?[A-Z])|"
    rf"(?:[dDlL]{_QUOTE})?{_CAPITAL}[^\W_]{{0,40}}(?:{_QUOTE}[^\W_]{{1,40}}){{0,3}}&?|K2)"
)
_SMALL_WORDS = (
    "de del la las los el al as ar ash ad an at az es ez e i of and the du des do da dos das di sur sous le les lès ul ol bin y na "
    "ou au aux am im bei der den van von op aan sul ye o en et"
)
PARTICLES = frozenset(_SMALL_WORDS.split())
"""Words that stand in small letters inside names."""
_PARTICLE = f"(?:{'|'.join(_SMALL_WORDS.split())})"
_GAP = r"(?:[ \u00a0\t]{1,2}|\s?\n[ \t]{0,4}|-)"
RUN = re.compile(
    rf"(?<![\w{APOSTROPHES}])(?:(?:al|el|as|ar|ash|ad|an|at|az|d)[-{APOSTROPHES}])?{_WORD}"
    rf"(?:{_GAP}(?:{_PARTICLE}{_GAP}){{0,3}}{_WORD})*"
)
"""Capitalised words with the small words that names have between them: "Boko Haram", "Dar es Salaam", "Pul-e-Khumri"."""

_TOKEN = re.compile(rf"[A-Z]\.(?:[ ]?[A-Z]\.){{1,4}}|[^\W_]{{1,60}}(?:{_QUOTE}[^\W_]{{1,40}}){{0,3}}")
_POSSESSIVE = re.compile(rf"{_QUOTE}[sS]?$")

MAX_WORDS = 7
"""Words of the longest name that is looked for."""


@dataclass(frozen=True, slots=True)
class Run:
    """Capitalised words that stand together."""

    words: tuple[str, ...]
    """Folded."""
    starts: tuple[int, ...]
    """Where each word begins, counted from the start of the run."""
    ends: tuple[int, ...]
    possessive: tuple[bool, ...]
    """Which words carry 's, which is outside the word's span."""
    breaks: tuple[bool, ...]
    """Which words are followed by a line break."""
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """Words `first` up to `last` (not included) of a run that are in a lexicon."""

    first: int
    last: int
    kind: Literal["place", "implied", "shield"]
    value: str
    """The folded name; for `implied` the country's code."""


def runs(text: str) -> Iterator[tuple[int, Run]]:
    """All runs of `text`, in order, each with where it starts."""
    for match in RUN.finditer(text):
        found = match[0]
        yield match.start(), (_cached_run(found) if len(found) <= 60 else read_run(found))


def read_run(text: str) -> Run:
    """The words of one run, and the longest names in it from left to right, which do not overlap."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    possessive: list[bool] = []
    breaks: list[bool] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        ending = _POSSESSIVE.search(match[0]) if end - start > 2 else None
        if ending:
            end = start + ending.start()
        if breaks and "\n" in text[ends[-1] : start]:
            breaks[-1] = True
        words.append(fold(text[start:end]))
        starts.append(start)
        ends.append(end)
        possessive.append(ending is not None)
        breaks.append(False)
    folded = tuple(words)
    return Run(folded, tuple(starts), tuple(ends), tuple(possessive), tuple(breaks), tuple(_names(folded, possessive)))


_cached_run = lru_cache(maxsize=65536)(read_run)


def _names(words: tuple[str, ...], possessive: list[bool]) -> Iterator[Name]:
    known, lists = gazetteer(), cues()
    at = 0
    while at < len(words):
        limit = min(at + MAX_WORDS, len(words))
        for stop in range(at, limit):
            if possessive[stop]:
                limit = stop + 1
                break
        length, name = _longest(known.prefixes(" ".join(words[at:limit])), words, at, limit)
        if possessive[limit - 1] and limit < len(words):
            # "Cox's Bazar": an s that is part of the name
            whole = (*words[: limit - 1], words[limit - 1] + "s", *words[limit : at + MAX_WORDS])
            longer, with_s = _longest(known.prefixes(" ".join(whole[at:])), whole, at, len(whole))
            if longer > limit - at:
                length, name = longer, with_s
        found = Name(at, at + length, "place", name) if length else None
        for kind, lexicon in (("shield", lists.shields), ("implied", lists.implied)):
            match = lexicon.match(words, at)
            if match and match[0] >= length:
                length = match[0]
                found = Name(at, at + length, kind, match[1])  # type: ignore[arg-type]
        if found:
            yield found
        at += max(length, 1)


def _longest(prefixes: list[str], words: tuple[str, ...], at: int, limit: int) -> tuple[int, str]:
    """How many whole words the longest of `prefixes` covers, and that name; (0, "") for none."""
    if not prefixes:
        return 0, ""
    ends: dict[int, int] = {}
    length = -1
    for stop in range(at, limit):
        length += 1 + len(words[stop])
        ends[length] = stop + 1 - at
    for name in reversed(prefixes):
        count = ends.get(len(name))
        if count:
            return count, name
    return 0, ""
