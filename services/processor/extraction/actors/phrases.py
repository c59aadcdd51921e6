"""Noun phrases: what stands around a match that belongs to it, and which matches are one phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.processor.extraction.actors.lexicon import Actor, adjective
from services.processor.extraction.actors.mentions import STATE_KINDS, ActorMention
from services.processor.extraction.actors.source import Found, NationSpan, Source

_LINK = frozenset(("linked", "affiliated", "aligned", "allied", "inspired", "backed", "tied", "connected"))
TIED = ("affiliated", "associated", "aligned", "allied")
"""Words that with "with" or "to" make somebody a friend of the group named after them."""
_LINK_GAP = re.compile(
    r" (?:with |that |who |which )?(?:(?:is|are|have|has) )?"
    r"(?:linked|affiliated|associated|allied|aligned|loyal|tied|sympathetic|connected|close|allegiance|devoted|attached)"
    r" (?:to|with) (?:the )?"
)
_MEMBER_GAP = re.compile(r" (?:of|from|belonging to|identified as|calling itself|called|known as) (?:the )?")
_ARTICLE = re.compile(r"\b(?:the|an?) (?:[\w-]+ ){0,3}\Z")
"""Before a description: "the extreme left-wing Maoist organisation"."""
_COUNT_DIGITS = 3
"""Figures that count the people of a noun phrase have at most so many digits; longer ones are times and years."""
_NAME_WORDS = 2
"""Capitalised words before a description that can be the people's name."""
_DEFINITE = frozenset(("the", "these", "those", "its", "their"))
_QUANTIFIED = frozenset((("least", "at"), ("than", "more"), ("to", "up"), ("styled", "self"), ("called", "so")))
"""Pairs that count or qualify, each with the word before it: "at least"."""
_PAIRED = frozenset((("wing", "left"), ("wing", "right"), ("right", "far"), ("left", "far"), ("duty", "off")))
"""Pairs that describe, each with the word before it: "left-wing"."""
_NUMBERED = frozenset(("battalion", "brigade", "detachment", "regiment", "cartel", "gang", "front", "infantry brigade"))


def joined(source: Source, found: list[Found]) -> list[Found]:
    """Neighbours that are one noun phrase put together: "Boko Haram" + "militants", "gunmen" of "the M23"."""
    joined: list[Found] = []
    for one in found:
        last = joined[-1] if joined else None
        together = _join(source, last, one) if last is not None else None
        if together is not None:
            joined[-1] = together
        else:
            joined.append(one)
    return joined


def _join(source: Source, last: Found, one: Found) -> Found | None:
    if one.start - last.end > 40 or one.nation_only or last.nation_only:
        return None
    gap = source.view[last.end : one.start]
    bare = gap.strip()
    if not bare:
        return _join_adjacent(source, last, one)
    if bare == "'s" and last.actor is not None and last.kind != "person" and one.actor is None:
        member = one.head in source.words["member"] or one.kind == "militant"
        return Found(last.start, one.end, last.kind, last.actor, one.head) if member else None
    if (
        bare.strip("\"' ") == ","
        and last.actor is None
        and last.kind in ("group", "militant")
        and one.actor is not None
    ):
        # "the Maoist organisation, Shining Path"
        article = _ARTICLE.search(source.view, max(0, last.start - 40), last.start) is not None
        named = one.kind not in STATE_KINDS and article
        return Found(last.start, one.end, one.kind, one.actor, last.head) if named else None
    if bare in _LINK and last.actor is not None and one.actor is None:
        return Found(last.start, one.end, one.kind, None, one.head)
    if last.actor is None and one.actor is not None:
        spaced = " " + " ".join(gap.split()) + " "
        if _LINK_GAP.fullmatch(spaced):
            return Found(last.start, one.end, last.kind, None, last.head)
        if _MEMBER_GAP.fullmatch(spaced) and last.kind not in ("crowd",):
            return Found(last.start, one.end, one.kind, one.actor, last.head)
    if (
        last.actor is None
        and one.kind in ("state_force", "international_force")
        and last.kind not in ("crowd", "person")
    ):
        spaced = " " + " ".join(gap.split()) + " "
        if _MEMBER_GAP.fullmatch(spaced):
            return Found(last.start, one.end, one.kind, one.actor, one.head)
    return None


def _join_adjacent(source: Source, last: Found, one: Found) -> Found | None:
    if last.actor is not None:
        if one.actor is None:
            member = one.head in source.words["member"] or one.kind in ("militant", "attacker", "group")
            return Found(last.start, one.end, last.kind, last.actor, one.head) if member else None
        return Found(last.start, one.end, last.kind, last.actor, last.head) if one.actor is last.actor else None
    if one.actor is not None:
        describes = last.kind in ("militant", "group", "criminal", "attacker")
        return Found(last.start, one.end, one.kind, one.actor, one.head) if describes else None
    if last.kind in ("person", "crowd") or one.kind == "person":
        return None
    if one.kind == "group":
        # "guerrilla columns" are guerrillas.
        return Found(last.start, one.end, last.kind, None, last.head)
    return Found(last.start, one.end, one.kind, None, one.head)


