"""What an incident was aimed at or struck: a place or thing that the words of the attack or accident reach.

A hospital that takes in the wounded, a school that shelters those who fled and an army that sends helicopters are named
by the same sentences, and nobody struck them. So a class word counts only where it is the object of an attack ("stormed
a base", "an attack on a market", "a school was shelled", "a mosque bombing"), where it is what was wrecked ("the ferry
sank", "a bus crash"), or where people are said to have been harmed at it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from schemas import IncidentType, Target
from schemas.taxonomy import TYPES
from schemas.vocabulary import IncidentFamily
from services.processor.extraction.drafts import Statement
from services.processor.extraction.scan import Hit
from services.processor.extraction.wordlists import read_rows

_MOST_BETWEEN = 7
"""Words between a preposition or verb and the target: "on a heavily guarded military and police base"."""
_MOST_BEFORE = 6
"""Words between an attack and its preposition: "a suicide attack by two men in army uniform on"."""
_MOST_AFTER = 4
_WORD = re.compile(r"[\w'’-]+(?:\.\w+)*|[;:!?(),.]")
_STOPS = frozenset(";:!?().")
_COMMA = 4
"""What a comma counts for between: "on a guarded, isolated base", and not "in Kabul, hospital sources said"."""
_WINDOW = 160
"""Characters on each side of a target that are looked at, so that the work is bounded however long a sentence is."""
_NOT_BY_PLACE = frozenset({"hospital"})
"""Classes at which people are said to have died, or to lie wounded, although they were struck elsewhere."""
_MOVING = frozenset({"transport", "aviation", "maritime"})
_PEACEFUL = frozenset({IncidentFamily.ACCIDENT, IncidentFamily.DISASTER, IncidentFamily.HEALTH})


def aims(statements: Sequence[Statement], kind: IncidentType) -> list[tuple[Target, Statement, Hit]]:
    """What the incident of type `kind` was aimed at or struck, the first mention of each class that its words reach."""
    found: dict[str, tuple[Target, Statement, Hit]] = {}
    peaceful = TYPES[kind].family in _PEACEFUL
    for statement in statements:
        for hit in statement.hits:
            target = hit.entry.value
            if hit.entry.table != "target" or target in found or _is_part(statement, hit):
                continue
            if _is_struck(statement, hit, peaceful):
                offset = statement.sentence.start
                words = statement.text[hit.start - offset : hit.end - offset]
                found[target] = (Target(kind=target, text=words), statement, hit)
    return list(found.values())


def _is_part(statement: Statement, hit: Hit) -> bool:
    """Whether it is a word of a longer name for a target: the clinic of an abortion clinic."""
    return any(
        other.entry.table == "target"
        and other.start <= hit.start
        and hit.end <= other.end
        and other.end - other.start > hit.end - hit.start
        for other in statement.hits
    )


def _is_struck(statement: Statement, hit: Hit, peaceful: bool) -> bool:
    offset = statement.sentence.start
    start, end = hit.start - offset, hit.end - offset
    before = _words(statement.text[max(0, start - _WINDOW) : start])
    after = _words(statement.text[end : end + _WINDOW])
    if _leads_there(before, hit.entry.value, peaceful):
        return True
    return _is_told_after(before, after, hit.entry.value, peaceful)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _leads_there(before: list[str], target: str, peaceful: bool) -> bool:
    """Whether the words before the target say that it was struck."""
    between = 0
    position = len(before) - 1
    while position >= 0 and between <= _MOST_BETWEEN:
        word = before[position]
        if word in _STOPS:
            return False
        if word in _set("prepositions"):
            return _strikes(before[:position], word, target, peaceful)
        if word in _set("attack_verbs"):
            return not peaceful
        if word == ",":
            between += _COMMA
        elif word not in _set("between") and not word.endswith("'s"):
            between += 2
        between += 1
        position -= 1
    return False


def _strikes(before: list[str], preposition: str, target: str, peaceful: bool) -> bool:
    """Whether what stands before `preposition` is an attack, or harm that the preposition places."""
    if target in _MOVING and preposition in {"in", "into", "aboard", "of", "on"} and not peaceful:
        # "They fled in trucks", "drove into a car": what carried the attackers is no target.
        near = before[-3:]
        return any(word in _set("attack_nouns") for word in near) and preposition in {"on", "in", "of"}
    for word in reversed(before[-_MOST_BEFORE:]):
        if word in _STOPS or word in _set("elsewhere"):
            return False
        if word in _set("attack_nouns") or word in _set("attack_verbs"):
            return not peaceful or word in _set("wreck_nouns") or word in _set("wreck_verbs")
        if word in _set("wreck_nouns") or word in _set("wreck_verbs"):
            return peaceful
        if word in _set("harm_at"):
            if target in _NOT_BY_PLACE and word not in _set("harm_done"):
                return False
            return preposition in {"at", "in", "inside", "outside", "near", "aboard"}
    return False


def _is_told_after(before: list[str], after: list[str], target: str, peaceful: bool) -> bool:
    """Whether the words after the target say that it was struck: "a mosque bombing", "the base came under attack"."""
    if not after:
        return False
    nouns = _set("wreck_nouns") if peaceful else _set("attack_nouns")
    if after[0] in nouns and (not peaceful or target not in _NOT_BY_PLACE):
        return True
    if before and before[-1] in _set("prepositions") and not peaceful:
        return False
    verbs = _set("wreck_verbs") if peaceful else _set("attack_verbs")
    passive = False
    for word in after[:_MOST_AFTER]:
        if word in _STOPS:
            return False
        if word in verbs:
            # An active verb makes it the one who struck: a thing does so only by an accident.
            return passive or (peaceful and target in _MOVING | {"business", "prison", "crowd", "hotel", "school"})
        if word in {"under", "by"} and passive:
            continue
        if passive and word in nouns:
            return True
        passive = passive or word in _set("passive")
    return False


@cache
def _set(name: str) -> frozenset[str]:
    return next(frozenset(words.split()) for set_name, words in read_rows("aim_words.tsv") if set_name == name)
