"""What each incident type is called in a sentence: `in an attack on ...`, `in a flood in ...`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import TYPES, IncidentType
from schemas.vocabulary import ClaimKind, IncidentFamily, Stage
from services.alerter.policy.nouns import is_place

_T = IncidentType


@dataclass(frozen=True, slots=True)
class EventNoun:
    """An incident type as a noun."""

    noun: str
    article: str = "a"
    """`a`, `an`, or empty where the noun takes none."""
    target: str = ""
    """The preposition before what was aimed at; empty where that is not named with this noun. What is no place, people
    or a bus, is not named after `at`."""
    implied_by: ClaimKind | None = None
    """The harm that says it already: nobody is `abducted in an abduction`."""


NOUNS: dict[IncidentType, EventNoun] = {
    _T.ARMED_ATTACK: EventNoun("attack", "an", "on"),
    _T.ARMED_CLASH: EventNoun("armed clash", "an"),
    _T.SHOOTING: EventNoun("shooting", "a", "at"),
    _T.BOMBING: EventNoun("bombing", "a", "of"),
    _T.SUICIDE_BOMBING: EventNoun("suicide bombing", "a", "of"),
    _T.AIR_STRIKE: EventNoun("air strike", "an", "on"),
    _T.SHELLING: EventNoun("shelling", "", "of"),
    _T.LANDMINE: EventNoun("landmine blast"),
    _T.ASSASSINATION: EventNoun("assassination", "an"),
    _T.KILLING: EventNoun("killing", "a", implied_by=ClaimKind.KILLED),
    _T.STABBING: EventNoun("stabbing", "a", "at"),
    _T.VEHICLE_ATTACK: EventNoun("vehicle attack", "a", "on"),
    _T.ABDUCTION: EventNoun("abduction", "an", implied_by=ClaimKind.ABDUCTED),
    _T.HOSTAGE_TAKING: EventNoun("hostage-taking", "a", "at", implied_by=ClaimKind.ABDUCTED),
    _T.HIJACKING: EventNoun("hijacking", "a", "of"),
    _T.ARSON: EventNoun("arson attack", "an", "on"),
    _T.ROBBERY: EventNoun("robbery", "a"),
    _T.SEXUAL_VIOLENCE: EventNoun("case of sexual violence"),
    _T.PIRACY: EventNoun("pirate attack", "a", "on"),
    _T.CHEMICAL_ATTACK: EventNoun("chemical attack", "a", "on"),
    _T.MOB_VIOLENCE: EventNoun("mob violence", ""),
    _T.RIOT: EventNoun("riot"),
    _T.PROTEST_VIOLENCE: EventNoun("violence at a protest", ""),
    _T.PRISON_VIOLENCE: EventNoun("violence at a prison", ""),
    _T.CROWD_CRUSH: EventNoun("crowd crush", "a", "at"),
    _T.ROAD_ACCIDENT: EventNoun("road accident"),
    _T.RAIL_ACCIDENT: EventNoun("rail accident"),
    _T.AIR_ACCIDENT: EventNoun("plane crash"),
    _T.MARITIME_ACCIDENT: EventNoun("boat accident"),
    _T.INDUSTRIAL_ACCIDENT: EventNoun("industrial accident", "an", "at"),
    _T.MINE_ACCIDENT: EventNoun("mining accident"),
    _T.EXPLOSION: EventNoun("explosion", "an", "at"),
    _T.FIRE: EventNoun("fire", "a", "at"),
    _T.BUILDING_COLLAPSE: EventNoun("building collapse"),
    _T.FLOOD: EventNoun("flood"),
    _T.STORM: EventNoun("storm"),
    _T.EARTHQUAKE: EventNoun("earthquake", "an"),
    _T.TSUNAMI: EventNoun("tsunami"),
    _T.LANDSLIDE: EventNoun("landslide"),
    _T.AVALANCHE: EventNoun("avalanche", "an"),
    _T.VOLCANIC_ERUPTION: EventNoun("volcanic eruption"),
    _T.WILDFIRE: EventNoun("wildfire"),
    _T.EXTREME_TEMPERATURE: EventNoun("extreme temperatures", ""),
    _T.DROUGHT_FAMINE: EventNoun("famine or drought"),
    _T.EPIDEMIC: EventNoun("disease outbreak"),
    _T.POISONING: EventNoun("poisoning"),
    _T.OTHER: EventNoun("incident", "an", implied_by=ClaimKind.KILLED),
}
_HARM = {
    ClaimKind.KILLED: "killed",
    ClaimKind.WOUNDED: "wounded",
    ClaimKind.MISSING: "missing",
    ClaimKind.ABDUCTED: "abducted",
    ClaimKind.DISPLACED: "displaced",
}
_BEFORE_EVENT = {ClaimKind.MISSING: "after", ClaimKind.DISPLACED: "by"}
_AIMED = frozenset({IncidentFamily.VIOLENCE, IncidentFamily.UNREST})


def harm_word(kind: ClaimKind, incident_type: IncidentType) -> str:
    """The participle for `kind`: people are wounded by violence and injured in accidents; hostages are taken."""
    if kind is ClaimKind.WOUNDED and TYPES[incident_type].family is not IncidentFamily.VIOLENCE:
        return "injured"
    if kind is ClaimKind.ABDUCTED and incident_type is _T.HOSTAGE_TAKING:
        return "taken hostage"
    return _HARM[kind]


def before_event(kind: ClaimKind) -> str:
    """The preposition between those who suffered `kind` and the incident: `missing after a flood`."""
    return _BEFORE_EVENT.get(kind, "in")


def aimed(incident_type: IncidentType, target: str | None) -> str:
    """` on a military base`, for after the noun of the type; empty where the noun takes no such target."""
    preposition = NOUNS[incident_type].target
    if not preposition or not target or (preposition == "at" and not is_place(target)):
        return ""
    return f" {preposition} {target}"


def event_phrase(incident_type: IncidentType, stage: Stage, target: str | None) -> str:
    """The incident as a noun phrase with its article: `an attempted attack on a military base`.

    `target` is a noun phrase with its article; it is left out where the noun takes none.
    """
    noun = NOUNS[incident_type]
    words, article = noun.noun, noun.article
    if TYPES[incident_type].family in _AIMED and stage is not Stage.ACCOMPLISHED:
        words = f"{stage} {words}"
        article = article and ("an" if stage is Stage.ATTEMPTED else "a")
    return f"{article} {words}{aimed(incident_type, target)}".strip()
