"""Numbers that a sentence takes apart by place: "65: 46 in the camp on Tuesday, and 19 hours later near Luna"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from schemas import ClaimKind
from services.processor.extraction.currency.patterns import number_words
from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.numbers import read_quantity
from services.processor.extraction.text import tokenise

_LEAST = 3
"""Smaller numbers are sums of others by chance."""
_DAY = r"(?:on|last|this)\s(?:(?:last|this)\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day"


def sums_of_places(statements: Sequence[Statement]) -> Iterator[tuple[Draft, Reason]]:
    """The claims of people killed that are the sum of those of two incidents hours apart, with why.

    The parts need be no claims themselves. The same number elsewhere, as in the title, is the same sum.
    """
    sums: dict[int, str] = {}
    for statement in statements:
        if statement.where != "body" or not any(_counts(draft) for draft in statement.drafts):
            continue
        for parts in _parts_apart().finditer(statement.text):
            one, other = _number(parts["one"]), _number(parts["other"])
            if one is None or other is None:
                continue
            total = one + other
            if total >= _LEAST and _told_before(statement, parts.start(), total):
                sums[total] = " ".join(parts[0].lower().split())
    for statement in statements if sums else ():
        for draft in statement.drafts:
            if draft.best in sums and _counts(draft):
                yield draft, Reason("several", sums[draft.best or 0])


def _told_before(statement: Statement, at: int, total: int) -> bool:
    """Whether a sentence gives a number before its parts at `at`."""
    tokens = tokenise(statement.text, 0, at)
    found = (read_quantity(tokens.lower, tokens.classes, k) for k in range(len(tokens.lower)))
    return any(one is not None and one.best == total for one in found)


def _number(words: str) -> int | None:
    tokens = tokenise(words, 0, len(words))
    found = read_quantity(tokens.lower, tokens.classes, 0)
    return found.best if found is not None else None


def _counts(draft: Draft) -> bool:
    return draft.kind is ClaimKind.KILLED and draft.background is None and (draft.best or 0) >= _LEAST


@cache
def _parts_apart() -> re.Pattern[str]:
    """ "46 in the camp on Tuesday, and 19 who died hours later near Luna"."""
    return re.compile(
        rf"(?<=[,:–—-]\s)(?P<one>{number_words()})\s(?=[^.;]{{0,140}}\band\b)(?:[^.;:]{{0,90}}?\s)?{_DAY}\b"
        rf"[^.;:]{{0,30}}?\band\s(?P<other>{number_words()})\b[^.;:]{{0,80}}?\s(?:a\sfew|some|several|\w+)\shours?\s"
        rf"(?:afterwards|later|after\sthat)\s(?:between|near|at|in|on|outside)\s(?:the\s)?(?-i:[A-Z])\w+\b"
        rf"(?!\s(?:\w+\s)?hospital)",
        re.IGNORECASE,
    )
