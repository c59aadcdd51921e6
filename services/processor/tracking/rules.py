"""rules/linking.yaml as operators write it: when two reports tell of one incident, and how long one stays open."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas import Incident, IncidentType
from schemas.channel import Written

Points = Annotated[float, Field(ge=0, le=100)]
Days = Annotated[float, Field(gt=0, le=366)]
Kilometres = Annotated[float, Field(gt=0, le=1000)]


_LONG = (
    IncidentType.ABDUCTION,
    IncidentType.HOSTAGE_TAKING,
    IncidentType.HIJACKING,
    IncidentType.PIRACY,
    IncidentType.EPIDEMIC,
    IncidentType.DROUGHT_FAMINE,
)


class Window(Written):
    """How long an incident stays open after the newest article in it, in days of the articles' own time."""

    days: Days = 14
    longer: dict[IncidentType, Days] = Field(default_factory=lambda: dict.fromkeys(_LONG, 45.0))
    """Types that stay in the news longer, with their own days."""

    deadly: Annotated[int, Field(ge=1)] = 10
    """Dead from which on `deadly_days` hold: their number is corrected weeks later."""
    deadly_days: Days = 30

    def of(self, incident: Incident) -> float:
        """Days for an incident: by its type and its dead, or as for an abduction where people are held."""
        held = self.longer.get(IncidentType.ABDUCTION, self.days) if incident.toll.abducted else self.days
        killed = incident.toll.killed
        counted = self.deadly_days if killed is not None and killed.minimum >= self.deadly else self.days
        return max(held, counted, self.longer.get(incident.type, self.days))


class Places(Written):
    """Points for and against by place."""

    same: Points = 3
    """One place, or two names of places no further apart than `same_km`."""
    near: Points = 2
    """Two places no further apart than `near_km`."""
    inside: Points = 1.5
    """One may lie in the other: a town and its province."""
    named: Points = 0.5
    """Two places, of which one is named in the text of the other as well."""
    country: Points = 1
    """One of the two is known by its country only."""
    elsewhere: Points = 2.25
    """Against: two places of one division, further apart."""
    other_division: Points = 3
    """Against: two divisions of one country."""
    other_country: Points = 4
    """Against."""
    same_km: Kilometres = 10
    near_km: Kilometres = 30
    wide: Points = 1.5
    """For: one type of hazard that reaches far (flood, storm, earthquake, outbreak), in one country."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.same_km > self.near_km:
            raise ValueError(f"same_km {self.same_km} must not exceed near_km {self.near_km}")
        return self


class Times(Written):
    """Points for and against by time."""

    same_day: Points = 1.5
    """Both are dated to one day, or to nights and days that touch."""
    next_day: Points = 0.5
    """Dated a day apart, as night attacks are."""
    soon: Points = 1
    """One is not dated, and was published within two days of what the other tells of."""
    other_day: Points = 4.5
    """Against: dated two or three days apart."""
    other_time: Points = 5
    """Against: dated further apart."""
    both_new: Points = 8
    """Against, in place of those: each tells of its own day as news, so that both dates are sure."""
    before_it_happened: Points = 4
    """Against: one was published before the other's incident happened."""
    long_after: Points = 1
    """Against: published a week or more apart, with no date to go by; twice that from a fortnight on."""


class Tolls(Written):
    """Points for and against by figures."""

    same_number: Points = 1.5
    """The same number of people, three or more, harmed in the same way; one and a half times that from ten on."""
    most: Points = 3
    """What equal numbers can give together."""
    outdated_number: Points = 2.5
    """One gives the other's number of dead as said before and no longer right."""
    overlap: Points = 0.3
    """Numbers that may be of the same people."""
    fell: Points = 1
    """Against: much fewer dead in the later article, which corrects nothing."""


class LinkingRules(Written):
    """The whole of rules/linking.yaml."""

    link_at: Annotated[float, Field(gt=0, le=100)] = 4
    """Points from which on two reports are taken to tell of one incident."""
    copy_points: Points = 10
    """For: one text is a copy of the other."""
    wording: Points = 6
    """For: the most that names and rare words in common can give."""
    wording_from: Annotated[float, Field(ge=0, lt=1)] = 0.04
    """Likeness of two texts (cosine, 0 to 1) that gives nothing yet."""
    wording_full: Annotated[float, Field(gt=0, le=1)] = 0.3
    """Likeness that gives all of it."""
    nothing_shared: Points = 0.75
    """Against: two texts of some length whose likeness is below `wording_from`."""
    same_article: Points = 6
    """Against: one article tells of both, as of two."""
    same_type: Points = 1
    same_family: Points = 0.5
    other_family: Points = 2
    """Against: kinds of incident that nobody takes for one another, such as a flood and a shooting."""
    rare_kind: Points = 1
    """For: one kind of which hardly a country has two in one week (air, rail and mine accidents, crowd crushes), on one
    day, or within a week where a day is not given, in one country, of which at least one names no known place in it."""
    mass_from: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Dead from which on `mass` counts."""
    mass: Points = 2.5
    """For: both count so many dead of one kind of incident at one time in one country, the later no fewer and not many
    times as many, and neither place nor time speaks against: half of it at `mass_from`, one more for each tenfold, at
    most twice."""
    actor: Points = 0.75
    """For: one named perpetrator in common."""
    withdrawn: Points = 2
    """For: an article that takes back or corrects a report of its own outlet."""
    places: Places = Places()
    times: Times = Times()
    tolls: Tolls = Tolls()
    window: Window = Window()
    silent_fall: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A source may lower its own figure without a word of correction to this share of it; a lower one is read as a part
    of the whole, such as those who died since."""
    confirming_sources: Annotated[int, Field(ge=2, le=100)] = 2
    """Independent sources that must agree before a lower figure replaces the higher one of others."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.wording_from >= self.wording_full:
            raise ValueError(f"wording_from {self.wording_from} must be below wording_full {self.wording_full}")
        return self
