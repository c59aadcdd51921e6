"""A report made ready for comparison: everything that linking looks at, worked out once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from math import cos, radians, sqrt
from operator import or_
from typing import TypeVar
from zlib import crc32

from schemas import (
    TYPES,
    ClaimKind,
    Evidence,
    IncidentFamily,
    IncidentType,
    Place,
    PlacePrecision,
    Report,
    Revises,
    SourcedClaim,
    TimePrecision,
    name_key,
)
from services.processor.tracking.kept_report import KeptReport
from services.processor.tracking.lean import lean

SECONDS_PER_DAY = 86_400.0
FRESH_DAYS = 1.5
"""An article that tells of its own day, or of the night before, tells of news: its date is sure."""
RARE = 3.0
"""How much more a name or a rare word says than any other word. Set on stories of our own: at 2 texts on different
incidents come closer, at 4 a single shared name decides."""
LEAST_NUMBER = 3
"""Smaller numbers of people agree by chance."""
LONG_TEXT = 8
"""Names and words from which on a text is long enough to be expected to share some with another on its incident."""
COPY_SHARE = 4
"""A copy shares at least a quarter of the smaller sketch."""
WIDE = frozenset(
    {
        IncidentType.FLOOD,
        IncidentType.STORM,
        IncidentType.EARTHQUAKE,
        IncidentType.TSUNAMI,
        IncidentType.WILDFIRE,
        IncidentType.EXTREME_TEMPERATURE,
        IncidentType.DROUGHT_FAMINE,
        IncidentType.EPIDEMIC,
    }
)
"""Hazards that harm people in several provinces at once."""
LEAST_LETTERS = 4
"""Shorter words of a place's name tell no place from another: "Um", "San"."""
DIRECTIONS = frozenset(
    (
        *("north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "upper", "lower"),
        *("province", "district", "region", "state"),
    )
)
"""Words of many places' names."""
_RANK = {precision: rank for rank, precision in enumerate(PlacePrecision)}
_COUNTRY = PlacePrecision.COUNTRY
COUNTRY_RANK = _RANK[_COUNTRY]
_KINDS = tuple(kind.value for kind in ClaimKind)
_CLOSE = frozenset({TimePrecision.HOUR, TimePrecision.DAY})


_A_CLAIM = SourcedClaim(
    kind=ClaimKind.KILLED, evidence=(Evidence(slot="claim", start=0, end=0, quote=""),), article_id="", report_id=""
)
"""What claims with a source are copied from."""
_BITS = 2048
"""Ten times as many as most texts have names and words that are compared."""
_BIT = tuple(1 << bit for bit in range(_BITS))
_NAMES_KEPT = 10_000
"""Names of which the folded form is kept at hand: outlets and places that come again all day."""
_WORDS_KEPT = 100_000
"""Words of which the bit is kept at hand: those that most articles of a month are written in."""
_SETS_KEPT = 64
"""Texts of which names and words are at hand as sets: a report is compared with several others, and those of one story
with each other."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where, ready for comparison. One place, however often it is told of, is one object as a rule."""

    name: str
    """Folded."""
    country: str | None
    admin1: str
    """Folded; empty where not known."""
    geonames_id: int | None
    rank: int
    """0 for an exact place, growing as the place gets vaguer."""
    is_country: bool
    """A country and nothing more."""
    is_unknown: bool
    """A name that no gazetteer has: as vague as a country, and still a name."""
    lat: float | None
    """Degrees north."""
    keys: frozenset[str]
    """What each telling word of its name is compared by in texts."""
    keys_bits: int
    """The same, each on its bit of `Telling.names_bits`."""
    lon: float | None
    """Degrees east, times the cosine of the latitude: degrees of equal length in both directions."""


@dataclass(frozen=True, slots=True, eq=False)
class When:
    """When it happened, as a report says, in days since 1970-01-01 UTC. One time, however often it is told of, is one
    object as a rule."""

    starts: float
    ends: float
    dated: bool
    """To the day or closer."""


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """One report as it is compared. Times are days since 1970-01-01 UTC."""

    report: Report
    kept: KeptReport
    """The report as the table keeps it."""
    order: tuple[float, str]
    """By publication, then id; those without a publication time first."""
    source: str
    """Folded name of the outlet; the article's id where it has none."""
    published: float | None
    starts: float | None
    ends: float | None
    dated: bool
    """To the day or closer."""
    fresh: bool
    when: When | None
    """`starts`, `ends` and `dated`; None where it does not say when it started and ended."""
    type: IncidentType
    family: IncidentFamily
    spot: Spot | None
    names: tuple[str, ...]
    """Each once, as the words and the hashes of the sketch are. No sets, which would take a fifth of the memory of all
    that is kept: few are ever compared word by word."""
    words: tuple[str, ...]
    norm: float
    """Length of the vector of its names and words."""
    sketch: tuple[int, ...]
    names_bits: int
    """The names, each hashed to one of `_BITS` bits, as the words and the sketch are: texts are first held against each
    other by these."""
    words_bits: int
    sketch_bits: int
    blurred: float
    """What may be in common and is not seen in the bits, weighed as likeness does: names or words that share a bit."""
    sketch_blurred: int
    """The same of the sketch."""
    killed: tuple[int, int | None] | None
    """Least and most; the most is None where open."""
    numbers: frozenset[tuple[str, int]]
    """Kind of harm and number of people, of three and more."""
    outdated: frozenset[int]
    actors: frozenset[str]
    dead: int
    """The least number of dead; 0 where none is given."""
    sought: int | None
    """Dead and missing together, where both are counted; the dead alone where nobody is missing any more."""
    report_id: str
    article_id: str
    revises: Revises | None


def condensed(report: Report) -> Report:
    """`report` with what tracking needs of it: without the words that fill its slots, and each claim with its source.

    What is condensed already is given back as it is.
    """
    if not report.evidence and all(type(claim) is SourcedClaim for claim in report.claims):
        return report
    source = {"article_id": report.article.article_id, "report_id": report.report_id, "reasoning": ()}
    # A copy of a claim that is valid is made in a fifth of the time that it takes to put one together.
    claims = tuple([_A_CLAIM.model_copy(update={**claim.__dict__, **source}) for claim in report.claims])
    return lean(report.model_copy(update={"evidence": (), "claims": claims}))


def telling_of(report: Report) -> Telling:
    """`report`, condensed, made ready for comparison."""
    report = condensed(report)
    article, kind, wording = report.article, report.type, report.wording
    published = _days(article.published_at)
    occurred = report.occurred
    starts = _days(occurred.start) if occurred else None
    ends = _days(occurred.end) if occurred else None
    dated = occurred is not None and occurred.precision in _CLOSE and starts is not None and ends is not None
    names = _once(wording.names) if wording else ()
    words = _once(wording.words) if wording else ()
    sketch = _once(wording.sketch) if wording else ()
    names_bits, words_bits = _bits(map(_bit_of, names)), _bits(map(_bit_of, words))
    sketch_bits = _bits([_BIT[number % _BITS] for number in sketch])
    killed = report.toll.killed
    return Telling(
        report=report,
        kept=KeptReport(report),
        order=(float("-inf") if published is None else published, report.report_id),
        source=folded(article.source) or article.article_id,
        published=published,
        starts=starts,
        ends=ends,
        dated=dated,
        fresh=dated and published is not None and starts is not None and 0 <= published - starts <= FRESH_DAYS,
        when=None if starts is None or ends is None else _when_of(starts, ends, dated),
        type=kind,
        family=TYPES[kind].family,
        spot=_spot(report.place) if report.place else None,
        names=names,
        words=words,
        norm=sqrt(RARE * RARE * len(names) + len(words)),
        sketch=sketch,
        names_bits=names_bits,
        words_bits=words_bits,
        sketch_bits=sketch_bits,
        blurred=RARE * RARE * (len(names) - names_bits.bit_count()) + len(words) - words_bits.bit_count(),
        sketch_blurred=len(sketch) - sketch_bits.bit_count(),
        killed=None if killed is None or killed.low is None else (killed.low, killed.high),
        numbers=_numbers(report),
        outdated=frozenset(report.outdated),
        actors=_actors(report),
        dead=0 if killed is None or killed.low is None else killed.low,
        sought=_sought(report),
        report_id=report.report_id,
        article_id=article.article_id,
        revises=report.revises,
    )


def _once(items: tuple[T, ...]) -> tuple[T, ...]:
    """`items`, each once; they themselves where they are so already."""
    once = dict.fromkeys(items)
    return items if len(once) == len(items) else tuple(once)


def _bits(items: Iterable[int]) -> int:
    return reduce(or_, items, 0)


@lru_cache(maxsize=_WORDS_KEPT)
def _bit_of(word: str) -> int:
    # Not by Python's own hash, which differs from process to process: a replay is to take the same way each time.
    return _BIT[crc32(word.encode(errors="surrogatepass")) % _BITS]


@lru_cache(maxsize=_NAMES_KEPT)
def folded(name: str) -> str:
    """A place or actor name for comparison: without accents, case, spaces and punctuation."""
    if name.isascii():
        return "".join(filter(str.isalnum, name.casefold()))
    plain = unicodedata.normalize("NFKD", name)
    return "".join(character for character in plain.casefold() if character.isalnum())


def precision_rank(place: Place) -> int:
    """0 for an exact place, growing as the place gets vaguer."""
    return _RANK[place.precision]


def likeness(one: Telling, other: Telling) -> float:
    """How much two texts have in common, 0 to 1: the cosine of their names and words, a name counting `RARE` times."""
    if not one.norm or not other.norm:
        return 0.0
    if one.order < other.order:
        one, other = other, one  # The newest is compared with most.
    names, words = _sets_of(one)
    # Names without a bit in common have none in common.
    common = len(names.intersection(other.names)) if one.names_bits & other.names_bits else 0
    return (RARE * RARE * common + len(words.intersection(other.words))) / (one.norm * other.norm)


@lru_cache(maxsize=_SETS_KEPT)
def _sets_of(telling: Telling) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(telling.names), frozenset(telling.words)


def copied(one: Telling, other: Telling) -> bool:
    """Whether one text is a copy of the other: a quarter of the smaller sketch in common, which two texts that nobody
    copied never have."""
    common = one.sketch_bits & other.sketch_bits
    if not common or COPY_SHARE * (common.bit_count() + one.sketch_blurred) < min(len(one.sketch), len(other.sketch)):
        return False
    return share_copy(one.sketch, other.sketch)


def share_copy(sketch: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two sketches have as much in common as those of copies have."""
    mine, theirs = set(sketch), set(other)
    common = len(mine & theirs)
    return common > 0 and COPY_SHARE * common >= min(len(mine), len(theirs))


def _days(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp() / SECONDS_PER_DAY


@lru_cache(maxsize=_NAMES_KEPT)
def _when_of(starts: float, ends: float, dated: bool) -> When:
    return When(starts, ends, dated)


def _spot(place: Place) -> Spot:
    return _spot_of(place.name, place.country, place.admin1, place.geonames_id, place.precision, place.lat, place.lon)


@lru_cache(maxsize=_NAMES_KEPT)
def _spot_of(
    name: str,
    country: str | None,
    admin1: str | None,
    geonames_id: int | None,
    precision: PlacePrecision,
    lat: float | None,
    lon: float | None,
) -> Spot:
    return Spot(
        name=folded(name),
        country=country,
        admin1=folded(admin1) if admin1 else "",
        geonames_id=geonames_id,
        rank=_RANK[precision],
        is_country=precision is _COUNTRY and geonames_id is not None,
        is_unknown=precision is _COUNTRY and geonames_id is None,
        lat=lat,
        keys=_keys(name),
        keys_bits=_bits(map(_bit_of, _keys(name))),
        lon=None if lon is None or lat is None else lon * cos(radians(lat)),
    )


@lru_cache(maxsize=_NAMES_KEPT)
def _keys(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name).casefold().encode("ascii", "ignore").decode()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return frozenset(name_key(word) for word in words if len(word) >= LEAST_LETTERS and word not in DIRECTIONS)


def named_by(spot: Spot, other: Telling) -> bool:
    """Whether the text of `other` names the place `spot` too, wherever it puts its own incident."""
    bits = spot.keys_bits
    if not bits or spot.is_country or bits & other.names_bits != bits:
        return False
    return spot.keys.issubset(other.names)


def _numbers(report: Report) -> frozenset[tuple[str, int]]:
    toll = report.toll.__dict__
    found = [(kind, figure.best) for kind in _KINDS if (figure := toll[kind]) is not None]
    found += [(claim.kind, claim.best) for claim in report.claims if not claim.part_of_total]
    return frozenset((kind, number) for kind, number in found if number is not None and number >= LEAST_NUMBER)


def _sought(report: Report) -> int | None:
    killed, missing = report.toll.killed, report.toll.missing
    if killed is None or killed.best is None or killed.best < LEAST_NUMBER:
        return None
    if missing is None:
        return killed.best
    return None if missing.best is None else killed.best + missing.best


def _actors(report: Report) -> frozenset[str]:
    """Perpetrators known by name; "gunmen" are no name."""
    return frozenset(folded(name) for actor in report.perpetrators for name in actor.proper_names)
