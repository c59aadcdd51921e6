"""Whether the grammar around an event's words says that it happened, was tried or was threatened, if any of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from schemas import IncidentType
from services.processor.extraction.events.lexicon import Trigger, ends_with, last_words, words
from services.processor.extraction.events.triggers import Found
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_AUXILIARY = _W.BE | _W.HAVE | _W.MODAL | _W.DO | _W.NEGATION
_CONDITIONS = ("if", "unless", "whether", "lest", "should")
_DEADLY = (IncidentType.KILLING, IncidentType.ASSASSINATION)
"""Done at one stroke: "are being murdered" is said of many, one after the other."""
_REACH = 14
_DENIAL_REACH = 28
_TALK_REACH = 4
_TO = re.compile(r"\bto\b")
_TO_REACH = 60
"""Characters from "to" to its verb, past auxiliaries and adverbs."""


class Realis(Enum):
    """What becomes of an event in its clause."""

    HAPPENED = auto()
    ATTEMPTED = auto()
    THREATENED = auto()


def realis_of(tokens: Tokens, found: Found, headline: bool) -> Realis | None:
    """What the clause says of the event that `found` names; None where it is only spoken of."""
    if tokens.lower and tokens.lower[-1] == "?":
        return None
    if conditional(tokens, found.start) or denied(tokens, found.start):
        return None
    if found.trigger.form == "fixed":
        return Realis.HAPPENED
    return _of_noun(tokens, found) if found.trigger.noun else _of_verb(tokens, found, headline)


def is_infinitive(choices: Sequence[Trigger]) -> bool:
    """Whether a word for an event is a verb's base or third person alone: outside headlines told of only after "to"."""
    return all(one.form in ("base", "third") for one in choices)


def may_follow_to(folded: str, at: int) -> bool:
    """Whether "to" may stand before the verb at `folded[at]` and its auxiliaries: a quick look at the text."""
    return _TO.search(folded, max(0, at - _TO_REACH), at) is not None


def conditional(tokens: Tokens, start: int) -> bool:
    """Whether what begins at word `start` stands under a condition, "if the dam bursts"."""
    for k in range(start - 1, max(-1, start - _REACH), -1):
        if tokens.lower[k] in _CONDITIONS and not (tokens.lower[k] == "should" and k):
            return True
        if tokens.classes[k] & _W.MARK and tokens.lower[k] not in ('"', "'", "-", "[", "]", "(", ")"):
            return False
    return False


def denied(tokens: Tokens, start: int) -> bool:
    """Whether what begins at word `start` is said not to be so, "denied a massacre"."""
    lower = tokens.lower
    if last_words("denying").isdisjoint(lower[max(0, start - _DENIAL_REACH + 1) : start]):
        return False
    for k in range(start - 1, max(-1, start - _DENIAL_REACH), -1):
        if ends_with("denying", lower, k + 1):
            return True
        if lower[k] in (";", ":", "but", "although", "though", "while", "when", "after", "following"):
            return False
    return False


def _of_verb(tokens: Tokens, found: Found, headline: bool) -> Realis | None:
    lower, classes, form = tokens.lower, tokens.classes, found.trigger.form
    if found.trigger.strength == "hostile" and lower[found.end : found.end + 1] in (["out"], ["off"], ["away"]):
        # "stormed out of the hall"
        return None
    k, auxiliaries, negated = found.start - 1, 0, False
    while k >= 0 and (classes[k] & (_AUXILIARY | _W.ADVERB) or lower[k] in ("being", "been")):
        if classes[k] & _W.ADVERB and not classes[k] & _AUXILIARY and found.start - k > 4:
            break
        auxiliaries |= classes[k]
        negated = negated or bool(classes[k] & _W.NEGATION)
        k -= 1
    if negated or (auxiliaries & _W.BE and _of_nobody(lower[max(0, k - 3) : k + 1])):
        return None
    if auxiliaries & _W.MODAL and not _month(tokens, k + 1):
        return None
    if k >= 0 and lower[k] == "to" and ("base" in form or auxiliaries & (_W.BE | _W.HAVE)):
        return _infinitive(tokens, k)
    if auxiliaries & _W.BE and _habitual(tokens, k + 1, found):
        return None
    if not auxiliaries and _attributive(tokens, found):
        return None
    if form in ("base", "third", "base+past+participle"):
        return Realis.HAPPENED if headline or "past" in form else None
    if form == "ing":
        return _ing(tokens, found)
    return Realis.HAPPENED


def _of_nobody(subject: list[str]) -> bool:
    """ "no foreigners are being held", "there are no foreigners held"."""
    return any(word in ("no", "none", "nobody", "neither") for word in subject) and "," not in subject


def _habitual(tokens: Tokens, start: int, found: Found) -> bool:
    """ "are murdered" tells of what happens again and again; "is being attacked" of now, "was attacked" of once."""
    group = tokens.lower[start : found.start]
    going_on = "being" in group and found.trigger.kind not in _DEADLY
    return any(word in ("is", "are", "am", "be", "get", "gets") for word in group) and not going_on


