"""Subscription: who wants to be told of what, when, and by which channel. Operators write it in
rules/subscriptions.yaml."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from schemas.area import Circle, Polygon
from schemas.base import Timestamp
from schemas.channel import Channel, Name, Written
from schemas.taxonomy import IncidentType
from schemas.vocabulary import ClaimKind, FigureEnd, GroupKey, SeverityLevel, Weekday

ClockTime = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day, `22:00`."""
People = Annotated[int, Field(ge=1)]
"""A number of people."""


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        # OSError: a folder of the time zone database, such as `Europe`, or a name too long for a file.
        near = get_close_matches(name, available_timezones(), n=1, cutoff=0.6)
        rather = f"did you mean {near[0]}?" if near else "write one such as Africa/Bamako or UTC"
        raise ValueError(f'there is no time zone "{name}" in the IANA database; {rather}') from None
    return name


TimeZone = Annotated[str, AfterValidator(_time_zone)]
"""A name of the IANA time zone database, such as `Africa/Bamako`."""


class QuietHours(Written):
    """Hours in which nobody wants to be woken. At their end one message tells how things stand."""

    start: ClockTime
    """When they begin, in the subscription's time zone."""
    end: ClockTime
    """When they end; not later than `start` means on the next day, and the same time a whole day later."""
    days: tuple[Weekday, ...] = ()
    """Days on which they begin; every day where left out."""


class Digest(Written):
    """Alerts are collected, and told together at these times."""

    at: ClockTime
    """When, in the subscription's time zone."""
    days: tuple[Weekday, ...] = ()
    """On which days; every day where left out."""


class Hold(Written):
    """What is very bad and rests on one source, or is contradicted, is held for a while and not told at once."""

    killed_from: People = 1000
    """The least number of dead from which on a toll is held."""
    minutes: int = Field(default=30, ge=1, le=1440)
    """How long after the article that first said so a toll is held at most. A second independent source ends it at
    once."""


class Inhibition(Written):
    """What happens near an incident that was told, or may be part of it, and is no worse, is not told by itself:
    aftershocks, the further attacks of one raid, one village of a province of which all was told."""

    radius_km: float = Field(default=50, gt=0, le=1000, allow_inf_nan=False)
    """Kilometres between the two places, both known at least by their district."""
    hours: int = Field(default=24, ge=1, le=48)
    """Hours from the newest article on the one that was told to the newest on the other."""


class Subscription(Written):
    """Conditions that an incident must all meet, when to tell of it, and the channel. A condition left out is met by
    every incident."""

    name: Name
    """Unlike that of every other subscription; alert ids are made of it."""
    channel: Name
    """The name of the channel to tell."""
    regions: tuple[str, ...] = ()
    """Where: region ids (rules/regions.yaml), UN M49 regions, ISO 3166-1 alpha-2 country codes, or first-level
    divisions (`ML-5`, `ML Mopti`). One of these, of `circles` or of `polygons` must hold the place."""
    circles: tuple[Circle, ...] = ()
    """Where: circles on the globe. A place that is not known closely enough is in none."""
    polygons: tuple[Polygon, ...] = ()
    """Where: polygons, each a list of corners `[latitude, longitude]`. None may cross the 180th meridian."""
    types: tuple[IncidentType, ...] = ()
    """One of these."""
    severity_at_least: SeverityLevel | None = None
    """The mildest level."""
    killed_at_least: People | None = None
    """People."""
    wounded_at_least: People | None = None
    """People."""
    missing_at_least: People | None = None
    """People."""
    abducted_at_least: People | None = None
    """People taken by force."""
    displaced_at_least: People | None = None
    """People driven from home."""
    on: FigureEnd = FigureEnd.LOW
    """Which figure the numbers above are compared with: `low` (never overstates), `best` or `high`."""
    certainty_at_least: Literal["possible", "likely", "observed"] | None = None
    """How sure it must be, in CAP's terms."""
    independent_sources_at_least: int | None = Field(default=None, ge=1)
    """Sources that tell of it on their own: copies of one text are one, and so are outlets that credit another. Outlets
    that `outlets`, `except_outlets` or `languages` leave out are taken off."""
    outlets: tuple[str, ...] = ()
    """One of these outlets must tell of it, by name or host, in any letter case."""
    except_outlets: tuple[str, ...] = ()
    """What only these outlets tell of is not enough."""
    languages: tuple[Annotated[str, Field(pattern="^[a-z]{2}$")], ...] = ()
    """ISO 639-1 codes: an article in one of these must tell of it, as its outlet states the language."""
    where: str | None = None
    """A CEL condition over the incident's variables (docs/severity.md), for the rest: `sources >= 2`."""
    time_zone: TimeZone = "UTC"
    """Where quiet hours and digests are counted."""
    quiet_hours: tuple[QuietHours, ...] = ()
    """When not to be told of what is not urgent. Corrections and cancels of what was told come all the same."""
    digest: Digest | None = None
    """When to be told of what is not urgent; at once where left out."""
    alerts_per_hour: int | None = Field(default=None, ge=1)
    """Alerts and updates in any hour; what is more and not urgent waits for the digest, or for the hour to pass."""
    group_by: tuple[GroupKey, ...] = ()
    """Incidents that have all of these in common are one group: after an alert of a group, its next wait, and are told
    together."""
    group_minutes: int = Field(default=30, ge=1, le=1440)
    """How long after an alert the next of its group wait."""
    urgent_from: SeverityLevel = SeverityLevel.EXTREME
    """The mildest level that is urgent: told in quiet hours, and neither capped, grouped nor left for a digest."""
    hold: Hold | None = Hold()
    """What is held until it is confirmed; `null` holds nothing."""
    inhibit: Inhibition | None = None
    """Which lesser incidents stay under one that was told; none where left out."""
    expires: Timestamp | None = None
    """From then on it is told nothing new, and still every correction and cancel of what it was told."""
    test: bool = False
    """Alerts are marked as a test, to be disregarded by every receiver."""

    def at_least(self, kind: ClaimKind) -> int | None:
        """The threshold for people harmed in that way; None where there is none."""
        found: int | None = getattr(self, f"{kind.value}_at_least")
        return found


class Subscriptions(Written):
    """The whole of rules/subscriptions.yaml."""

    channels: tuple[Channel, ...]
    """The ways to tell somebody, each with a name of its own."""
    subscriptions: tuple[Subscription, ...]
    """Who is told of what, each with a name of its own."""
