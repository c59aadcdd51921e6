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
    "de del la las los el al as ar ash ad an at az es ez e i of and the du des do da dos das di sur sous le les lès "
    "ul ol bin y na ou au aux am im bei der den van von op aan sul ye o en et"
)
PARTICLES = frozenset(_SMALL_WORDS.split())
"""Words that stand in small letters inside names."""
_PARTICLE = f"(?:{'|'.join(_SMALL_WORDS.split())})"
_GAP = r"(?:[ \u00a0\t]{1,2}|\s?\n[ \t]{0,4}|-)"
_BEGINS = r"(?=[^\W\d_bcf-km-zß-öø-ÿ])"
"""A run begins with a capital letter, or with a small one that particles joined to a name begin with."""
RUN = re.compile(
    rf"{_BEGINS}(?<![\w{APOSTROPHES}])(?:(?:al|el|as|ar|ash|ad|an|at|az|d)[-{APOSTROPHES}])?{_WORD}"
    rf"(?:{_GAP}(?:{_PARTICLE}{_GAP}){{0,3}}{_WORD})*"
)
"""Capitalised words with the small words that names have between them: "Boko Haram", "Dar es Salaam", "Pul-e-Alam"."""

_TOKEN = re.compile(rf"[A-Z]\.(?:[ ]?[A-Z]\.){{1,4}}|[^\W_]{{1,60}}(?:{_QUOTE}[^\W_]{{1,40}}){{0,3}}")

_LONGEST_CACHED = 60
"""Code points of a run from which it is hardly ever met again."""
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
    owners: tuple[int, ...]
    """For each word the index in `names` of the name that it belongs to; -1 for none."""
    telling: tuple[bool, ...]
    """Which words are no common words and no particles: what an unknown name needs at least one of."""


@dataclass(frozen=True, slots=True)
class Name:
    """Words `first` up to `last` (not included) of a run that are in a lexicon."""

    first: int
    last: int
    kind: Literal["place", "implied", "shield"]
    value: str
    """The folded name; for `implied` the country's code."""


def runs(text: str) -> Iterator[tuple[int, Run]]:
    """The runs of `text` that can hold a place's name, in order, each with where it starts."""
    for match in RUN.finditer(text):
        found = match[0]
        run = _cached_run(found) if len(found) <= _LONGEST_CACHED else read_run(found)
        if run.names or True in run.telling:
            yield match.start(), run


def read_run(text: str) -> Run:
    """The words of one run, and the longest names in it from left to right, which do not overlap."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    possessive: list[bool] = []
    breaks: list[bool] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        token = match[0]
        owns = len(token) > 2 and ((token[-2] in APOSTROPHES and token[-1] in "sS") or token[-1] in APOSTROPHES)
        if owns:
            end -= 1 if token[-1] in APOSTROPHES else 2
            token = text[start:end]
        if words and "\n" in text[last:start]:
            breaks[-1] = True
        words.append(fold(token))
        starts.append(start)
        ends.append(end)
        possessive.append(owns)
        breaks.append(False)
        last = end
    folded = tuple(words)
    names = tuple(_names(folded, possessive))
    owners = [-1] * len(folded)
    for index, name in enumerate(names):
        owners[name.first : name.last] = [index] * (name.last - name.first)
    telling = tuple([_is_telling(word) for word in folded])
    return Run(folded, tuple(starts), tuple(ends), tuple(possessive), tuple(breaks), names, tuple(owners), telling)


_cached_run = lru_cache(maxsize=65536)(read_run)


@lru_cache(maxsize=65536)
def _is_telling(word: str) -> bool:
    return bool(word) and word not in cues().common_words and word not in PARTICLES


@lru_cache(maxsize=65536)
def _opens(word: str) -> int:
    """What begins with the folded `word`: 1 a name that is this word, 2 longer names, 4 phrases of the lexicon."""
    if not word:
        return 0
    known, lists = gazetteer(), cues()
    return known.opens(word) | (4 if word in lists.shields.by_first or word in lists.implied.by_first else 0)


def _names(words: tuple[str, ...], possessive: list[bool]) -> Iterator[Name]:
    at = 0
    while at < len(words):
        opens = _opens(words[at])
        if not opens:
            at += 1
            continue
        found = Name(at, at + 1, "place", words[at]) if opens & 1 else None
        if opens & 2:
            found = _longer_name(words, possessive, at) or found
        if opens & 4:
            found = _phrase(words, at, 0 if found is None else found.last - at) or found
        if found is not None:
            yield found
            at = found.last
        else:
            at += 1


def _phrase(words: tuple[str, ...], at: int, least: int) -> Name | None:
    """The longest phrase of the lexicons that begins at `words[at]` and has at least `least` words."""
    lists = cues()
    found = None
    match = lists.shields.match(words, at)
    if match and match[0] >= least:
        found, least = Name(at, at + match[0], "shield", match[1]), match[0]
    match = lists.implied.match(words, at)
    if match and match[0] >= least:
        found = Name(at, at + match[0], "implied", match[1])
    return found


def _longer_name(words: tuple[str, ...], possessive: list[bool], at: int) -> Name | None:
    """The longest name of the gazetteer that begins at `words[at]`."""
    known = gazetteer()
    limit = min(at + MAX_WORDS, len(words))
    if True in possessive[at : limit - 1]:
        limit = possessive.index(True, at) + 1
    length, name = _longest(known.prefixes(" ".join(words[at:limit])), words, at, limit)
    if possessive[limit - 1] and limit < len(words):
        # "Cox's Bazar": an s that is part of the name
        whole = (*words[at : limit - 1], words[limit - 1] + "s", *words[limit : at + MAX_WORDS])
        longer, with_s = _longest(known.prefixes(" ".join(whole)), whole, 0, len(whole))
        if longer > limit - at:
            length, name = longer, with_s
    return Name(at, at + length, "place", name) if length else None


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
