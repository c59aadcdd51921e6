"""Choose the place of one incident among an article's places, and write it as the message's Place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from schemas import Place, PlacePrecision
from services.processor.extraction.places.besides import died_later_there, set_out_there
from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.gazetteer import gazetteer
from services.processor.extraction.places.model import Location, ResolvedPlace, Role

# A set of characters at the head lets the search skip all others.
_SENTENCE_END = re.compile(r"[.!?\n](?:(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|(?<=\n)\s*\n)")
_LONGEST_SENTENCE = 1000
"""Code points beyond which a sentence is not followed."""
_DIRECTION = re.compile(
    r"\b((?:far |extreme )?(?:north|south|east|west|central)(?:-?(?:east|west|central))?(?:ern)?)[ \u00a0\n]$",
    re.IGNORECASE,
)
_WINDOW = 6000
"""Code points before and after the span beyond which only the article's lead is looked at."""
_LEAD = 400

# How well each role says where something happened.
_WEIGHT: Mapping[Role, float] = {
    "at": 3.0,
    "bare": 1.2,
    "destination": 1.0,
    "origin": 0.5,
    "organisation": 0.4,
    "dateline": 0.0,
    "government": 0.0,
    "demonym": 0.0,
    "nationality": 0.0,
    "implied": 0.0,
}
# How well each role says which country an article is about.
_COUNTRY_WEIGHT: Mapping[Role, float] = {
    "at": 1.5,
    "bare": 1.0,
    "demonym": 1.0,
    "government": 0.7,
    "implied": 0.7,
    "dateline": 1.2,
    "destination": 0.7,
    "origin": 0.5,
    "organisation": 0.4,
    "nationality": 0.2,
}
_LEAST_COUNTRY = 0.5
"""Below this, nothing but where somebody is from is known: two Italian doctors are no sign of Italy."""
_LEAST = 0.35
"""Score below which a mention says nothing of where something happened."""
_MOST_LISTED = 1.2
"""Weight of one of several countries named in one breath: less than that of a town one sentence before."""
_NEAR_ENOUGH = 0.9
"""Score from which a smaller place inside the chosen one is the same event's."""
_IN = 4
"""Characters between two names of which the second says where the first is: " in ", ", "."""
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


def place_of_incident(
    mentions: Sequence[ResolvedPlace], span: tuple[int, int], text: str, away: Callable[[int], bool] | None = None
) -> Place | None:
    """Where the thing told in `text[span[0]:span[1]]` happened, as far as the text says; None where it names no place.

    `mentions` are the resolved mentions of `text`. The span may be a claim or a whole sentence. Taken is the nearest
    place that something is said to happen at, in the sentence, else in the sentences before it, after it, and in the
    article's lead. Where no place is so named, it is the country that the article's people, governments, groups and
    dateline speak for most, and of a dateline at most the division. Mentions that begin where `away` says so are of
    something else.
    """
    near = _near(mentions, span, away)
    chosen = _best_of(near, span, text)
    return to_place(chosen, text) if chosen else _by_country(near, text)


def mentions_of_incident(
    mentions: Sequence[ResolvedPlace], span: tuple[int, int], text: str, away: Callable[[int], bool] | None = None
) -> list[ResolvedPlace]:
    """The mentions that say where the thing told in the span happened: the most exact one first, then what holds it."""
    return _best_of(_near(mentions, span, away), span, text)


def _near(
    mentions: Sequence[ResolvedPlace], span: tuple[int, int], away: Callable[[int], bool] | None
) -> list[ResolvedPlace]:
    """The located mentions in the article's lead and around the span; `mentions` are in order of the text."""
    starts = [found.mention.start for found in mentions]
    lead = bisect_right(starts, _LEAD)
    first = max(lead, bisect_left(starts, span[0] - _WINDOW))
    last = max(first, bisect_right(starts, span[1] + _WINDOW))
    near = mentions if first == lead and last == len(starts) else (*mentions[:lead], *mentions[first:last])
    located = [found for found in near if found.location is not None]
    located = [found for found in located if not _only_bound_for(found, located)]
    return located if away is None else [found for found in located if not away(found.mention.start)] or located


def _best_of(near: list[ResolvedPlace], span: tuple[int, int], text: str) -> list[ResolvedPlace]:
    sentence = _sentence(text, span)
    shares = _country_shares(near)
    scored = [(_score(found, span, sentence, shares), found) for found in near]
    best_score, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or best_score < _LEAST:
        return []
    best = _refined(best, scored, sentence)
    return [best, *_holders(best, near)]


def _only_bound_for(found: ResolvedPlace, near: Sequence[ResolvedPlace]) -> bool:
    """Whether a country is named once, as where something goes: "The owner has gone to Malaysia", "bound for Egypt"."""
    place = found.location
    if found.mention.role != "destination" or place is None or place.kind != "country":
        return False
    return not any(
        other is not found and other.location is not None and other.location.country == place.country for other in near
    )


