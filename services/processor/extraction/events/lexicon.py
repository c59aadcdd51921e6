"""The words by which a text tells of an incident (lexicon/events_triggers.tsv, lexicon/events_words.tsv)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from schemas import IncidentType
from services.processor.extraction.wordlists import read_rows, read_words

ALONE = ("violent", "hostile")
"""Strengths of words for which a sentence is read though nothing else in it speaks of harm."""
FORMS = ("base", "third", "past", "participle", "ing")
_LONGEST_PHRASE = 3
"""Words of a phrase of events_words.tsv."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One word or phrase of events_triggers.tsv in one of its forms."""

    strength: str
    """violent, hostile or harm: how much must stand beside it for it to be an incident."""
    kind: IncidentType
    form: str
    """base, third, past, participle, past+participle, ing; noun, nouns (plural); fixed."""
    lemma: str

    @property
    def noun(self) -> bool:
        """Whether it is a noun."""
        return self.form in ("noun", "nouns")


@cache
def triggers() -> dict[tuple[str, ...], tuple[Trigger, ...]]:
    """Every form of every trigger, as a tuple of words in lower case."""
    table: dict[tuple[str, ...], list[Trigger]] = {}
    for what, strength, kind, *words in read_rows("events_triggers.tsv"):
        for word, form in _forms(what, words):
            held = table.setdefault(tuple(word.split()), [])
            if all(one.form != form for one in held):
                held.append(Trigger(strength, IncidentType(kind), form, words[0]))
    return {words: tuple(found) for words, found in table.items()}


def _forms(what: str, words: list[str]) -> list[tuple[str, str]]:
    if what == "fixed":
        return [(word, "fixed") for word in words]
    if what == "noun":
        return [(word, form) for word, form in zip(words, ("noun", "nouns"), strict=True) if word != "-"]
    forms: dict[str, str] = {}
    for word, form in zip(words, FORMS, strict=True):
        forms[word] = f"{forms[word]}+{form}" if word in forms else form
    return list(forms.items())


@cache
def triggers_from() -> dict[str, tuple[tuple[int, tuple[str, ...], tuple[Trigger, ...]], ...]]:
    """First word -> the triggers that begin with it, the longest first, each with its length and words."""
    table: dict[str, list[tuple[int, tuple[str, ...], tuple[Trigger, ...]]]] = {}
    for phrase, found in triggers().items():
        table.setdefault(phrase[0], []).append((len(phrase), phrase, found))
    return {word: tuple(sorted(many, key=lambda one: -one[0])) for word, many in table.items()}


@cache
def names_of_events() -> dict[str, Trigger]:
    """Nouns of events_taken_up.tsv, by which news speaks of an event as known."""
    rows = read_rows("events_taken_up.tsv")
    return {noun: Trigger("event", IncidentType(kind), "noun", noun) for kind, *nouns in rows for noun in nouns}


@cache
def _sets() -> dict[str, frozenset[tuple[str, ...]]]:
    return {name: frozenset(tuple(p.split()) for p in phrases) for name, *phrases in read_rows("events_words.tsv")}


@cache
def phrases(name: str) -> frozenset[tuple[str, ...]]:
    """The phrases of one row of events_words.tsv, as tuples of words."""
    return _sets()[name]


@cache
def words(name: str) -> frozenset[str]:
    """The single words of one row of events_words.tsv."""
    return frozenset(phrase[0] for phrase in _sets()[name] if len(phrase) == 1)


@cache
def _by_first_word(name: str) -> dict[str, tuple[tuple[int, list[str]], ...]]:
    """First word -> the phrases of that row that begin with it, each with its length."""
    found: dict[str, list[tuple[int, list[str]]]] = {}
    for phrase in phrases(name):
        if len(phrase) <= _LONGEST_PHRASE:
            found.setdefault(phrase[0], []).append((len(phrase), list(phrase)))
    return {first: tuple(many) for first, many in found.items()}


@cache
def last_words(name: str) -> frozenset[str]:
    """The words with which the phrases of that row end."""
    return frozenset(phrase[-1] for phrase in phrases(name))


def ends_with(name: str, lower: list[str], end: int) -> bool:
    """Whether a phrase of that row ends right before word `end`."""
    if end < 1 or lower[end - 1] not in last_words(name):
        return False
    return any(tuple(lower[max(0, end - n) : end]) in phrases(name) for n in (1, 2, 3))


def begins_within(name: str, lower: list[str], start: int, end: int) -> bool:
    """Whether a phrase of that row begins at one of the words from `start` to before `end`."""
    table = _by_first_word(name)
    near = lower[start:end]
    if table.keys().isdisjoint(near):
        return False
    for at, word in enumerate(near, start):
        for length, phrase in table.get(word, ()):
            if lower[at : at + length] == phrase:
                return True
    return False


def everyday(word: str) -> bool:
    """Whether `word` is an English word rather than only a name."""
    return word in _everyday()


@cache
def _everyday() -> frozenset[str]:
    return frozenset(read_words("places_common_words.txt")) | frozenset(read_words("wording_everyday.txt"))
