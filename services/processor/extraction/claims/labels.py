"""Numbers that stand behind a label: "Deaths: 31", "Dead: 79 confirmed", "cumulative deaths 110, cases 3,655"."""

from __future__ import annotations

from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.numbers import read_quantity
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_LONGEST_LABEL = 8
"""Words of a label from its noun to the colon: "Deaths verified by household assessment:"."""
_SURE = (["confirmed"], ["verified"], ["reported"], ["validated"])
"""Said after the number of a label: "Dead: 79 confirmed"."""
_ENTERED = frozenset(("cumulative", "total", "confirmed", "reported", "verified", "identified"))
"""Before the noun of an entry in a bulletin, which needs no colon then."""
_CASES = frozenset(("cases", "injuries", "injured", "wounded", "admissions", "recoveries", "recovered", "missing"))
"""What an entry before it counts."""


def read_labelled(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Killed: 14", as the boxes and the bulletins of agencies have it."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    colon = _colon_after(clauses, predicate)
    at = colon + 1
    if colon < 0 and _is_entry(clauses, predicate):
        colon = at = predicate.end
    if colon < 0 or predicate.harm.form in ("base", "third", "ing") or at >= len(lower):
        return None
    if predicate.harm.pattern == "sent":
        # "Hospital sources: 55 bodies"
        return None
    alone = not predicate.start or classes[predicate.start - 1] & (_W.MARK | _W.COMMA | _W.NUMBER)
    if not alone and lower[predicate.start - 1] not in _ENTERED:
        return None
    quantity = read_quantity(lower, classes, at)
    if quantity is None:
        return None
    end = quantity.end + (lower[quantity.end : quantity.end + 1] in _SURE)
    following = classes[end] if end < len(lower) else _W.MARK
    if not following & (_W.MARK | _W.COMMA | _W.HARM):
        return None
    counted = People(
        quantity.start, quantity.end, Form.COUNT, "", "person", quantity.low, quantity.best, quantity.high,
        quantity.modifier, number=quantity.core,
    )  # fmt: skip
    return finding_of(predicate, [counted], "reduced")


def _colon_after(clauses: Clauses, predicate: Predicate) -> int:
    """Index of the colon that a label ends with, "Deaths:", "Deaths verified by household surveys:"; -1 for none."""
    lower, classes, noun = clauses.tokens.lower, clauses.tokens.classes, predicate.harm.form == "noun"
    for at in range(predicate.end, min(len(lower), predicate.end + (_LONGEST_LABEL if noun else 1))):
        if lower[at] == ":":
            return at
        if classes[at] & (_W.MARK | _W.COMMA | _W.NUMBER | _W.BE | _W.HAVE | _W.SAY):
            return -1
    return -1


def _is_entry(clauses: Clauses, predicate: Predicate) -> bool:
    """Whether a noun is an entry of a bulletin, with its number right behind: "cumulative deaths 110, cases 3,655"."""
    lower, at = clauses.tokens.lower, predicate.end
    if predicate.harm.form != "noun" or at >= len(lower) or not lower[at][0].isdigit():
        return False
    before = predicate.start - 1
    if before < 0 or lower[before] in _ENTERED:
        return True
    # "cases 700, deaths 52": the entry before it has its number behind it, too.
    return lower[before] in (",", ";") and before > 1 and lower[before - 1][0].isdigit() and lower[before - 2] in _CASES
