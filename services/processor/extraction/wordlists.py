"""The lexicon files of this package as values that the readers look words up in. Loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FOLDER = files("services.processor.extraction") / "lexicon"


class WordClass:
    """What a word can be, as bits. A word may be several things; the grammar decides by its neighbours.

    Plain integers: enum.Flag makes an object for each "and", which costs half the reading time.
    """

    NUMBER = 1 << 0
    """Starts or continues a number, or a word for an uncounted number."""
    QUANTIFIER = 1 << 1
    """First word of a phrase that qualifies a number."""
    PERSON = 1 << 2
    PLURAL_PERSON = 1 << 3
    ATTACKER = 1 << 4
    NOT_PEOPLE = 1 << 5
    HARM = 1 << 6
    """First word of a word or phrase of harm.tsv."""
    TITLE = 1 << 7
    DETERMINER = 1 << 8
    POSSESSIVE = 1 << 9
    INDEFINITE = 1 << 10
    BE = 1 << 11
    HAVE = 1 << 12
    DO = 1 << 13
    MODAL = 1 << 14
    TO = 1 << 15
    AND = 1 << 16
    PREPOSITION = 1 << 17
    INCLUDING = 1 << 18
    RELATIVE = 1 << 19
    THAT = 1 << 20
    SUBORDINATE = 1 << 21
    ADVERB = 1 << 22
    NEGATION = 1 << 23
    SAY = 1 << 24
    VERB = 1 << 25
    PRONOUN = 1 << 26
    REFLEXIVE = 1 << 27
    PARTICIPLE = 1 << 28
    NOUN_STOP = 1 << 29
    WEEKDAY = 1 << 30
    MONTH = 1 << 31
    DAYPART = 1 << 32
    MARK = 1 << 33
    """Punctuation other than the comma."""
    COMMA = 1 << 34
    PAST = 1 << 35
    """Ends in -ed and is in no other list: most likely a verb."""


_W = WordClass
_REMEMBERED = 60_000
_GRAMMAR = {
    "determiner": _W.DETERMINER, "possessive": _W.POSSESSIVE, "indefinite": _W.INDEFINITE, "be": _W.BE,
    "have": _W.HAVE, "do": _W.DO, "modal": _W.MODAL, "to": _W.TO, "and": _W.AND, "preposition": _W.PREPOSITION,
    "including": _W.INCLUDING, "relative": _W.RELATIVE, "that": _W.THAT, "subordinate": _W.SUBORDINATE,
    "adverb": _W.ADVERB, "negation": _W.NEGATION, "say": _W.SAY, "verb": _W.VERB, "pronoun": _W.PRONOUN,
    "reflexive": _W.REFLEXIVE, "participle": _W.PARTICIPLE, "noun_stop": _W.NOUN_STOP, "weekday": _W.WEEKDAY,
    "month": _W.MONTH, "daypart": _W.DAYPART,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonNoun:
    """A noun for people: its class in people.tsv and whether it is plural."""

    kind: str
    plural: bool
    singular: bool


def read_rows(name: str) -> Iterator[tuple[str, ...]]:
    """The rows of a tab-separated lexicon file, without comments and empty lines."""
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))


def read_words(name: str) -> list[str]:
    """The lines of a lexicon file of one word or phrase a line."""
    return [row[0].strip() for row in read_rows(name) if row[0].strip()]


@cache
def _word_sets() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in read_rows("word_sets.tsv")}


def word_set(name: str) -> frozenset[str]:
    """The words of one row of word_sets.tsv."""
    return _word_sets()[name]


class _Memory(dict[str, int]):
    """Word -> its classes. News has a long tail of names: the memory of guesses is bounded."""

    def __init__(self, known: Mapping[str, int], guess: Callable[[str], int]) -> None:
        super().__init__(known)
        self._guess = guess

    def __missing__(self, lower: str) -> int:
        found = self._guess(lower)
        if len(self) < _REMEMBERED:
            self[lower] = found
        return found


class Grammar:
    """Word classes, person nouns and number words."""

    __slots__ = ("_classes", "_known", "persons")

    def __init__(self) -> None:
        self.persons = dict(_person_nouns())
        known: dict[str, int] = {}

        def mark(word: str, bit: int) -> None:
            known[word] = known.get(word, 0) | bit

        for name, words in read_rows("grammar.tsv"):
            for word in words.split():
                mark(word, _GRAMMAR[name])
        for word, noun in self.persons.items():
            mark(word, _W.PERSON)
            if noun.plural:
                mark(word, _W.PLURAL_PERSON)
            if noun.kind == "attacker":
                mark(word, _W.ATTACKER)
        for _, words in read_rows("not_people.tsv"):
            for word in words.split():
                mark(word, _W.NOT_PEOPLE)
        for word in read_words("titles.txt"):
            mark(word, _W.TITLE)
        for row in read_rows("number_words.tsv"):
            mark(row[1], _W.NUMBER)
        for row in read_rows("vague_numbers.tsv"):
            mark(row[0].split()[0], _W.NUMBER)
        for position, _, phrase in read_rows("quantifiers.tsv"):
            if position == "before":
                mark(phrase.split()[0], _W.QUANTIFIER)
        for row in read_rows("harm.tsv"):
            for phrase in row[2:]:
                if phrase != "-":
                    mark(phrase.split()[0], _W.HARM)
        self._known = known
        self._classes = _Memory(known, self._guess)

    def classes_of(self, lower: Iterable[str]) -> list[int]:
        """For each word, in lower case, the bits of WordClass that hold for it."""
        return list(map(self._classes.__getitem__, lower))

    def _guess(self, lower: str) -> int:
        first = lower[0]
        if first.isdigit():
            return _W.NUMBER if lower.replace(",", "").replace(".", "").isdigit() else 0
        if not first.isalnum():
            return _W.COMMA if lower == "," else _W.MARK
        if lower.endswith(("-in-law", "-in-laws")):
            return _W.PERSON if lower.endswith("w") else (_W.PERSON | _W.PLURAL_PERSON)
        if "-" in lower:
            head = lower.rsplit("-", 1)[1]
            if lower.split("-", 1)[0] in self._known and all(
                self._known.get(part, 0) & _W.NUMBER for part in lower.split("-")
            ):
                return _W.NUMBER
            if head in self.persons and len(head) > 3:
                return self._known[head] & (_W.PERSON | _W.PLURAL_PERSON | _W.ATTACKER)
            if head.endswith("ed"):
                return _W.PARTICIPLE
            return 0
        if lower.endswith("ed") and len(lower) > 4:
            return _W.PAST
        if lower.endswith("ly") and len(lower) > 4:
            return _W.ADVERB
        return 0

    def person(self, lower: str) -> PersonNoun | None:
        """The person noun that `lower` is, or ends in after a hyphen ("ex-soldier")."""
        found = self.persons.get(lower)
        if lower.endswith(("-in-law", "-in-laws")):
            return PersonNoun("relative", lower.endswith("s"), lower.endswith("w"))
        if found is None and "-" in lower:
            found = self.persons.get(lower.rsplit("-", 1)[1])
        return found


def _person_nouns() -> Iterator[tuple[str, PersonNoun]]:
    nouns: dict[str, PersonNoun] = {}

    def put(word: str, kind: str, plural: bool, singular: bool) -> None:
        held = nouns.get(word)
        if held is None:
            nouns[word] = PersonNoun(kind, plural, singular)

    for kind, words in read_rows("people.tsv"):
        for entry in words.split():
            one, _, many = entry.partition("/")
            if not many:
                many = one[:-1] + "ies" if one.endswith("y") and one[-2] not in "aeiou" else one + "s"
                if one.endswith(("ch", "sh", "ss", "x")):
                    many = one + "es"
            if many == "=":
                put(one, kind, True, True)
                continue
            if one != "-":
                put(one, kind, False, True)
            if many != "-":
                put(many, kind, True, False)
    yield from nouns.items()


@cache
def grammar() -> Grammar:
    """The one Grammar, made at its first use."""
    return Grammar()