def _country_shares(mentions: Sequence[ResolvedPlace]) -> dict[str, float]:
    """How much of the article speaks for each country, the most spoken for being 1."""
    weight: dict[str, float] = defaultdict(float)
    for found in mentions:
        if found.location is not None and found.location.country is not None:
            weight[found.location.country] += _COUNTRY_WEIGHT[found.mention.role]
    most = max(weight.values(), default=0.0)
    return {code: value / most for code, value in weight.items()}


def _score(
    found: ResolvedPlace, span: tuple[int, int], sentence: tuple[int, int], shares: Mapping[str, float]
) -> float:
    mention, place = found.mention, found.location
    if place is None or not _WEIGHT[mention.role] or (place.country is None and place.lat is None):
        # "West Africa" has neither a country nor coordinates; a sea has coordinates
        return 0.0
    weight = _WEIGHT[mention.role] + _EXACTNESS[place.precision] + (0.0 if place.known else 0.6)
    if found.listed:
        weight = min(weight, _MOST_LISTED)
    share = 0.0 if place.country is None else shares[place.country]
    distance = span[0] - mention.end if mention.end <= span[0] else max(0, mention.start - span[1])
    if sentence[0] <= mention.start < sentence[1]:
        return weight * (0.7 + 0.3 * share) * (1.0 - min(distance, 300) / 1000.0)
    weight *= 0.4 + 0.6 * share
    if mention.start < sentence[0]:
        return weight * max(0.35 if mention.start < _LEAD else 0.12, 0.62 - distance / 2000.0)
    return weight * max(0.1, 0.5 - distance / 1500.0)


def _refined(
    best: ResolvedPlace, scored: list[tuple[float, ResolvedPlace]], sentence: tuple[int, int]
) -> ResolvedPlace:
    """A more exact place inside `best` that something is said to happen at, where one is near or in the lead.

    Of an island or a mountain range nobody knows which towns lie in it: there only one that the same sentence names.
    """
    outer = best.location
    if outer is None or outer.precision is PlacePrecision.EXACT or not outer.known:
        return best
    inside = [
        (score, found)
        for score, found in scored
        if found.location is not None
        and ((score >= _NEAR_ENOUGH and found.mention.role == "at") or _leads_to(found, best))
        and holds(outer, found.location)
        and (outer.kind != "region" or sentence[0] <= found.mention.start < sentence[1])
    ]
    return max(inside, key=lambda pair: pair[0])[1] if inside else best


def _leads_to(found: ResolvedPlace, outer: ResolvedPlace) -> bool:
    """Whether a place is named right before the one that holds it: "to the city of Multan in Punjab"."""
    gap = outer.mention.start - found.mention.end
    return found.mention.role in ("destination", "bare") and 0 < gap <= _IN


def _holders(best: ResolvedPlace, near: list[ResolvedPlace]) -> list[ResolvedPlace]:
    inner = best.location
    if inner is None:
        return []
    return [
        found for found in near if found.location is not None and found is not best and holds(found.location, inner)
    ]


