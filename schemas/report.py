"""Report: what one article says about one incident, every slot with the words that fill it."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, model_validator

from schemas.article import ArticleField, ArticleRef
from schemas.base import Message, Timestamp
from schemas.taxonomy import IncidentType
from schemas.toll import Figure, Toll
from schemas.vocabulary import (
    ClaimKind,
    PlacePrecision,
    Responsibility,
    Revises,
    SpeakerRole,
    Stage,
    Stance,
    TimePrecision,
    Whose,
)

MIN_NAME = 6
"""Letters from which on a name is compared by its consonants."""
_VOWELS = re.compile(r"[aeiouy]+|h\Z")
_DOUBLED = re.compile(r"(.)\1+")


def name_key(name: str) -> str:
    """What a name, folded to lower-case ASCII, is compared by: `rawaba` and `ruwaba` are one, `~rb`."""
    if len(name) < MIN_NAME:
        return name
    consonants = _DOUBLED.sub(r"\1", name[0] + _VOWELS.sub("", name[1:]))
    return f"~{consonants}" if len(consonants) >= 3 else name


class Evidence(Message):
    """The exact words that fill a slot: `article.text_of(field)[start:end] == quote`."""

    slot: str = Field(min_length=1)
    """What the words fill: `claim`, `place`, `occurred`, `perpetrator`, `target`, `weapon`, `type`, `speaker`,
    `revises`."""
    field: ArticleField = "body"
    """The part of the article that the offsets count in."""
    start: int = Field(ge=0)
    """Code points from the start of the field to the first of the quote."""
    end: int = Field(ge=0)
    """Code points from the start of the field to just past the last of the quote."""
    quote: str
    """The words themselves, as the article has them."""

    @model_validator(mode="after")
    def _spans_its_quote(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"[{self.start}:{self.end}] cannot hold a quote of {len(self.quote)} characters")
        return self


class Speaker(Message):
    """Who says so."""

    name: str
    """As the text names them: `the Mali army`, `two hospital sources`."""
    role: SpeakerRole


class Claim(Figure):
    """One statement of how many people were harmed in one way. A number in the news is a claim, not a fact."""

    kind: ClaimKind
    stance: Stance = Stance.ASSERTED
    whose: Whose = Whose.UNKNOWN
    """The side of the people harmed."""
    people: str = ""
    """Who they were, as stated: `soldiers`, `three children`; empty where not stated."""
    part_of_total: bool = False
    """The people are already counted in another claim of this report ("including three children")."""
    speaker: Speaker | None = None
    """Null where the article states it in its own voice."""
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    reasoning: tuple[str, ...] = ()
    """Why the words were read so, a short sentence a step, for `tocsin extract --explain`."""


class Place(Message):
    """Where it happened, as closely as the text and the gazetteer say. No coordinates that are not known."""

    name: str
    """The most exact name the text gives; the country's name where it gives only that."""
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    """ISO 3166-1 alpha-2."""
    admin1: str | None = None
    """Name of the first-level division, in the gazetteer's spelling."""
    admin1_code: str | None = None
    """ISO 3166-2 code of the first-level division, such as `ML-5`, where one is known."""
    geonames_id: int | None = None
    """Id in GeoNames; null for a place that GeoNames does not have."""
    lat: float | None = Field(default=None, ge=-90, le=90)
    """Degrees north, WGS 84; of the place itself where `precision` is exact, else of the division's or country's
    reference point where the gazetteer has one."""
    lon: float | None = Field(default=None, ge=-180, le=180)
    """Degrees east, WGS 84."""
    precision: PlacePrecision


class Occurred(Message):
    """When it happened. `start` and `end` bound it; both null where `precision` is unresolved."""

    start: Timestamp | None = None
    """The earliest moment that the words allow."""
    end: Timestamp | None = None
    """The first moment after the latest that the words allow."""
    precision: TimePrecision
    text: str
    """The words that give the time: `on Sunday`."""


class Perpetrator(Message):
    """Who did it, by name, and how firmly they are named."""

    name: str
    """The lexicon's name for a known actor, else the words of the text."""
    aliases: tuple[str, ...] = ()
    """Other names of a known actor, the text's own wording among them."""
    wikidata: str | None = Field(default=None, pattern="^Q[0-9]+$")
    """Wikidata item of a known actor; null where none is known."""
    responsibility: Responsibility = Responsibility.REPORTED_AS_FACT

    @property
    def proper_names(self) -> tuple[str, ...]:
        """The names by which nobody else goes; none for "gunmen" or "Police", whose class is given in small letters."""
        names = tuple(name for name in (self.name, *self.aliases) if name[:1].isupper())
        known = self.wikidata is not None or any(name in names for name in self.aliases)
        return names if known or self.name.isupper() or " " in self.name else ()


class Target(Message):
    """What or whom the incident was aimed at."""

    kind: str
    """A class of the target lexicon, such as `military`, `school`, `market`, `aid_worker`."""
    text: str
    """The words of the text: `a military base`."""


class Weapon(Message):
    """What it was done with."""

    kind: str
    """A class of the weapon lexicon, such as `firearm`, `explosive`, `vehicle`, `blade`."""
    text: str
    """The words of the text: `a car bomb`."""


class Wording(Message):
    """What a report's text can be compared by with other texts on the same incident."""

    names: tuple[str, ...] = ()
    """Names and rare words, folded to lower-case ASCII, in the order of the text. Names of six letters and more are
    given by their first letter and consonants after a `~`, since transcriptions differ in the vowels."""
    words: tuple[str, ...] = ()
    """Other words that carry meaning, without their endings."""
    sketch: tuple[int, ...] = ()
    """The smallest hashes of all five words in a row: copies of one text share most of them."""
    credits: tuple[str, ...] = ()
    """Those whom the text names as having reported it, folded: agencies and other outlets among them."""


class Report(Message):
    """What ONE article says about ONE incident."""

    report_id: str = Field(min_length=1)
    """`<article id>#<ordinal>`: the same article always gives the same ids, so a repeat is recognised."""
    article: ArticleRef
    ordinal: int = Field(ge=0)
    """Place of this incident among the article's, the one with the highest toll first."""
    type: IncidentType
    stage: Stage = Stage.ACCOMPLISHED
    place: Place | None = None
    """Null where the article does not say where."""
    regions: tuple[str, ...] = ()
    """Ids of the named regions that hold the place, sorted (rules/regions.yaml and UN M49)."""
    occurred: Occurred | None = None
    """Null where the article does not say when."""
    toll: Toll = Toll()
    """The view over this report's claims."""
    claims: tuple[Claim, ...] = ()
    perpetrators: tuple[Perpetrator, ...] = ()
    targets: tuple[Target, ...] = ()
    weapons: tuple[Weapon, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    """For every filled slot that is not a claim; each claim carries its own."""
    revises: Revises | None = None
    """What the article does to earlier reports of the incident; null where it only tells of it."""
    outdated: tuple[int, ...] = ()
    """Numbers of dead that the article gives as said before and no longer right: `not 61 as first announced`."""
    wording: Wording | None = None
    """Null where the article's text was not at hand."""
