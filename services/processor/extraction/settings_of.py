"""Which places each statement names, from one look at each field of the article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from schemas import ArticleField, Place, PlacePrecision
from services.processor.extraction.drafts import Statement
from services.processor.extraction.places.model import Location, PlaceMention, ResolvedPlace

_AFTER_IN = re.compile(r"\b(?:in|at|near|on) ((?:[A-Z][\w'-]+)(?: [A-Z][\w'-]+)*)")


def find_settings(statements: Sequence[Statement], views: Mapping[ArticleField, str]) -> dict[int, list[ResolvedPlace]]:
    """The places that each statement names, by its order; offsets count in the statement's field."""
    found: dict[int, list[ResolvedPlace]] = {}
    for statement in statements:
        start, end = statement.sentence.start, statement.sentence.end
        for match in _AFTER_IN.finditer(views[statement.where], start, end):
            location = Location(
                match[1], None, None, None, None, None, None, PlacePrecision.EXACT, 0, "settlement", known=False
            )
            mention = PlaceMention(match.start(1), match.end(1), match[1], (location,), "at")
            found.setdefault(statement.order, []).append(ResolvedPlace(mention, location))
    return found


def to_report_place(resolved: ResolvedPlace) -> Place:
    """A resolved place as the place of a report."""
    location = resolved.location
    if location is None:
        raise ValueError("a place without a location is no place of a report")
    return Place(
        name=location.name, country=location.country, admin1=location.admin1, admin1_code=location.admin1_code,
        geonames_id=location.geonames_id, lat=location.lat, lon=location.lon, precision=location.precision,
    )  # fmt: skip
