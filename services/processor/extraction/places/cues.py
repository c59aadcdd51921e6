"""The word lists of the lexicon, each read once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.model import Kind

_GENITIVE = re.compile(r"['’]s(?=\s|\Z)")
LEXICON = "services.processor.extraction.lexicon"


def read_lines(name: str) -> Iterator[str]:
    """The lines of the lexicon file `name` without comments and empty lines."""
    text = (resources.files(LEXICON) / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def read_rows(name: str) -> Iterator[list[str]]:
    """The fields of each line of a tab-separated lexicon file, its heading left out."""
    rows = (line.split("\t") for line in read_lines(name))
    next(rows)
    return rows


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of folded words, found by their first word."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    """First word to (words, value) of each phrase, longest phrase first."""

    def match(self, words: tuple[str, ...], start: int) -> tuple[int, str] | None:
        """Number of words and value of the longest phrase that begins at `words[start]`; None for none."""
        for phrase, value in self.by_first.get(words[start], ()):
            if len(phrase) == 1 or words[start : start + len(phrase)] == phrase:
                return len(phrase), value
        return None


def phrases(entries: dict[str, str]) -> Phrases:
    """The phrases of `entries`, which gives a value for each folded phrase."""
    grouped: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for phrase, value in entries.items():
        words = tuple(phrase.split())
        grouped[words[0]].append((words, value))
    return Phrases({first: tuple(sorted(found, key=lambda f: (-len(f[0]), f[0]))) for first, found in grouped.items()})


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that tell what a place's name does in a sentence. The lexicon's places_cues.tsv says what each class is."""

    types: dict[str, Kind]
    type_openings: frozenset[str]
    """The first words of `types`."""
    locatives: frozenset[str]
    modifiers: frozenset[str]
    events: frozenset[str]
    titles: frozenset[str]
    organisations: frozenset[str]
    bodies_of: frozenset[str]
    speech: frozenset[str]
    acronyms: frozenset[str]
    never: frozenset[str]
    facilities: frozenset[str]
    type_countries: dict[str, str]
    """Words for a kind of place that one country alone uses, with its code."""
    primary: dict[str, str]
    """Names that English news gives to one town without more, with the country of that town."""
    expatriates: frozenset[str]
    state_nouns: frozenset[str]
    abroad: frozenset[str]
    """Codes, in small letters, of countries whose air forces strike abroad."""
    strikes: frozenset[str]
    """Words that make such a people's name before them say who struck, and not where: "a Russian airstrike"."""
    reporting: frozenset[str]
    measures: frozenset[str]
    nearness: frozenset[str]
    directions: frozenset[str]
    common_words: frozenset[str]
    given_names: frozenset[str]
    surnames: frozenset[str]
    conflict: frozenset[str]
    """Codes of countries where violence is more often told of than their people are many."""
    shields: Phrases
    implied: Phrases
    """Phrases that belong to one country, with its code."""
    abbreviations: dict[str, tuple[tuple[str, str], ...]]
    """As written after a comma: country code and folded name of the divisions that it can be."""


def _without_genitive(phrase: str) -> str:
    """A phrase as its words are read in a text, where 's is no part of a word: "people's army"."""
    return _GENITIVE.sub("", phrase)


@cache
def cues() -> Cues:
    """The cues that come with the package."""
    classes: dict[str, dict[str, str]] = defaultdict(dict)
    for group, word, value in read_rows("places_cues.tsv"):
        # A word is listed under the first thing that it can be: "port" before "harbour" is a settlement.
        key = word if group in ("type", "type_country", "modifier") else fold(_without_genitive(word))
        classes[group].setdefault(key, value)
    implied: dict[str, str] = {}
    for country, words in read_rows("places_implied.tsv"):
        implied[fold(_without_genitive(words))] = country
    abbreviations: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for country, division, short in read_rows("places_abbreviations.tsv"):
        for form in short.split("|"):
            abbreviations[form].append((country, fold(division)))
    types: dict[str, Kind] = {}
    for word, value in classes["type"].items():
        types[word] = value  # type: ignore[assignment]
    return Cues(
        types=types,
        type_openings=frozenset(word.split()[0] for word in types),
        locatives=frozenset(classes["locative"]),
        modifiers=frozenset(classes["modifier"]),
        events=frozenset(classes["event"]),
        titles=frozenset(classes["title"]),
        organisations=frozenset(classes["organisation"]),
        bodies_of=frozenset(classes["body_of"]),
        speech=frozenset(classes["speech"]),
        acronyms=frozenset(classes["acronym"]),
        never=frozenset(classes["never"]),
        facilities=frozenset(classes["facility"]),
        type_countries=classes["type_country"],
        primary=classes["primary"],
        expatriates=frozenset(classes["expatriate"]),
        state_nouns=frozenset(classes["state_noun"]),
        abroad=frozenset(classes["abroad"]),
        strikes=frozenset(classes["strike"]),
        reporting=frozenset(classes["reporting"]),
        measures=frozenset(classes["measure"]),
        nearness=frozenset(classes["nearness"]),
        directions=frozenset(classes["direction"]),
        common_words=frozenset(read_lines("places_common_words.txt")),
        given_names=frozenset(read_lines("places_given_names.txt")),
        surnames=frozenset(read_lines("places_surnames.txt")),
        conflict=frozenset(country for country, _ in read_rows("places_conflict.tsv")),
        shields=phrases(classes["shield"]),
        implied=phrases(implied),
        abbreviations={short: tuple(found) for short, found in abbreviations.items()},
    )
