"""Losses and casualties: "the army lost 12 soldiers", "the storm claimed two casualties", "no casualties"."""

from __future__ import annotations

import re

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.nouns import none_before, number_before
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_SPEAKERS = word_set("no_speaker") - {"which", "that"}
_LOST = word_set("lost_in_battle")
_GONE = word_set("lost_otherwise")
_CLAIMS = word_set("claims_casualties")
_CLAIMS_PEOPLE = word_set("claims_people")
_FATAL = word_set("fatal")
_HURT_OR_FOUGHT = word_set("hurt_or_fought")
_LONGEST_OBJECT = 7
"""Words from "lost" to the soldiers: "lost at least 12 of its elite soldiers"."""
_NEAR = 6
_AS_VICTIMS = word_set("general_people") | {"", "others", "villagers", "residents", "civilians"}
_CAUSE_REACH = 12
"""Words between a cause and its verb: "the fire at the hotel, which has so far claimed"."""
_JOINED_CAUSE = re.compile(rf"\b(?:{'|'.join(sorted(word for word in _CLAIMS_PEOPLE if '-' in word))})\b")
_WORD = re.compile(r"\w+")
_CAUSE_REACH_IN_TEXT = 90
"""Characters of as many words."""
_LONGEST_SIDE = 6
"""Words from the "and" to the number that the other side lost."""


def loses_soldiers(tokens: Tokens, predicate: Predicate) -> bool:
    """Whether what is lost can be soldiers: a quick look, before people are looked for."""
    after = tokens.lower[predicate.end : predicate.end + _LONGEST_OBJECT]
    return not _LOST.isdisjoint(after)


def read_loss(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "the army lost 12 soldiers (to a mine)"; not "lost 12 soldiers to desertion"."""
    lost = [p for p in clauses.objects(predicate.end) if p.head in _LOST and p.form is Form.COUNT]
    if not lost or not _GONE.isdisjoint(clauses.tokens.lower[lost[-1].end : lost[-1].end + _NEAR]):
        return None
    return finding_of(predicate, lost + _lost_by_the_other_side(clauses, lost[-1].end), "active")


def _lost_by_the_other_side(clauses: Clauses, at: int) -> list[People]:
    """The "four soldiers" of "the militia lost nine fighters and the army four soldiers", whose verb is left out."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    at += lower[at : at + 1] == [","]
    if lower[at : at + 1] not in (["and"], ["while"]):
        return []
    for k in range(at + 1, min(len(lower), at + _LONGEST_SIDE)):
        people = clauses.starts.get(k)
        if people is not None and people.form is Form.COUNT:
            known = not people.head or people.head in _LOST
            return [people] if known and k > at + 1 and not clauses.begins_clause(people) else []
        if classes[k] & (WordClass.MARK | WordClass.COMMA | WordClass.BE | WordClass.HAVE | WordClass.PREPOSITION):
            return []
    return []


def may_claim_people(folded: str, at: int) -> bool:
    """Whether the "claimed" at `folded[at]` may be said of a blast or a disease: a quick look."""
    first = max(0, at - _CAUSE_REACH_IN_TEXT)
    words: list[str] = _WORD.findall(folded, first, at)
    if first and folded[first - 1].isalnum() and folded[first].isalnum():
        del words[0]  # What is left of a word that begins before.
    if not _CLAIMS_PEOPLE.isdisjoint(words):
        return True
    return folded.find("-", first, at) >= 0 and _JOINED_CAUSE.search(folded, first, at) is not None


def read_claimed(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "a blast which claimed at least 32 people"; not "the attackers claimed 32 people were held"."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    dead = clauses.objects(predicate.end)
    if not dead or dead[0].form is not Form.COUNT or dead[0].head not in _AS_VICTIMS:
        return None
    relative = predicate.start > 0 and classes[predicate.start - 1] & (_W.RELATIVE | _W.THAT)
    if (clauses.begins_clause(dead[-1]) and not relative) or lower[dead[-1].end : dead[-1].end + 1] == ["as"]:
        return None
    if not dead[0].head and not _ends_there(clauses, dead[0].end):
        return None
    for k in range(predicate.start - 1, max(-1, predicate.start - _CAUSE_REACH), -1):
        if lower[k] in _CLAIMS_PEOPLE:
            return finding_of(predicate, dead, "active")
        named = k in clauses.covers and clauses.covers[k].form is not Form.NAME
        if named or classes[k] & (_W.SAY | _W.MARK | _W.PERSON) or lower[k] in _SPEAKERS:
            return None
    return None


def _ends_there(clauses: Clauses, end: int) -> bool:
    """Whether no noun follows a number: "the storm claimed 12 houses" """
    classes = clauses.tokens.classes
    return end >= len(classes) or bool(classes[end] & (_W.MARK | _W.COMMA | _W.AND | _W.PREPOSITION | _W.SUBORDINATE))


def read_casualties(clauses: Clauses, predicate: Predicate) -> list[Finding]:
    """What "casualties" says: none, so that nobody was killed or wounded; or how many, who may be the hurt as well."""
    start, end, lower = predicate.start, predicate.end, clauses.tokens.lower
    if none_before(clauses, start):
        nobody = People(start - 1, end, Form.NONE, "", "person", 0, 0, 0, Modifier.EXACT)
        kinds = (ClaimKind.KILLED, ClaimKind.WOUNDED)
        return [Finding(kind, [nobody], (start, end), predicate, "noun") for kind in kinds]
    quantity = number_before(clauses, start)
    if quantity is None or not _HURT_OR_FOUGHT.isdisjoint(lower):
        return []
    people = People(
        quantity.start, end, Form.COUNT, "", "person", quantity.low, quantity.best, quantity.high, quantity.modifier,
        quantity.more, quantity.total, False, quantity.core,
    )  # fmt: skip
    found = Finding(ClaimKind.KILLED, [people], (start, end), predicate, "noun")
    found.casualties = _CLAIMS.isdisjoint(lower[max(0, quantity.start - 3) : quantity.start]) and _FATAL.isdisjoint(
        lower[quantity.end : start]
    )
    return [found]


def without_casualties(clauses: Clauses, findings: list[Finding]) -> list[Finding]:
    """`findings` without the "number of casualties" of a sentence that counts its dead, too: it holds the hurt."""
    killed = [finding for finding in findings if finding.kind is ClaimKind.KILLED]
    loose = [one for one in killed if "casualties" in clauses.tokens.lower[one.at[0] : one.at[1]]]
    # Its death toll may be told in words that are not read.
    if not loose or (len(loose) == len(killed) and "toll" not in clauses.tokens.lower):
        return findings
    loose_ids = set(map(id, loose))
    return [finding for finding in findings if id(finding) not in loose_ids]
