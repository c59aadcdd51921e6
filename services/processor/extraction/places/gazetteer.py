"""The gazetteer as read from its files: names to locations, facts of countries."""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import marisa_trie

from schemas import PlacePrecision
from services.processor.extraction.places import layout
from services.processor.extraction.places.layout import ALTERNATE, DEMONYM, MANY, NO_PARENT, NUMBER
from services.processor.extraction.places.model import Kind, Location

_PRECISION = {
    "country": PlacePrecision.COUNTRY,
    "division": PlacePrecision.DIVISION,
    "district": PlacePrecision.DISTRICT,
    "settlement": PlacePrecision.EXACT,
    "site": PlacePrecision.EXACT,
    "region": PlacePrecision.DIVISION,
}
"""How exact a place is by the kind of location whose coordinates it has. A lake or valley is about as large as a division."""


@dataclass(frozen=True, slots=True)
class Country:
    """One country: ISO 3166-1 codes, capital, people, the UN M49 areas that hold it."""

    code: str
    """ISO 3166-1 alpha-2."""
    name: str
    """As English news has it."""
    alpha3: str
    numeric: str
    """ISO 3166-1 numeric and UN M49 code, three digits."""
    capital: str
    """Empty where it has none."""
    demonyms: tuple[str, ...]
    regions: tuple[tuple[str, str], ...]
    """UN M49 areas that hold it, as (code, name), such as ("011", "Western Africa")."""
    neighbours: frozenset[str]
    """ISO 3166-1 alpha-2 of the countries that share a land border."""
    lat: float | None
    lon: float | None


class Gazetteer:
    """Read-only view of the gazetteer's files, which stay on disk and are mapped into memory.

    Raises ValueError where the files are not of this layout.
    """

    def __init__(self, folder: Path) -> None:
        self._names = marisa_trie.Trie().mmap(str(folder / layout.NAMES_FILE))
        self._spellings = marisa_trie.Trie().mmap(str(folder / layout.SPELLINGS_FILE))
        with (folder / layout.LOCATIONS_FILE).open("rb") as file:
            self._table = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        magic, names, long_entries, locations, self._divisions = layout.HEADER.unpack_from(self._table)
        if magic != layout.MAGIC or names != len(self._names):
            raise ValueError(f"the gazetteer in {folder} is of another layout: build it again with `make gazetteer`")
        self._postings = layout.HEADER.size
        self._long = self._postings + names * layout.POSTING.size
        self._records = self._long + long_entries * layout.POSTING.size
        self.size = locations
        """How many locations there are."""
        facts = json.loads((folder / layout.DIVISIONS_FILE).read_text(encoding="utf-8"))
        self._codes: dict[int, str] = {int(number): code for number, code in facts["codes"].items()}
        self._capitals = frozenset(facts["capitals"])
        self.countries: dict[str, Country] = {}
        """All countries by ISO 3166-1 alpha-2."""
        self._country_codes = [str(entry["code"]) for entry in facts["countries"]]
        for number, entry in enumerate(facts["countries"]):
            record = self._record(number)
            self.countries[entry["code"]] = Country(
                code=entry["code"],
                name=self._spelling(record.spelling),
                alpha3=entry["alpha3"],
                numeric=entry["numeric"],
                capital=entry["capital"],
                demonyms=tuple(entry["demonyms"]),
                regions=tuple((code, name) for code, name in entry["regions"]),
                neighbours=frozenset(entry["neighbours"]),
                lat=None if record.milli_lat is None else record.milli_lat / 1000,
                lon=None if record.milli_lon is None else record.milli_lon / 1000,
            )
        self.location = lru_cache(maxsize=65536)(self._location)
        """`location(number, alternate)`: the location of that number; `alternate` when reached by a lesser name."""
        self.lookup = lru_cache(maxsize=65536)(self._lookup)
        """`lookup(key)`: what the folded name `key` can mean, likeliest first, and whether it is a demonym."""

    def prefixes(self, text: str) -> list[str]:
        """Folded names with which the folded `text` begins, shortest first; they may end inside a word."""
        found: list[str] = self._names.prefixes(text)
        return found

    def lookup_country(self, code: str) -> Location:
        """The country with the ISO 3166-1 alpha-2 `code`. Raises ValueError for none."""
        return self.location(self._country_codes.index(code), False)

    def _lookup(self, key: str) -> tuple[tuple[Location, ...], bool]:
        number = self._names.get(key)
        if number is None:
            return (), False
        (posting,) = layout.POSTING.unpack_from(self._table, self._postings + 4 * number)
        entries: Iterable[int] = (posting,)
        if posting & MANY:
            start = self._long + 4 * (posting & ~MANY)
            (count,) = layout.POSTING.unpack_from(self._table, start)
            entries = struct.unpack_from(f"<{count}I", self._table, start + 4)
        entries = list(entries)
        demonym = bool(entries[0] & DEMONYM)
        return tuple(
            self.location(entry & NUMBER, bool(entry & ALTERNATE))
            for entry in entries
            if bool(entry & DEMONYM) == demonym
        ), demonym

    def _record(self, number: int) -> layout.Record:
        return layout.unpack(self._table, self._records + layout.RECORD.size * number)

    def _spelling(self, number: int) -> str:
        name: str = self._spellings.restore_key(number)
        return name

    def _location(self, number: int, alternate: bool) -> Location:
        record = self._record(number)
        country = admin1 = admin1_code = admin2 = None
        reference: layout.Record | None = None
        holder, holder_number = record, number
        while True:
            if holder.kind == "division":
                admin1, admin1_code = self._spelling(holder.spelling), self._codes.get(holder_number)
            elif holder.kind == "district" and admin2 is None:
                admin2 = self._spelling(holder.spelling)
            elif holder.kind == "country":
                country = self._country_codes[holder_number]
            if reference is None and holder.milli_lat is not None:
                reference = holder
            if holder.parent == NO_PARENT:
                break
            holder_number = holder.parent
            holder = self._record(holder_number)
        # What has no coordinates of its own is only known to be somewhere in the smallest of its containers that has.
        precision = PlacePrecision.COUNTRY if reference is None else _PRECISION[reference.kind]
        lat, lon = (None, None) if reference is None else (reference.milli_lat, reference.milli_lon)
        kind: Kind = record.kind
        return Location(
            name=self._spelling(record.spelling),
            country=country,
            admin1=admin1,
            admin1_code=admin1_code,
            geonames_id=record.geonames_id or None,
            lat=None if lat is None else lat / 1000,
            lon=None if lon is None else lon / 1000,
            precision=precision,
            population=record.population,
            kind=kind,
            admin2=admin2,
            prior=layout.prior(kind, record.population, alternate=alternate, capital=number in self._capitals),
        )


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that comes with the package, opened at first use."""
    return Gazetteer(Path(str(resources.files(__package__) / "data")))
