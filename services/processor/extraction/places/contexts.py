"""What the words before and after a name make of it: place of an event, speaker, part of a body's name, a person."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.model import Kind, Role

_BEFORE = 90
"""Code points looked at before a name."""
_AFTER = 48
_TOKENS = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]")
_NEXT = re.compile(r"(?P<possessive>['’][sS]?(?=\W|$))?(?P<hyphen>-)?[ \t\u00a0\n]*(?P<rest>.*)", re.DOTALL)
_DATELINE = re.compile(
    r"(?:,? ?[^\n()–—:-]{1,40})?\s{0,2}(?:\([^()\n]{1,70}\)|\[[^\[\]\n]{1,40}\])?\s{0,2}(?:--+|-|–|—|:)(?=\s|\[|\()"
)
_DIRECTIONS = frozenset(
    "north south east west northeast northwest southeast southwest north-east north-west south-east south-west northern "
    "southern eastern western outskirts centre center heart".split()
)
_MEASURES = frozenset(
    "km kms kilometer kilometers kilometre kilometres mile miles metres meters hours away far drive".split()
)
_NEAR_TO = frozenset("close next adjacent near proximity nearer border".split())
_REPORTED = frozenset(
    "said says told saying statement conference interview reporters journalists spokesman spokeswoman spokesperson briefing talks "
    "summit meeting headquarters headquartered based speaking correspondent bureau embassy trial court newspaper analyst "
    "meetings negotiations convicted sentenced address speech rally forum gathering exile".split()
)
_JOINS = frozenset({",", "and", "&", "or", "/", "to"})
_STANDS_WITH_OF = frozenset(
    "parts part areas area streets suburbs outskirts people residents town city village mayor".split()
)

Found = Role | None


class Before(NamedTuple):
    """What the words before a name say."""

    role: Role
    joined: bool
    """The name continues a list or chain: it has the role of the name before it, if that stands right there."""
    type_of: Kind | None
    """The kind of place that the text says it is: "the village of"."""
    title: bool
    """A word that makes it a person stands right before."""
    direct: bool
    """The locative stands right before the name: "in Gao"."""


class After(NamedTuple):
    """What the words after a name say."""

    type_hint: Kind | None
    """"province" in "Kunduz province"."""
    type_end: int
    """Code points from the name's end to the end of that word; 0 where there is none."""
    event: bool
    """A noun follows that the name locates: "the Gao attack"."""
    speech: bool
    organisation: bool
    hyphenated: bool
    """"-based", "-born": a hyphen and a small word follow."""
    possessive: bool


def before(text: str, start: int, shielded_to: int) -> Before:
    """Read the words before `start`, none before `shielded_to` (where the mention before it ends)."""
    lists = cues()
    window = text[max(0, start - _BEFORE) : start]
    words = _TOKENS.findall(window)[-9:]
    words.reverse()
    first_known = start - shielded_to
    type_of: Kind | None = None
    gone = 0
    for at, word in enumerate(words):
        low = word.lower()
        if first_known < _BEFORE and shielded_to and gone + len(word) > first_known:
            return Before("bare", True, type_of, False, False)
        gone += len(word) + (1 if at else 0)
        nxt = words[at + 1].lower() if at + 1 < len(words) else ""
        if low == "from":
            return Before("at" if nxt in _MEASURES else "origin", False, type_of, False, at == 0)
        if low == "to":
            return Before(
                "at" if nxt in _NEAR_TO or nxt in _DIRECTIONS else "destination", False, type_of, False, at == 0
            )
        if low == "of":
            if type_of is None and nxt in lists.types and at <= 2:
                type_of = lists.types[nxt]
            if nxt in lists.modifiers or nxt in lists.types or nxt in _DIRECTIONS or nxt in _MEASURES:
                continue
            if nxt in lists.events:
                return Before("at", False, type_of, False, False)
            role: Role = "organisation" if nxt in lists.bodies_of else "bare"
            return Before(role, False, type_of, False, False)
        if low in lists.locatives:
            return Before(_locative_role(words, at, lists.bodies_of), False, type_of, False, at == 0)
        if low in _JOINS:
            return Before("bare", True, type_of, False, False)
        if at == 0 and low.rstrip(".") in lists.titles:
            return Before("bare", False, type_of, True, False)
        if low in lists.modifiers or low in lists.types or (word == low and "-" in word):
            continue
        return Before("bare", False, type_of, False, False)
    return Before("bare", False, type_of, False, False)


def _locative_role(words: list[str], at: int, bodies: frozenset[str]) -> Role:
    """The role that a preposition gives: where it happened, where it was said, or part of a body's name."""
    earlier = words[at + 1 : at + 4]
    if words[at].lower() in ("in", "at", "on") and earlier:
        if earlier[0][:1].isupper() and earlier[0].lower() in bodies and not words[at].isupper():
            return "organisation"
        if any(word.lower() in _REPORTED for word in earlier):
            return "dateline"
    return "at"


def after(text: str, end: int) -> After:
    """Read the words after `end`."""
    lists = cues()
    match = _NEXT.match(text[end : end + _AFTER])
    if match is None:  # the pattern matches anything; this is for the type checker
        return After(None, 0, False, False, False, False, False)
    possessive, hyphen, rest = match["possessive"] is not None, match["hyphen"] is not None, match["rest"]
    offset = match.start("rest")
    if hyphen:
        small = rest[:1].islower()
        return After(None, 0, False, False, False, small, False)
    words = [(word[0].lower(), word.end()) for word in _TOKENS.finditer(rest)][:5]
    hint: Kind | None = None
    hint_end = 0
    used = 0
    if not possessive:
        for count in (3, 2, 1):
            if len(words) >= count:
                phrase = " ".join(word for word, _ in words[:count])
                if phrase in lists.types:
                    hint, hint_end, used = lists.types[phrase], offset + words[count - 1][1], count
                    break
    following = words[used][0] if len(words) > used else ""
    first = words[0][0] if words else ""
    return After(
        type_hint=hint,
        type_end=hint_end,
        event=not possessive and (following in lists.events or first in lists.events),
        speech=not possessive and not hint and first in lists.speech,
        organisation=not possessive and first in lists.organisations and rest[:1].isupper(),
        hyphenated=False,
        possessive=possessive,
    )


def is_dateline(text: str, start: int, end: int) -> bool:
    """Whether the name `text[start:end]` stands at the head of a line as where the article was filed.

    "BAMAKO, June 2 (Agency) - ...", "KABUL: ...", "SAN SALVADOR, 3 JAN 90 -- ...".
    """
    line = text.rfind("\n", max(0, start - 80), start) + 1
    head = text[max(line, start - 80) : start]
    if head.strip(" \t\u00a0\"'“(*") and not (len(head) < 60 and head.rstrip().endswith((")", "]"))):
        return False
    if start > 600 and not text[start:end].isupper():
        return False
    match = _DATELINE.match(text[end : end + 120])
    if match is None:
        return False
    # Without capitals, "Mali: ..." and "Gao - ..." may as well be a heading or a dash in the sentence.
    return text[start:end].isupper() or "(" in match[0] or not match[0].rstrip().endswith(":")
