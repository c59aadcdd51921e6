"""Which kinds of incident may be one, and what two of them speak for or against it."""

from __future__ import annotations

from schemas import TYPES, IncidentFamily, IncidentType
from services.processor.tracking.rules import LinkingRules

_UNLIKE = frozenset(
    {
        frozenset({IncidentFamily.VIOLENCE, IncidentFamily.DISASTER}),
        frozenset({IncidentFamily.VIOLENCE, IncidentFamily.HEALTH}),
        frozenset({IncidentFamily.UNREST, IncidentFamily.DISASTER}),
        frozenset({IncidentFamily.UNREST, IncidentFamily.HEALTH}),
        frozenset({IncidentFamily.ACCIDENT, IncidentFamily.HEALTH}),
        frozenset({IncidentFamily.DISASTER, IncidentFamily.HEALTH}),
        frozenset({IncidentFamily.VIOLENCE, IncidentFamily.ACCIDENT}),
    }
)
"""Families that nobody takes for one another; a fire or a blast may first be taken for an accident or an attack."""
_AMBIGUOUS = frozenset(
    {
        IncidentType.EXPLOSION,
        IncidentType.FIRE,
        IncidentType.AIR_ACCIDENT,
        IncidentType.ROAD_ACCIDENT,
        IncidentType.BUILDING_COLLAPSE,
        IncidentType.POISONING,
        IncidentType.CROWD_CRUSH,
        IncidentType.KILLING,
        IncidentType.OTHER,
    }
)


RARE_KINDS = frozenset(
    {
        IncidentType.AIR_ACCIDENT,
        IncidentType.RAIL_ACCIDENT,
        IncidentType.MARITIME_ACCIDENT,
        IncidentType.MINE_ACCIDENT,
        IncidentType.BUILDING_COLLAPSE,
        IncidentType.CROWD_CRUSH,
        IncidentType.AVALANCHE,
        IncidentType.VOLCANIC_ERUPTION,
        IncidentType.PRISON_VIOLENCE,
    }
)
"""Kinds of which hardly a country has two on one day."""
_OTHER = IncidentType.OTHER
_FAMILY = {kind: known.family for kind, known in TYPES.items()}


def compare_types(kind: IncidentType, other: IncidentType, rules: LinkingRules) -> list[tuple[str, float]]:
    """What two kinds of incident speak for and against being one."""
    if kind is other:
        return [("the same kind of incident", rules.same_type)] if kind is not _OTHER else []
    family, other_family = _FAMILY[kind], _FAMILY[other]
    if family is other_family:
        return [("kindred kinds of incident", rules.same_family)]
    if kind not in _AMBIGUOUS and other not in _AMBIGUOUS and frozenset({family, other_family}) in _UNLIKE:
        return [("different kinds of incident", -rules.other_family)]
    return []


def points_of_kinds(rules: LinkingRules) -> dict[IncidentType, dict[IncidentType, float]]:
    """By two kinds of incident what they speak for being one, or against it. No two give more than one reason."""
    return {
        kind: {other: sum(points for _, points in compare_types(kind, other, rules)) for other in IncidentType}
        for kind in IncidentType
    }
