"""Bodies that are remains of the dead, and lives that were taken: nouns that count the dead in some of their uses."""

from __future__ import annotations

import re

from schemas.vocabulary import Modifier
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.nouns import number_before
from services.processor.extraction.claims.nth import number_in_row
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_TAKES_LIVES = word_set("takes_lives")
_REMAINS = word_set("remains")
_CARRIED_OUT = word_set("carried_out")
_BELIEVED = frozenset(("believed", "thought", "presumed", "suspected"))
_BELIEVED_REACH = 26
"""Words after "bodies believed" within which it is said where they were found."""
_BEEN = ("been", "were", "was")
_LEFT = frozenset(("leaving", "left", "leave", "leaves"))
"""Before the bodies that attackers or storms leave."""
_SURELY_DEAD = ("corpse", "corpses", "coffins")
_REMAINS_IN_TEXT = re.compile(rf"\b(?:{'|'.join(sorted(_REMAINS | _CARRIED_OUT | _LEFT))})\b")
_OF_OR_BELIEVED = re.compile(rf"[\s_]*(?:of|{'|'.join(sorted(_BELIEVED))})\b")
_REMAINS_REACH = 120
"""Characters of as many words as are looked at on either side of "bodies"."""
_TAKEN_IN_TEXT = re.compile(rf"\b(?:{'|'.join(sorted(_TAKES_LIVES))})\b")
_TAKEN_REACH = 100
"""Characters of as many words as are looked at on either side of "lives"."""


def of_the_dead(tokens: Tokens, predicate: Predicate) -> bool:
    """Whether "bodies" are remains, found or lying somewhere, and not "public bodies"."""
    lower, end = tokens.lower, predicate.end
    if lower[predicate.start] in _SURELY_DEAD:
        return True
    if not _LEFT.isdisjoint(lower[max(0, predicate.start - 5) : predicate.start]):
        return True
    if any(lower[at] == "left" and lower[at - 1] in _BEEN for at in range(end + 1, min(len(lower), end + 8))):
        # "40 bodies of rebels were left on the field"
        return True
    reach = _BELIEVED_REACH if lower[end : end + 1] and lower[end] in _BELIEVED else 9
    near = lower[max(0, predicate.start - 6) : predicate.start] + lower[end : end + reach]
    if any(word in _CARRIED_OUT and lower[at - 1] in _BEEN for at, word in enumerate(lower[end : end + 4], end)):
        # "six bodies had been taken out"
        return True
    if lower[predicate.end : predicate.end + 1] == ["of"] and predicate.end + 1 < len(lower):
        # "the bodies of four of the nine students who were kidnapped last week were found"
        counted = tokens.classes[predicate.end + 1] & (_W.NUMBER | _W.QUANTIFIER)
        persons = any(bits & _W.PERSON for bits in tokens.classes[predicate.end + 1 : predicate.end + 8])
        if counted and persons and not _REMAINS.isdisjoint(lower[predicate.end :]):
            return True
    return bool(_REMAINS.intersection(near))


def may_be_remains(folded: str, start: int, end: int) -> bool:
    """Whether the "bodies" at `folded[start:end]` may be remains: a quick look at the text around them."""
    if folded[start:end] in _SURELY_DEAD or _OF_OR_BELIEVED.match(folded, end) is not None:
        return True
    return _REMAINS_IN_TEXT.search(folded, max(0, start - _REMAINS_REACH), end + _REMAINS_REACH) is not None


def takes_lives(tokens: Tokens, predicate: Predicate) -> bool:
    """Whether "lives" are claimed, taken, cost or lost."""
    lower = tokens.lower
    near = lower[max(0, predicate.start - 8) : predicate.start] + lower[predicate.end : predicate.end + 4]
    return bool(_TAKES_LIVES.intersection(near))


def may_be_taken(folded: str, start: int, end: int) -> bool:
    """Whether the "lives" at `folded[start:end]` may be claimed, taken, cost or lost: a quick look at the text."""
    return _TAKEN_IN_TEXT.search(folded, max(0, start - _TAKEN_REACH), end + _TAKEN_REACH) is not None


def read_lives(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "claimed 12 lives", "the lives of 12 people"."""
    lower = clauses.tokens.lower
    if not takes_lives(clauses.tokens, predicate):
        return None
    if lower[predicate.end : predicate.end + 1] == ["of"]:
        return finding_of(predicate, clauses.objects(predicate.end + 1), "noun")
    quantity = number_before(clauses, predicate.start)
    if quantity is None:
        row = number_in_row(lower[predicate.start - 1]) if predicate.start else None
        if row is not None:
            # "the fire claims its tenth life"
            start = predicate.start - 1
            dead = People(start, predicate.end, Form.COUNT, "", "person", row, row, row, Modifier.EXACT, total=True)
            return finding_of(predicate, [dead], "toll")
        if lower[predicate.start - 1 : predicate.end] == ["a", "life"]:
            one = People(predicate.start - 1, predicate.end, Form.COUNT, "", "person", 1, 1, 1, Modifier.EXACT)
            return finding_of(predicate, [one], "noun")
        return None
    people = People(
        quantity.start, predicate.end, Form.COUNT, "", "person", quantity.low, quantity.best, quantity.high,
        quantity.modifier, quantity.more, quantity.total, False, quantity.core,
    )  # fmt: skip
    return finding_of(predicate, [people], "noun")
