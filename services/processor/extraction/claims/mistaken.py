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
_WRONG = word_set("called_wrong")
_DOLLS = word_set("dolls")
_PLAYERS = word_set("players_of_the_dead")
_FIGURES = ("figure", "toll", "number", "count", "report", "reports", "tally", "claim", "claims")
_WRONG_REACH = 9
"""Words from "the figure of 34 deaths" to the verb that is said of it."""
_ONLY_THOUGHT = frozenset(("thought", "believed", "counted", "reported", "listed"))
"""Before "dead": who so speaks of them has learnt better, other than of those "feared" or "presumed" dead."""
_LIE_DEAD = frozenset(
    ("dead", "lifeless", "drowned", "buried", "bodies", "body", "remains", "corpses", "lying", "under", "beneath")
)
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
    if _called_wrong(clauses, finding) or _no_persons(clauses, finding):
        return True
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
    return _live(clauses, end) or (believed[0] == start - 1 and _were_found(clauses, end))


def _were_found(clauses: Clauses, at: int) -> bool:
    """Whether those "thought dead" right before `at` were found, and nothing says that they lay dead."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    surely = lower[at - 2] in _ONLY_THOUGHT and lower[at : at + 1] in (["were"], ["was"], ["have"], ["had"], ["are"])
    while at < len(lower) and classes[at] & (WordClass.BE | WordClass.HAVE | WordClass.ADVERB):
        at += 1
    # "where 40 had been reported killed found its residents alive": others found somebody.
    others = at + 1 < len(lower) and classes[at + 1] & (
        WordClass.DETERMINER | WordClass.POSSESSIVE | WordClass.INDEFINITE
    )
    return surely and lower[at : at + 1] == ["found"] and not others and _LIE_DEAD.isdisjoint(lower[at:])


def _called_wrong(clauses: Clauses, finding: Finding) -> bool:
    """Whether the number is one that somebody calls wrong: "the figure of 34 deaths from heat was wrong"."""
    lower, classes, first = clauses.tokens.lower, clauses.tokens.classes, finding.people[0].start
    if lower[max(0, first - 1) : first] != ["of"] or first < 2 or lower[first - 2] not in _FIGURES:
        return False
    for k in range(finding.at[1], min(len(lower) - 1, finding.at[1] + _WRONG_REACH)):
        if classes[k] & (WordClass.MARK | WordClass.SAY):
            return False
        if classes[k] & WordClass.BE:
            return not _WRONG.isdisjoint(lower[k + 1 : k + 3])
    return False


def _no_persons(clauses: Clauses, finding: Finding) -> bool:
    """Whether those called dead are said to be none: "the 'forty dead' were actors", "the dead are mannequins"."""
    lower, end = clauses.tokens.lower, finding.at[1]
    quoted = lower[end : end + 1] in (['"'], ["'"])
    verb = end + quoted
    if verb >= len(lower) or not clauses.tokens.classes[verb] & WordClass.BE:
        return False
    said = lower[verb + 1 : verb + 4]
    return not _DOLLS.isdisjoint(said) or (quoted and not _PLAYERS.isdisjoint(said))


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
