"""The words that can date something, from the lexicon, and the automaton that finds them."""

from __future__ import annotations

from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.processor.extraction.wordlists import read_rows

_ANCHORS = ("month", "weekday", "holiday", "fixed")


@lru_cache(maxsize=1)
def load_words() -> dict[str, dict[str, str]]:
    """Word class of times_words.tsv -> spelling -> value."""
    table: dict[str, dict[str, str]] = {}
    for word_class, value, spellings in read_rows("times_words.tsv"):
        for word in spellings.split("|"):
            table.setdefault(word_class, {})[word] = value
    return table


@lru_cache(maxsize=1)
def anchors() -> tuple[AhoCorasick, tuple[tuple[str, str], ...]]:
    """The automaton over all words around which a time is looked for, and of each of them (class, value).

    Each pattern begins with a space, so that no word is found inside another.
    """
    words = load_words()
    table = {word: (kind, value) for kind in _ANCHORS for word, value in words[kind].items()}
    return AhoCorasick(
        [f" {word}" for word in table], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
    ), tuple(table.values())
