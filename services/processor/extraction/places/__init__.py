"""Where things are said to have happened: names of places found in a text, told apart, and put on the map.

`find_places` finds mentions in a text, `resolve_places` decides which place each one means, `place_of_incident` picks
the one where something happened. docs/gazetteer.md says what the gazetteer holds and how to build it.
"""

from services.processor.extraction.places.choose import (
    mentions_of_incident,
    place_of_country,
    place_of_incident,
    to_place,
)
from services.processor.extraction.places.find import find_places
from services.processor.extraction.places.gazetteer import Country, gazetteer
from services.processor.extraction.places.listed import with_lists
from services.processor.extraction.places.model import Location, PlaceMention, ResolvedPlace
from services.processor.extraction.places.resolve import resolve_places

__all__ = [
    "Country",
    "Location",
    "PlaceMention",
    "ResolvedPlace",
    "find_places",
    "gazetteer",
    "mentions_of_incident",
    "place_of_country",
    "place_of_incident",
    "resolve_places",
    "to_place",
    "with_lists",
]
