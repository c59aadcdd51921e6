"""What happens to people, who are the subject of its verb: they die, take their own lives, suffer wounds."""

from __future__ import annotations

import re

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.nth import numbered_to
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate, suffering_verb
from services.processor.extraction.claims.verb_groups import aboard_with_it, auxiliary, preceded_by
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_DIES = ("die", "perish", "lose his life", "lose her life", "lose their life", "lose their lives")
_SENDS = word_set("sends")
_SENT = re.compile(rf"\b(?:{'|'.join(sorted(_SENDS))})\b")
_SENT_REACH = 90
"""Characters from the verb to the hospital."""
_LONGEST_WAY = 5
"""Words from "to" to the hospital: "to several nearby hospitals"."""
_LEAVES = frozenset(("left", "leaves", "leaving"))
LONGEST_KIND = 6
"""Words between "with" and the wounds: "with serious but not life-threatening injuries"."""
_LONGEST_THING = 6
"""Words of a thing: "the two small outboard boats"."""
_OF_A_THING = _W.NOT_PEOPLE | _W.NUMBER | _W.QUANTIFIER | _W.INDEFINITE | _W.DETERMINER | _W.POSSESSIVE
_OPENS_CLAUSE = frozenset(("after", "when", "as", "where", "because", "before", "while", "until", "once"))
_OBJECTS = frozenset(("him", "them", "her", "us", "me"))
"""Pronouns that are never the subject of a verb."""


def _oneself(predicate: Predicate) -> People:
    start, end = predicate.start, predicate.end
    return People(start, end, Form.PRONOUN, "himself", "person", 1, 1, 1, Modifier.EXACT)


def read_suicide(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "before turning the gun on himself", "and then hanged himself", "a man hanged himself"."""
    then = predicate.start > 1 and clauses.tokens.lower[predicate.start - 1] == "then" and "past" in predicate.harm.form
    if predicate.harm.form == "ing" or then:
        return finding_of(predicate, [_oneself(predicate)], "active")
    found = read_happens(clauses, predicate)
    if found is None and predicate.harm.form != "base" and clauses.verb_before(predicate.start) >= 0:
        return finding_of(predicate, [_oneself(predicate)], "active")
    return found


def read_happens(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "14 farmers died", "two men who rode with him drowned"; and "the twelfth person to die"."""
    if predicate.harm.form == "ing" and auxiliary(clauses, predicate.start, _W.BE) < 0:
        return None
    if predicate.harm.form == "base" and preceded_by(clauses, predicate.start, _W.TO, ("to",)):
        # "the twelfth person to die of the fire"
        one = _last_of_all(clauses, predicate)
        return finding_of(predicate, [one], "toll") if one is not None else None
    start = predicate.start
    for bit in (_W.HAVE, _W.BE, _W.MODAL):
        found = auxiliary(clauses, predicate.start, bit)
        if found >= 0:
            start = found
            break
    if _a_thing_does(clauses, start):
        return None
    people = clauses.adjacent_left(start)
    if people and clauses.tokens.lower[people[-1].start] in _OBJECTS and people[-1].form is Form.PRONOUN:
        # "Two men who rode with him also died"
        people = []
    if not people:
        people = [] if clauses.verb_before(start) >= 0 else clauses.subject(start)
    if predicate.harm.lemma == "expire" and (not people or not _may_expire(clauses, people[0])):
        return None
    opening = bool(people) and people[-1].counted and people[-1].start == 0
    if predicate.harm.form == "base" and people and not people[-1].head and not opening:
        return None
    if not people and predicate.harm.lemma == "drown" and predicate.harm.form != "ing":
        people = clauses.objects(predicate.end)
    if predicate.harm.kind is ClaimKind.MISSING and not any(one.form is Form.COUNT for one in people):
        # "a boat that vanished with 31 people aboard"
        people = aboard_with_it(clauses, predicate.end) or people
    return finding_of(predicate, people + clauses.companions(predicate.end) if people else [], "subject")


def _a_thing_does(clauses: Clauses, verb: int) -> bool:
    """Whether the subject of a verb is a thing: "off Lihir, Papua New Guinea, after two small boats disappeared"."""
    classes, at = clauses.tokens.classes, verb - 1
    if at < 1 or not classes[at] & _W.NOT_PEOPLE or classes[at] & _W.PERSON:
        return False
    while at > max(0, verb - _LONGEST_THING) and not classes[at] & ~_OF_A_THING:
        at -= 1
    return clauses.tokens.lower[at] in _OPENS_CLAUSE


def _may_expire(clauses: Clauses, people: People) -> bool:
    """Whether people died: "44 guests expired"; not "the visas of 300 workers expired", "the measure expires"."""
    return people.form is Form.COUNT and clauses.tokens.lower[max(0, people.start - 1) : people.start] != ["of"]


def _last_of_all(clauses: Clauses, predicate: Predicate) -> People | None:
    """Whose death is told of by its number, "the twelfth person to die": all up to that one."""
    if predicate.harm.lemma not in _DIES:
        return None
    to = predicate.start - 1
    return numbered_to(clauses.tokens, to, clauses.ends.get(to))


def read_suffering(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "two guards received minor wounds", "was attacked, sustaining a head injury": who suffers it is harmed."""
    verb = suffering_verb(clauses.tokens, predicate.start)
    if verb < 0:
        return None
    start = verb
    for bit in (_W.HAVE, _W.BE, _W.MODAL):
        found = auxiliary(clauses, verb, bit)
        if found >= 0:
            start = found
            break
    people = clauses.adjacent_left(start) or clauses.subject(start)
    if not people and clauses.tokens.lower[verb].endswith("ing"):
        people = clauses.main_subject()
    return finding_of(predicate, people, "subject")


def read_left_with(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "which left 11 people with injuries": those between the verb and "with"."""
    lower = clauses.tokens.lower
    for at in range(predicate.start - 1, max(0, predicate.start - LONGEST_KIND), -1):
        if lower[at] == "with":
            people = clauses.ends.get(at)
            left = people is not None and people.start > 0 and lower[people.start - 1] in _LEAVES
            return finding_of(predicate, [people], "active") if left and people is not None else None
        if clauses.tokens.classes[at] & (_W.COMMA | _W.MARK | _W.BE | _W.HAVE):
            return None
    return None


def may_be_sent(folded: str, at: int) -> bool:
    """Whether somebody may be sent to the "hospital" at `folded[at]`: a quick look."""
    return _SENT.search(folded, max(0, at - _SENT_REACH), at) is not None


def read_sent(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "a riot that sent 24 inmates to hospital": counted people between the verb and the hospital."""
    lower, at = clauses.tokens.lower, predicate.start - 1
    while at > 0 and lower[at] not in ("to", "in") and predicate.start - at < _LONGEST_WAY:
        at -= 1
    people = clauses.ends.get(at) if lower[at] in ("to", "in") else None
    if people is None or people.form is not Form.COUNT or not people.start:
        return None
    return finding_of(predicate, [people], "active") if lower[people.start - 1] in _SENDS else None
