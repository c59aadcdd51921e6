"""The sentences of an article that may take back or correct what was reported, with their words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from schemas import Article, ArticleField
from services.processor.extraction.text import ReadField, Sentence, Tokens, fold, readable, split_sentences, tokenise
from services.processor.extraction.wordlists import read_rows

READ_CHARACTERS = 20_000
"""Of each field: who takes something back says so early."""

FIELDS: tuple[ArticleField, ...] = ("title", "highlights", "body")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, with its words between single spaces."""

    field: ArticleField
    start: int
    end: int
    tokens: Tokens
    words: str

    def says(self, name: str) -> bool:
        """Whether a phrase of that set of revises.tsv stands in it."""
        return any(map(self.words.__contains__, phrases_of(name)))

    def words_of(self, name: str) -> list[int]:
        """Indexes of the words of that set."""
        wanted, lower = words_in(name), self.tokens.lower
        return [] if wanted.isdisjoint(lower) else [at for at, word in enumerate(lower) if word in wanted]


def passages_of(article: Article, read: Mapping[ArticleField, ReadField]) -> Iterator[Passage]:
    """The sentences of `article` with a word without which none takes back or corrects anything.

    `read` are its fields as far as the caller has read them.
    """
    views: dict[ArticleField, tuple[str, Sequence[Sentence], Mapping[int, Tokens]]] = {}
    spots: dict[ArticleField, dict[str, list[int]]] = {}
    for field in FIELDS:
        view, sentences, known = read.get(field, ReadField(None, (), {}))
        if view is None or len(view) > READ_CHARACTERS:
            view, sentences, known = readable(article.text_of(field)[:READ_CHARACTERS]), (), {}
        views[field], spots[field] = (view, sentences, known), _spots(fold(view).replace("\n", " "))
    # "Fabricated news condemned" over "No such attack took place": the title may say it, and the text what.
    led = any("lead" in found for found in spots.values())
    for field, (view, sentences, known) in views.items():
        found = spots[field]
        counted = found.get("toll", []) if "lowering" in found else []
        starts = sorted(found.get("lead", []) + counted + (found.get("happened", []) if led else []))
        if not starts:
            continue
        for sentence in sentences or split_sentences(view):
            at = bisect_left(starts, sentence.start)
            if field != "title" and (at == len(starts) or starts[at] >= sentence.end):
                continue
            tokens = known.get(sentence.start) or tokenise(view, sentence.start, sentence.end)
            yield Passage(field, sentence.start, sentence.end, tokens, f" {' '.join(tokens.lower)} ")


def _spots(folded: str) -> dict[str, list[int]]:
    """Where a text has words that sentences take back or correct with, by what they are for."""
    automaton, kinds = _automaton()
    found: dict[str, list[int]] = {}
    for index, start, _ in automaton.find_matches_as_indexes(folded, overlapping=True):
        found.setdefault(kinds[index], []).append(start)
    return found


@cache
def _automaton() -> tuple[AhoCorasick, tuple[str, ...]]:
    """All words that `_spots` looks for, and of each what it is for."""
    kinds: dict[str, str] = dict.fromkeys(
        (
            "early on",
            "from",
            "not",
            "than",
            "more",
            "other",
            "further",
            " by ",
            " had ",
            " out of ",
            "alleged",
            "suspected",
        ),
        "lowering",
    )
    kinds |= dict.fromkeys((*phrase_sets()["earlier_figure"], *phrase_sets()["wrong"]), "lowering")
    kinds |= dict.fromkeys(
        (
            *phrase_sets()["lowers"],
            *phrase_sets()["lowers_with"],
            *phrase_sets()["brings"],
            *phrase_sets()["faults"],
            *phrase_sets()["accepts"],
            "that leaves",
            *phrase_sets()["settles"],
        ),
        "lowering",
    )
    kinds |= dict.fromkeys(
        (*phrase_sets()["event"], *phrase_sets()["nobody"], *phrase_sets()["own_report"]), "happened"
    )
    kinds |= dict.fromkeys(
        ("figure of", "toll of", "who had ", "which had ", "fatality", " victim ", *phrase_sets()["toll"]), "toll"
    )
    kinds |= dict.fromkeys(
        (f"{row} {one} " for row in ("st", "nd", "rd", "th") for one in ("person", "victim", "fatality", "death")),
        "lowering",
    )
    kinds |= dict.fromkeys(
        (
            *phrase_sets()["notice"],
            *phrase_sets()["untrue"],
            *phrase_sets()["twice"],
            *phrase_sets()["correction"],
            *phrase_sets()["included"],
            *phrase_sets()["as_dead"],
            *phrase_sets()["all_live"],
        ),
        "lead",
    )
    return AhoCorasick(list(kinds), implementation=Implementation.ContiguousNFA), tuple(kinds.values())


@cache
def phrase_sets() -> dict[str, tuple[str, ...]]:
    """Name of a set of revises.tsv -> its words and phrases."""
    return {row[0]: row[1:] for row in read_rows("revises.tsv")}


@cache
def phrases_of(name: str) -> tuple[str, ...]:
    """The phrases of a set between blanks, as they stand in `Passage.words`."""
    return tuple(f" {phrase} " for phrase in phrase_sets()[name])


@cache
def words_in(name: str) -> frozenset[str]:
    """The words of a set."""
    return frozenset(phrase_sets()[name])
