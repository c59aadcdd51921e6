"""Places and countries in words."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from schemas import Place
from schemas.vocabulary import PlacePrecision
from services.alerter.policy.plain_text import one_line

_TAKES_THE = re.compile(
    r"\A(?:West Bank|Sahel|Sahara|Maghreb|Levant|Mediterranean|(?:North |South )?Caucasus|Balkans|Far (?:North|East)"
    r"|(?:Gulf|Bay|Straits?|Horn|Isle) of .+"
    r"|\S.* (?:Sea|Ocean|Gulf|Straits?|Canal|Desert|Peninsula|Valley|Delta|Basin|Triangle|Islands|Archipelago"
    r"|Mountains|Hills|Highlands|Lowlands|Plains?|Plateau|Steppe|Strip|Territory|Territories|Region))\Z"
)
"""Names that stand with an article: those of waters but for lakes, of what is many, and of what a common noun ends."""
_ISLAND = re.compile(r"\A(?!Rhode )\S.* (?:Island|Isle)\Z|\A(?:the )?Isle of ")
LONGEST = 80
"""Characters of a place's name that a headline takes over."""


def place_words(place: Place, *, division: bool = False) -> str:
    """The place as it stands after `before_place`: `Boulkessi, Mali`; with its first-level division where `division`
    is set."""
    name = _with_the(one_line(place.name, LONGEST), place.precision)
    country = country_name(place.country)
    parts = [] if country and bare_country(name) == bare_country(country) else [name]
    if division and place.admin1 and place.precision is not PlacePrecision.COUNTRY:
        parts.append(one_line(place.admin1, LONGEST))
    if country:
        # An article stands only where the country follows `in` itself.
        parts.append(bare_country(country) if parts else country)
    kept = [part for number, part in enumerate(parts) if part and part not in parts[:number]]
    if len(kept) > 1 and kept[0].endswith((f", {kept[-1]}", f" {kept[-1]}")):
        # "Kano, Nigeria", "central Bangladesh": the country is in the name.
        return kept[0]
    return ", ".join(kept)


def _with_the(name: str, precision: PlacePrecision) -> str:
    """`name` with `the` where English has it: seas, ranges, valleys and the like; no town, whatever it is called."""
    if precision is PlacePrecision.EXACT or not _TAKES_THE.search(name):
        return name
    return f"the {name}"


def country_name(code: str | None) -> str | None:
    """The name of the country with ISO 3166-1 alpha-2 `code`, as English has it after `in`; None where not known."""
    return None if code is None else countries().get(code, code)


def bare_country(name: str) -> str:
    """`name` without the article."""
    return name.removeprefix("the ")


def before_place(place: Place) -> str:
    """The preposition before `place_words(place)`: people are on an island, and in everything else."""
    island = place.precision is not PlacePrecision.EXACT and _ISLAND.search(one_line(place.name, LONGEST)) is not None
    return "on" if island else "in"


def is_country(name: str) -> bool:
    """Whether `name` is a country's, with or without its article."""
    return bare_country(name) in _bare_names()


@cache
def _bare_names() -> frozenset[str]:
    return frozenset(bare_country(name) for name in countries().values())


@cache
def countries() -> dict[str, str]:
    """Every ISO 3166-1 alpha-2 code with its country's name."""
    lines = (files("services.alerter.policy") / "countries.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {code: name for code, name in rows if name}
