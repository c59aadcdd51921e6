"""Whether a report surely does not speak against another, told from the least that each agreement gives.

Of an incident that a report links to, it is to be known whether any of the first reports speaks against it. Most agree
with it in kind, place and day, and then nothing that their texts and tolls may have against each other outweighs that.
"""

from __future__ import annotations

from services.processor.tracking.kinds import points_of_kinds
from services.processor.tracking.linking import DOUBT, EARTHQUAKE, FELL, compare_times, left_over
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import COUNTRY_RANK, Spot, Telling

_ROUNDING = 1e-6
"""Points: sums of the same figures in another order differ by less."""


class LinkFloor:
    """The least that pairs of reports can reach by `rules`."""

    def __init__(self, rules: LinkingRules) -> None:
        self.rules = rules
        self._kinds = points_of_kinds(rules)
        self._place = min(rules.places.same, rules.places.country)
        self._fell, self._fell_not = rules.nothing_shared + rules.tolls.fell, rules.nothing_shared

    def holds(self, one: Telling, other: Telling) -> bool:
        """Whether `weight` of the two is surely not below 0."""
        if one.article_id == other.article_id or one.type is EARTHQUAKE:
            return False
        points = self._kinds[one.type][other.type]
        if points < 0:
            return False
        here, there = one.spot, other.spot
        if here is not None and there is not None:
            if not _agree(here, there):
                return False
            points += self._place
        for _, more in compare_times(one, other, self.rules):
            if more < 0:
                return False
            points += more
        against = self._fell if _may_have_fallen(one, other) else self._fell_not
        return left_over(points, against) > _ROUNDING - DOUBT


def _may_have_fallen(one: Telling, other: Telling) -> bool:
    """Whether one may give far fewer dead than the other."""
    if one.killed is None or other.killed is None:
        return False
    (low, high), (other_low, other_high) = one.killed, other.killed
    return (high is not None and high < FELL * other_low) or (other_high is not None and other_high < FELL * low)


def _agree(here: Spot, there: Spot) -> bool:
    """Whether two places are one, or one of them is the country in which the other lies."""
    if here is there:
        return True
    if here.country != there.country:
        return False
    return here.name == there.name or max(here.rank, there.rank) == COUNTRY_RANK
