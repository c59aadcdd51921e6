"""What a condition can ask of an incident: every variable with its meaning, and its value for one incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from schemas.incident import Incident
from schemas.taxonomy import TYPES, IncidentType
from schemas.toll import Figure, Toll
from schemas.vocabulary import (
    Certainty,
    FigureEnd,
    IncidentFamily,
    IncidentStatus,
    PlacePrecision,
    Responsibility,
    SeverityLevel,
    Stage,
    Stance,
    Whose,
)
from services.conditions.people import kinds_of_people, people_kinds

Value: TypeAlias = bool | int | str | tuple[str, ...]


class Kind(StrEnum):
    """What a variable holds."""

    NUMBER = "whole number"
    TRUTH = "true or false"
    TEXT = "text"
    LIST = "list of texts"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of an incident."""

    kind: Kind
    meaning: str
    allowed: tuple[str, ...] = ()
    """Every value it, or an item of it, can have; empty where there is no closed list."""


class Trend(StrEnum):
    """How the least number of dead moved at the last revision that changed the toll."""

    FIRST = "first"
    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


FIGURES = {
    "killed": "people killed, attackers among them",
    "killed_attackers": "attackers killed",
    "wounded": "people wounded",
    "missing": "people missing",
    "abducted": "people abducted, taken hostage or taken prisoner",
    "displaced": "people driven from home",
}
"""The figures of a toll, each with whom it counts."""

VARIABLES: Mapping[str, Variable] = {
    **{
        name: variable
        for figure, people in FIGURES.items()
        for name, variable in {
            figure: Variable(Kind.NUMBER, f"the least number of {people}; 0 where nothing is said"),
            f"{figure}_best": Variable(Kind.NUMBER, f"the single figure given of {people}; 0 where nothing is said"),
            f"{figure}_high": Variable(
                Kind.NUMBER, f"the most {people}; the single figure where no upper bound is given"
            ),
            f"{figure}_stated": Variable(Kind.TRUTH, f"whether anything is said of {people}, be it that none were"),
        }.items()
    },
    "killed_victims": Variable(Kind.NUMBER, "the least number killed who were not attackers"),
    "harmed": Variable(Kind.NUMBER, "killed, wounded, missing and abducted together, each at its least"),
    "type": Variable(Kind.TEXT, "the incident type", tuple(IncidentType)),
    "family": Variable(Kind.TEXT, "the family of the type", tuple(IncidentFamily)),
    "stage": Variable(Kind.TEXT, "how far it got", tuple(Stage)),
    "status": Variable(Kind.TEXT, "where the incident stands", tuple(IncidentStatus)),
    "country": Variable(Kind.TEXT, "ISO 3166-1 alpha-2 code of the country; empty where not known"),
    "admin1": Variable(Kind.TEXT, "name of the first-level division; empty where not known"),
    "admin1_code": Variable(Kind.TEXT, "ISO 3166-2 code of the first-level division; empty where not known"),
    "place": Variable(Kind.TEXT, "the most exact name of the place; empty where not known"),
    "precision": Variable(
        Kind.TEXT, "how closely the place is known; empty where there is none", tuple(PlacePrecision)
    ),
    "regions": Variable(Kind.LIST, "ids of the regions that hold the place"),
    "targets": Variable(Kind.LIST, "kinds of target, such as military, school or market"),
    "weapons": Variable(Kind.LIST, "kinds of weapon, such as firearm or explosive"),
    "people": Variable(Kind.LIST, "kinds of people harmed, as the claims state them", people_kinds()),
    "perpetrators": Variable(Kind.LIST, "names of those who did it, other names of theirs among them"),
    "responsibility": Variable(Kind.LIST, "how firmly they are named", tuple(Responsibility)),
    "certainty": Variable(Kind.TEXT, "how sure the incident is, in CAP's terms", tuple(Certainty)),
    "trend": Variable(Kind.TEXT, "how the least number of dead last moved", tuple(Trend)),
    "sources": Variable(Kind.NUMBER, "different outlets that tell of it; those without a name count as one"),
    "articles": Variable(Kind.NUMBER, "articles that tell of it"),
    "languages": Variable(Kind.LIST, "ISO 639-1 codes of the articles' languages, as their outlets state them"),
    "revision": Variable(Kind.NUMBER, "the incident's revision, from 1"),
    "test": Variable(Kind.TRUTH, "whether Tocsin made it up to try itself"),
    "severity": Variable(Kind.TEXT, "the level of severity", tuple(SeverityLevel)),
    "score": Variable(Kind.NUMBER, "the severity as a score from 0 to 100"),
}
"""Every variable by its name, in the order that documentation lists them."""

