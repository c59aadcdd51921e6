"""Whether a report can link to any of some others, told from the most that each agreement can give.

Most of those that a report is compared with tell of something else, and that is told here in a fraction of the time
that comparing takes. What is quick comes first. What texts have in common is not counted word by word, but on bits to
which their words are hashed: never too low, since two words may share a bit.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas import IncidentType
from services.processor.tracking.linking import (
    DAY_SLACK,
    KM_PER_DEGREE,
    LEAST_ABROAD,
    RARE_KINDS,
    compare_times,
    compare_types,
    same_numbers,
)
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import COUNTRY_RANK, RARE, WIDE, Spot, Telling

_ROUNDING = 1e-6
"""Points: sums of the same figures in another order differ by less."""
_NAME = int(RARE * RARE)


class LinkCeiling:
    """The most that pairs of reports can reach by `rules`."""

    def __init__(self, rules: LinkingRules) -> None:
        self._rules = rules
        places, times, tolls = rules.places, rules.times, rules.tolls
        self._least = rules.link_at - _ROUNDING
        self._kinds = _points_of_kinds(rules)
        self._same_day, self._next_day = times.same_day, times.next_day
        self._other_day = -min(times.both_new, times.other_day, times.other_time)
        self._overlap = tolls.overlap
        self._actor = rules.actor
        self._seldom = tolls.outdated_number + rules.withdrawn
        self._abroad = -places.other_country * LEAST_ABROAD
        self._vague = max(places.named, places.country)
        self._anywhere = max(places.same, places.near, places.inside, self._vague)
        self._near = (places.near_km / KM_PER_DEGREE) ** 2
        self._copy, self._wording = rules.copy_points, rules.wording
        self._from = rules.wording_from
        self._per_point = (rules.wording_full - rules.wording_from) / rules.wording if rules.wording else 0.0

    def may_link(self, one: Telling, others: Iterable[Telling]) -> bool:
        """False only where `link` stays below `link_at` between `one` and each of `others`."""
        rules, kinds, numbers, spot = self._rules, self._kinds[one.type], one.numbers, one.spot
        dated, starts, ends = one.dated, one.starts or 0.0, one.ends or 0.0
        seldom = one.outdated or one.revises is not None
        for other in others:
            points = kinds[other.type]
            if dated and other.dated:
                # Those that are dated to the day have a start and an end.
                gap = max(starts, other.starts or 0.0) - min(ends, other.ends or 0.0)
                points += self._same_day if gap < 0 else self._next_day if gap < DAY_SLACK else self._other_day
            else:
                points += sum([value for _, value in compare_times(one, other, rules)])
            points += (
                self._overlap
                if numbers.isdisjoint(other.numbers)
                else max(self._overlap, same_numbers(one, other, rules))
            )
            if seldom or other.outdated or other.revises is not None:
                points += self._seldom
            if one.actors and other.actors:
                points += self._actor
            there = other.spot
            if spot is not None and there is not None:
                points += self._most_by_place(spot, there)
            if self._texts_give(self._least - points, one, other):
                return True
        return False

    def _most_by_place(self, here: Spot, there: Spot) -> float:
        if here.name == there.name:
            return self._anywhere
        if here.country != there.country and here.country and there.country:
            return self._abroad
        if here.geonames_id is not None and here.geonames_id == there.geonames_id:
            return self._anywhere
        if max(here.rank, there.rank) == COUNTRY_RANK:
            return self._vague
        if here.rank or there.rank:
            known = here.admin1 and there.admin1
            return self._vague if known and here.admin1 != there.admin1 else self._anywhere
        if here.lat is None or there.lat is None or here.lon is None or there.lon is None:
            return self._vague
        north, east = here.lat - there.lat, here.lon - there.lon
        return self._vague if north * north + east * east > self._near else self._anywhere

    def _texts_give(self, points: float, one: Telling, other: Telling) -> bool:
        """Whether two texts may have so much in common that it gives `points`."""
        if points <= 0:
            return True
        if points <= self._wording:
            shared = (
                _NAME * (one.names_bits & other.names_bits).bit_count()
                + (one.words_bits & other.words_bits).bit_count()
                + min(one.blurred, other.blurred)
            )
            alike = self._from + points * self._per_point
            if shared and shared >= alike * one.norm * other.norm - _ROUNDING:
                return True
        if points > self._copy:
            return False
        common = (one.sketch_bits & other.sketch_bits).bit_count()
        return common > 0 and 4 * (common + one.sketch_blurred) >= min(len(one.sketch), len(other.sketch))


def _points_of_kinds(rules: LinkingRules) -> dict[IncidentType, dict[IncidentType, float]]:
    """For each kind of incident the most that it and each other kind give."""

    def most(kind: IncidentType, other: IncidentType) -> float:
        points = sum(points for _, points in compare_types(kind, other, rules))
        if kind is other:
            points += (rules.rare_kind if kind in RARE_KINDS else 0) + (rules.places.wide if kind in WIDE else 0)
        return points

    return {kind: {other: most(kind, other) for other in IncidentType} for kind in IncidentType}
