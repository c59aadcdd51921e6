"""People in a sentence, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.vocabulary import Modifier
from services.processor.extraction.numbers import Quantity


class Form(StrEnum):
    """How the people are spoken of."""

    COUNT = "count"
    """With a number: "60 soldiers", "dozens"."""
    SINGULAR = "singular"
    """One person brought in: "a soldier", "his wife"."""
    DEFINITE = "definite"
    """One or more already known: "the soldier", "the victims"."""
    BARE = "bare"
    """Plural without a number: "soldiers", "others"."""
    NAME = "name"
    PRONOUN = "pronoun"
    NONE = "none"
    """Nobody: "no one", "no soldiers"."""


@dataclass(slots=True)
class People:
    """People at `words[start:end]` of a sentence; the numbers are null where the words give none."""

    start: int
    end: int
    form: Form
    head: str
    """The noun, in lower case; empty where there is only a number."""
    kind: str
    """Class of the noun in people.tsv; `unknown` where it is not in there, `name` for a proper name."""
    low: int | None = None
    best: int | None = None
    high: int | None = None
    modifier: Modifier = Modifier.VAGUE
    more: bool = False
    total: bool = False
    part: bool = False
    """Counted in another number of the sentence: "two of them", "including three children"."""
    number: int = -1
    """Index of the first word of the number itself, where there is one."""
    out_of: Quantity | None = None
    """How many they all are: the 13 of "one of 13 people"."""
    nth: int = 0
    """Which of those told of this one is: 5 for "a fifth victim"; 0 where that is not said."""
    hurt: bool = False
    """Some of those known to be hurt: "three of the wounded". Where they die they are further dead."""

    @property
    def counted(self) -> bool:
        """Whether the words give a number."""
        return self.best is not None


def pronoun(at: int, word: str) -> People:
    """Whom the pronoun `word`, at `at` of a sentence, stands for: one person, or several that it does not count."""
    one = word not in ("they", "them", "themselves")
    people = People(at, at + 1, Form.PRONOUN, word, "person")
    if one:
        people.low = people.best = people.high = 1
        people.modifier = Modifier.EXACT
    return people
