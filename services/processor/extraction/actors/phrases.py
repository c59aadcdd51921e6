"""Noun phrases: what stands around a match that belongs to it, and which matches are one phrase."""

from __future__ import annotations

import re

from services.processor.extraction.actors.lexicon import Actor, adjective
from services.processor.extraction.actors.mentions import STATE_KINDS, ActorMention
from services.processor.extraction.actors.source import Found, NationSpan, Source

_LINK = frozenset(("linked", "affiliated", "aligned", "allied", "inspired", "backed", "tied", "connected"))
_TIED = frozenset(("affiliated", "associated", "aligned", "allied"))
_LINK_GAP = re.compile(
    r" (?:with |that |who |which )?(?:(?:is|are|have|has) )?"
    r"(?:linked|affiliated|associated|allied|aligned|loyal|tied|sympathetic|connected|close|allegiance|devoted|attached)"
    r" (?:to|with) (?:the )?"
)
_MEMBER_GAP = re.compile(r" (?:of|from|belonging to|identified as|calling itself|called|known as) (?:the )?")
_COUNT_DIGITS = 3
"""Figures that count the people of a noun phrase have at most so many digits; longer ones are times and years."""
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
    if bare == "," and last.actor is None and last.kind in ("group", "militant") and one.actor is not None:
        # "the Maoist organisation, Shining Path"
        named = one.kind not in STATE_KINDS and source.view[max(0, last.start - 6) : last.start].rstrip().endswith(
            (" the", " a", " an")
        )
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
    words = source.words
    name_start = left = found.start
    doubted = definite = determined = False
    nation: NationSpan | None = None
    capitalised = 0
    inside = found.start
    before = source.words_before(found.start)
    described = found.actor is None
    index = len(before)
    while index:
        index -= 1
        word = before[index]
        at, plain = word.start(), word[0]
        if source.view[word.end() : inside].strip():
            break
        previous = before[index - 1][0] if index and not source.view[before[index - 1].end() : at].strip() else ""
        here = None if determined else source.nation_before(inside)
        if here is not None:
            nation = nation or here
            name_start = left = inside = here.start
            while index and before[index - 1].start() >= here.start:
                index -= 1
            if before[index].start() > here.start:
                break
            continue
        if plain.endswith(".") and plain not in source.nations:
            break
        if plain in words["doubt"]:
            doubted = True
        elif plain in words["determiner"] or (plain.isdigit() and len(plain) <= _COUNT_DIGITS):
            determined = True
            definite = definite or plain in ("the", "these", "those", "its", "their")
        elif (plain == "of" and (previous in words["quantity"] or previous in words["member"])) or (
            plain in ("from", "to", "in") and previous in words["member"] and found.actor is not None
        ):
            left = inside = before[index - 1].start()
            index -= 1
            determined = False
            continue
        elif (plain, previous) in (
            ("least", "at"),
            ("than", "more"),
            ("to", "up"),
            ("styled", "self"),
            ("called", "so"),
        ):
            left = inside = before[index - 1].start()
            index -= 1
            continue
        elif determined:
            break
        elif (plain, previous) in (
            ("wing", "left"),
            ("wing", "right"),
            ("right", "far"),
            ("left", "far"),
            ("duty", "off"),
        ):
            name_start = left = inside = before[index - 1].start()
            index -= 1
            continue
        elif plain in words["unknown"] or (plain in words["attribute"] and described):
            name_start = at
        elif plain in words["attribute"] or (plain[:-2].isdigit() and plain[-2:] in ("st", "nd", "rd", "th", "3d")):
            if described:
                name_start = at
        elif (
            described
            and not source.capitals
            and capitalised < 2
            and source.text[at].isupper()
            and plain not in words["weekday_month"]
            and not source.begins_sentence(at)
        ) or (source.capitals and found.head in _NUMBERED and capitalised == 0 and plain not in words["stop"]):
            capitalised += 1
            name_start = at
        else:
            break
        left = inside = at
    return _mention(source, found, name_start, left, nation, doubted, definite)


def _mention(
    source: Source,
    found: Found,
    start: int,
    left: int,
    nation: NationSpan | None,
    doubted: bool,
    definite: bool,
) -> ActorMention:
    text = source.text[start : found.end]
    actor = found.actor
    if actor is None and found.kind in STATE_KINDS:
        actor = _force(source, found, start, nation)
    return ActorMention(start, found.end, text, actor, found.kind, min(left, start), doubted, definite, found.head)


def _force(source: Source, found: Found, start: int, nation: NationSpan | None) -> Actor:
    """A force under the one name of its country: "Mali's army" and "Malian army" are the same."""
    if nation is None:
        return Actor(" ".join(source.text[start : found.end].split()), (), found.kind)
    rest = " ".join(source.view[nation.end : found.end].removeprefix("'s").split())
    before = " ".join(source.view[start : nation.start].split())
    name = " ".join(part for part in (before, adjective(nation.nation), rest) if part)
    return Actor(name, (), found.kind, "", (nation.nation.code,))