def _attributive(tokens: Tokens, found: Found) -> bool:
    """ "the kidnapped engineers", "its wounded": a participle in a noun's place speaks of what is told elsewhere."""
    if "participle" not in found.trigger.form or found.start == 0 or found.end >= len(tokens.lower):
        return False
    at = found.start - 1
    if at and tokens.classes[at] & _W.ADVERB:
        # "the recently murdered senator"
        at -= 1
    before, after = tokens.classes[at], tokens.classes[found.end]
    determined = before & _W.DETERMINER and tokens.lower[at] not in ("that", "this")
    if determined or before & _W.POSSESSIVE or tokens.lower[found.start - 1 : found.end] == ["of", "wounded"]:
        return tokens.lower[found.end] != "by"
    opens = before & (_W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE | _W.PREPOSITION | _W.NUMBER)
    opens = opens or tokens.lower[at] in word_set("pays_tribute")
    return bool(opens) and bool(after & (_W.PERSON | _W.TITLE) or after == 0) and tokens.lower[found.end] not in ("by",)


def _month(tokens: Tokens, at: int) -> bool:
    """Whether a "may" at `at` is the month: "on 4 May attacked"."""
    return tokens.lower[at] == "may" and at > 0 and tokens.lower[at - 1].isdigit()


def _infinitive(tokens: Tokens, to: int) -> Realis | None:
    """What the word before "to" makes of the infinitive after it."""
    for k in range(to - 1, max(-1, to - 4), -1):
        word = tokens.lower[k]
        if word in words("done"):
            return Realis.HAPPENED
        if word in words("tried"):
            return None if _unreal_before(tokens, k) else Realis.ATTEMPTED
        if word in words("threatened"):
            return None if _unreal_before(tokens, k) else Realis.THREATENED
        if tokens.classes[k] & (_W.MARK | _W.COMMA):
            break
    return None


def _unreal_before(tokens: Tokens, at: int) -> bool:
    return any(bits & (_W.MODAL | _W.NEGATION) for bits in tokens.classes[max(0, at - 3) : at])


def _ing(tokens: Tokens, found: Found) -> Realis | None:
    """ "killing three" after a comma tells of the outcome; "of killing" and "for killing" of a deed named before."""
    lower, classes, at = tokens.lower, tokens.classes, found.start - 1
    while at >= 0 and classes[at] & _W.ADVERB:
        at -= 1
    if at < 0:
        return None
    if classes[at] & _W.BE:
        return None if _unreal_before(tokens, at) else Realis.HAPPENED
    following = classes[found.end] if found.end < len(classes) else _W.MARK
    if following & (_W.COMMA | _W.MARK | _W.AND | _W.BE | _W.PREPOSITION) and found.trigger.strength != "harm":
        # "engage in kidnapping, ...": the practice, not a deed.
        return None
    if any(word in words("talk") for word in lower[max(0, at - 2) : at]):
        return None
    if lower[at] in ("by", "after", "before", "when", "while", "for", "of", "in", "and", ","):
        clause = classes[max(0, at - 10) : at]
        return None if any(bits & (_W.MODAL | _W.NEGATION) for bits in clause) else Realis.HAPPENED
    return None


def _of_noun(tokens: Tokens, found: Found) -> Realis | None:
    lower, classes = tokens.lower, tokens.classes
    if found.end < len(lower) and lower[found.end] in words("compounds"):
        # "death threats", "an assault rifle"
        return None
    left = phrase_start(tokens, found.start)
    for k in range(left, found.start):
        if lower[k] in words("unsaid") or classes[k] & (_W.NEGATION | _W.MODAL):
            return None
    for k in range(left - 1, max(-1, left - _TALK_REACH), -1):
        if classes[k] & (_W.COMMA | _W.MARK | _W.SUBORDINATE) and lower[k] not in ('"', "'"):
            break
        if lower[k] in words("talk"):
            return Realis.THREATENED if lower[k] in words("threatened") else None
    return _staged(tokens, found, left)


def _staged(tokens: Tokens, found: Found, left: int) -> Realis | None:
    """Of an attack that somebody stages: what the verb's own mood makes of it ("will launch an attack")."""
    lower, classes = tokens.lower, tokens.classes
    for k in range(left - 1, max(-1, left - 8), -1):
        if classes[k] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE | _W.THAT) and lower[k] not in ('"', "'"):
            break
        if classes[k] & (_W.MODAL | _W.NEGATION) and not _month(tokens, k):
            return None
        if lower[k] == "to" and k + 1 < left and classes[k + 1] & (_W.DETERMINER | _W.INDEFINITE) == 0:
            kind = _infinitive(tokens, k)
            if kind is not Realis.HAPPENED and _is_base(lower[k + 1]):
                return kind
    for k in range(found.end, min(len(lower), found.end + 12)):
        if classes[k] & (_W.MARK | _W.RELATIVE | _W.COMMA):
            break
        if classes[k] & _W.MODAL and not _month(tokens, k):
            return None
    return Realis.HAPPENED


def _is_base(word: str) -> bool:
    return word in (
        "launch", "stage", "carry", "commit", "perpetrate", "mount", "conduct", "make", "prevent", "stop", "avoid",
        "halt", "repel", "plan", "continue", "resume", "suspend", "end", "order", "prepare", "justify",
    )  # fmt: skip


def phrase_start(tokens: Tokens, at: int) -> int:
    """Where the noun phrase that ends before word `at` begins: its article, number and adjectives."""
    classes, k = tokens.classes, at
    stops = (
        _W.PREPOSITION | _W.BE | _W.HAVE | _W.DO | _W.TO | _W.COMMA | _W.MARK | _W.RELATIVE | _W.THAT | _W.SAY
        | _W.SUBORDINATE | _W.VERB | _W.AND
    )  # fmt: skip
    while k > 0 and at - k < 6:
        bits = classes[k - 1]
        if bits & (_W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE) or tokens.lower[k - 1] == "'s":
            return k - 1
        if bits & stops and not (bits & _W.PAST):
            return k
        k -= 1
    return k
