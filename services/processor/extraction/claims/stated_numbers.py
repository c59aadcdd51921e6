"""Numbers that are said of whose number they are: "the number of drivers slain is 19", "those killed number 21"."""

from __future__ import annotations

from dataclasses import replace

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.nouns import read_toll
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.numbers import Quantity, read_quantity
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_COUNTS = word_set("counts_the_dead")
_LONGEST = 5
"""Words of a number."""
_NUMBER_STATED = 14
"""Words from whose number it is to the verb that says what it is."""
_IS = word_set("becomes_number") | {"is", "was", "remains"} - {"number", "numbered"}
_CLOSES = WordClass.MARK | WordClass.COMMA | WordClass.SUBORDINATE
_NOW_AT = ("now", "at", "to", "already", "up")
_LONGEST_WHOSE = 8
"""Words from "of" to the harm in "the number of army reservists who have died"."""


def number_is_told(clauses: Clauses, people: People) -> bool:
    """Whether people stand behind "the number of"."""
    return people.start > 2 and clauses.tokens.lower[people.start - 3 : people.start] == ["the", "number", "of"]


def their_number(clauses: Clauses, people: People) -> People:
    """In "bringing to seven the number of workers killed" the workers are seven."""
    if people.best is not None or not number_is_told(clauses, people):
        return people
    lower, at = clauses.tokens.lower, people.start - 3
    for start in range(max(1, at - _LONGEST), at):
        found = read_quantity(lower, clauses.tokens.classes, start) if lower[start - 1] == "to" else None
        if found is not None and found.end == at:
            return _counted(people, found)
    brought = at > 0 and lower[at - 1] in _COUNTS
    stated = _stated_after(clauses, people.end, brought=brought)
    return people if stated is None else _counted(people, stated)


def read_their_number(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Those murdered at the mill now number 21": the dead whom their number alone tells of."""
    lower = clauses.tokens.lower
    if predicate.harm.kind is not ClaimKind.KILLED or lower[predicate.start - 1] != "those" or "number" not in lower:
        return None
    for at in range(predicate.end, min(len(lower) - 1, predicate.end + _NUMBER_STATED)):
        if lower[at] in ("number", "numbered") and lower[at - 1] != "the":
            stated = read_quantity(lower, clauses.tokens.classes, at + 1)
            if stated is None:
                return None
            those = People(stated.start, stated.end, Form.COUNT, "", "person", None, None, None, Modifier.EXACT)
            return finding_of(predicate, [_counted(those, stated)], "toll")
        if clauses.tokens.classes[at] & _CLOSES and lower[at] != "'s":
            return None
    return None


def _counted(people: People, number: Quantity) -> People:
    return replace(
        people, form=Form.COUNT, low=number.low, best=number.best, high=number.high, modifier=number.modifier,
        total=True, number=number.core,
    )  # fmt: skip


def _stated_after(clauses: Clauses, at: int, *, brought: bool) -> Quantity | None:
    """What "the number of pilgrims killed in the crush is now 31" says that the number is, from word `at` on.

    `brought`: something brings it there, "bringing the number of inmates dead to 31".
    """
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    for k in range(at, min(len(lower) - 1, at + _NUMBER_STATED)):
        if classes[k] & _CLOSES and lower[k] != "'s":
            return None
        if lower[k] in _IS or (brought and lower[k] == "to"):
            start = k + 1 + (lower[k + 1] in _NOW_AT)
            start += lower[start : start + 1] in (["at"], ["to"])
            found = read_quantity(lower, classes, start) if start < len(lower) else None
            ends = found is not None and (found.end >= len(lower) or not classes[found.end] & WordClass.NOT_PEOPLE)
            return found if ends else None
    return None


def number_of(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Put the number of drivers slain in the raid at 19", "the number of nurses who died is 12": so many of them."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if predicate.harm.kind is not ClaimKind.KILLED or predicate.harm.form in ("base", "third", "ing"):
        return None
    if clauses.tokens.lower[predicate.end : predicate.end + 1] == ["or"]:
        # "the number of Britons dead or missing has reached 440"
        return None
    for at in range(predicate.start - 1, max(0, predicate.start - _LONGEST_WHOSE), -1):
        if lower[at] == "of":
            persons = any(bits & (_W.PERSON | _W.PLURAL_PERSON) for bits in classes[at + 1 : predicate.start])
            return read_toll(clauses, predicate) if persons and lower[at - 1] == "number" else None
        if classes[at] & (_W.MARK | _W.COMMA | _W.PREPOSITION | _W.SUBORDINATE | _W.NUMBER):
            return None
    return None