def _sentence(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where the sentence that holds the span begins and ends."""
    starts, ends = _sentence_ends(text)
    first, limit = max(0, span[0] - _LONGEST_SENTENCE), min(len(text), span[1] + _LONGEST_SENTENCE)
    at, after = bisect_right(starts, span[0] - 1) - 1, bisect_left(starts, span[1])
    begins = at < 0 or ends[at] < span[0] or (ends[at] == span[0] and text[span[0] : span[0] + 1].isalnum())
    blanks = ends[after - 1] if after and ends[after - 1] > span[1] else span[1]
    seen = after >= len(ends) or starts[after] >= limit or ends[after] + (text[starts[after]] != "\n") <= limit
    if not begins or blanks >= limit or not seen:
        # A quote mark or blanks stand where the span begins, or the text is cut where a sentence ends.
        return _looked_up(text, span)
    start = min(ends[at], span[0]) if at >= 0 and starts[at] >= first else first
    if text.count("\n", span[1], blanks) > 1:
        return start, text.index("\n", span[1]) + 1
    return start, starts[after] + 1 if after < len(starts) and starts[after] < limit else limit


@lru_cache(maxsize=64)
def _sentence_ends(text: str) -> tuple[list[int], list[int]]:
    """Where what ends the sentences of a text begins and ends. Remembered for the incidents of articles under way."""
    spans = [match.span() for match in _SENTENCE_END.finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


def _looked_up(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start = max(0, span[0] - _LONGEST_SENTENCE)
    # One character more: what ends a sentence is told by how the next one begins.
    for match in _SENTENCE_END.finditer(text, start, span[0] + 1):
        start = min(match.end(), span[0])
    limit = min(len(text), span[1] + _LONGEST_SENTENCE)
    match_after = _SENTENCE_END.search(text, span[1], limit)
    return start, match_after.start() + 1 if match_after else limit


def _by_country(mentions: Sequence[ResolvedPlace], text: str) -> Place | None:
    """The country that the article speaks of most; the town of its dateline where that is there and no capital."""
    weight: dict[str, float] = defaultdict(float)
    for found in mentions:
        if found.location is not None and found.location.country is not None:
            weight[found.location.country] += _COUNTRY_WEIGHT[found.mention.role]
    code = max(sorted(weight), key=lambda country: weight[country], default="")
    if weight[code] < _LEAST_COUNTRY:
        return None
    for found in mentions:
        place = found.location
        if found.mention.role == "dateline" and place is not None and place.country == code and place.known:
            if place.kind == "division":
                return _place(place, _name(found, place, text))
            if place.kind == "settlement" and place.geonames_id != _capital_of(code):
                # Filed there: it happened in that part of the country, not surely in that town.
                return _place(_division_of(place), _name(found, place, text))
            break
    return place_of_country(code)


@cache
def _capital_of(code: str) -> int | None:
    """GeoNames' number of a country's capital, however the gazetteer spells it: Bogotá, Yaoundé, Astana."""
    named = gazetteer().lookup(fold(gazetteer().countries[code].capital))[0]
    towns = [place for place in named if place.country == code and place.kind == "settlement"]
    return towns[0].geonames_id if towns else None


def place_of_country(code: str) -> Place:
    """The whole country with an ISO 3166-1 alpha-2 code, which must be one of the gazetteer's."""
    return _place(gazetteer().lookup_country(code), gazetteer().countries[code].name)


def to_place(mentions: Sequence[ResolvedPlace], text: str) -> Place | None:
    """The most exact of `mentions`, which name one place and what holds it ("Boulkessi, Mali"), as a message's Place.

    None where none of them has a location. The name is the text's own; coordinates are those that its precision allows.
    """
    located = [(found, found.location) for found in mentions if found.location is not None]
    if not located:
        return None
    found, place = max(located, key=lambda pair: (pair[1].country is not None, _exactness(pair[1])))
    mention = found.mention
    if place.country is not None and mention.role == "origin" and set_out_there(text, mention.start):
        # Where a journey began says no more than the country.
        return place_of_country(place.country)
    later = mention.role == "destination" and died_later_there(text, mention.start)
    if (mention.role == "origin" or later) and place.kind == "settlement":
        # Where the hurt are brought, or somebody is from: it happened in that part of the country, not in that town.
        part = _division_of(place)
        return _place(part, part.admin1 or part.name)
    holders = [other for _, other in located if other.known and holds(other, place)]
    return _place(_completed(place, holders), _name(found, place, text))


def _division_of(town: Location) -> Location:
    """The first-level division that `town` lies in; the country's precision where it is in none that is known."""
    if town.admin1 is not None:
        for place in gazetteer().lookup(fold(town.admin1))[0]:
            if place.kind == "division" and (place.country, place.admin1_code) == (town.country, town.admin1_code):
                return place
    precision = PlacePrecision.COUNTRY if town.admin1 is None else PlacePrecision.DIVISION
    return replace(town, precision=precision, lat=None, lon=None, geonames_id=None)


def _exactness(place: Location) -> tuple[int, bool]:
    return _RANK[place.precision] + (0 if place.known else 4), place.kind == "site"


def _completed(place: Location, holders: list[Location]) -> Location:
    """`place`, with the division and coordinates of the smallest holder where the gazetteer does not have it."""
    closest = max(holders, key=_exactness, default=place)
    if place.known or _exactness(closest) <= (_RANK[place.precision], False):
        return place
    return replace(
        place,
        country=closest.country,
        admin1=closest.admin1,
        admin1_code=closest.admin1_code,
        lat=closest.lat,
        lon=closest.lon,
        precision=closest.precision,
        admin2=closest.admin2,
    )


def _name(found: ResolvedPlace, place: Location, text: str) -> str:
    """The place's name as the text has it; a country's usual name, with the direction that the text says before it."""
    mention = found.mention
    if place.kind == "country":
        direction = _DIRECTION.search(text[max(0, mention.start - 24) : mention.start])
        return f"{direction[1].lower()} {place.name}" if direction and mention.role == "at" else place.name
    words = " ".join(mention.text.split())
    return words.title() if words.isupper() and len(words) > 3 else words


def _place(place: Location, name: str) -> Place:
    precision = place.precision
    if not place.known and precision is PlacePrecision.EXACT:
        # inside a town that is known, but not known where
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
