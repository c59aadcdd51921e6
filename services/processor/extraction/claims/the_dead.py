"""The dead as those who lost them count them: "29 of our dead", "dozens of dead", "burials of 55 people"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.nth import number_in_row
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.numbers import read_quantity
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_ENDS = (
    _W.MARK | _W.COMMA | _W.AND | _W.PREPOSITION | _W.SUBORDINATE | _W.RELATIVE | _W.ADVERB | _W.TO | _W.BE | _W.HAVE
)
_LONGEST = 5
"""Words of a number before "of our dead"."""
_OF_THEM = (["of", "our"], ["of", "their"], ["of", "its"])
_ON_THE_WAY = frozenset(("on", "in", "later", "hours", "at", "during", "after", "a", "died", "minutes", "days"))
"""Begins what befell the next of the dead: "the sixth on the way to hospital", "a sixth hours later"."""


def read_counted_dead(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Dozens of dead", "29 of our dead": so many at least."""
    lower, start = clauses.tokens.lower, predicate.start
    following = clauses.tokens.classes[predicate.end : predicate.end + 1]
    if predicate.harm.lemma != "dead" or start < 2 or (following and not following[0] & _ENDS):
        # "27 of their dead comrades"
        return None
    ours = lower[start - 2 : start] in _OF_THEM
    end = start - 2 if ours else start - 1
    if not ours and lower[end] != "of":
        return None
    for at in range(max(0, end - _LONGEST), end):
        found = read_quantity(lower, clauses.tokens.classes, at)
        if found is None or found.end not in (end, end + 1):
            continue
        vague = found.modifier is not Modifier.EXACT
        if not ours and not vague:
            # "two of dead" counts nobody; "dozens of dead" does.
            return None
        modifier, high = (found.modifier, found.high) if vague else (Modifier.AT_LEAST, None)
        people = People(
            found.start, predicate.end, Form.COUNT, "", "person", found.low, found.best, high, modifier, found.more,
            found.total, False, found.core,
        )  # fmt: skip
        return finding_of(predicate, [people], "noun")
    return None


def read_interments(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Burials of 55 people were completed"; one person's is no news of an incident."""
    if clauses.tokens.lower[predicate.end : predicate.end + 1] != ["of"]:
        return None
    buried = [p for p in clauses.objects(predicate.end + 1) if p.form is Form.COUNT and (p.best or 0) > 1]
    return finding_of(predicate, buried, "noun") if buried else None


def add_the_next(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """In "five died at once, the sixth on the way to hospital" six died."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    for finding in findings:
        people = finding.people[0]
        last = _closing_number(clauses) if finding.kind is ClaimKind.KILLED and people.best == 1 else None
        if last is not None and len(finding.people) == 1:
            finding.people = [replace(people, form=Form.COUNT, low=last, best=last, high=last, total=True)]
            continue
        if finding.kind is not ClaimKind.KILLED or people.form is not Form.COUNT or len(finding.people) > 1:
            continue
        for at in range(max(people.end, finding.at[1]), len(lower) - 2):
            if lower[at] not in ("the", "a", "an") or number_in_row(lower[at + 1]) != (people.best or 0) + 1:
                continue
            if lower[at + 2] in _ON_THE_WAY and classes[at - 1] & (_W.COMMA | _W.AND | _W.MARK):
                number = (people.best or 0) + 1
                finding.people = [replace(people, low=number, best=number, high=number, total=True)]
                break


def _closing_number(clauses: Clauses) -> int | None:
    """The number in the row of the dead that a sentence ends with: "a student died in hospital, the twenty-fourth"."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    end = len(lower) - (1 if classes[-1:] and classes[-1] & _W.MARK else 0)
    if end < _LONGEST or lower[end - 3 : end - 1] != [",", "the"]:
        return None
    dated = any(bits & (_W.WEEKDAY | _W.MONTH) for bits in classes[max(0, end - 6) : end - 3])
    return None if dated else number_in_row(lower[end - 1])
