"""Whether the grammar of a clause says that what it tells of has not happened."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.mistaken import mistaken
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_ACCUSED = word_set("accused")
_UNREAL_BEFORE = word_set("unreal_before")
_FEARS = frozenset(("fear", "fears", "hope", "hopes"))
_HAPPENED_ANYWAY = word_set("happened_anyway")
_TOLD = frozenset(("reported", "said", "known", "confirmed"))
"""Before "to be": it has happened, "166 people were reported to be injured"."""
_HURT = frozenset(("wounded", "injured", "dead", "patients", "casualties"))
_WERE_MISSING = (["who", "had", "been"], ["that", "had", "been"])
"""Before "missing" they tell of people who have been found: "the bodies of the three who had been missing"."""
_REMAINS = (["bodies"], ["corpses"], ["wounded"], ["injured"])


def unreal(clauses: Clauses, finding: Finding) -> str | None:
    """Why the grammar of the clause says that it has not happened; None where it says nothing of the kind.

    "could kill", "to kill", "if ... are killed", "did not kill".
    """
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    start = finding.at[0]
    if mistaken(clauses, finding):
        return "taken for dead, and not"
    if finding.voice in ("toll", "sum", "adjective") or finding.predicate.harm.pattern == "mourned":
        # Whoever will be buried is dead.
        return None
    if finding.kind is ClaimKind.MISSING and lower[max(0, start - 3) : start] in _WERE_MISSING:
        return "missing no longer"
    if start and lower[start - 1] in ("nearly", "almost", "narrowly") and finding.voice != "active":
        return "nearly happened"
    if start and finding.voice == "noun" and lower[start - 1] in ("attempted", "threatened"):
        return "tried, not done"
    first = min([start, *(people.start for people in finding.people)])
    if _UNREAL_BEFORE.intersection(lower[max(0, first - 3) : first]) and not _fears_for(clauses, finding, first):
        return "a possibility, not an event"
    if finding.predicate.harm.form == "base" and finding.voice == "active":
        k = clauses.skip_adverbs_left(start - 1)
        if k >= 0 and lower[k] == "to":
            before = lower[k - 1] if k else ""
            return None if before in _HAPPENED_ANYWAY else "an intention, not an event"
        if k >= 0 and lower[k] in ("let", "'ll", "that", "you", "we", "i"):
            return "an intention, not an event"
    of_what = finding.predicate.harm.form == "ing" and start and lower[start - 1] in ("for", "of", "with", "in")
    if of_what and _ACCUSED.intersection(lower[max(0, start - 8) : start]):
        return "a crime that somebody is accused of"
    for k in range(start - 1, max(-1, start - 9), -1):
        bits = classes[k]
        if bits & _W.MODAL and lower[k + 1 : k + 2] == ["confirm"]:
            break  # "We can confirm that two have died"
        if bits & _W.MODAL and lower[k] not in ("may",) and k not in clauses.covers:
            return "a possibility, not an event"
        if bits & _W.MODAL and lower[k] == "may" and start - k <= 4 and k not in clauses.covers:
            return "a possibility, not an event"
        if lower[k] in (
            "not",
            "n't",
            "never",
            "didn't",
            "wasn't",
            "weren't",
            "hasn't",
            "haven't",
            "without",
            "isn't",
            "aren't",
        ):
            if any(people.start < k < people.end for people in finding.people):
                continue  # "27 and not 31 dead": what is denied is the other number
            return "denied" if lower[k + 1 : k + 2] != ["only"] else None
        if lower[k] == "to" and k + 1 < start and lower[k + 1] == "be" and lower[k - 1] not in _TOLD:
            return "an intention, not an event"
        if (
            bits & (_W.MARK | _W.COMMA | _W.SUBORDINATE | _W.RELATIVE | _W.SAY)
            or lower[k:start] == ["that"]
            or (k in clauses.covers and bits & _W.PERSON)
        ):
            break
    if finding.voice == "noun" and any(bits & _W.MODAL for bits in classes[finding.at[1] : finding.at[1] + 2]):
        return "a possibility, not an event"
    for k in range(start - 1, max(-1, start - 16), -1):
        if lower[k] in ("if", "unless", "whether", "lest"):
            return "a condition, not an event"
        if classes[k] & _W.MARK and lower[k] not in ('"', "'"):
            break
    return None


def _fears_for(clauses: Clauses, finding: Finding, first: int) -> bool:
    """ "Fears grew for 40 people missing": it is for their lives that somebody fears, and missing they are."""
    lower = clauses.tokens.lower
    missing = finding.kind is ClaimKind.MISSING and lower[first - 1 : first] == ["for"]
    return missing and not _UNREAL_BEFORE.intersection(lower[max(0, first - 3) : first]) - _FEARS


def loses_no_home(clauses: Clauses, finding: Finding, others: Sequence[Finding]) -> bool:
    """Whether those who are moved or flee are no displaced: "31 wounded were evacuated", "shot his wife, then fled"."""
    if finding.kind is not ClaimKind.DISPLACED:
        return False
    lower = clauses.tokens.lower
    if any(people.head in _HURT or lower[people.end : people.end + 1] in _REMAINS for people in finding.people):
        return True
    killed = [p for o in others if o.voice == "active" and o.at[0] < finding.at[0] for p in o.people]
    return any(people is one for one in killed for people in finding.people)


def in_a_title(tokens: Tokens, at: int) -> bool:
    """Whether a harm word is part of a name or title, "The Walking Dead", in a sentence that is no headline."""
    words = tokens.words
    if at == 0 or not words[at][0].isupper():
        return False
    if not words[at - 1][0].isupper() and not (at + 1 < len(words) and words[at + 1][0].isupper()):
        return False
    capitalised = sum(1 for word in words if word[0].isupper())
    return capitalised * 2 < sum(1 for word in words if word[0].isalpha())
