"""Which regions hold a place: those of rules/regions.yaml and those of the United Nations."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar

import shapely

from schemas.report import Place
from schemas.vocabulary import PlacePrecision
from services.regions.m49 import countries, ids_of, m49_ids, m49_regions
from services.regions.written import WrittenRegions, country_code, division, division_parts

K = TypeVar("K")

_GENERIC = frozenset(
    {"autonomous", "county", "department", "district", "division", "emirate", "governorate", "oblast", "of", "parish"}
    | {"prefecture", "province", "region", "republic", "state", "territory", "the", "wilaya"}
)
"""Words that names of divisions are written with or without."""
_WORD = re.compile(r"[^\W_]+")
_DIVISION = re.compile("[A-Z]{2}[- ]")


@dataclass(frozen=True, slots=True)
class Regions:
    """All regions that are known, laid out for finding those of a place."""

    names: Mapping[str, str]
    """Name by id, those of M49 among them."""
    of_country: Mapping[str, tuple[str, ...]]
    """Ids of the regions of rules/regions.yaml that hold a whole country, by its alpha-2 code."""
    of_division: Mapping[str, tuple[str, ...]]
    """The same for first-level divisions, by ISO 3166-2 code."""
    of_division_name: Mapping[tuple[str, str], tuple[str, ...]]
    """The same by country and folded name, for places whose division has no code."""
    polygons: tuple[tuple[str, shapely.Geometry], ...]
    """Id and area (x is the longitude) of the regions that are drawn, prepared for repeated tests."""


def build_regions(written: WrittenRegions) -> Regions:
    """The regions that the file describes, with those of M49."""
    names = {region_id: name for code, name in m49_regions().items() for region_id in ids_of(code)}
    of_country: dict[str, list[str]] = defaultdict(list)
    of_division: dict[str, list[str]] = defaultdict(list)
    of_division_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    polygons = []
    for region_id, region in written.regions.items():
        names[region_id] = region.name
        for country in region.countries:
            of_country[country].append(region_id)
        for country, code, name in map(division_parts, region.divisions):
            if code is not None:
                of_division[code].append(region_id)
            if name is not None:
                of_division_name[country, folded_division(name)].append(region_id)
        if region.polygons:
            drawn = [shapely.Polygon([(lon, lat) for lat, lon in points]) for points in region.polygons]
            area = shapely.union_all(drawn)
            shapely.prepare(area)
            polygons.append((region_id, area))
    return Regions(
        names=names,
        of_country=_frozen(of_country),
        of_division=_frozen(of_division),
        of_division_name=_frozen(of_division_name),
        polygons=tuple(polygons),
    )


def regions_of(place: Place | None, regions: Regions) -> tuple[str, ...]:
    """Ids of the regions that hold `place`, sorted; every M49 region by both its ids (`m49:011`, `western-africa`).

    A place is never put where it is not known to be: one of which only the country is known is in no division and no
    polygon, and one of which only the division is known is in no polygon, whatever its reference point. The border of
    a polygon belongs to it.
    """
    if place is None:
        return ()
    found: set[str] = set()
    if place.country is not None:
        found.update(m49_ids(place.country), regions.of_country.get(place.country, ()))
    if place.precision is not PlacePrecision.COUNTRY:
        if place.admin1_code is not None:
            found.update(regions.of_division.get(place.admin1_code, ()))
        if place.country is not None and place.admin1 is not None:
            found.update(regions.of_division_name.get((place.country, folded_division(place.admin1)), ()))
    located = place.precision in (PlacePrecision.EXACT, PlacePrecision.DISTRICT)
    if located and place.lat is not None and place.lon is not None:
        found.update(name for name, area in regions.polygons if shapely.intersects_xy(area, place.lon, place.lat))
    return tuple(sorted(found))


def known_region_ids(regions: Regions) -> frozenset[str]:
    """Every id that `regions_of` can give."""
    return frozenset(regions.names)


def country_codes() -> frozenset[str]:
    """Every ISO 3166-1 alpha-2 code that a place can have, and XK."""
    return frozenset(countries())


def countries_of_regions(regions: Regions) -> dict[str, frozenset[str]]:
    """Region to the countries that it lies in, for those of which that is known: what a polygon holds is not."""
    found: dict[str, set[str]] = defaultdict(set)
    for country in countries():
        for region_id in (*m49_ids(country), *regions.of_country.get(country, ())):
            found[region_id].add(country)
    for code, region_ids in regions.of_division.items():
        for region_id in region_ids:
            found[region_id].add(code[:2])
    for (country, _), region_ids in regions.of_division_name.items():
        for region_id in region_ids:
            found[region_id].add(country)
    drawn = {region_id for region_id, _ in regions.polygons}
    return {region_id: frozenset(inside) for region_id, inside in found.items() if region_id not in drawn}


def explain_unknown_region(written: str, regions: Regions) -> str | None:
    """What is wrong with `written` as a region, country or division that a subscription names; None where nothing is.

    Known are the ids of `regions`, ISO 3166-1 alpha-2 codes, and first-level divisions of those countries by code or
    name (`ML-5`, `ML Mopti`). Whether a country has such a division is not known here.
    """
    if written in regions.names or written in countries():
        return None
    if _DIVISION.match(written):
        try:
            division(written)
        except ValueError as error:
            return str(error)
        return None
    if written in m49_regions():
        by_code, by_name = ids_of(written)
        return f'write {by_code} or {by_name} for the UN region "{written}"'
    if re.fullmatch("[A-Za-z]{2}", written):
        try:
            country_code(written)
        except ValueError as error:
            return str(error)
    ids = {country.name.casefold(): code for code, country in countries().items()}
    ids |= {name.casefold(): region_id for region_id, name in regions.names.items()}
    ids |= {region_id: region_id for region_id in regions.names}
    near = get_close_matches(written.casefold(), ids, n=1, cutoff=0.6)
    rather = (
        f"did you mean {ids[near[0]]}?" if near else "name one of rules/regions.yaml, a UN region or a country code"
    )
    return f'there is no region "{written}"; {rather}'


def _frozen(lists: Mapping[K, list[str]]) -> dict[K, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(values)) for key, values in lists.items()}


@lru_cache(maxsize=8192)
def folded_division(name: str) -> str:
    """A division's name without accents, case, hyphens, and words such as Region, by which spellings differ."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    words = _WORD.findall(plain.casefold())
    return " ".join([word for word in words if word not in _GENERIC] or words)
