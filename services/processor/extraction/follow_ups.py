"""Reports of articles that only follow an incident up: what they may say of it, and what not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas import ArticleField, Evidence, IncidentType, Place, PlacePrecision
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.drafts import Statement
from services.processor.extraction.event_time import event_words
from services.processor.extraction.events.model import EventMention
from services.processor.extraction.events.taken_up import leads
from services.processor.extraction.places import place_of_country

_BESIDE = 40
"""Characters between the words for an event and the place in one phrase with them, "the killings in the Ala valley"."""
_APART = re.compile(
    r"[.,;:?!]|\b(?:at|in|near)\s.*\b(?:at|in|near)\b|\b\w+ed\s(?!in|at|near|off)|"
    r"\b(?:lost|was|were|over|after|for|with|from|by|who|which|that)\b"
)
"""What stands between an event and a place that is not its own."""
_LEAD = 500
"""Characters at the head of a field in which a follow-up says what it follows; further down it speaks of where people
come from and go to."""
_LED = re.compile(r"\b(?:in|at|near|to|from|of|off|by|for|on)(?: the)? ?\Z")


def tells_of_people(statement: Statement) -> bool:
    """Whether a statement counts people who were harmed, or tells of harm done at one time."""
    return any(draft.background is None and (draft.best or draft.firm) for draft in statement.drafts)


def is_follow_up(cluster: Cluster) -> bool:
    """Whether an incident is only taken up again, in an article on what came after it."""
    told = _told(cluster)
    return bool(told) and all(one.taken_up for _, one in told)


def is_unnamed(cluster: Cluster) -> bool:
    """Whether an incident is taken up by words that do not say what it was: "the tragedy", "the missing"."""
    return is_follow_up(cluster) and all(one.kind is IncidentType.OTHER for _, one in _told(cluster))


def lead_of(cluster: Cluster) -> list[Statement]:
    """The statements that tell what an incident was: of a follow-up those of its lead, since cooks have fires."""
    if not is_follow_up(cluster):
        return cluster.statements
    return [statement for statement in cluster.statements if leads(statement)]


def taking_up(cluster: Cluster) -> list[Statement]:
    """The statements by which a follow-up takes an incident up again; none where it tells of it otherwise."""
    return [statement for statement, _ in _told(cluster)] if is_follow_up(cluster) else []


def place_of_follow_up(
    cluster: Cluster, place: Place | None, texts: dict[ArticleField, str], evidence: Sequence[Evidence]
) -> Place | None:
    """`place` where the words for the event have it beside them; else its country, where the lead names it.

    A follow-up names where the court, the hospital or the funeral is: "held in Bhola over the launch disaster". A name
    in a title that no preposition leads says what the news is of: "the Ala killings", "kidnapped Doma pupils".
    """
    if place is None or place.country is None:
        return place
    if not any(_is_told_first(cluster, piece) for piece in evidence if piece.slot == "place"):
        return None
    if place.precision is PlacePrecision.COUNTRY:
        return place
    title = texts["title"]
    named = re.finditer(rf"\b{re.escape(place.name)}\b", title)
    if any(_LED.search(title[: one.start()].lower()) is None or _names_event(title[one.end() :]) for one in named):
        return place
    for piece in evidence:
        if piece.slot != "place" or not piece.quote.endswith(place.name):
            continue
        text = texts[piece.field]
        if any(s.where == piece.field and _is_beside(text, piece, one) for s, one in _told(cluster)):
            return place
    return place_of_country(place.country)


def _names_event(after: str) -> bool:
    """Whether a place of a title is part of an event's name, "the Ala killings"."""
    words = after.lower().split(maxsplit=2)[:2] if after.startswith(" ") else []
    return any(word.strip(",.:;") in event_words() for word in words)


def _is_told_first(cluster: Cluster, piece: Evidence) -> bool:
    if piece.field == "title" or piece.start < _LEAD:
        return True
    return any(s.where == piece.field and s.sentence.start <= piece.start < s.sentence.end for s, _ in _told(cluster))


def _is_beside(text: str, piece: Evidence, one: EventMention) -> bool:
    between = text[one.end : piece.start] if one.end <= piece.start else text[piece.end : one.start]
    return len(between) <= _BESIDE and _APART.search(between) is None


def _told(cluster: Cluster) -> list[tuple[Statement, EventMention]]:
    return [(statement, one) for statement in cluster.statements for one in statement.mentions if one.concrete]
