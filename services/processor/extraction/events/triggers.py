"""Finding the words by which a sentence tells of an incident, each in the form that its neighbours allow."""

from __future__ import annotations

from typing import NamedTuple

from services.processor.extraction.events.lexicon import Trigger, triggers_from
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_BEFORE_NOUN = _W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE | _W.PREPOSITION | _W.NUMBER | _W.QUANTIFIER
_BEFORE_VERB = _W.TO | _W.MODAL | _W.DO | _W.PRONOUN | _W.RELATIVE
_AFTER_NOUN = ("of", "against", "on", "by", "in", "at", "took", "occurred", "was", "were", "has", "had")


class Found(NamedTuple):
    """A Trigger at `words[start:end]` of a sentence."""

    trigger: Trigger
    start: int
    end: int


def find_triggers(tokens: Tokens) -> list[Found]:
    """The triggers of a sentence from left to right, the longest phrase at each word."""
    table, lower = triggers_from(), tokens.lower
    found: list[Found] = []
    free = 0
    for at, word in enumerate(lower):
        if word not in table or at < free:
            continue
        for length, phrase, choices in table[word]:
            if length == 1 or tuple(lower[at : at + length]) == phrase:
                chosen = _choose(tokens, choices, at, at + length)
                if chosen is not None:
                    found.append(Found(chosen, at, at + length))
                free = at + length
                break
    return found


def _choose(tokens: Tokens, choices: tuple[Trigger, ...], start: int, end: int) -> Trigger | None:
    if len(choices) == 1:
        return choices[0]
    nouns = [one for one in choices if one.noun]
    verbs = [one for one in choices if not one.noun]
    before = tokens.classes[start - 1] if start else 0
    previous = tokens.lower[start - 1] if start else ""
    following = tokens.lower[end] if end < len(tokens.lower) else ""
    if not nouns or not verbs:
        return choices[0]
    if before & _BEFORE_VERB and not before & _W.POSSESSIVE:
        return verbs[0]
    if before & _BEFORE_NOUN or previous == "'s":
        ing = verbs[0].form == "ing"
        return verbs[0] if ing and before & _W.PREPOSITION and following not in ("of", "in", "on", "at") else nouns[0]
    if verbs[0].form == "ing":
        # "killing 12" and "the killing of 12": a noun has something before it, or "of" after it.
        return nouns[0] if following == "of" or (before and before & _BEFORE_NOUN) else verbs[0]
    if following in _AFTER_NOUN or (start and not before & (_W.PLURAL_PERSON | _W.PERSON)):
        return nouns[0]
    return verbs[0]
