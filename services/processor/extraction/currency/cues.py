"""The cues of a text: phrases that say that a number is no toll, and words that tell what an article is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.processor.extraction.currency.patterns import REACH, compile_pattern
from services.processor.extraction.wordlists import read_rows

SCOPES = frozenset(("sentence", "clause", "lead", "phrase", "head", "over", "relative", "touch"))
"""How far a cue reaches; explained at the head of currency_cues.tsv."""


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


@dataclass(frozen=True, slots=True)
class _Key:
    """What a phrase of the automaton stands for."""

    groups: tuple[int, ...]
    """Numbers of the expressions of cues that have the phrase as their key."""
    topics: tuple[tuple[str, int], ...]
    prefix: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    machine: AhoCorasick
    keys: tuple[_Key, ...]
    groups: tuple[tuple[str, str, re.Pattern[str]], ...]


@cache
def _lexicon() -> _Lexicon:
    expressions: dict[tuple[str, str, str], list[str]] = {}
    for category, scope, *written in read_rows("currency_cues.tsv"):
        if scope not in SCOPES:
            raise ValueError(f"currency_cues.tsv: '{scope}' is no scope; known are {', '.join(sorted(SCOPES))}")
        for one in written:
            pattern = compile_pattern(one)
            for key in pattern.keys:
                expressions.setdefault((key, category, scope), []).append(pattern.expression)
    groups: list[tuple[str, str, re.Pattern[str]]] = []
    by_key: dict[str, list[int]] = {}
    for (key, category, scope), many in expressions.items():
        by_key.setdefault(key, []).append(len(groups))
        groups.append((category, scope, re.compile("|".join(many))))
    topics: dict[str, list[tuple[str, int]]] = {}
    for genre, weight, *phrases in read_rows("currency_genres.tsv"):
        for phrase in phrases:
            topics.setdefault(phrase, []).append((genre, int(weight)))
    phrases = [*by_key, *(phrase.rstrip("*") for phrase in topics)]
    keys = [_Key(tuple(numbers), (), prefix=True) for numbers in by_key.values()]
    keys += [_Key((), tuple(found), prefix=phrase.endswith("*")) for phrase, found in topics.items()]
    machine = AhoCorasick(phrases, matchkind=MatchKind.Standard, implementation=Implementation.DFA)
    return _Lexicon(machine, tuple(keys), tuple(groups))


@dataclass(slots=True)
class TextCues:
    """The cues of one folded text; expressions are tried only where somebody asks."""

    folded: str
    topics: list[TopicWord]
    """Words that tell the genre, in order."""
    places: list[int]
    """Where the key words of cues stand, in order."""
    groups: list[tuple[int, ...]]
    """For each key word the numbers of the expressions that it may belong to."""
    tried: dict[int, tuple[Cue, ...]] = field(default_factory=dict)

    def within(self, start: int, end: int) -> Iterator[Cue]:
        """The cues whose key word stands in `folded[start:end]`."""
        for number in range(bisect_left(self.places, start), bisect_left(self.places, end)):
            found = self.tried.get(number)
            if found is None:
                found = self.tried[number] = tuple(self._try(self.places[number], self.groups[number]))
            yield from found

    def _try(self, at: int, groups: tuple[int, ...]) -> Iterator[Cue]:
        lexicon = _lexicon()
        for group in groups:
            category, scope, regex = lexicon.groups[group]
            for match in regex.finditer(self.folded, max(0, at - REACH), at + REACH):
                if match.start() <= at < match.end():
                    yield Cue(category, scope, match.start(), match.end())
                    break


def find_cues(folded: str) -> TextCues:
    """All words of the currency lexicons in a text in lower case. Linear in its length."""
    lexicon = _lexicon()
    keys, size = lexicon.keys, len(folded)
    placed: list[tuple[int, tuple[int, ...]]] = []
    topics: list[TopicWord] = []
    for number, start, end in lexicon.machine.find_matches_as_indexes(folded, overlapping=True):
        if start and folded[start - 1].isalnum() and folded[start].isalnum():
            continue
        key = keys[number]
        if not key.prefix and end < size and folded[end].isalnum():
            continue
        if key.groups:
            placed.append((start, key.groups))
        topics.extend(TopicWord(genre, weight, number, start, end) for genre, weight in key.topics)
    placed.sort(key=lambda pair: pair[0])
    topics.sort(key=lambda topic: topic.start)
    return TextCues(folded, topics, [at for at, _ in placed], [groups for _, groups in placed])
