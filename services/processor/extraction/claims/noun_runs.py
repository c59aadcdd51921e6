"""The nouns and adjectives in a row that name people: "alleged State of Sinai militants"."""

from __future__ import annotations

from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_LONGEST_RUN = 8
_RUN_STOPS = (_W.PREPOSITION | _W.AND | _W.COMMA | _W.BE | _W.HAVE | _W.DO | _W.MODAL | _W.TO | _W.RELATIVE | _W.THAT
    | _W.SUBORDINATE | _W.PRONOUN | _W.NEGATION | _W.INDEFINITE | _W.DETERMINER | _W.POSSESSIVE)  # fmt: skip
_DATE = _W.WEEKDAY | _W.MONTH
_LONGEST_BODY = 4
"""Words from "of the" to the noun: "of the second night shift"."""
_BODIES_OF_PEOPLE = word_set("bodies_of_people")
_ENDS_BODY = (
    _W.BE | _W.HAVE | _W.HARM | _W.PREPOSITION | _W.MARK | _W.COMMA | _W.AND | _W.ADVERB | _W.RELATIVE | _W.SUBORDINATE
)
ADJECTIVES_TOO = word_set("adjectives_too")
"""Nouns for people only after an article or a number: "a German national"."""
AGENT_ENDINGS = ("er", "or", "ist", "ian", "man", "ant", "ent", "eer", "ee")
"""Endings of nouns for people that people.tsv may lack: "a coordinator", "a beautician"."""


def _describes_next(tokens: Tokens, at: int) -> bool:
    """Whether "national" or "local" describes what follows: "local guards", but not "a German national working"."""
    if tokens.classes[at + 1] & ~(_W.PERSON | _W.PLURAL_PERSON | _W.ATTACKER):
        return False
    return not (tokens.lower[at] == "national" and tokens.lower[at + 1].endswith("ing"))


def noun_run(tokens: Tokens, at: int) -> tuple[str | None, int]:
    """(head noun, index after it) of the nouns and adjectives from `at`; (None, at) where there are none."""
    lower, classes, size = tokens.lower, tokens.classes, len(tokens.lower)
    start, head, end, last, stop = at, None, at, at, min(size, at + _LONGEST_RUN)
    person = False
    while at < stop:
        bits, word = classes[at], lower[at]
        if word == "'s" and person and at + 1 < stop and classes[at + 1] & _W.PERSON:
            # "two contractor's drivers": the people are those owned.
            person = False
            at += 1
            continue
        if word == "and" and not person and at > start and _leads_to_noun(tokens, at, stop):
            at += 1
            continue
        if word == "of" and not person and at > start and _in_a_name(tokens, at) and _leads_to_noun(tokens, at, stop):
            at += 1
            continue
        if bits & _RUN_STOPS and not bits & _W.PERSON:
            break
        if bits & (_W.PREPOSITION | _W.INCLUDING) or bits & _DATE:
            break
        if bits & _W.MARK:
            if word == "(" and (not person or lower[at - 1] in ADJECTIVES_TOO):
                close = next((k for k in range(at + 1, min(size, at + 14)) if lower[k] == ")"), None)
                if close is not None and close + 1 < size:
                    at = close + 1
                    stop = min(size, at + _LONGEST_RUN)
                    continue
            if word not in ('"', "'", "/") or at + 1 >= size or classes[at + 1] & (_RUN_STOPS | _W.MARK):
                break
            at += 1
            continue
        if bits & _W.NUMBER:
            break
        if bits & _W.HARM and head is not None and not bits & _W.PERSON:
            # "the shots killed a girl": behind a thing it is a verb.
            break
        if bits & (_W.HARM | _W.PARTICIPLE | _W.PAST | _W.ADVERB | _W.SAY | _W.VERB | _W.QUANTIFIER):
            if bits & _W.PERSON and not (bits & _W.HARM and person):
                pass
            elif person or not _leads_to_noun(tokens, at, stop):
                break
            else:
                at += 1
                continue
        if word in ADJECTIVES_TOO and at + 1 < stop and _describes_next(tokens, at):
            # "the local press" are no people, and "two local guards" are guards.
            last, at = at + 1, at + 1
            continue
        if bits & (_W.PERSON | _W.NOT_PEOPLE | _W.NOUN_STOP):
            head, end, person = word, at + 1, bool(bits & _W.PERSON)
        elif not person:
            last = at + 1
            if head is not None and word.endswith(AGENT_ENDINGS) and len(word) > 6:
                # "a project coordinator": the last noun of a compound says what it is.
                head, end = None, at
        at += 1
    if head is None and last > end:
        return lower[last - 1], last
    return head, end


def _in_a_name(tokens: Tokens, of: int) -> bool:
    """Whether "of" joins the words of a name: "30 Army of Islam fighters"."""
    words = tokens.words
    if of + 1 >= len(words) or words[of] != "of" or tokens.classes[of - 1] & _W.PERSON:
        return False
    return words[of - 1][0].isupper() and words[of + 1][0].isupper()


def _leads_to_noun(tokens: Tokens, at: int, stop: int) -> bool:
    """Whether a participle or adverb at `at` stands before a noun for people ("heavily armed men")."""
    for k in range(at + 1, min(stop, at + 5)):
        bits = tokens.classes[k]
        if bits & _W.PERSON:
            return True
        if tokens.lower[k] == "of" and _in_a_name(tokens, k):
            continue
        if bits & (_RUN_STOPS | _W.MARK | _W.NUMBER | _W.SAY | _W.VERB | _W.QUANTIFIER):
            return False
    return False


def described_to(tokens: Tokens, at: int) -> int:
    """Where "novices" ends in "two of them novices,": a noun right after "them" that a comma closes."""
    for end in range(at, min(len(tokens.lower), at + 4)):
        if tokens.classes[end] & _W.COMMA:
            return end
        if tokens.classes[end] & ~(_W.PERSON | _W.PLURAL_PERSON | _W.ATTACKER | _W.PARTICIPLE | _W.ADVERB):
            break
    return at


def body_of_people(tokens: Tokens, at: int) -> int:
    """Where "night shift" ends in "three of the night shift"; 0 where no noun for a body of people stands at `at`.

    Such nouns have other senses too ("a shift in policy"): they are people only behind "so many of the".
    """
    for end in range(at, min(len(tokens.lower), at + _LONGEST_BODY)):
        if tokens.lower[end] in _BODIES_OF_PEOPLE:
            following = tokens.classes[end + 1] if end + 1 < len(tokens.lower) else _W.MARK
            return end + 1 if following & _ENDS_BODY else 0
        if tokens.classes[end] & (_RUN_STOPS | _W.MARK | _W.NUMBER | _W.PERSON):
            return 0
    return 0
