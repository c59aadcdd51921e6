"""A number given for the dead told of before it: "..., but residents put the figure at 30"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.numbers import Quantity, read_quantity
from services.processor.extraction.wordlists import WordClass, word_set

_FIGURES = ("number", "figure", "count", "tally")
_LOSSES = ("losses",)
_LONGEST_OWNER = 5
"""Words from "brings" to "losses": "brings the army's own losses"."""
_COUNTS = word_set("counts_the_dead")
_REVISES = word_set("revises_a_figure")
_RISES = word_set("figure_becomes")
_W = WordClass
_ENDS = _W.MARK | _W.COMMA | _W.AND | _W.PREPOSITION | _W.SUBORDINATE | _W.ADVERB | _W.PERSON | _W.HARM | _W.SAY
"""What may follow a number that counts people: no noun for things."""
_MAKES = word_set("makes_a_sum")
_IN_ALL = (["in", "all"], ["in", "total"], ["altogether"], ["all", "told"])
_OTHERS = word_set("not_the_dead")
"""Words for those who are no dead: "bringing to 31 the number of those arrested"."""
_LONGEST_WHO = 9
"""Words after "the number of" that say whose number it is."""
_REACH = 7
"""Words after "the figure" within which its number stands."""


def figures_told(clauses: Clauses, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Further numbers of the dead that "the number" or "the figure" is put at, or rises to, after they were told of."""
    lower = clauses.tokens.lower
    dead = next((finding for finding in findings if finding.kind is ClaimKind.KILLED and finding.voice != "toll"), None)
    if dead is None:
        yield from _revised_toll(clauses, findings)
        return
    told = {people.number for finding in findings for people in finding.people}
    last = max([dead.at[1], *(people.end for people in dead.people)])
    for at in range(last + 1, len(lower) - 2):
        if lower[at] in _MAKES and at not in clauses.covers:
            # "two of those hurt have died since, making 31 in all"
            start = at + 1 + (lower[at + 1] in ("it", "for", "a"))
            total = read_quantity(lower, clauses.tokens.classes, start)
            if total is not None and any(lower[total.end : total.end + len(words)] == words for words in _IN_ALL):
                yield _put_at(dead, total, at)
        brought = _brought_to(clauses, at) or _made_it(clauses, at) or _in_all(clauses, at, dead)
        if brought is not None and brought.core not in told:
            yield _put_at(dead, brought, at)
        lost = _losses_of(clauses, at) if lower[at] in _LOSSES else None
        if lost is not None:
            yield _put_at(dead, lost, at)
        if lower[at] in _FIGURES and lower[at - 1] == "the" and at not in clauses.covers:
            found = _number_of(clauses, at)
            if found is not None and found.core not in told:
                yield _put_at(dead, found, at)


def _revised_toll(clauses: Clauses, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The 41 of "after it put the toll at 54, the council revised the figure to 41"."""
    lower = clauses.tokens.lower
    toll = next((finding for finding in findings if finding.kind is ClaimKind.KILLED), None)
    for at in range(toll.at[1] + 2, len(lower) - 2) if toll is not None else ():
        if lower[at] in _FIGURES and lower[at - 1] == "the" and lower[at - 2] in _REVISES:
            found = _number_of(clauses, at)
            if toll is not None and found is not None and found.core != toll.people[0].number:
                yield _put_at(toll, found, at)


def _losses_of(clauses: Clauses, at: int) -> Quantity | None:
    """The whole that losses are brought to: "three more died, which brings the army's losses to 26"."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if lower[at + 1] not in ("to", "at") or _COUNTS.isdisjoint(lower[max(0, at - _LONGEST_OWNER) : at]):
        return None
    found = read_quantity(lower, classes, at + 2)
    after = classes[found.end] if found is not None and found.end < len(lower) else WordClass.MARK
    return found if after & _ENDS else None


def _brought_to(clauses: Clauses, at: int) -> Quantity | None:
    """The whole after "bringing to" at a word: "two further lives, bringing to 31 the number of those who"."""
    lower = clauses.tokens.lower
    if lower[at] not in _COUNTS or lower[at + 1] != "to":
        return None
    found = read_quantity(lower, clauses.tokens.classes, at + 2)
    if found is None or lower[found.end : found.end + 1] != ["the"]:
        return None
    noun = found.end + 1 + (lower[found.end + 1 : found.end + 2] in (["death"], ["total"], ["overall"]))
    if lower[noun : noun + 1] in (["toll"], ["total"]) or lower[noun : noun + 1] in [[word] for word in _FIGURES]:
        return found if _OTHERS.isdisjoint(lower[noun : noun + _LONGEST_WHO]) else None
    return None


def _in_all(clauses: Clauses, at: int, dead: Finding) -> Quantity | None:
    """The whole after the comma at a word: "two more bodies have come ashore, 27 in all"."""
    lower = clauses.tokens.lower
    if lower[at] != "," or not any(people.more for people in dead.people):
        return None
    found = read_quantity(lower, clauses.tokens.classes, at + 1)
    whole = found is not None and any(lower[found.end : found.end + len(words)] == words for words in _IN_ALL)
    return found if whole else None


def _made_it(clauses: Clauses, at: int) -> Quantity | None:
    """The whole after "makes it" at a word, "a prisoner died, which makes it 44", with no noun after it."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if lower[at] not in _MAKES or lower[at + 1] != "it" or at + 2 >= len(lower):
        return None
    found = read_quantity(lower, classes, at + 2)
    ends = found is not None and (found.end >= len(lower) or bool(classes[found.end] & (_W.MARK | _W.COMMA)))
    return found if ends else None


def _put_at(dead: Finding, found: Quantity, at: int) -> Finding:
    people = People(
        found.start, found.end, Form.COUNT, "", "person", found.low, found.best, found.high, found.modifier,
        False, True, False, found.core,
    )  # fmt: skip
    return replace(dead, people=[people], at=(at, at + 1), voice="toll", among=False, shared=False)


def _number_of(clauses: Clauses, at: int) -> Quantity | None:
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    put = at > 1 and (lower[at - 2] in _COUNTS or lower[at - 2] in _REVISES)
    for k in range(at + 1, min(len(lower) - 1, at + _REACH)):
        if classes[k] & (WordClass.COMMA | WordClass.MARK | WordClass.RELATIVE) or lower[k] == "of":
            return None
        if lower[k] in ("to", "at"):
            becomes = put or not _RISES.isdisjoint(lower[at + 1 : k])
            found = read_quantity(lower, classes, k + 1) if becomes else None
            after = classes[found.end] if found is not None and found.end < len(lower) else WordClass.MARK
            return found if after & _ENDS else None
    return None
