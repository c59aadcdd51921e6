"""The gazetteer as read from its files: names to locations, facts of countries."""

from __future__ import annotations

import json
import mmap
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import marisa_trie

from schemas import PlacePrecision
from services.processor.extraction.places import layout
from services.processor.extraction.places.layout import ALTERNATE, DEMONYM, MANY, NO_PARENT, NUMBER
from services.processor.extraction.places.model import Location

_PRECISION = {
    "country": PlacePrecision.COUNTRY,
    "division": PlacePrecision.DIVISION,
    "district": PlacePrecision.DISTRICT,
    "settlement": PlacePrecision.EXACT,
    "site": PlacePrecision.EXACT,
    "region": PlacePrecision.DIVISION,
}
"""How exact a place is by the kind of location whose coordinates it has. A lake or valley is as large as a division."""


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


@dataclass(frozen=True, slots=True)
class _Holder:
    """What a location takes from the country and divisions that hold it."""

    country: str | None = None
    admin1: str | None = None
    admin1_code: str | None = None
    admin2: str | None = None
    milli_lat: int | None = None
    milli_lon: int | None = None
    precision: PlacePrecision = PlacePrecision.COUNTRY


_NOWHERE = _Holder()


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
        self._long = self._postings + names * layout.POSTING_BYTES
        self._records = self._long + long_entries * layout.POSTING_BYTES
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
        self._holder = lru_cache(maxsize=None)(self._read_holder)
        self.location = lru_cache(maxsize=65536)(self._location)
        """`location(number, alternate)`: the location of that number; `alternate` when reached by a lesser name."""
        self.lookup = lru_cache(maxsize=65536)(self._lookup)
        """`lookup(key)`: what the folded name `key` can mean, likeliest first, and whether it is a demonym."""

    def prefixes(self, text: str) -> list[str]:
        """Folded names with which the folded `text` begins, shortest first; they may end inside a word."""
        found: list[str] = self._names.prefixes(text)
        return found

    def opens(self, word: str) -> int:
        """What begins with the folded `word`: 1 for a name that is just this word, plus 2 for longer names."""
        return (1 if word in self._names else 0) | (2 if next(self._names.iterkeys(word + " "), None) else 0)

    def lookup_country(self, code: str) -> Location:
        """The country with the ISO 3166-1 alpha-2 `code`. Raises ValueError for none."""
        return self.location(self._country_codes.index(code), False)

    def _lookup(self, key: str) -> tuple[tuple[Location, ...], bool]:
        number = self._names.get(key)
        if number is None:
            return (), False
        posting = self._posting(self._postings, number)
        entries = [posting]
        if posting & MANY:
            first = posting & ~MANY
            count = self._posting(self._long, first)
            entries = [self._posting(self._long, first + 1 + at) for at in range(count)]
        demonym = bool(entries[0] & DEMONYM)
        return tuple(
            self.location(entry & NUMBER, bool(entry & ALTERNATE))
            for entry in entries
            if bool(entry & DEMONYM) == demonym
        ), demonym

    def _posting(self, table: int, number: int) -> int:
        start = table + layout.POSTING_BYTES * number
        return int.from_bytes(self._table[start : start + layout.POSTING_BYTES], "little")

    def _record(self, number: int) -> layout.Record:
        return layout.unpack(self._table, self._records + layout.RECORD.size * number)

    def _spelling(self, number: int) -> str:
        name: str = self._spellings.restore_key(number)
        return name

    def _location(self, number: int, alternate: bool) -> Location:
        record = self._record(number)
        inside = self._held(number)
        milli_lat, milli_lon, precision = inside.milli_lat, inside.milli_lon, inside.precision
        if record.milli_lat is not None:
            milli_lat, milli_lon, precision = record.milli_lat, record.milli_lon, _PRECISION[record.kind]
        return Location(
            name=self._spelling(record.spelling),
            country=inside.country,
            admin1=inside.admin1,
            admin1_code=inside.admin1_code,
            geonames_id=record.geonames_id or None,
            lat=None if milli_lat is None else milli_lat / 1000,
            lon=None if milli_lon is None else milli_lon / 1000,
            precision=precision,
            population=record.population,
            kind=record.kind,
            admin2=inside.admin2,
            prior=layout.prior(record.kind, record.population, alternate=alternate, capital=number in self._capitals),
        )

    def _held(self, number: int) -> _Holder:
        """What the location of that number is, or lies in."""
        if number < self._divisions:
            return self._holder(number)
        parent = self._record(number).parent
        return _NOWHERE if parent == NO_PARENT else self._holder(parent)

    def _read_holder(self, number: int) -> _Holder:
        """A country or division as what holds other places, with what it lies in itself."""
        record = self._record(number)
        outer = _NOWHERE if record.parent == NO_PARENT else self._holder(record.parent)
        name = self._spelling(record.spelling)
        # A district without a reference point gives way to its division; nothing gives way to the country, which says
        # too little.
        located = record.milli_lat is not None or record.kind != "district"
        return _Holder(
            country=self._country_codes[number] if record.kind == "country" else outer.country,
            admin1=name if record.kind == "division" else outer.admin1,
            admin1_code=self._codes.get(number) if record.kind == "division" else outer.admin1_code,
            admin2=name if record.kind == "district" and outer.admin2 is None else outer.admin2,
            milli_lat=record.milli_lat if located else outer.milli_lat,
            milli_lon=record.milli_lon if located else outer.milli_lon,
            precision=_PRECISION[record.kind] if located else outer.precision,
        )


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that comes with the package, opened at first use."""
    return Gazetteer(Path(str(resources.files(__package__) / "data")))
