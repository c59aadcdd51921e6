"""The cues of a text: phrases that say that a number is no toll, and words that tell what an article is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
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
    groups: tuple[tuple[_Group, ...], ...]
    """For each key its groups."""
    beside: tuple[frozenset[str] | None, ...]
    """For each key the words of which one must stand near; None where a cue has no other word."""
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
    by_key: dict[str, list[_Group]] = {}
    for (key, category, scope), many in written.items():
        regex = re.compile("|".join(pattern.expression for pattern in many))
        alone = any(pattern.beside is None for pattern in many)
        beside = None if alone else frozenset(word for pattern in many for word in pattern.beside or ())
        by_key.setdefault(key, []).append(_Group(category, scope, regex, beside))
    machine = AhoCorasick(list(by_key), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)
    besides = tuple(_any_of(group.beside for group in groups) for groups in by_key.values())
    return _Keys(machine, tuple(map(tuple, by_key.values())), besides, max(map(len, by_key)))


def _any_of(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """The words of all sets; None where one of them asks for no word."""
    found: set[str] = set()
    for words in sets:
        if words is None:
            return None
        found |= words
    return frozenset(found)


@cache
def _topics() -> _Topics:
    topics: dict[str, list[tuple[str, int]]] = {}
    for genre, weight, *phrases in read_rows("currency_genres.tsv"):
        for phrase in phrases:
            topics.setdefault(phrase, []).append((genre, int(weight)))
    phrases = [phrase.rstrip("*") for phrase in topics]
    machine = AhoCorasick(phrases, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)
    return _Topics(machine, tuple(map(tuple, topics.values())), tuple(phrase.endswith("*") for phrase in topics))


class _Stretch:
    """A stretch of a text, mostly a sentence, with the places of its key words; cues are tried where somebody asks.

    A key word without any of the words that its cues need beside it is none: of most sentences no key word is left.
    """

    __slots__ = ("_first", "_folded", "_tried", "_words", "places")

    def __init__(self, folded: str, start: int, end: int) -> None:
        keys = _keys()
        self._folded = folded
        self._first = start
        """A cue that began before would hide the one of this sentence: "since 2017. Since the war began"."""
        self._words = frozenset(_WORD.findall(folded, start, end))
        self._tried: dict[tuple[int, int], tuple[Cue, ...]] = {}
        self.places: list[tuple[int, int]] = []
        """Where each key word begins, with its number; in order."""
        for number, first, _ in keys.machine.find_matches_as_indexes(
            folded[start : end + keys.longest], overlapping=True
        ):
            at, beside = start + first, keys.beside[number]
            if at < end and (beside is None or not beside.isdisjoint(self._words)) and not _inside_word(folded, at):
                self.places.append((at, number))
        self.places.sort(key=itemgetter(0))

    def around(self, place: tuple[int, int]) -> tuple[Cue, ...]:
        """The cues that one of `places` is the key word of."""
        found = self._tried.get(place)
        if found is None:
            found = self._tried[place] = tuple(self._try(*place))
        return found

    def _try(self, at: int, number: int) -> Iterator[Cue]:
        for category, scope, regex, beside in _keys().groups[number]:
            if beside is not None and beside.isdisjoint(self._words):
                continue
            for match in regex.finditer(self._folded, max(self._first, at - REACH), at + REACH):
                if match.start() <= at < match.end():
                    if category == "idiom" and scope == "touch" and "," in match[0]:
                        # "12 dead, last missing man found" is no dead last.
                        continue
                    yield Cue(category, scope, match.start(), match.end())
                    break


@dataclass(slots=True)
class TextCues:
    """The cues of a text in lower case and the words that tell what it is about; looked for where somebody asks."""

    folded: str
    _words: list[TopicWord] | None = None
    _stretches: dict[tuple[int, int], _Stretch] = field(default_factory=dict)

    @property
    def topics(self) -> list[TopicWord]:
        """Words that tell the genre, in order."""
        if self._words is None:
            self._words = _find_topics(self.folded)
        return self._words

    def within(self, start: int, end: int, sentence: tuple[int, int]) -> Iterator[Cue]:
        """The cues of a sentence, given by its offsets, whose key word stands in `folded[start:end]`.

        A cue that reaches out of the sentence may be left out.
        """
        stretch = self._stretches.get(sentence)
        if stretch is None:
            stretch = self._stretches[sentence] = _Stretch(self.folded, *sentence)
        for place in stretch.places:
            if start <= place[0] < end:
                yield from stretch.around(place)


def _inside_word(folded: str, at: int) -> bool:
    """Whether what begins at a place is the rest of a word."""
    return at > 0 and folded[at - 1].isalnum() and folded[at].isalnum()


def _find_topics(folded: str) -> list[TopicWord]:
    lexicon = _topics()
    size = len(folded)
    topics: list[TopicWord] = []
    for number, start, end in lexicon.machine.find_matches_as_indexes(folded, overlapping=True):
        if _inside_word(folded, start) or (not lexicon.prefix[number] and end < size and folded[end].isalnum()):
            continue
        topics.extend(TopicWord(genre, weight, number, start, end) for genre, weight in lexicon.genres[number])
    topics.sort(key=lambda topic: topic.start)
    return topics
