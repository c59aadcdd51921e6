"""What happens so seldom that two reports of it, of one time and country, hardly tell of two: the scale of the harm."""

from __future__ import annotations

from math import log10

from schemas import TYPES, IncidentType, Revises
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import Telling

GREW = 5.0
"""How many times as many dead a later article may count: tolls of the first hours grow tenfold, mostly less."""
FELL = 0.9
"""Share of the dead of an earlier article that a later one may count, which corrects nothing."""
MOST_TENFOLDS = 2.0
"""How many times `mass` so many dead can give."""
FOLLOWED = 8.0
"""Days between two publications within which one that gives no day goes on from the other: a week, and a day."""
TOUCHING = 1.0
"""Days between two nights or days that may be one."""
_OTHER = IncidentType.OTHER
_FAMILY = {kind: known.family for kind, known in TYPES.items()}


def compare_scale(one: Telling, other: Telling, rules: LinkingRules) -> list[tuple[str, float]]:
    """What the scale of the harm says for two reports, of which neither places nor times speak against each other."""
    if _FAMILY[one.type] is not _FAMILY[other.type] and _OTHER not in (one.type, other.type):
        return []
    here, there = one.spot, other.spot
    if here is not None and there is not None and here.country != there.country:
        return []
    if not close_in_time(one, other):
        return []
    reasons = []
    points = mass_points(one, other, rules)
    if points:
        reasons.append(("so many dead at one time", points))
    if accounted_for(one, other):
        reasons.append(("the missing of one are dead in the other", rules.tolls.outdated_number))
    return reasons


def close_in_time(one: Telling, other: Telling) -> bool:
    """Whether two reports are of one day, or of days that touch; where one gives none, of one week."""
    if one.dated and other.dated:
        return max(one.starts or 0.0, other.starts or 0.0) - min(one.ends or 0.0, other.ends or 0.0) < TOUCHING
    if one.published is None or other.published is None:
        return False
    return abs(one.published - other.published) <= FOLLOWED


def mass_points(one: Telling, other: Telling, rules: LinkingRules) -> float:
    """Points for both telling of very many dead: `mass` for each tenfold of `mass_from`, and half of it at that.

    0 where one counts fewer than `mass_from`, or where the later number cannot have come of the earlier.
    """
    earlier, later = (one, other) if one.order <= other.order else (other, one)
    before, after = earlier.dead, later.dead
    least = min(before, after)
    if least < rules.mass_from:
        return 0.0
    if after > GREW * before or (after < FELL * before and later.revises is not Revises.CORRECTED):
        return 0.0
    near = 1 - (log10(after / before) / log10(GREW) if after > before else 0.0)
    return rules.mass * min(MOST_TENFOLDS, 0.5 + log10(least / rules.mass_from)) * near


def most_mass_points(one: Telling, rules: LinkingRules) -> float:
    """The most that `mass_points` gives with any other report."""
    if one.dead < rules.mass_from:
        return 0.0
    return rules.mass * min(MOST_TENFOLDS, 0.5 + log10(one.dead / rules.mass_from))


def accounted_for(one: Telling, other: Telling) -> bool:
    """Whether the dead and missing of one are as many as those of the other, some found dead since."""
    return one.sought is not None and one.sought == other.sought and one.dead != other.dead
