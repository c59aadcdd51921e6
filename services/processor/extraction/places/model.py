"""The values that pass between the steps of reading places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from schemas import PlacePrecision

Kind = Literal["country", "division", "district", "settlement", "site", "region"]
"""What a location is: a country, a first- or second-level division, a populated place, one spot without a population
(camp, base, pass), or a sea, lake, river, mountain or part of the world."""

Role = Literal[
    "at", "dateline", "demonym", "nationality", "government", "organisation", "origin", "destination", "implied", "bare"
]
"""What the words around a mention make of it.

at            something is said to be or to happen there: "in Gao", "the Gao attack", "Gao, Mali"
dateline      where an article was filed: "BAMAKO, June 2 (Agency) -"
demonym       the people or adjective: "Malian soldiers"
nationality   a people's name that only says where somebody is from: "two Italian doctors"
government    a state that speaks or acts: "Kabul said", "ties with Moscow"
organisation  part of a body's name: "the University of Nairobi", "the Bank of China"
origin        where somebody or something comes from: "from Syria"
destination   where somebody or something goes: "fled to Chad"
implied       no place is named, but the words belong to one country: "the Taliban", "UNMISS"
bare          none of these
"""


@dataclass(frozen=True, slots=True)
class Location:
    """One place of the gazetteer, or a name that it does not have."""

    name: str
    """In the gazetteer's spelling; as the text has it where the gazetteer has no such place."""
    country: str | None
    """ISO 3166-1 alpha-2; None for what belongs to no one country."""
    admin1: str | None
    """Name of the first-level division that holds it, or its own name where it is one."""
    admin1_code: str | None
    """ISO 3166-2 code of that division, where known."""
    geonames_id: int | None
    lat: float | None
    """Degrees north (WGS 84), to 0.001: of the place itself, or of a settlement near the middle of its division."""
    lon: float | None
    """Degrees east."""
    precision: PlacePrecision
    population: int
    """People, as GeoNames has it; for a division or country the sum over its settlements. 0 where unknown."""
    kind: Kind
    admin2: str | None = None
    """Name of the second-level division that holds it, or its own name where it is one."""
    prior: float = 0.0
    """How likely the name means this place before any context: about the decimal logarithm of its population."""
    known: bool = True
    """False for a name that the gazetteer does not have."""


class PlaceMention(NamedTuple):
    """Words of a text that name a place: `text[start:end]`, counted in code points."""

    start: int
    end: int
    text: str
    candidates: tuple[Location, ...]
    """What the words can mean, likeliest first, before the rest of the article is looked at. Never empty."""
    role: Role
    within: int | None = None
    """Start of the mention that the text says holds this one ("Gao, Mali": the start of "Mali")."""
    hint: Kind | None = None
    """The kind of place that the text says it is: "the village of", "province"."""
    hint_country: str | None = None
    """ISO 3166-1 alpha-2, where the word for its kind is one country's own: "payam", "woreda"."""
    certain: bool = True
    """False where the words alone are no sure sign of a place, such as a surname or a common word that is also a town:
    taken only if the article's other places support it."""


class ResolvedPlace(NamedTuple):
    """A mention and the one location it means; None where the article contradicts every candidate."""

    mention: PlaceMention
    location: Location | None
    listed: bool = False
    """One of several countries or parts of the world that the text names in one breath (places/listed.py)."""
