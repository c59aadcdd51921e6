"""Places of one name, and places that nobody lists: which of them a text means by the others that it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from schemas import PlacePrecision
from services.processor.extraction.places.model import Location, PlaceMention

_COMMON = 4.0
"""Prior (10,000 people) below which one of several places of a name is no more likely than one that nobody lists."""
_NOT_THERE = ("dateline", "origin", "organisation")
"""Roles of places that say nothing of where the others are."""
_AROUND_IT = 2
"""Other places of an article, all in one division, that put a place of a common name there, too."""


def agree_on_namesakes(mentions: Sequence[PlaceMention], decided: dict[int, Location | None]) -> None:
    """Where a text says once which town of a name it means, "the Lebanese city of Tripoli", it means it throughout."""
    told: dict[str, set[Location]] = defaultdict(set)
    for index, mention in enumerate(mentions):
        place = decided[index]
        if mention.within is not None and place is not None and place.known:
            told[mention.text].add(place)
    for index, mention in enumerate(mentions):
        places, place = told.get(mention.text, set()), decided[index]
        if mention.within is None and place is not None and len(places) == 1:
            (meant,) = places
            decided[index] = meant if meant.country != place.country and meant in mention.candidates else place


def keep_together(mentions: Sequence[PlaceMention], decided: dict[int, Location | None]) -> None:
    """Where all other places of an article lie in one division, a village of a common name elsewhere is not meant.

    "Between Várzea and Cernache" of Sertã: not the Várzea of Braga, but one in the district of Sertã that nobody lists.
    """
    divisions: dict[tuple[str | None, str], dict[str, Location]] = defaultdict(dict)
    for at, found in decided.items():
        where = mentions[at]
        if found is not None and found.known and found.admin1_code and where.role not in _NOT_THERE:
            divisions[found.country, found.admin1_code].setdefault(where.text, found)
    if len(divisions) > _AROUND_IT:
        return
    for index, mention in enumerate(mentions):
        place = decided[index]
        if place is None or not place.known or place.kind != "settlement" or place.prior >= _COMMON:
            continue
        if mention.within is not None or mention.role == "dateline" or len(mention.candidates) < _AROUND_IT:
            continue
        others = {code: [p for text, p in found.items() if text != mention.text] for code, found in divisions.items()}
        left = {code: found for code, found in others.items() if found}
        if len(left) != 1:
            continue
        ((code, around),) = left.items()
        if len({found.name for found in around}) >= _AROUND_IT and (place.country, place.admin1_code) != code:
            decided[index] = unknown_in(mention, _division_of(around[0]))


def _division_of(place: Location) -> Location:
    """The division that a place lies in, as far as the place itself says."""
    if place.kind == "division":
        return place
    return replace(
        place, name=place.admin1 or place.name, precision=PlacePrecision.DIVISION, lat=None, lon=None, kind="division"
    )


def unknown_in(mention: PlaceMention, outer: Location) -> Location:
    """A place that the gazetteer does not have, inside one that it has."""
    return replace(
        outer,
        name=_as_name(mention.text),
        geonames_id=None,
        population=0,
        kind=mention.hint or "settlement",
        known=False,
        prior=0.0,
    )


def _as_name(words: str) -> str:
    """The words of a text as a name: spaces single, capitals-only words in title case."""
    name = " ".join(words.split())
    return name.title() if name.isupper() and len(name) > 3 else name
