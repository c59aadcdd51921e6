"""What the build gathers before it writes the tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.processor.extraction.places.model import Kind


@dataclass(slots=True)
class Node:
    """One location with its names, while the gazetteer is being built."""

    name: str
    """As it is shown."""
    kind: Kind
    country: str | None
    parent: Node | None = None
    geonames_id: int = 0
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    names: set[str] = field(default_factory=set)
    """Folded names that mean this first of all."""
    alternates: set[str] = field(default_factory=set)
    """Folded names of lesser standing: other languages', shortened ones."""
    demonyms: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    """All folded names of a division, kept when a name is taken away because a town is meant by it."""
    code: str = ""
    """ISO 3166-2 for divisions, ISO 3166-1 alpha-2 for countries; empty where none is known."""
    capital: bool = False


@dataclass(slots=True)
class CountryFacts:
    """What is known of a country beyond its location."""

    alpha3: str
    numeric: str
    """ISO 3166-1 numeric, which is the country's M49 code; three digits."""
    capital: str
    regions: list[tuple[str, str]]
    """M49 areas that hold the country, largest first: code and name."""
    demonyms: list[str]
    neighbours: list[str]
    """ISO 3166-1 alpha-2 of the countries that share a land border."""


@dataclass(slots=True)
class World:
    """All locations: countries by code, divisions (first and second level), and the rest."""

    countries: dict[str, Node]
    facts: dict[str, CountryFacts]
    divisions: list[Node]
    places: list[Node]

    def division(self, country: str, name: str) -> Node | None:
        """The first-level division of `country` of the folded name `name`, else the district; None for neither."""
        found = [node for node in self.divisions if node.country == country and name in node.titles]
        found.sort(key=lambda node: (node.kind != "division", -node.population, node.geonames_id))
        return found[0] if found else None