def phrase(source: Source, found: Found) -> ActorMention:
    """The mention with the words of its noun phrase that stand before it."""
    before = source.words_before(found.start)
    state = _Phrase(found.start, found.start)
    inside, index = found.start, len(before)
    while index:
        index -= 1
        if not source.is_gap(before[index].end(), inside):
            break
        here = None if state.determined else source.nation_before(inside)
        if here is not None:
            state.nation = state.nation or here
            state.start = state.left = inside = here.start
            while index and before[index].start() > here.start:
                index -= 1
            continue
        at = before[index].start()
        previous = before[index - 1] if index and source.is_gap(before[index - 1].end(), at) else None
        taken = _take(source, found, state, before[index][0], at, previous[0] if previous is not None else "")
        if taken == 0:
            break
        if taken == 2 and previous is not None:
            index -= 1
            at = previous.start()
        if state.named:
            state.start = at
        state.left = inside = at
    return _mention(source, found, state)


@dataclass(slots=True)
class _Phrase:
    """A noun phrase while it is followed to its left."""

    start: int
    """Where the words of the mention begin."""
    left: int
    """Where the phrase begins, articles and words of doubt included."""
    nation: NationSpan | None = None
    doubted: bool = False
    definite: bool = False
    determined: bool = False
    """An article or number has been passed: only what the phrase is a part of can still stand before it."""
    named: bool = False
    """The word taken last belongs to the words of the mention."""
    capitalised: int = 0


def _take(source: Source, found: Found, state: _Phrase, plain: str, at: int, previous: str) -> int:
    """How many words of the text belong to the phrase here: 0, the word `plain`, or it and the one before."""
    words = source.words
    described = found.actor is None
    state.named = False
    if plain.endswith("."):
        return 0
    if plain in words["doubt"]:
        state.doubted = True
        return 1
    if plain in words["determiner"] or (plain.isdigit() and len(plain) <= _COUNT_DIGITS):
        state.determined = True
        state.definite = state.definite or plain in _DEFINITE
        return 1
    if _is_part_of(words, plain, previous, described):
        state.determined = False
        return 2
    if not described and plain in ("with", "to") and previous in TIED:
        state.doubted = True
        return 2
    if (plain, previous) in _QUANTIFIED:
        return 2
    if state.determined:
        return 0
    if (plain, previous) in _PAIRED:
        state.named = True
        return 2
    ordinal = plain[:-2].isdigit() and plain[-2:] in ("st", "nd", "rd", "th", "3d")
    if plain in words["unknown"] or plain in words["attribute"] or ordinal:
        state.named = described or plain in words["unknown"]
        return 1
    if state.capitalised < _NAME_WORDS and _is_name(source, found, state, plain, at):
        state.capitalised += 1
        state.named = True
        return 1
    return 0


def _is_part_of(words: dict[str, frozenset[str]], plain: str, previous: str, described: bool) -> bool:
    """Whether the phrase is what is left of it in two words: "members of", "a group of", "spokesman for"."""
    if plain == "of" and (previous in words["quantity"] or previous in words["member"]):
        return True
    if described:
        return False
    if plain in ("of", "for") and previous in words["voice"]:
        return True
    return plain in ("from", "to", "in") and previous in words["member"]


def _is_name(source: Source, found: Found, state: _Phrase, plain: str, at: int) -> bool:
    """Whether a word names the people described ("Fulani herdsmen") or the unit ("ATLACATL BATTALION")."""
    if source.capitals:
        return found.head in _NUMBERED and state.capitalised == 0 and plain not in source.words["stop"]
    described = found.actor is None and source.text[at].isupper()
    if described and len(plain) > 1 and source.text[at : at + len(plain)].isupper():
        # "PF cadres": initials have their capitals from nowhere but the name.
        return plain not in source.words["stop"]
    return described and plain not in source.words["weekday_month"] and not source.begins_sentence(at)


def _mention(source: Source, found: Found, state: _Phrase) -> ActorMention:
    actor = found.actor
    if actor is None and found.kind in STATE_KINDS:
        actor = _force(source, found, state.start, state.nation)
    return ActorMention(
        state.start,
        found.end,
        source.text[state.start : found.end],
        actor,
        found.kind,
        min(state.left, state.start),
        state.doubted,
        state.definite,
        found.head,
    )


def _force(source: Source, found: Found, start: int, nation: NationSpan | None) -> Actor:
    """A force under the one name of its country: "Mali's army" and "Malian army" are the same."""
    if nation is None:
        return Actor(" ".join(source.text[start : found.end].split()), (), found.kind)
    rest = " ".join(source.view[nation.end : found.end].removeprefix("'s").split())
    before = " ".join(source.view[start : nation.start].split())
    name = " ".join(part for part in (before, adjective(nation.nation), rest) if part)
    return Actor(name, (), found.kind, "", (nation.nation.code,))
