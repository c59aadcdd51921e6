"""Auxiliaries before a verb, and verbs that share them: "are known to have been shot and killed"."""

from __future__ import annotations

from collections.abc import Sequence

from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_REPORTED_AS = word_set("reported_as")
_LONGEST_WHERE = 8
"""Words from the verb to "with": "has gone missing off the coast of Malaita with 31 on board"."""
_ABOARD_OF_THEMSELVES = frozenset(("crew", "passengers", "crewmen", "sailors", "seafarers", "fishermen", "migrants"))
_LONGEST_ABOARD = 14
"""Words from "with" to the verb of whatever has people aboard."""
_RAISES = word_set("raises")


def auxiliary(clauses: Clauses, at: int, bit: int) -> int:
    """Index where the verb group "were also killed" begins, if its auxiliary is of class `bit`; else -1."""
    k = clauses.skip_adverbs_left(at - 1)
    classes, lower = clauses.tokens.classes, clauses.tokens.lower
    if k >= 1 and lower[k] == "since" and classes[k - 1] & _W.HAVE:
        # "have since died"
        k -= 1
    if k > 0 and lower[k] == "as" and lower[k - 1] in _REPORTED_AS:
        # "were reported as injured"
        k -= 1
    if k >= 0 and lower[k] in _REPORTED_AS:
        k = clauses.skip_adverbs_left(k - 1)
        if k >= 0 and lower[k] == "be":
            k -= 1
    if k < 0 or not classes[k] & bit or k in clauses.covers:
        return -1
    group = _W.BE | _W.HAVE | _W.MODAL | _W.TO | _W.ADVERB | _W.DO
    while k > 0 and k - 1 not in clauses.covers:
        # "are known to have died"
        raised = lower[k] == "to" and lower[k - 1] in _RAISES
        if not raised and not classes[k - 1] & group:
            break
        k -= 1
    return k


def joined_passive(clauses: Clauses, at: int) -> int:
    """For "was stopped and killed": where the verb group of the passive before the "and" begins; else -1."""
    lower = clauses.tokens.lower
    k = clauses.skip_adverbs_left(at - 1)
    if k < 1 or lower[k] not in ("and", "then", "or", ","):
        return -1
    for j in range(k - 1, max(-1, k - 20), -1):
        if clauses.tokens.classes[j] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE):
            return -1
        if clauses.tokens.classes[j] & _W.BE and j not in clauses.covers:
            return j
        if clauses.is_verb(j) and not clauses.tokens.classes[j] & (_W.HAVE | _W.MODAL):
            start = auxiliary(clauses, j, _W.BE)
            if start < 0 and lower[j].endswith("ed") and j and lower[j - 1] in (",", "and", "then"):
                # "were stopped by militia, robbed of their phones and beaten"
                continue
            return start
    return -1


def preceded_by(clauses: Clauses, at: int, bit: int, words: tuple[str, ...]) -> bool:
    """Whether one of `words`, in class `bit`, stands right before the word at `at`."""
    return at > 0 and bool(clauses.tokens.classes[at - 1] & bit) and clauses.tokens.lower[at - 1] in words


def ends_phrase(clauses: Clauses, at: int) -> bool:
    """Whether what stands at `at` can follow a participle that has no object."""
    if at >= len(clauses.tokens.lower):
        return True
    ends = _W.PREPOSITION | _W.COMMA | _W.MARK | _W.SUBORDINATE | _W.AND | _W.ADVERB | _W.WEEKDAY | _W.MONTH | _W.TO
    return bool(clauses.tokens.classes[at] & ends)


def agreeing(people: list[People], verb_group: Sequence[str]) -> list[People]:
    """ "a doctor and director of a clinic was killed": the verb says that they are one person."""
    single = len(people) == 2 and {"was", "has", "is"}.intersection(verb_group) and people[1].form is Form.SINGULAR
    bare = single and people[1].end - people[1].start == 1
    return people[:1] if bare and people[0].best == 1 else people


def aboard_with_it(clauses: Clauses, end: int) -> list[People]:
    """Who is aboard what a sentence ending its verb at `end` says is lost: "is missing with 31 people on board".

    Counted people behind "with" who are said to be aboard, or who are its crew or its passengers.
    """
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    for at in range(end, min(len(lower) - 1, end + _LONGEST_WHERE)):
        if lower[at] == "with":
            people = [one for one in clauses.objects(at + 1) if one.form is Form.COUNT]
            after = people[-1].end if people else len(lower)
            aboard = lower[after : after + 1] == ["aboard"] or lower[after : after + 2] == ["on", "board"]
            return people if people and (aboard or people[-1].head in _ABOARD_OF_THEMSELVES) else []
        if classes[at] & (_W.MARK | _W.COMMA | _W.AND | _W.RELATIVE | _W.SUBORDINATE | _W.BE | _W.HAVE):
            break
    return []


def those_aboard(clauses: Clauses, verb: int) -> list[People]:
    """Who is aboard what is missing: "a plane with a pilot and four nuns aboard is missing", by the verb's index."""
    lower = clauses.tokens.lower
    if lower[verb - 1 : verb] != ["aboard"] and lower[max(0, verb - 2) : verb] != ["on", "board"]:
        return []
    for at in range(verb - 1, max(-1, verb - _LONGEST_ABOARD), -1):
        if lower[at] in ("with", "carrying"):
            return clauses.objects(at + 1)
    return []


def counted_of(clauses: Clauses, left: list[People]) -> list[People]:
    """ "two employees of local partners killed": whoever is counted, not those whose they are."""
    if len(left) == 1 and left[0].form in (Form.DEFINITE, Form.BARE) and left[0].start:
        owner = clauses.ends.get(left[0].start - 1) if clauses.tokens.lower[left[0].start - 1] == "of" else None
        if owner is not None and owner.form is Form.COUNT and not owner.part:
            return [owner]
    return left
