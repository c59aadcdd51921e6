"""The cues of a text: phrases that say that a number is no toll, and words that tell what an article is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.processor.extraction.currency.patterns import REACH, Pattern, compile_pattern
from services.processor.extraction.wordlists import read_rows

SCOPES = frozenset(("sentence", "clause", "lead", "phrase", "head", "over", "relative", "touch"))
"""How far a cue reaches; explained at the head of currency_cues.tsv."""
_WORD = re.compile(r"\w+")


class Cue(NamedTuple):
    """A cue at `view[start:end]`."""

    category: str
    scope: str
    start: int
    end: int


class TopicWord(NamedTuple):
    """A word of currency_genres.tsv that ends at `end`."""

    genre: str
    weight: int
    phrase: int
    """Its number in the lexicon: the same word said again has the same."""
    start: int
    end: int


class _Group(NamedTuple):
    """The cues of one category and scope that have the same key word."""

    category: str
    scope: str
    regex: re.Pattern[str]
    beside: frozenset[str] | None
    """Words of which one must stand near for any of the cues to match; None where a cue has no other word."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """The words by which a text is searched for cues."""

    machine: AhoCorasick
    groups: tuple[tuple[int, ...], ...]
    """For each key the numbers of its groups."""
    all_groups: tuple[_Group, ...]
    longest: int


@dataclass(frozen=True, slots=True)
class _Topics:
    """The words that tell what an article is about."""

    machine: AhoCorasick
    genres: tuple[tuple[tuple[str, int], ...], ...]
    """For each word the genres that it speaks for, with its weight there."""
    prefix: tuple[bool, ...]


@cache
def _keys() -> _Keys:
    written: dict[tuple[str, str, str], list[Pattern]] = {}
    for category, scope, *cues in read_rows("currency_cues.tsv"):
        if scope not in SCOPES:
            raise ValueError(f"currency_cues.tsv: '{scope}' is no scope; known are {', '.join(sorted(SCOPES))}")
        for pattern in map(compile_pattern, cues):
            for key in pattern.keys:
                written.setdefault((key, category, scope), []).append(pattern)
    groups: list[_Group] = []
    by_key: dict[str, list[int]] = {}
    for (key, category, scope), many in written.items():
        by_key.setdefault(key, []).append(len(groups))
        regex = re.compile("|".join(pattern.expression for pattern in many))
        alone = any(pattern.beside is None for pattern in many)
        beside = None if alone else frozenset(word for pattern in many for word in pattern.beside or ())
        groups.append(_Group(category, scope, regex, beside))
    machine = AhoCorasick(list(by_key), matchkind=MatchKind.Standard, implementation=Implementation.DFA)
    return _Keys(machine, tuple(map(tuple, by_key.values())), tuple(groups), max(map(len, by_key)))


@cache
def _topics() -> _Topics:
    topics: dict[str, list[tuple[str, int]]] = {}
    for genre, weight, *phrases in read_rows("currency_genres.tsv"):
        for phrase in phrases:
            topics.setdefault(phrase, []).append((genre, int(weight)))
    phrases = [phrase.rstrip("*") for phrase in topics]
    machine = AhoCorasick(phrases, matchkind=MatchKind.Standard, implementation=Implementation.DFA)
    return _Topics(machine, tuple(map(tuple, topics.values())), tuple(phrase.endswith("*") for phrase in topics))


@dataclass(slots=True)
class TextCues:
    """The cues of one folded text; looked for only where somebody asks."""

    folded: str
    topics: list[TopicWord]
    """Words that tell the genre, in order."""
    tried: dict[tuple[int, int], tuple[Cue, ...]] = field(default_factory=dict)
    """By the place and the number of a key word, the cues found around it."""

    def within(self, start: int, end: int) -> Iterator[Cue]:
        """The cues whose key word stands in `folded[start:end]`."""
        keys, folded = _keys(), self.folded
        placed: list[tuple[int, int]] = []
        piece = folded[start : end + keys.longest]
        for number, first, _ in keys.machine.find_matches_as_indexes(piece, overlapping=True):
            at = start + first
            if at < end and not _inside_word(folded, at):
                placed.append((at, number))
        placed.sort(key=_place)
        for place in placed:
            found = self.tried.get(place)
            if found is None:
                found = self.tried[place] = tuple(self._try(*place))
            yield from found

    def _try(self, at: int, number: int) -> Iterator[Cue]:
        keys, start, stop = _keys(), max(0, at - REACH), at + REACH
        near = frozenset(_WORD.findall(self.folded, start, stop))
        for group in keys.groups[number]:
            category, scope, regex, beside = keys.all_groups[group]
            if beside is not None and beside.isdisjoint(near):
                continue
            for match in regex.finditer(self.folded, start, stop):
                if match.start() <= at < match.end():
                    yield Cue(category, scope, match.start(), match.end())
                    break


def _place(placed: tuple[int, int]) -> int:
    return placed[0]


def _inside_word(folded: str, at: int) -> bool:
    """Whether what begins at a place is the rest of a word."""
    return at > 0 and folded[at - 1].isalnum() and folded[at].isalnum()


def find_cues(folded: str) -> TextCues:
    """A text in lower case with the words that tell what it is about, to be asked for cues. Linear in its length."""
    lexicon = _topics()
    size = len(folded)
    topics: list[TopicWord] = []
    for number, start, end in lexicon.machine.find_matches_as_indexes(folded, overlapping=True):
        if _inside_word(folded, start) or (not lexicon.prefix[number] and end < size and folded[end].isalnum()):
            continue
        topics.extend(TopicWord(genre, weight, number, start, end) for genre, weight in lexicon.genres[number])
    topics.sort(key=lambda topic: topic.start)
    return TextCues(folded, topics)
