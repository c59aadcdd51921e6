"""Whether a report can link to any of some others, told from the most that each agreement can give.

Most of those that a report is compared with tell of something else, and that is told here in a fraction of the time
that comparing takes: first of all that are compared of an incident at once, then of each. What texts have in common is
not counted word by word, but on bits to which their words are hashed: never too low, since two words may share a bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas import IncidentType
from services.processor.tracking.first_reports import FirstReports
from services.processor.tracking.linking import (
    DAY_SLACK,
    KM_PER_DEGREE,
    LEAST_ABROAD,
    LONG_AFTER,
    RARE_KINDS,
    SOON,
    ZONE_SLACK,
    compare_types,
    on_captives,
    points_of_numbers,
)
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.seldom import MOST_TENFOLDS
from services.processor.tracking.telling import COPY_SHARE, COUNTRY_RANK, RARE, WIDE, Spot, Telling, When

_ROUNDING = 1e-6
"""Points: sums of the same figures in another order differ by less."""
_LEAST = float("-inf")
_NEVER = 1 << 62
"""More dead than anybody counts."""
_NAME = int(RARE * RARE)


class LinkCeiling:
    """The most that pairs of reports can reach by `rules`."""

    def __init__(self, rules: LinkingRules) -> None:
        self.rules = rules
        places, times, tolls = rules.places, rules.times, rules.tolls
        self.least = rules.link_at - _ROUNDING
        self.kinds = _points_of_kinds(rules)
        self.same_day, self.next_day = times.same_day, times.next_day
        self.other_day = -min(times.both_new, times.other_day, times.other_time)
        self.overlap = tolls.overlap
        self.actor = rules.actor
        self.seldom = tolls.outdated_number + rules.withdrawn
        self.scale = MOST_TENFOLDS * rules.mass
        self.mass_from = rules.mass_from
        self.found = tolls.outdated_number
        self.copy, self.wording = rules.copy_points, rules.wording
        self._from = rules.wording_from
        self._per_point = (rules.wording_full - rules.wording_from) / rules.wording if rules.wording else 0.0
        self._abroad = -places.other_country * LEAST_ABROAD
        self._vague = max(places.named, places.country)
        self._anywhere = max(places.same, places.near, places.inside, self._vague)
        self._near = (places.near_km / KM_PER_DEGREE) ** 2

    def of(self, one: Telling) -> CeilingOfOne:
        """For holding one report against the reports of many incidents."""
        return CeilingOfOne(self, one)

    def likeness_of(self, points: float) -> float:
        """How much two texts have to have in common that gives so many points."""
        return self._from + points * self._per_point

    def by_place(self, here: Spot, there: Spot) -> float:
        """The most that two places can give; below 0 where they speak against in any case."""
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


class CeilingOfOne:
    """The most that one report can reach with others."""

    __slots__ = ("_by_spot", "_by_when", "_ceiling", "_held", "_kinds", "_one", "_seldom")

    def __init__(self, ceiling: LinkCeiling, one: Telling) -> None:
        self._ceiling, self._one = ceiling, one
        self._kinds = ceiling.kinds[one.type]
        self._seldom = bool(one.outdated) or one.revises is not None
        self._held = on_captives(one)
        """Of captives no day need speak against."""
        self._by_spot: dict[Spot | None, float] = {None: 0.0}
        """What the places give that it was held against; the reports of a story share few."""
        self._by_when: dict[When, float] = {}
        """The same of times."""

    def within_reach(self, first: FirstReports) -> Iterator[Telling]:
        """Those of `first` with which `link` may come to `link_at`. With the others it surely does not."""
        one, ceiling, by_spot = self._one, self._ceiling, self._by_spot
        kinds, by_when = self._kinds, self._by_when
        # The most of each, told of most often by one value.
        by_kind = kinds[first.kinds[0]] if len(first.kinds) == 1 else max([kinds[kind] for kind in first.kinds])
        by_place = by_time = _LEAST
        for spot in first.spots:
            points = by_spot[spot] if spot in by_spot else self._place(spot)
            by_place = points if points > by_place else by_place
        for when in first.times:
            points = by_when[when] if when in by_when else self._time(when)
            by_time = points if points > by_time else by_time
        if first.undated is not None:
            by_time = max(by_time, self._by_publication(*first.undated))
        if first.timeless:
            by_time = max(by_time, ceiling.rules.times.soon)
        needed = ceiling.least - by_kind - by_place - by_time - ceiling.overlap
        if by_place >= 0 and by_time >= 0:
            if one.dead >= ceiling.mass_from <= first.most_dead:
                needed -= ceiling.scale
            if one.sought in first.sought:
                needed -= ceiling.found
        if not one.numbers.isdisjoint(first.numbers):
            needed -= points_of_numbers(one.numbers & first.numbers, ceiling.rules)
        if self._seldom or first.seldom:
            needed -= ceiling.seldom
        if one.actors and first.actors:
            needed -= ceiling.actor
        if needed <= 0 or self._texts_give(needed, first):
            yield from self._each_within_reach(first.tellings)

    def _each_within_reach(self, others: Iterable[Telling]) -> Iterator[Telling]:
        one, ceiling, kinds, by_spot, by_when = self._one, self._ceiling, self._kinds, self._by_spot, self._by_when
        numbers, names, words, sketch = one.numbers, one.names_bits, one.words_bits, one.sketch_bits
        norm, blurred, least, wording = one.norm, one.blurred, ceiling.least, ceiling.wording
        mass_from = ceiling.mass_from if one.dead >= ceiling.mass_from else _NEVER
        for other in others:
            there, when = other.spot, other.when
            place = by_spot[there] if there in by_spot else self._place(there)
            if when is not None:
                time = by_when[when] if when in by_when else self._time(when)
            elif other.published is None or other.starts is not None:
                time = ceiling.rules.times.soon
            else:
                time = self._by_publication(other.published, other.published)
            points = kinds[other.type] + place + time
            if place >= 0 and time >= 0:
                if other.dead >= mass_from:
                    points += ceiling.scale
                if one.sought is not None and one.sought == other.sought:
                    points += ceiling.found
            if numbers.isdisjoint(other.numbers):
                points += ceiling.overlap
            else:
                points += max(ceiling.overlap, points_of_numbers(numbers & other.numbers, ceiling.rules))
            if self._seldom or other.revises is not None or other.outdated:
                points += ceiling.seldom
            if one.actors and other.actors:
                points += ceiling.actor
            needed = least - points
            if needed <= 0:
                yield other
                continue
            if needed <= wording:
                shared = (
                    _NAME * (names & other.names_bits).bit_count()
                    + (words & other.words_bits).bit_count()
                    + (blurred if blurred < other.blurred else other.blurred)
                )
                if shared and shared >= ceiling.likeness_of(needed) * norm * other.norm - _ROUNDING:
                    yield other
                    continue
            common = sketch & other.sketch_bits
            if common and needed <= ceiling.copy and _may_be_copy(one, common, len(other.sketch)):
                yield other

    def _texts_give(self, points: float, first: FirstReports) -> bool:
        """Whether the text may have so much in common with any of `first` that it gives `points`."""
        one, ceiling = self._one, self._ceiling
        if points <= ceiling.wording:
            shared = (
                _NAME * (one.names_bits & first.names_bits).bit_count()
                + (one.words_bits & first.words_bits).bit_count()
                + one.blurred
            )
            if shared and shared >= ceiling.likeness_of(points) * one.norm * first.least_norm - _ROUNDING:
                return True
        common = one.sketch_bits & first.sketch_bits
        return common != 0 and points <= ceiling.copy and _may_be_copy(one, common, first.least_sketch)

    def _place(self, there: Spot | None) -> float:
        here = self._one.spot
        points = 0.0 if here is None or there is None else self._ceiling.by_place(here, there)
        self._by_spot[there] = points
        return points

    def _time(self, when: When) -> float:
        one, ceiling, times = self._one, self._ceiling, self._ceiling.rules.times
        mine = one.when
        if mine is not None:
            gap = max(mine.starts, when.starts) - min(mine.ends, when.ends)
            if mine.dated and when.dated:
                apart = 0.0 if self._held else ceiling.other_day
                points = ceiling.same_day if gap < 0 else ceiling.next_day if gap < DAY_SLACK else apart
            else:
                points = -times.other_day if gap > DAY_SLACK else 0.0
        elif one.published is None:
            points = 0.0
        elif one.starts is not None:
            points = times.soon
        else:
            # Who gives a time need not give a day of publication, and then nothing speaks against.
            points = max(0.0, self._published(one.published, one.published, when.starts, when.ends))
        self._by_when[when] = points
        return points

    def _published(self, earliest: float, latest: float, starts: float, ends: float) -> float:
        """The most that a report without a date gives, published between two days, to one that has one."""
        times = self._ceiling.rules.times
        if latest - starts < -ZONE_SLACK:
            return 0.0 if self._held else -min(times.both_new, times.before_it_happened)
        return times.soon if earliest - ends <= 1 else 0.0

    def _by_publication(self, earliest: float, latest: float) -> float:
        """The most that a report without a date gives that was published between two days; see `compare_times`."""
        one, times = self._one, self._ceiling.rules.times
        if one.published is None:
            return 0.0
        if one.when is not None:
            return self._published(earliest, latest, one.when.starts, one.when.ends)
        if one.starts is not None:
            return times.soon
        apart = max(earliest - one.published, one.published - latest)
        return times.soon if apart <= SOON else -times.long_after if apart > LONG_AFTER else 0.0


def _may_be_copy(one: Telling, common: int, size: int) -> bool:
    """Whether a text with at least `size` hashes, some of them on the bits in `common`, may be a copy of the other."""
    return COPY_SHARE * (common.bit_count() + one.sketch_blurred) >= min(len(one.sketch), size)


def _points_of_kinds(rules: LinkingRules) -> dict[IncidentType, dict[IncidentType, float]]:
    """For each kind of incident the most that it and each other kind give."""

    def most(kind: IncidentType, other: IncidentType) -> float:
        points = sum(points for _, points in compare_types(kind, other, rules))
        if kind is other:
            points += (rules.rare_kind if kind in RARE_KINDS else 0) + (rules.places.wide if kind in WIDE else 0)
        return points

    return {kind: {other: most(kind, other) for other in IncidentType} for kind in IncidentType}
