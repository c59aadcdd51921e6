"""Those who were taken for dead and are not: "two boys wrongly reported killed", "miners presumed dead walked out"."""

from __future__ import annotations

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.wordlists import WordClass, word_set

_TAKEN_FOR = word_set("taken_for")
_WRONGLY = word_set("wrongly")
_ALIVE = word_set("alive")
_BACK = frozenset(("back", "out", "up", "safely", "home"))
_CAME = word_set("came_back")
_OTHERS = WordClass.NUMBER | WordClass.PERSON | WordClass.PLURAL_PERSON | WordClass.NEGATION | WordClass.MARK
"""What stands before whoever else is alive ("two were pulled out"), or before what is denied."""
_A = frozenset(("a", "an"))
"""May begin a number ("a dozen"), and mostly does not."""
_SOME = frozenset(("some", "others", "nobody", "none", "no", "most", "all", "few", "many", "one"))
REACH = 4
"""Words before the harm word among which the belief stands: "had been wrongly listed as being dead"."""


def mistaken(clauses: Clauses, finding: Finding) -> bool:
    """Whether the sentence tells of people who were only thought to be dead.

    Either a word says that it was a mistake, or the sentence goes on to say that they live or came back. "Presumed
    dead" alone is a toll that is feared, and stands.
    """
    if finding.kind is not ClaimKind.KILLED:
        return False
    lower = clauses.tokens.lower
    start, end = finding.at
    near = lower[max(0, start - REACH) : end]
    believed = [k for k in range(max(0, start - REACH), end) if lower[k] in _TAKEN_FOR]
    if not believed:
        return False
    if not _WRONGLY.isdisjoint(near):
        return True
    if lower[max(0, believed[0] - 2) : believed[0]] == ["had", "been"] and "as" in lower[believed[0] : start]:
        return True
    return _live(clauses, end)


def _live(clauses: Clauses, after: int) -> bool:
    """Whether the words from `after` on say that the same people live, before anybody else is named or counted."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    for k in range(after, len(lower)):
        if lower[k] in _ALIVE:
            return True
        if lower[k] in _CAME and not _BACK.isdisjoint(lower[k + 1 : k + 3]):
            return True
        if (classes[k] & _OTHERS and lower[k] not in _A) or lower[k] in _SOME:
            return False
    return False
