"""Whose the harmed are: of those who attacked, or of those who were attacked."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import ClaimKind, Whose
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_LAW = word_set("law")
_ARMED = word_set("armed") | {"liberation", "militia", "mujahideen", "brigades"}
_VERBS = WordClass.BE | WordClass.HAVE | WordClass.VERB | WordClass.HARM


def whose(people: People, finding: Finding, clauses: Clauses, before: Sequence[Finding]) -> Whose:
    """The side of `people`, to whom `finding` happened; `before` is the harm that the sentence has told of."""
    if (
        (people.kind == "attacker" and "former" not in clauses.tokens.lower[people.start : people.end])
        or _is_of_armed(people, clauses.tokens)
        or (people.form is Form.PRONOUN and people.head.endswith(("self", "selves")))
    ):
        return Whose.ATTACKERS
    if people.form is Form.NONE:
        return Whose.VICTIMS
    one = people.best == 1 and people.form in (Form.PRONOUN, Form.DEFINITE, Form.NAME)
    if one and finding.voice in ("passive", "subject") and (_has_harmed(before) or _by_police(finding, clauses)):
        return Whose.ATTACKERS
    if finding.voice == "passive" and people.best == 1 and _before_being(finding, clauses) and _has_harmed(before):
        # "A man shot dead four before being killed by police"
        return Whose.ATTACKERS
    shot = one and finding.voice == "active" and people.head in ("him", "her")
    if shot and (_has_harmed(before) or _police_before(finding, clauses) or _after_attack(finding, clauses, before)):
        return Whose.ATTACKERS
    if people.form is Form.PRONOUN or people.head in ("", "others", "people", "person", "persons"):
        return Whose.UNKNOWN
    return Whose.VICTIMS


def _is_of_armed(people: People, tokens: Tokens) -> bool:
    """Whether people are members of a body that fights: "14 members of the Popular Liberation Army"."""
    lower, at = tokens.lower, people.end
    if people.head not in ("member", "members") or lower[at : at + 1] != ["of"]:
        return False
    verbs = (k for k in range(at + 1, min(len(lower), at + 8)) if tokens.classes[k] & _VERBS and lower[k] != "'s")
    stop = next(verbs, at + 8)
    return not _ARMED.isdisjoint(lower[at + 1 : stop])


def _has_harmed(before: Sequence[Finding]) -> bool:
    """Whether the sentence has told of harm that somebody did: "killed four before being shot dead"."""
    return any(f.voice == "active" and f.kind in (ClaimKind.KILLED, ClaimKind.WOUNDED) for f in before)


def _after_attack(finding: Finding, clauses: Clauses, before: Sequence[Finding]) -> bool:
    """ "Three were killed after a man opened fire before a guard killed him": who is killed last is who attacked."""
    lower = clauses.tokens.lower[: finding.at[0]]
    killed = any(f.kind is ClaimKind.KILLED for f in before)
    return killed and "before" in lower and any(lower[k : k + 2] == ["opened", "fire"] for k in range(len(lower)))


def _before_being(finding: Finding, clauses: Clauses) -> bool:
    """Whether a harm word is told of the one who harmed before: "killed four before being shot"."""
    return clauses.tokens.lower[max(0, finding.at[0] - 2) : finding.at[0]] == ["before", "being"]


def _by_police(finding: Finding, clauses: Clauses) -> bool:
    lower, end = clauses.tokens.lower, max(finding.at[1], finding.predicate.fatal_at + 2)
    return "by" in lower[end : end + 2] and any(word in _LAW for word in lower[end : end + 6])


def _police_before(finding: Finding, clauses: Clauses) -> bool:
    return not _LAW.isdisjoint(clauses.tokens.lower[max(0, finding.at[0] - 2) : finding.at[0]])
