"""Numbers that count no people: money, shares, times, dates, ages, years, names of units."""

from __future__ import annotations

from services.processor.extraction.numbers import Quantity
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_NUMBERED = word_set("numbered")
_NUMBERED_PLACES = word_set("numbered_places")
_OLDEST_SPELT = 19
"""Newspapers that spell ages out do so only for the small ones."""
_OLDEST = 110
_MOST_AGES = 16
"""Words to either side of an age among which the ages of others stand."""
_BEFORE_YEAR = ("the", "in", "of", "since", "a")
_AGES_FROM = ("of", "between", "from", "-")
_LAST_DAY = 31
_FROM_DAY_TO_DAY = ("to", "until", "till", "through", "and", "-", "–", ",")
_MONEY = frozenset("$£€₹#¥@")
_CURRENCIES = frozenset(("rs", "rs.", "rupees", "taka", "naira", "pesos", "usd", "eur", "dollars", "euros"))


def _of_people(tokens: Tokens, end: int) -> bool:
    """Whether the noun after a number only says which people are counted: "14 bus passengers"."""
    following = tokens.classes[end + 1] if end + 1 < len(tokens.lower) else 0
    return bool(following & (_W.PERSON | _W.PLURAL_PERSON)) and tokens.words[end].islower()


def other_number(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether the number is money, a share, a time, a date, a score, an age or a year."""
    lower, classes, at, end = tokens.lower, tokens.classes, quantity.core, quantity.end
    before = lower[at - 1] if at else ""
    after = lower[end] if end < len(lower) else ""
    if lower[end : end + 3] in (["and", "a", "half"], ["and", "a", "quarter"]):
        return True
    if before in _MONEY or before in _CURRENCIES or after in ("%", "percent", "per", "°", "º"):
        return True
    if before in _NUMBERED or after in _NUMBERED:
        return quantity.plain_digits and not _of_people(tokens, end)
    if before in _NUMBERED_PLACES and quantity.plain_digits and _is_label(tokens, at, end):
        return True
    if before in ("no.", "number", "route", "highway", "interstate", "chapter", "page", "version", "phase", "section"):
        return before != "number" or quantity.plain_digits
    if before == ":" and at > 1 and tokens.ends[at - 2] == tokens.starts[at - 1] and lower[at - 2].isdigit():
        return True
    if (
        after == ":"
        and end + 1 < len(lower)
        and lower[end + 1].isdigit()
        and tokens.ends[end - 1] == tokens.starts[end]
    ):
        return True
    if end == at + 1 and lower[at].isdigit() and before in _BEFORE_YEAR and 1100 <= quantity.best <= 2100:
        # "the 1741 shipwreck"
        return not (end < len(lower) and classes[end] & _W.PERSON)
    if before == "of" and at > 1 and classes[at - 2] & _W.PERSON and not classes[at - 2] & _W.PLURAL_PERSON:
        # "a girl of 12 killed by a stray bullet"
        return not (end < len(lower) and classes[end] & _W.PERSON)
    if before == "not" and at > 1 and lower[at - 2] == "," and after == ",":
        # "eight, not eleven, died"
        return True
    if before == "both" and after in (",", ".", "and", ")") and lower[at].isdigit():
        return True
    if _ages_in_a_row(tokens, at, end):
        return True
    if (quantity.best <= _OLDEST_SPELT and _in_ages(tokens, at)) or lower[quantity.start - 1 : quantity.start] == [
        "aged"
    ]:
        return True
    if not quantity.plain_digits:
        counts = end < len(lower) and bool(classes[end] & _W.PERSON)
        return _spelt_age(tokens, quantity) or (not counts and _in_ages(tokens, at))
    if (at and classes[at - 1] & _W.MONTH and not _may_be_a_verb(tokens, at, end)) or (
        end < len(lower) and classes[end] & _W.MONTH and lower[end] != "may" and quantity.best <= 31
    ):
        return True
    if at and classes[at - 1] & _W.WEEKDAY and quantity.best <= _LAST_DAY and after in _FROM_DAY_TO_DAY:
        # "from Monday 15 to Sunday 21 June"
        return True
    if before == "." or after == "/" or before == "/" or _in_ages(tokens, at):
        return True
    if before in ("was", "is", "turned", "just") and quantity.best <= 110 and after in (",", "and", ".", "when", "at"):
        return True
    if after.isdigit() or (before.isdigit() and before[-1] == "0" and len(before) < 3):
        return True
    if 1800 <= quantity.best <= 2100 and "," not in lower[at]:
        return not (end < len(lower) and classes[end] & _W.PERSON)
    return before == "," and after in (",", ".", ")", "", ";") and at > 1


def _may_be_a_verb(tokens: Tokens, at: int, end: int) -> bool:
    """Whether the "may" before a number may be no month: "it may be that in May 20 people died", not "on May 20"."""
    if tokens.lower[at - 1] != "may":
        return False
    counts = end < len(tokens.lower) and bool(tokens.classes[end] & _W.PERSON)
    return counts or not tokens.words[at - 1].istitle() or at == 1


def _is_label(tokens: Tokens, at: int, end: int) -> bool:
    """Whether a number is the name of the place before it: "at kilometre 78"; not "in the camp 12 people died"."""
    led = bool(at > 1 and tokens.classes[at - 2] & (_W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE))
    return not led and not (end < len(tokens.lower) and tokens.classes[end] & _W.PERSON)


def _spelt_age(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether a number in words is the age of whoever stands before it: "his daughter Alexandra, three, was"."""
    lower, classes, at, end = tokens.lower, tokens.classes, quantity.core, quantity.end
    closed = lower[end : end + 1] in ([","], ["."], [")"], [";"]) and quantity.start == quantity.core
    if at < 2 or lower[at - 1] != "," or not closed or not 0 < quantity.best <= _OLDEST_SPELT:
        return False
    if classes[at - 2] & _W.PERSON:
        return not classes[at - 2] & _W.PLURAL_PERSON
    first = at - 2
    while first and classes[first] == 0 and tokens.words[first][0].isupper():
        first -= 1
    return first < at - 2 and not classes[first] & _W.PREPOSITION


def _ages_in_a_row(tokens: Tokens, at: int, end: int) -> bool:
    """Whether a number is one of "two clerks of the bank, 44 and 51, were": between commas, with no noun."""
    lower, classes = tokens.lower, tokens.classes
    if end > at + 1 or not (classes[at - 1] if at else 0) & (_W.COMMA | _W.AND | _W.MARK):
        return False
    first = at
    while (
        first > max(1, at - _MOST_AGES)
        and classes[first - 1] & (_W.COMMA | _W.AND)
        and _is_age(lower[first - 2], classes[first - 2])
    ):
        first -= 2
    last = at
    while (
        last + 2 < min(len(lower), at + _MOST_AGES)
        and classes[last + 1] & (_W.COMMA | _W.AND)
        and _is_age(lower[last + 2], classes[last + 2])
    ):
        last += 2
    if last == first or not _is_age(lower[at], classes[at]) or lower[last - 1] not in ("and", "&"):
        return False
    return first > 1 and lower[first - 1] in (",", "(") and lower[last + 1 : last + 2] in ([","], [")"], ["."], [";"])


def _is_age(word: str, classes: int) -> bool:
    return bool(classes & _W.NUMBER) and (not word.isdigit() or int(word) <= _OLDEST)


def _in_ages(tokens: Tokens, at: int) -> bool:
    """Whether a number is one of "aged 12", "ages 71 and 51", "aged 6-9", "between the ages of five and twelve"."""
    for k in range(at - 1, max(-1, at - 8), -1):
        if tokens.lower[k] in ("aged", "age", "ages"):
            return True
        if not tokens.classes[k] & (_W.NUMBER | _W.AND | _W.COMMA | _W.TO) and tokens.lower[k] not in _AGES_FROM:
            return False
    return False
