"""How the gazetteer lies in its files; the build tool writes this and the reader reads it.

names.marisa      a trie of all folded names; a name's number in it is its place in the postings
spellings.marisa  a trie of all names as they are shown
locations.bin     header, postings, and one record of 16 bytes for each location
divisions.json    countries (code, alpha-3, M49 numbers, capital, demonyms) and codes of divisions

Locations are numbered: countries first, then divisions and districts, then everything else. A record's parent is the
number of its smallest known container, always below 65,535.
"""

from __future__ import annotations

import math
import struct
from typing import Final, Literal, NamedTuple, get_args

from services.processor.extraction.places.model import Kind

NAMES_FILE: Final = "names.marisa"
SPELLINGS_FILE: Final = "spellings.marisa"
LOCATIONS_FILE: Final = "locations.bin"
DIVISIONS_FILE: Final = "divisions.json"
FILES: Final = (NAMES_FILE, SPELLINGS_FILE, LOCATIONS_FILE, DIVISIONS_FILE)

HEADER: Final = struct.Struct("<8sIIII")
"""Magic, number of names, number of long posting entries, number of locations, number of countries and divisions."""
MAGIC: Final = b"TOCSINg2"
POSTING_BYTES: Final = 3
"""A posting is a little-endian number of three bytes."""
RECORD: Final = struct.Struct("<QQ")

NO_PARENT: Final = 0xFFFF
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

# A posting is one location (MANY clear), or the place of its list in the long entries (MANY set): a count, then as many
# postings of one location.
MANY: Final = 1 << 23
ALTERNATE: Final = 1 << 22
"""The name is not the location's main name."""
DEMONYM: Final = 1 << 21
"""The name is the people's, not the country's."""
NUMBER: Final = DEMONYM - 1

MAX_POPULATION: Final = (1 << 26) - 1
"""67 million: more than any city has. Larger sums (China, India) are cut to it."""


class Record(NamedTuple):
    """One location as stored."""

    geonames_id: int
    """0 where GeoNames does not have it."""
    spelling: int
    """Number of its name among the spellings."""
    parent: int
    kind: Kind
    milli_lat: int | None
    """Thousandths of a degree north; None where no coordinates are known."""
    milli_lon: int | None
    population: int


def pack(record: Record) -> bytes:
    """`record` as 16 bytes: two little-endian words of bit fields.

    Raises ValueError where a value does not fit its field.
    """
    if not (0 <= record.geonames_id < 1 << 24 and 0 <= record.spelling < 1 << 20 and 0 <= record.parent <= NO_PARENT):
        raise ValueError(f"{record} does not fit the layout")
    first = record.geonames_id | record.spelling << 24 | record.parent << 44 | KINDS.index(record.kind) << 60
    second = min(record.population, MAX_POPULATION) << 38
    if record.milli_lat is not None and record.milli_lon is not None:
        lat, lon = record.milli_lat + 90_000, record.milli_lon + 180_000
        if not (0 <= lat <= 180_000 and 0 <= lon <= 360_000):
            raise ValueError(f"{record} lies off the globe")
        second |= 1 | lat << 1 | lon << 19
    return RECORD.pack(first, second)


def unpack(buffer: bytes | memoryview, offset: int) -> Record:
    """The record that starts at byte `offset` of `buffer`."""
    first, second = RECORD.unpack_from(buffer, offset)
    has_coordinates = second & 1
    return Record(
        geonames_id=first & 0xFFFFFF,
        spelling=first >> 24 & 0xFFFFF,
        parent=first >> 44 & 0xFFFF,
        kind=KINDS[first >> 60],
        milli_lat=(second >> 1 & 0x3FFFF) - 90_000 if has_coordinates else None,
        milli_lon=(second >> 19 & 0x7FFFF) - 180_000 if has_coordinates else None,
        population=second >> 38,
    )


NameRole = Literal["main", "alternate", "demonym"]


_UNKNOWN: Final[dict[str, int]] = {"settlement": 3_000}
"""People that a place is taken to have whose number is not known: the seat of a district, or a place in the news."""


def prior(kind: Kind, population: int, *, alternate: bool, capital: bool = False) -> float:
    """How likely a name means a location before any context, as about the decimal logarithm of people.

    A country outweighs any city of the same name, save where the city is a megacity and the country tiny; a division
    counts less than its people, since news says which kind it means; names that are not the main one are mostly
    other languages' and count a hundredth.
    """
    size = math.log10(max(population or _UNKNOWN.get(kind, 0), 50))
    if kind == "country":
        size = 8.5 + size / 10
    elif kind == "division":
        size = min(size, 7.0) - 1.2
    elif kind == "district":
        size = min(size, 6.0) - 1.5
    elif kind in ("site", "region"):
        size = 5.0
    if capital:
        size += 1.0
    return round(size - 2.0 * alternate, 3)
