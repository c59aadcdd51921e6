"""Write the gathered world as the files that `layout` describes."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import marisa_trie

from services.processor.extraction.places import layout
from tools.gazetteer.world import Node, World

PER_NAME = 60
"""Locations kept of one name, likeliest first; the rest (of several hundred San Josés) differ by district alone."""


def write(world: World, target: Path) -> None:
    """Write the four files of `world` into the folder `target`."""
    countries = [world.countries[code] for code in sorted(world.countries)]
    divisions = sorted(world.divisions, key=lambda n: (n.country or "", n.kind, n.code, n.geonames_id, n.name))
    places = sorted(world.places, key=lambda n: (n.country or "~", n.geonames_id, n.name, n.kind, n.lat or 0.0))
    nodes = [*countries, *divisions, *places]
    number = {id(node): index for index, node in enumerate(nodes)}
    if len(countries) + len(divisions) >= layout.NO_PARENT:
        raise ValueError("more countries and divisions than the layout can number")
    if len(nodes) > layout.NUMBER:
        raise ValueError("more locations than the layout can number")

    spellings = marisa_trie.Trie(sorted({node.name for node in nodes}))
    spellings.save(str(target / layout.SPELLINGS_FILE))
    records = b"".join(layout.pack(_record(node, number, spellings)) for node in nodes)

    postings = _postings(nodes)
    names = marisa_trie.Trie(sorted(postings))
    names.save(str(target / layout.NAMES_FILE))
    short, long = _posting_tables(postings, names)
    header = layout.HEADER.pack(layout.MAGIC, len(short), len(long), len(nodes), len(countries) + len(divisions))
    table = b"".join(entry.to_bytes(layout.POSTING_BYTES, "little") for entry in (*short, *long))
    (target / layout.LOCATIONS_FILE).write_bytes(header + table + records)
    (target / layout.DIVISIONS_FILE).write_text(_facts(world, countries, divisions, number, nodes), encoding="utf-8")


def _record(node: Node, number: dict[int, int], spellings: marisa_trie.Trie) -> layout.Record:
    located = node.lat is not None and node.lon is not None
    return layout.Record(
        geonames_id=node.geonames_id,
        spelling=spellings[node.name],
        parent=layout.NO_PARENT if node.parent is None else number[id(node.parent)],
        kind=node.kind,
        milli_lat=round((node.lat or 0.0) * 1000) if located else None,
        milli_lon=round((node.lon or 0.0) * 1000) if located else None,
        population=node.population,
    )


def _postings(nodes: list[Node]) -> dict[str, list[int]]:
    """For each folded name the postings of its locations, likeliest first."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for index, node in enumerate(nodes):
        usual = layout.prior(node.kind, node.population, alternate=False, capital=node.capital)
        other = layout.prior(node.kind, node.population, alternate=True, capital=node.capital)
        for key in node.names:
            found[key].append((-usual, index))
        for key in node.alternates:
            found[key].append((-other, index | layout.ALTERNATE))
        for key in node.demonyms - node.names:
            found[key].append((-usual, index | layout.DEMONYM))
    least = 3
    kept = {}
    for key, entries in found.items():
        # Two-letter towns (Bo, Wa, Ho) are words of every language: only the large ones are names that news uses.
        if len(key) < least and -min(entries)[0] < layout.prior("settlement", 50_000, alternate=False):
            continue
        if len(key) > 1:
            kept[key] = [posting for _, posting in sorted(entries)[:PER_NAME]]
    return kept


def _posting_tables(postings: dict[str, list[int]], names: marisa_trie.Trie) -> tuple[list[int], list[int]]:
    short: list[int] = [0] * len(postings)
    long: list[int] = []
    for key in sorted(postings):
        entries = postings[key]
        if len(entries) == 1:
            short[names[key]] = entries[0]
        else:
            short[names[key]] = layout.MANY | len(long)
            long += [len(entries), *entries]
    return short, long


def _facts(
    world: World, countries: list[Node], divisions: list[Node], number: dict[int, int], nodes: list[Node]
) -> str:
    """divisions.json: facts of the countries, codes of the divisions that have one, numbers of the capitals."""
    return json.dumps(
        {
            "countries": [
                {
                    "code": node.code,
                    "alpha3": world.facts[node.code].alpha3,
                    "numeric": world.facts[node.code].numeric,
                    "capital": world.facts[node.code].capital,
                    "regions": world.facts[node.code].regions,
                    "demonyms": world.facts[node.code].demonyms,
                    "neighbours": world.facts[node.code].neighbours,
                }
                for node in countries
            ],
            "codes": {str(number[id(node)]): node.code for node in divisions if node.code},
            "capitals": [index for index, node in enumerate(nodes) if node.capital],
        },
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
