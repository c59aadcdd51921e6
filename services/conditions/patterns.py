"""The regular expressions of a condition, kept small. They run in linear time, but are made anew whenever they are
asked, and what that costs grows with what they stand for: `\\w` is a hundred thousand characters of Unicode, and
`{1000}` a thousand copies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.conditions.tokens import Token, macro_depths

MOST_WEIGHT = 1000
"""Of all patterns of a condition together: about two milliseconds for each text that they are asked of."""
_LETTERS, _DIGITS = 100, 10
"""Weight of a class of letters (`\\w`, `\\p{L}`) and of one of digits, where a character weighs 1."""
_CLASS = re.compile(r"\\([wWpP])|\\[dD]")
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_CODED = re.compile(r"\\[xXuU0-7]")


def pattern_fault(tokens: Sequence[Token]) -> str | None:
    """What is wrong with how the expression of `tokens` uses `matches`, with the column and what to write; None where
    nothing is."""
    weight = 0
    for index, depth in enumerate(macro_depths(tokens)):
        if tokens[index].kind != "name" or tokens[index].text != "matches" or index + 1 >= len(tokens):
            continue
        where = f"column {tokens[index].column}: "
        given = tokens[index + 2 : index + 4]
        is_method = index > 0 and tokens[index - 1].text == "."
        if not is_method or [one.kind for one in given] != ["string", "sign"] or given[1].text != ")":
            return f"{where}write the pattern itself into matches, as in place.matches('^Al-')"
        if depth > 1:
            return f"{where}matches can stand in one list macro, not in two within one another"
        if _CODED.search(given[0].text):
            return f"{where}write the characters of the pattern themselves, not their codes"
        weight += weight_of(given[0].text)
        if weight > MOST_WEIGHT:
            return (
                f"{where}the patterns are too large to be asked of every incident; leave out counts such as {{100}}, "
                "write [a-z] for \\w, or use contains and startsWith"
            )
    return None


def weight_of(pattern: str) -> int:
    """What it costs to make `pattern`, in characters: never less, and more where counts stand side by side."""
    weight = len(pattern)
    for found in _CLASS.finditer(pattern):
        weight += _DIGITS if found[1] is None else _LETTERS
    for found in _COUNT.finditer(pattern):
        # Where they stand within one another, each repeats the other.
        weight *= max(1, *(min(int(count[:6]), MOST_WEIGHT) for count in found.groups() if count))
        weight = min(weight, MOST_WEIGHT * MOST_WEIGHT)
    return weight
