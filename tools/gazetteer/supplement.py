"""Add the places of our own lexicons: names of divisions, places that no package has, seas and other features."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import cast, get_args

from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.model import Kind
from tools.gazetteer.names import variants
from tools.gazetteer.sources import rows
from tools.gazetteer.world import Node, World


def add_division_names(world: World, path: Path) -> None:
    """Give divisions the further names of `path`: country, a name that the packages have, other names.

    Raises ValueError, naming file and line, where no such division exists.
    """
    for country, name, others in rows(path):
        node = world.division(country, fold(name))
        if node is None:
            raise ValueError(f"{path.name}: {country} has no division {name!r}")
        node.names.update(fold(other) for other in others.split("|"))
        node.alternates -= node.names
        node.titles |= node.names


def add_spellings(world: World, path: Path) -> None:
    """Give settlements the further spellings of `path`: country, name, division or district, spellings.

    Raises ValueError, naming file and row, where GeoNames has no such settlement there.
    """
    named: dict[tuple[str | None, str], list[Node]] = defaultdict(list)
    for node in world.places:
        for key in node.names:
            named[node.country, key].append(node)
    for country, name, division, spellings in rows(path):
        if country == "country":
            continue
        found = [node for node in named[country, fold(name)] if not division or _lies_in(node, fold(division))]
        if not found:
            raise ValueError(f"{path.name}: {country} has no settlement {name!r} in {division or country!r}")
        node = max(found, key=lambda node: (node.population, -node.geonames_id))
        node.names.update(fold(spelling) for spelling in spellings.split("|"))
        node.alternates -= node.names


def _lies_in(node: Node, division: str) -> bool:
    step = node.parent
    while step is not None:
        if division in step.titles:
            return True
        step = step.parent
    return False


def add_places(world: World, path: Path) -> None:
    """Add the rows of `path`: name, alternates, countries, division, latitude, longitude, kind, note.

    A place of several countries becomes one location in each and one of none: the article says which is meant. Raises
    ValueError, naming file and row, where a country or division does not exist or a number is wrong.
    """
    for fields in rows(path):
        if fields[0] == "name":
            continue
        where = f"{path.name}: {fields[0]!r}"
        if len(fields) != 8:
            raise ValueError(f"{where}: has {len(fields)} columns instead of 8")
        name, others, countries, division, lat, lon, kind, _note = fields
        if kind not in get_args(Kind):
            raise ValueError(f"{where}: {kind!r} is no kind of place")
        codes = countries.split(",") if countries else []
        for code in [*codes, None] if len(codes) != 1 else codes:
            parent = _parent(world, where, code, division)
            node = Node(name, cast("Kind", kind), code, parent)
            if lat and lon:
                node.lat, node.lon = _number(where, lat, 90), _number(where, lon, 180)
            node.names = {fold(part) for part in [name, *others.split("|")] if fold(part)}
            for key in sorted(node.names):
                node.alternates.update(variants(key, code))
            node.alternates -= node.names
            world.places.append(node)


def _parent(world: World, where: str, code: str | None, division: str) -> Node | None:
    if code is None:
        return None
    if code not in world.countries:
        raise ValueError(f"{where}: {code!r} is no country")
    if not division:
        return world.countries[code]
    parent = world.division(code, fold(division))
    if parent is None:
        raise ValueError(f"{where}: {code} has no division {division!r}")
    return parent


def _number(where: str, text: str, limit: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{where}: {text!r} is no coordinate") from None
    if abs(value) > limit:
        raise ValueError(f"{where}: {text} is beyond {limit} degrees")
    return value
