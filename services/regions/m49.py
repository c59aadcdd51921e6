"""Countries and the regions that the United Nations put them in (M49). Sources: m49.tsv and m49_regions.tsv."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Country:
    """One country or area of M49."""

    code: str
    """ISO 3166-1 alpha-2; XK for Kosovo, which has none."""
    name: str
    regions: tuple[str, ...]
    """M49 codes of the regions that hold it, widest first."""


@cache
def countries() -> Mapping[str, Country]:
    """Every country by its alpha-2 code."""
    rows = _rows("m49.tsv")
    next(rows)
    return {
        code: Country(code, name, tuple(part for part in (region, subregion, intermediate) if part != "-"))
        for code, _number, region, subregion, intermediate, name in rows
    }


@cache
def m49_regions() -> Mapping[str, str]:
    """Name of every M49 region by its code of three figures, the world left out: it would hold every place."""
    return {row[0]: row[1] for row in _rows("m49_regions.tsv")}


@cache
def m49_ids(country: str) -> tuple[str, ...]:
    """Both ids of every M49 region that holds the country: `m49:011` and `western-africa`. Empty where unknown."""
    known = countries().get(country)
    return tuple(region_id for code in (known.regions if known else ()) for region_id in ids_of(code))


def ids_of(code: str) -> tuple[str, str]:
    """The two ids of an M49 region: by code and by name."""
    return f"m49:{code}", re.sub(r"[^a-z]+", "-", m49_regions()[code].lower())


def _rows(name: str) -> Iterator[list[str]]:
    lines = (files("services.regions") / name).read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in lines if line and not line.startswith("#"))