SCORED = frozenset({"severity", "score"})
"""The variables that rules of severity cannot read, since they are what those rules work out."""


_NAMES = tuple((name, f"{name}_best", f"{name}_high", f"{name}_stated") for name in FIGURES)
# Python 3.11 looks members of an enumeration and their values up each time they are named.
_ENDS = tuple(FigureEnd)
_ASSERTED, _ATTACKERS = Stance.ASSERTED, Whose.ATTACKERS
_VALUE: dict[StrEnum, str] = {
    member: member.value
    for kind in (
        *(IncidentType, IncidentFamily, Stage, IncidentStatus, PlacePrecision, Responsibility, Certainty, Trend),
        SeverityLevel,
    )
    for member in kind
}


def incident_variables(incident: Incident) -> dict[str, Value]:
    """The value of every variable in VARIABLES for `incident`. Lists are sorted and hold each item once."""
    place, toll = incident.place, incident.toll
    return {
        **_figures_of(toll),
        "killed_victims": _killed_victims(toll),
        "harmed": sum(_least(figure) for figure in (toll.killed, toll.wounded, toll.missing, toll.abducted)),
        "type": _VALUE[incident.type],
        "family": _VALUE[TYPES[incident.type].family],
        "stage": _VALUE[incident.stage],
        "status": _VALUE[incident.status],
        "country": (place.country if place else None) or "",
        "admin1": (place.admin1 if place else None) or "",
        "admin1_code": (place.admin1_code if place else None) or "",
        "place": place.name if place else "",
        "precision": _VALUE[place.precision] if place else "",
        "regions": _sorted(incident.regions),
        "targets": _sorted(target.kind for target in incident.targets),
        "weapons": _sorted(weapon.kind for weapon in incident.weapons),
        "people": _people(incident),
        "perpetrators": _sorted(name for who in incident.perpetrators for name in (who.name, *who.aliases)),
        "responsibility": _sorted(_VALUE[who.responsibility] for who in incident.perpetrators),
        "certainty": _VALUE[incident.certainty],
        "trend": _VALUE[_trend(incident)],
        "sources": len({article.source for article in incident.sources}),
        "articles": len(incident.sources),
        "languages": _sorted(article.language for article in incident.sources if article.language),
        "revision": incident.revision,
        "test": incident.test,
        "severity": _VALUE[incident.severity.level],
        "score": incident.severity.score,
    }


def _figures_of(toll: Toll) -> dict[str, Value]:
    found: dict[str, Value] = {}
    figures = toll.__dict__
    for name, best, high, stated in _NAMES:
        figure: Figure | None = figures[name]
        if figure is None:
            found[name] = found[best] = found[high] = 0
        else:
            found[name], found[best], found[high] = [figure.at(end) for end in _ENDS]
        found[stated] = figure is not None
    return found


def _least(figure: Figure | None) -> int:
    return 0 if figure is None else figure.minimum


def _killed_victims(toll: Toll) -> int:
    """The least number of dead less the most attackers among them, so that no attacker is taken for a victim."""
    attackers = toll.killed_attackers
    most = 0 if attackers is None else max(attackers.high or 0, attackers.at(FigureEnd.BEST))
    return max(0, _least(toll.killed) - most)


def _people(incident: Incident) -> tuple[str, ...]:
    # What the claims of an incident state is mostly the same.
    stated = {
        claim.people
        for claim in incident.claims
        if claim.people and claim.stance is _ASSERTED and claim.whose is not _ATTACKERS and claim.high != 0
    }
    return _sorted(kind for people in stated for kind in kinds_of_people(people))


def _trend(incident: Incident) -> Trend:
    if len(incident.history) < 2:
        return Trend.FIRST
    before, now = (_least(entry.toll.killed) for entry in incident.history[-2:])
    return Trend.RISING if now > before else Trend.FALLING if now < before else Trend.STEADY


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
