"""Numbers that are given against a wrong one: "27 and not 31 inmates", "27 inmates, not 31,"."""

from __future__ import annotations

from dataclasses import replace

from schemas.vocabulary import Modifier
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.numbers import Quantity, read_quantity
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_GOES_ON = _W.MARK | _W.COMMA | _W.BE | _W.HAVE | _W.HARM | _W.PREPOSITION | _W.ADVERB | _W.SUBORDINATE
"""What may follow a wrong number of people that has no noun: "not 30 kilometres away" is none of people."""
_LONGEST = 5
"""Words of a number."""


def without_wrong_numbers(found: list[People], tokens: Tokens) -> list[People]:
    """`found`, the people of a sentence, where a number that is said to be wrong belongs to those who are given right.

    In "27 and not 31 inmates" are 27 inmates, at all of these words.
    """
    lower = tokens.lower
    if "not" not in lower:
        return found
    for at in (k for k, word in enumerate(lower) if word == "not" and k > 1):
        before = at - 1 if lower[at - 1] in (",", "and") else -1
        before -= before > 0 and lower[before] == "and" and lower[before - 1] == ","
        wrong = read_quantity(lower, tokens.classes, at + 1) if before > 0 else None
        if wrong is None or wrong.best < 2 or wrong.modifier is not Modifier.EXACT:
            continue
        other = next((p for p in found if p.start > at and p.number == wrong.core and p.head), None)
        right = _right_one(found, tokens, before)
        end = _end(tokens, wrong, other)
        if right is None or end < 0 or right.best == wrong.best:
            continue
        head, kind = (right.head, right.kind) if right.head or other is None else (other.head, other.kind)
        merged = replace(right, end=end, head=head, kind=kind)
        rest = [p for p in found if p.end <= right.start or p.start >= end]
        found = sorted([*rest, merged], key=lambda people: people.start)
    return [people for people in found if not _denied(people, tokens)]


def _denied(people: People, tokens: Tokens) -> bool:
    """Whether a clause ends with who it was not: "twelve cylinders were damaged, not twelve persons dead"."""
    counted = people.form is Form.COUNT and people.modifier is Modifier.EXACT and (people.best or 0) > 1
    lower, at = tokens.lower, people.start - 1
    led = lower[max(0, at - 1) : people.start] == [",", "not"]
    ended = any(bits & _W.VERB or bits & _W.BE or bits & _W.HARM for bits in tokens.classes[: max(0, at - 1)])
    return counted and led and ended and not any(bits & (_W.BE | _W.HAVE) for bits in tokens.classes[people.end :])


def _right_one(found: list[People], tokens: Tokens, before: int) -> People | None:
    """Those whose number ends at a word; a number alone may be read as nobody's yet, "27, not 31, were killed"."""
    told = next((p for p in found if p.end == before), None)
    if told is not None:
        return told if told.form is Form.COUNT and told.modifier is Modifier.EXACT and told.number >= 0 else None
    for start in range(max(0, before - _LONGEST), before):
        one = read_quantity(tokens.lower, tokens.classes, start)
        if one is not None and one.end == before:
            if one.best < 2 or one.modifier is not Modifier.EXACT:
                return None
            return People(
                start, before, Form.COUNT, "", "person", one.low, one.best, one.high, one.modifier, number=one.core
            )
    return None


def _end(tokens: Tokens, wrong: Quantity, other: People | None) -> int:
    """Where the words on the wrong number end, with the comma that closes them; -1 where it may count other things."""
    end = other.end if other is not None else wrong.end
    following = tokens.classes[end] if end < len(tokens.lower) else _W.MARK
    if tokens.lower[wrong.end : wrong.end + 1] == ["of"] or (other is None and not following & _GOES_ON):
        return -1
    return end + (tokens.lower[end : end + 1] == [","])
