"""Choose the place of one incident among an article's places, and write it as the message's Place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from schemas import Place, PlacePrecision
from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.gazetteer import gazetteer
from services.processor.extraction.places.model import Location, ResolvedPlace, Role

_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n\s*\n")
_DIRECTION = re.compile(
    r"\b((?:far |extreme )?(?:north|south|east|west|central)(?:-?(?:east|west|central))?(?:ern)?)[ \u00a0\n]$",
    re.IGNORECASE,
)
_WINDOW = 6000
"""Code points before and after the span beyond which only the article's lead is looked at."""

_WEIGHT: dict[Role, float] = {
    "at": 3.0,
    "bare": 1.2,
    "destination": 1.0,
    "dateline": 0.6,
    "origin": 0.5,
    "organisation": 0.4,
    "government": 0.3,
    "demonym": 0.5,
    "implied": 0.2,
}
_PEOPLE_WEIGHT: dict[Role, float] = {"demonym": 1.0, "government": 1.0, "implied": 0.7, "origin": 0.2, "organisation": 0.3}
_LEAST_PEOPLE = 0.5
"""Below this, nothing but where somebody is from is known: two Italian doctors are no sign of Italy."""
_EXACTNESS = {
    PlacePrecision.EXACT: 0.8,
    PlacePrecision.DISTRICT: 0.7,
    PlacePrecision.DIVISION: 0.6,
    PlacePrecision.COUNTRY: 0.0,
}
_RANK = {
    PlacePrecision.EXACT: 3,
    PlacePrecision.DISTRICT: 2,
    PlacePrecision.DIVISION: 1,
    PlacePrecision.COUNTRY: 0,
}


def place_of_incident(mentions: Sequence[ResolvedPlace], span: tuple[int, int], text: str) -> Place | None:
    """Where the thing told in `text[span[0]:span[1]]` happened, as far as the text says; None where it names no place.

    `mentions` are the resolved mentions of `text`. The span may be a claim or a whole sentence. Taken is the nearest
    place that something is said to happen at, in the sentence, else in the sentences before it, after it, and in the
    article's lead; where the article was filed counts little, and at last the country whose people or government are
    named most.
    """
    chosen = mentions_of_incident(mentions, span, text)
    if chosen:
        return to_place(chosen, text)
    return _by_people(mentions)


def mentions_of_incident(mentions: Sequence[ResolvedPlace], span: tuple[int, int], text: str) -> list[ResolvedPlace]:
    """The mentions that say where the thing told in the span happened: the most exact one first, then what holds it."""
    located = [
        found
        for found in mentions
        if (found.location is not None
        and found.location.country is not None)
        or (found.location is not None and found.location.kind == "region")
    ]
    sentence = _sentence(text, span)
    near = [
        found
        for found in located
        if abs(found.mention.start - span[0]) <= _WINDOW or found.mention.start <= _WINDOW // 10
    ]
    scored = [(_score(found, span, sentence), found) for found in near]
    best_score, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or best_score < _LEAST:
        return []
    best = _refined(best, scored)
    return [best, *_holders(best, near)]


_LEAST = 0.35
"""Score below which a mention says nothing of where something happened."""


def _score(found: ResolvedPlace, span: tuple[int, int], sentence: tuple[int, int]) -> float:
    mention, place = found.mention, found.location
    if place is None or mention.role in ("demonym", "government", "implied"):
        return 0.0
    weight = _WEIGHT[mention.role] + _EXACTNESS[place.precision]
    if not place.known:
        weight += 0.6
    if place.country is None:
        weight *= 0.4
    distance = span[0] - mention.end if mention.end <= span[0] else max(0, mention.start - span[1])
    if sentence[0] <= mention.start < sentence[1]:
        return weight * (1.0 - min(distance, 300) / 1000.0)
    if mention.start < sentence[0]:
        lead = 0.35 if mention.start < 400 else 0.12
        return weight * max(lead, 0.62 - distance / 2000.0)
    return weight * max(0.1, 0.5 - distance / 1500.0)


