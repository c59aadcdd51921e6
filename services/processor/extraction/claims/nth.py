"""The dead told of by their number in a row: "the sixteenth victim", "a ninth body", "the twelfth person to die"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from schemas.vocabulary import Modifier
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, read_rows

_W = WordClass
_FIRST_WORDS = {"second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_FURTHEST = 3
"""Words between the number and the noun: "the 23rd confirmed fatal victim"."""
_BEFORE = re.compile(r"(?:st|nd|rd|th|second|third) (?:[a-z]+ )?\Z")
_LOOKED_AT = 30
"""Characters before the noun in which its number stands."""
_LAST = ("last", "final", "latest", "youngest", "oldest", "only")
_DIES = (["dies"], ["died"], ["succumbs"])
_COUNTED_OVER = frozenset(("year", "month", "season", "decade", "week", "since", "war", "far"))
"""Words of a sentence that counts the dead of more than one incident."""


def may_be_numbered(folded: str, at: int) -> bool:
    """Whether the word at `folded[at]` may have its number in a row before it: a quick look."""
    return _BEFORE.search(folded[max(0, at - _LOOKED_AT) : at]) is not None


@cache
def _numbers() -> dict[str, int]:
    """Words for 2nd to 99th that are written in letters."""
    small: dict[str, int] = {}
    tens: dict[str, int] = {}
    for kind, word, value in read_rows("number_words.tsv"):
        if kind == "unit":
            small[f"{word}th"] = int(value)
        elif kind == "tens":
            tens[word] = int(value)
    small = {word: number for word, number in small.items() if number > 3} | _FIRST_WORDS
    found = dict(small)
    for word, ten in tens.items():
        found[f"{word[:-1]}ieth"] = ten
        found |= {f"{word}-{unit}": ten + number for unit, number in (small | {"first": 1}).items() if number < 10}
    return found


def number_in_row(word: str) -> int | None:
    """What number in a row a word in lower case tells: 16 for "sixteenth" and "16th"; None for "first" and others."""
    if word[:1].isdigit():
        digits = word[:-2]
        return int(digits) if word[-2:] in ("st", "nd", "rd", "th") and digits.isdigit() and int(digits) > 1 else None
    return _numbers().get(word)


def numbered_to(tokens: Tokens, to: int, last: People | None) -> People | None:
    """The dead up to the one of "the twelfth person to die" and "the seventeenth to be killed".

    `to` is the index of "to", `last` whoever is named right before it.
    """
    if last is not None:
        return numbered_one(tokens, last.end - 1, last.end)
    bare = to > 1 and number_in_row(tokens.lower[to - 1]) is not None
    return numbered_one(tokens, to, to) if bare else None


def _clause(lower: Sequence[str], at: int) -> Sequence[str]:
    """The words between the semicolons around a word: "Eighth victim dies; school year ends" counts over no year."""
    if ";" not in lower:
        return lower
    first = max((k + 1 for k in range(at) if lower[k] == ";"), default=0)
    return lower[first : next((k for k in range(at, len(lower)) if lower[k] == ";"), len(lower))]


def _counts_over(clause: Sequence[str]) -> bool:
    """Whether a clause counts the dead of a stretch of time; "this week's accident" is one incident."""
    if _COUNTED_OVER.isdisjoint(clause):
        return False
    return any(
        word in _COUNTED_OVER and not (word == "week" and clause[k + 1 : k + 2] == ["'s"])
        for k, word in enumerate(clause)
    )


def numbered_one(tokens: Tokens, noun: int, end: int) -> People | None:
    """The dead up to the one who is told of at words `noun` to `end` by his number; None where no number stands there.

    "the sixteenth victim" says that sixteen died; "the 23rd victim this year" says nothing of one incident.
    """
    lower, classes = tokens.lower, tokens.classes
    for at in range(noun - 1, max(-1, noun - 2 - _FURTHEST), -1):
        number = number_in_row(lower[at])
        if number is not None:
            while at > 2 and lower[at - 1] in ("and", ",") and number_in_row(lower[at - 2]) is not None:
                # "the twelfth and thirteenth victims"
                at -= 2
            before = classes[at - 1] if at else _W.MARK
            led = bool(before & (_W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE)) or (at > 0 and lower[at - 1] == "'s")
            # "Mayor shot, eighth victim dies": headlines leave the article out.
            led = led or (bool(before & (_W.COMMA | _W.MARK)) and lower[end : end + 1] in _DIES)
            if not led or _counts_over(_clause(lower, noun)):
                return None
            whole = not lower[noun].startswith("victim")
            return People(
                max(0, at - 1), end, Form.COUNT, "", "person", number, number, number, Modifier.EXACT, total=whole
            )
        if lower[at] == "and" and lower[at + 1] in _LAST:
            # "the fifth and last person to die"
            continue
        if classes[at] & (_W.MARK | _W.COMMA | _W.PREPOSITION | _W.BE | _W.VERB | _W.AND):
            return None
    return None
