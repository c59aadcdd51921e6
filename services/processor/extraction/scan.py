"""One automaton over a whole text: finds every phrase of the lexicons that decide which sentences are read at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from schemas import ClaimKind
from services.processor.extraction.claims.all_aboard import none_survived, some_survived
from services.processor.extraction.claims.predicates import Tells, harm_words, tells
from services.processor.extraction.events.lexicon import ALONE, triggers
from services.processor.extraction.events.realis import is_infinitive
from services.processor.extraction.revises import taking_back
from services.processor.extraction.wordlists import read_rows

_OVERLAPPING = 3
"""Phrases of other_senses.tsv that may hold one word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One lexicon phrase: the lexicon it is from, and what it stands for there."""

    table: str
    value: str
    weight: int = 1
    prefix: bool = False
    """Any ending of the word counts."""
    tells: Tells = "always"
    """Of a word for harm or for an event, whether a sentence with no other can tell of it."""


class Hit(NamedTuple):
    """A phrase found at `view[start:end]`."""

    entry: Entry
    start: int
    end: int


def _entries() -> dict[str, list[Entry]]:
    table: dict[str, list[Entry]] = {}

    def put(phrase: str, name: str, value: str, weight: int = 1, told: Tells = "always") -> None:
        prefix = phrase.endswith("*")
        table.setdefault(phrase.rstrip("*"), []).append(Entry(name, value, weight, prefix, told))

    for words, harms in harm_words().items():
        put(" ".join(words), "harm", harms[0].kind.value, told=tells(harms))
    for kind, weight, *phrases in read_rows("types.tsv"):
        for phrase in phrases:
            put(phrase, "type", kind, int(weight))
    for words, found in triggers().items():
        put(" ".join(words), "trigger", found[0].kind.value, told="to" if is_infinitive(found) else "always")
        if any(one.strength in ALONE for one in found):
            put(" ".join(words), "event", found[0].kind.value)
    for kind, *phrases in read_rows("separation.tsv"):
        for phrase in phrases:
            put(phrase, "separation", kind)
    for name, file in (("target", "targets.tsv"), ("weapon", "weapons.tsv")):
        for kind, *phrases in read_rows(file):
            for phrase in phrases:
                put(phrase, name, kind)
    for phrase in (*none_survived(), *some_survived()):
        put(phrase, "harm", ClaimKind.KILLED.value)
    put("survived", "harm", ClaimKind.KILLED.value, told="survivors")
    for kind, *phrases in read_rows("other_senses.tsv"):
        for phrase in phrases:
            put(phrase, "other sense", kind)
    for phrase in taking_back():
        put(phrase, "notice", "taken back")
    return table


@cache
def _automaton() -> tuple[AhoCorasick, list[list[Entry]]]:
    table = _entries()
    phrases = list(table)
    # As everywhere in reading the compact kind: a DFA is faster alone, and slower where seven of them share the cache.
    machine = AhoCorasick(phrases, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)
    return machine, [table[phrase] for phrase in phrases]


def scan(folded: str) -> list[Hit]:
    """All lexicon phrases in a folded text that begin and end at word boundaries, in order of their ends."""
    machine, entries = _automaton()
    hits: list[Hit] = []
    senses: list[Hit] = []
    size = len(folded)
    for index, start, end in machine.find_matches_as_indexes(folded, overlapping=True):
        # Digits may touch: tables lose their blanks ("45 dead16,000 families").
        if start and folded[start - 1].isalpha() and folded[start].isalpha():
            continue
        inside = end < size and folded[end].isalpha()
        for entry in entries[index]:
            if inside and not entry.prefix:
                continue
            if entry.table == "other sense":
                senses.append(Hit(entry, start, end))
            else:
                hits.append(Hit(entry, start, end))
    return [hit for hit in hits if not _in_another_sense(hit, senses)] if senses else hits


def _in_another_sense(hit: Hit, senses: Sequence[Hit]) -> bool:
    """Whether a word that tells a type stands within a longer phrase in which it means something else."""
    if hit.entry.table != "type":
        return False
    at = bisect_left(senses, hit.end, key=_end)
    return any(
        sense.entry.value == hit.entry.value
        and sense.start <= hit.start
        and hit.end - hit.start < sense.end - sense.start
        for sense in senses[at : at + _OVERLAPPING]
    )


def _end(hit: Hit) -> int:
    return hit.end
