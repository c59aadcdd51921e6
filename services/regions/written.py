"""rules/regions.yaml as operators write it, with everything checked that can be wrong with it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.area import Polygon
from schemas.channel import Name, Written
from services.regions.m49 import countries, ids_of, m49_regions

_DIVISION = re.compile(r"(?P<country>[A-Z]{2})(?:-(?P<code>[A-Z0-9]{1,3}))?(?: (?P<name>\S.*))?")
_FAMILIAR = {"UK": "GB", "EL": "GR", "KO": "KR"}
"""Codes that people write and ISO 3166-1 has otherwise or not at all."""


def country_code(written: str) -> str:
    """`written` where it is an ISO 3166-1 alpha-2 code (or XK). Raises ValueError saying what to write."""
    known = countries()
    if written in known:
        return written
    if written.upper() in known:
        raise ValueError(f"write the country code {written} in capitals: {written.upper()}")
    if written.upper() in _FAMILIAR:
        raise ValueError(f"{written} is no ISO 3166-1 country code; write {_FAMILIAR[written.upper()]}")
    codes = {country.name.casefold(): code for code, country in known.items()}
    near = get_close_matches(written.casefold(), codes, n=1, cutoff=0.8)
    if near:
        code = codes[near[0]]
        raise ValueError(f'"{written}" is no ISO 3166-1 alpha-2 code; write {code} for {known[code].name}')
    raise ValueError(f'"{written}" is no ISO 3166-1 alpha-2 country code; write two capitals, such as ML')


def division(written: str) -> str:
    """`written` where it names a first-level division: `ML-5`, `ML-5 Mopti` or `ML Mopti`. Raises ValueError."""
    found = _DIVISION.fullmatch(written)
    if found is None or not (found["code"] or found["name"]):
        raise ValueError(
            f'"{written}" names no division; write its ISO 3166-2 code, its name after the country, or both: '
            "ML-5, ML Mopti, ML-5 Mopti"
        )
    country_code(found["country"])
    return written


def division_parts(written: str) -> tuple[str, str | None, str | None]:
    """Country, ISO 3166-2 code and name of a division that `division` accepts; None for a part left out."""
    found = _DIVISION.fullmatch(written)
    if found is None:
        raise ValueError(f'"{written}" names no division')
    code = f"{found['country']}-{found['code']}" if found["code"] else None
    return found["country"], code, found["name"]


def _region_id(written: str) -> str:
    for code, name in m49_regions().items():
        if written in ids_of(code):
            raise ValueError(f"{written} is the UN's {name} (M49 {code}), which is built in; take another id")
    return written


CountryCode = Annotated[str, AfterValidator(country_code)]
Division = Annotated[str, AfterValidator(division)]
RegionId = Annotated[Name, AfterValidator(_region_id)]


class WrittenRegion(Written):
    """One region: the places in any of its countries, divisions and polygons."""

    name: str = Field(min_length=1)
    """As readers know it."""
    about: str = ""
    """Whose definition it is, or what it is for."""
    countries: tuple[CountryCode, ...] = ()
    """ISO 3166-1 alpha-2 codes; the whole of each country."""
    divisions: tuple[Division, ...] = ()
    """First-level divisions: ISO 3166-2 code, or country code and name, or both (`ML-5`, `ML Mopti`, `ML-5 Mopti`)."""
    polygons: tuple[Polygon, ...] = ()
    """Each a list of corners `[latitude, longitude]`, degrees north and east (WGS 84), sides being straight lines on a
    plain map of degrees. None may cross the 180th meridian."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not (self.countries or self.divisions or self.polygons):
            raise ValueError("the region holds no place; give it countries, divisions or polygons")
        return self


class WrittenRegions(Written):
    """The whole of rules/regions.yaml."""

    regions: dict[RegionId, WrittenRegion]
    """Region by its id, which subscriptions and conditions name."""
