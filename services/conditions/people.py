"""Which kinds of people the words of a claim name."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+")


def people_kinds() -> tuple[str, ...]:
    """Every kind that `kinds_of_people` can give, in the order of people.tsv."""
    return tuple(_lexicon())


@lru_cache(maxsize=4096)
def kinds_of_people(stated: str) -> frozenset[str]:
    """The kinds that people described as `stated` belong to: `three schoolgirls` are children and students.

    Whole words only, in any letter case. Empty where no word of people.tsv is there.
    """
    text = f" {' '.join(_WORD.findall(stated.casefold()))} "
    return frozenset(kind for kind, phrases in _lexicon().items() if any(phrase in text for phrase in phrases))


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    """Kind to its phrases, each between spaces so that only whole words are found."""
    lines = (files("services.conditions") / "people.tsv").read_text(encoding="utf-8").splitlines()
    entries = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {kind: tuple(f" {phrase.strip()} " for phrase in phrases.split(",")) for kind, phrases in entries}