def _refined(best: ResolvedPlace, scored: list[tuple[float, ResolvedPlace]]) -> ResolvedPlace:
    """A more exact place inside `best` that something is said to happen at, where one is near or in the lead."""
    outer = best.location
    if outer is None or outer.precision is PlacePrecision.EXACT or not outer.known:
        return best
    inside = [
        (score, found)
        for score, found in scored
        if score >= 0.9 and found.mention.role == "at" and found.location is not None and holds(outer, found.location)
    ]
    return max(inside, key=lambda pair: pair[0])[1] if inside else best


def _holders(best: ResolvedPlace, near: list[ResolvedPlace]) -> list[ResolvedPlace]:
    inner = best.location
    if inner is None:
        return []
    return [
        found for found in near if found.location is not None and found is not best and holds(found.location, inner)
    ]


def _sentence(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where the sentence that holds the span begins and ends."""
    start = max(0, span[0] - 1000)
    for match in _SENTENCE_END.finditer(text, start, span[0]):
        start = match.end()
    match = _SENTENCE_END.search(text, span[1], min(len(text), span[1] + 1000))
    return start, match.start() + 1 if match else min(len(text), span[1] + 1000)


def _by_people(mentions: Sequence[ResolvedPlace]) -> Place | None:
    """The country that most mentions of any kind belong to: its people, its government, its capital's dateline."""
    weight: dict[str, float] = defaultdict(float)
    for found in mentions:
        if found.location is not None and found.location.country is not None:
            weight[found.location.country] += _PEOPLE_WEIGHT.get(found.mention.role, 1.0)
    code = max(sorted(weight), key=lambda found: weight[found], default="")
    if weight[code] < _LEAST_PEOPLE:
        return None
    return _place(gazetteer().lookup_country(code), gazetteer().countries[code].name)


def to_place(mentions: Sequence[ResolvedPlace], text: str) -> Place | None:
    """The most exact of `mentions`, which name one place and what holds it ("Boulkessi, Mali"), as a message's Place.

    None where none of them has a location. The name is the text's own; coordinates are those that its precision allows.
    """
    located = [(found, found.location) for found in mentions if found.location is not None]
    if not located:
        return None
    found, place = max(located, key=lambda pair: (pair[1].country is not None, _exactness(pair[1])))
    holders = [other for _, other in located if other.known and holds(other, place)]
    if not place.known:
        within = [other for _, other in located if other.known and other.country == place.country]
        closest = max(within, key=_exactness, default=None)
        if closest is not None and _RANK[closest.precision] > _RANK[place.precision]:
            holders.append(closest)
    return _place(_completed(place, holders), _name(found, place, text))


def _exactness(place: Location) -> tuple[int, int]:
    return (_RANK[place.precision] + (0 if place.known else 4), 1 if place.kind == "site" else 0)


def _completed(place: Location, holders: list[Location]) -> Location:
    """`place`, with the division and coordinates of the smallest holder where the gazetteer does not have it."""
    if place.known or not holders:
        return place
    closest = max(holders, key=_exactness)
    precision = PlacePrecision.DISTRICT if closest.precision is PlacePrecision.EXACT else closest.precision
    return Location(
        name=place.name,
        country=closest.country,
        admin1=closest.admin1,
        admin1_code=closest.admin1_code,
        geonames_id=None,
        lat=closest.lat,
        lon=closest.lon,
        precision=precision,
        population=0,
        kind=place.kind,
        admin2=closest.admin2,
        known=False,
    )


def _name(found: ResolvedPlace, place: Location, text: str) -> str:
    """The place's name as the text has it; the country's usual name for a country, with the direction said before it."""
    mention = found.mention
    if place.kind == "country":
        direction = _DIRECTION.search(text[max(0, mention.start - 24) : mention.start])
        return f"{direction[1].lower()} {place.name}" if direction and mention.role == "at" else place.name
    words = " ".join(mention.text.split())
    return words.title() if words.isupper() and len(words) > 3 else words


def _place(place: Location, name: str) -> Place:
    precision = place.precision
    if not place.known and precision is PlacePrecision.EXACT:
        precision = PlacePrecision.DISTRICT
    return Place(
        name=name,
        country=place.country,
        admin1=place.admin1,
        admin1_code=place.admin1_code,
        geonames_id=place.geonames_id,
        lat=place.lat,
        lon=place.lon,
        precision=precision,
    )
