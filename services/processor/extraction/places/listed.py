"""Countries and parts of the world that are named in one breath: "in Western Europe and the United States".

Such a list says how far something reaches, and seldom where one thing happened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from services.processor.extraction.places.model import Kind, ResolvedPlace

_LANDS: frozenset[Kind] = frozenset(["country", "region"])
_DIRECTION = r"(?:north|south|east|west|central)(?:-?(?:east|west|central))?(?:ern)?"
_JOINT = re.compile(
    r"(?:,?\s(?:and|or|as well as)\s(?:(?:in|across|parts of|from)\s)?|,\s)"
    rf"(?:the\s)?(?:{_DIRECTION}\s)?"
)
"""What stands between two of a list."""


def with_lists(places: Sequence[ResolvedPlace], text: str) -> list[ResolvedPlace]:
    """The places of `text`, in its order, each country or part of the world that is one of several told of (`listed`).

    Not a country that holds the town before it ("in Nice, France, and the United States").
    """
    found = list(places)
    held = {place.mention.within for place in places}
    lands = [at for at, place in enumerate(places) if _is_land(place) and place.mention.start not in held]
    for one, other in pairwise(lands):
        if _differ(places[one], places[other]) and _JOINT.fullmatch(
            text, places[one].mention.end, places[other].mention.start
        ):
            found[one], found[other] = found[one]._replace(listed=True), found[other]._replace(listed=True)
    return found


def _is_land(place: ResolvedPlace) -> bool:
    return place.location is not None and place.location.kind in _LANDS and place.location.known


def _differ(one: ResolvedPlace, other: ResolvedPlace) -> bool:
    mine, theirs = one.location, other.location
    return mine is not None and theirs is not None and (mine.country is None or mine.country != theirs.country)
