"""One text being searched for actors: what all finders of mentions ask of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from services.processor.extraction.actors.lexicon import Actor, Nation, country_words, load_nations, load_words

WORD = re.compile(r"[^\s,;:!?]+")
_DASH = re.compile(r"\s[-–—]{1,2}\s")
REACH = 100
"""Characters to the left of a head that can belong to its noun phrase."""
_NATION_REACH = 40
_SAMPLE = 2000
"""Characters that show whether a text is written in capitals only."""


@cache
def _last_words() -> frozenset[str]:
    """The words with which the names of countries and peoples end."""
    return frozenset(name.rsplit(" ", 1)[-1] for name in load_nations())


class Found(NamedTuple):
    """A match before its noun phrase is put together."""

    start: int
    end: int
    kind: str
    """As in `ActorMention`."""
    actor: Actor | None = None
    head: str = ""
    nation_only: bool = False
    """It is the word for a country, which stands for its forces: the "Israeli" of "an Israeli air strike"."""


@dataclass(frozen=True, slots=True)
class NationSpan:
    """A country named at `[start, end)`."""

    nation: Nation
    start: int
    end: int


class Source:
    """A text, its plain view, and whether its capital letters mean anything."""

    __slots__ = ("_countries", "capitals", "nations", "text", "view", "words")

    def __init__(self, text: str, view: str) -> None:
        """`view` is the `ascii_view` of `text`."""
        self.text = text
        self.view = view
        self.capitals = not any(map(str.islower, text[:_SAMPLE]))
        self.words = load_words()
        self.nations = load_nations()
        self._countries: dict[str, bool] = {}

    def names_country(self, code: str) -> bool:
        """Whether the text names a country, or its people, anywhere. Looked up once a country."""
        named = self._countries.get(code)
        if named is None:
            named = any(f" {word}" in self.view for word in country_words(code))
            self._countries[code] = named
        return named

    def words_before(self, start: int) -> list[re.Match[str]]:
        """The words that can belong to a noun phrase whose head begins at `start`, from left to right."""
        return list(WORD.finditer(self.view, max(0, start - REACH), start))

    def is_gap(self, start: int, end: int) -> bool:
        """Whether only blanks stand in `[start, end)`; the dash of a dateline, "BAMAKO - Gunmen", is none."""
        return not self.view[start:end].strip() and (end - start < 3 or _DASH.search(self.text, start, end) is None)

    def begins_sentence(self, at: int) -> bool:
        """Whether the word at a place has its capital letter from its place."""
        return self.text[max(0, at - 3) : at].rstrip(" \"'“‘([")[-1:] in ("", ".", "!", "?", "\n")

    def nation_before(self, start: int) -> NationSpan | None:
        """The country or demonym directly before `start`: "Malian", "Mali's", "South Sudanese"."""
        floor = max(0, start - _NATION_REACH)
        piece = self.view[floor:start].rsplit(maxsplit=1)
        last = WORD.findall(piece[-1]) if piece else []
        if not last or last[-1].removesuffix("'s").removesuffix("'") not in _last_words():
            return None
        words = list(WORD.finditer(self.view, floor, start))
        if not words or not self.is_gap(words[-1].end(), start):
            return None
        for count in (3, 2, 1):
            if len(words) < count:
                continue
            phrase = " ".join(word[0] for word in words[-count:]).removesuffix("'s").removesuffix("'")
            nation = self.nations.get(phrase)
            at = words[-count].start()
            if nation is None or not (self.capitals or self.text[at].isupper()):
                continue
            # "us" is a pronoun unless both of its letters are capitals, and always in a text of capitals.
            if phrase != "us" or (self.text[at : at + 2] == "US" and not self.capitals):
                return NationSpan(nation, at, words[-1].end())
        return None
