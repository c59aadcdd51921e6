"""The one list of incident types, and what each is called in ACLED, GTD and CAP.

Sources of the vocabularies: the ACLED codebook's event and sub-event types, the GTD codebook's nine attack types, and
<category> of OASIS CAP 1.2. None means that the vocabulary has no such thing: ACLED and GTD code no accidents.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.vocabulary import IncidentFamily


class IncidentType(StrEnum):
    """What kind of incident it was. The plainest type that the text supports."""

    ARMED_ATTACK = "armed_attack"
    ARMED_CLASH = "armed_clash"
    SHOOTING = "shooting"
    BOMBING = "bombing"
    SUICIDE_BOMBING = "suicide_bombing"
    AIR_STRIKE = "air_strike"
    SHELLING = "shelling"
    LANDMINE = "landmine"
    ASSASSINATION = "assassination"
    KILLING = "killing"
    STABBING = "stabbing"
    VEHICLE_ATTACK = "vehicle_attack"
    ABDUCTION = "abduction"
    HOSTAGE_TAKING = "hostage_taking"
    HIJACKING = "hijacking"
    ARSON = "arson"
    ROBBERY = "robbery"
    SEXUAL_VIOLENCE = "sexual_violence"
    PIRACY = "piracy"
    CHEMICAL_ATTACK = "chemical_attack"
    MOB_VIOLENCE = "mob_violence"
    RIOT = "riot"
    PROTEST_VIOLENCE = "protest_violence"
    PRISON_VIOLENCE = "prison_violence"
    CROWD_CRUSH = "crowd_crush"
    ROAD_ACCIDENT = "road_accident"
    RAIL_ACCIDENT = "rail_accident"
    AIR_ACCIDENT = "air_accident"
    MARITIME_ACCIDENT = "maritime_accident"
    INDUSTRIAL_ACCIDENT = "industrial_accident"
    MINE_ACCIDENT = "mine_accident"
    EXPLOSION = "explosion"
    FIRE = "fire"
    BUILDING_COLLAPSE = "building_collapse"
    FLOOD = "flood"
    STORM = "storm"
    EARTHQUAKE = "earthquake"
    TSUNAMI = "tsunami"
    LANDSLIDE = "landslide"
    AVALANCHE = "avalanche"
    VOLCANIC_ERUPTION = "volcanic_eruption"
    WILDFIRE = "wildfire"
    EXTREME_TEMPERATURE = "extreme_temperature"
    DROUGHT_FAMINE = "drought_famine"
    EPIDEMIC = "epidemic"
    POISONING = "poisoning"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TypeMapping:
    """One incident type in the terms of other vocabularies."""

    family: IncidentFamily
    cap_category: str
    acled: str | None
    gtd: str | None


_V, _U, _A, _D, _H = (
    IncidentFamily.VIOLENCE,
    IncidentFamily.UNREST,
    IncidentFamily.ACCIDENT,
    IncidentFamily.DISASTER,
    IncidentFamily.HEALTH,
)
_T = IncidentType

TYPES: dict[IncidentType, TypeMapping] = {
    _T.ARMED_ATTACK: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Armed Assault"),
    _T.ARMED_CLASH: TypeMapping(_V, "Security", "Battles: Armed clash", "Armed Assault"),
    _T.SHOOTING: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Armed Assault"),
    _T.BOMBING: TypeMapping(
        _V, "Security", "Explosions/Remote violence: Remote explosive/landmine/IED", "Bombing/Explosion"
    ),
    _T.SUICIDE_BOMBING: TypeMapping(_V, "Security", "Explosions/Remote violence: Suicide bomb", "Bombing/Explosion"),
    _T.AIR_STRIKE: TypeMapping(_V, "Security", "Explosions/Remote violence: Air/drone strike", None),
    _T.SHELLING: TypeMapping(
        _V, "Security", "Explosions/Remote violence: Shelling/artillery/missile attack", "Bombing/Explosion"
    ),
    _T.LANDMINE: TypeMapping(
        _V, "Security", "Explosions/Remote violence: Remote explosive/landmine/IED", "Bombing/Explosion"
    ),
    _T.ASSASSINATION: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Assassination"),
    _T.KILLING: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Unknown"),
    _T.STABBING: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Armed Assault"),
    _T.VEHICLE_ATTACK: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Armed Assault"),
    _T.ABDUCTION: TypeMapping(
        _V, "Security", "Violence against civilians: Abduction/forced disappearance", "Hostage Taking (Kidnapping)"
    ),
    _T.HOSTAGE_TAKING: TypeMapping(
        _V,
        "Security",
        "Violence against civilians: Abduction/forced disappearance",
        "Hostage Taking (Barricade Incident)",
    ),
    _T.HIJACKING: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Hijacking"),
    _T.ARSON: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Facility/Infrastructure Attack"),
    _T.ROBBERY: TypeMapping(_V, "Security", "Violence against civilians: Attack", None),
    _T.SEXUAL_VIOLENCE: TypeMapping(_V, "Security", "Violence against civilians: Sexual violence", None),
    _T.PIRACY: TypeMapping(_V, "Security", "Violence against civilians: Attack", "Hijacking"),
    _T.CHEMICAL_ATTACK: TypeMapping(_V, "CBRNE", "Explosions/Remote violence: Chemical weapon", "Unarmed Assault"),
    _T.MOB_VIOLENCE: TypeMapping(_U, "Security", "Riots: Mob violence", "Unarmed Assault"),
    _T.RIOT: TypeMapping(_U, "Security", "Riots: Violent demonstration", None),
    _T.PROTEST_VIOLENCE: TypeMapping(_U, "Security", "Protests: Excessive force against protesters", None),
    _T.PRISON_VIOLENCE: TypeMapping(_U, "Security", "Riots: Mob violence", None),
    _T.CROWD_CRUSH: TypeMapping(_A, "Safety", None, None),
    _T.ROAD_ACCIDENT: TypeMapping(_A, "Transport", None, None),
    _T.RAIL_ACCIDENT: TypeMapping(_A, "Transport", None, None),
    _T.AIR_ACCIDENT: TypeMapping(_A, "Transport", None, None),
    _T.MARITIME_ACCIDENT: TypeMapping(_A, "Transport", None, None),
    _T.INDUSTRIAL_ACCIDENT: TypeMapping(_A, "Safety", None, None),
    _T.MINE_ACCIDENT: TypeMapping(_A, "Rescue", None, None),
    _T.EXPLOSION: TypeMapping(_A, "Safety", None, None),
    _T.FIRE: TypeMapping(_A, "Fire", None, None),
    _T.BUILDING_COLLAPSE: TypeMapping(_A, "Infra", None, None),
    _T.FLOOD: TypeMapping(_D, "Met", None, None),
    _T.STORM: TypeMapping(_D, "Met", None, None),
    _T.EARTHQUAKE: TypeMapping(_D, "Geo", None, None),
    _T.TSUNAMI: TypeMapping(_D, "Geo", None, None),
    _T.LANDSLIDE: TypeMapping(_D, "Geo", None, None),
    _T.AVALANCHE: TypeMapping(_D, "Geo", None, None),
    _T.VOLCANIC_ERUPTION: TypeMapping(_D, "Geo", None, None),
    _T.WILDFIRE: TypeMapping(_D, "Fire", None, None),
    _T.EXTREME_TEMPERATURE: TypeMapping(_D, "Met", None, None),
    _T.DROUGHT_FAMINE: TypeMapping(_D, "Health", None, None),
    _T.EPIDEMIC: TypeMapping(_H, "Health", None, None),
    _T.POISONING: TypeMapping(_H, "Health", None, None),
    _T.OTHER: TypeMapping(IncidentFamily.UNKNOWN, "Other", None, None),
}
