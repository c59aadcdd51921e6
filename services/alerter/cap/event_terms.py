"""Incident types as event terms: the OASIS Event Terms List 1.2, which CAP's <eventCode> names as `OET:v1.2`.

Source: OASIS Emergency Management TC, Event Terms List Version 1.2 (cap-etl-v1.2). The list has no term for war, for
killing without an active shooter, or for a crowd crush: the nearest wider term stands for those.
"""

from __future__ import annotations

from schemas.taxonomy import IncidentType

VALUE_NAME = "OET:v1.2"
"""The <valueName> of an event code of the list."""

_T = IncidentType
EVENT_CODES: dict[IncidentType, str] = {
    _T.ARMED_ATTACK: "OET-177",
    _T.ARMED_CLASH: "OET-177",
    _T.SHOOTING: "OET-001",
    _T.BOMBING: "OET-076",
    _T.SUICIDE_BOMBING: "OET-193",
    _T.AIR_STRIKE: "OET-129",
    _T.SHELLING: "OET-129",
    _T.LANDMINE: "OET-076",
    _T.ASSASSINATION: "OET-177",
    _T.KILLING: "OET-049",
    _T.STABBING: "OET-055",
    _T.VEHICLE_ATTACK: "OET-207",
    _T.ABDUCTION: "OET-130",
    _T.HOSTAGE_TAKING: "OET-177",
    _T.HIJACKING: "OET-020",
    _T.ARSON: "OET-078",
    _T.ROBBERY: "OET-049",
    _T.SEXUAL_VIOLENCE: "OET-049",
    _T.PIRACY: "OET-177",
    _T.CHEMICAL_ATTACK: "OET-037",
    _T.MOB_VIOLENCE: "OET-039",
    _T.RIOT: "OET-039",
    _T.PROTEST_VIOLENCE: "OET-040",
    _T.PRISON_VIOLENCE: "OET-039",
    _T.CROWD_CRUSH: "OET-169",
    _T.ROAD_ACCIDENT: "OET-167",
    _T.RAIL_ACCIDENT: "OET-158",
    _T.AIR_ACCIDENT: "OET-007",
    _T.MARITIME_ACCIDENT: "OET-200",
    _T.INDUSTRIAL_ACCIDENT: "OET-112",
    _T.MINE_ACCIDENT: "OET-112",
    _T.EXPLOSION: "OET-076",
    _T.FIRE: "OET-078",
    _T.BUILDING_COLLAPSE: "OET-031",
    _T.FLOOD: "OET-081",
    _T.STORM: "OET-187",
    _T.EARTHQUAKE: "OET-068",
    _T.TSUNAMI: "OET-203",
    _T.LANDSLIDE: "OET-119",
    _T.AVALANCHE: "OET-018",
    _T.VOLCANIC_ERUPTION: "OET-209",
    _T.WILDFIRE: "OET-217",
    _T.EXTREME_TEMPERATURE: "OET-216",
    _T.DROUGHT_FAMINE: "OET-063",
    _T.EPIDEMIC: "OET-062",
    _T.POISONING: "OET-048",
    _T.OTHER: "OET-000",
}
"""The code of every incident type."""
