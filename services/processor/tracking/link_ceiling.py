"""Whether a report can link to any of some others, told from the most that each agreement can give.

Most of those that a report is compared with tell of something else, and that is told here in a fraction of the time
that comparing takes: first of all that are compared of an incident at once, then of each. What texts have in common is
not counted word by word, but on bits to which their words are hashed: never too low, since two words may share a bit.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas import IncidentType
from services.processor.tracking.first_reports import FirstReports
from services.processor.tracking.kinds import RARE_KINDS, compare_types
from services.processor.tracking.linking import (
    DAY_SLACK,
    DOUBTFUL_ABROAD,
    ELSEWHERE_DIED,
    KM_PER_DEGREE,
    LEAST_ABROAD,
    LONG_AFTER,
    OUTBREAKS,
    SOON,
    ZONE_SLACK,
    named_like_its_seat,
    on_a_border,
    on_captives,
    one_place,
    points_of_numbers,
)
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.seldom import mass_points, most_mass_points
from services.processor.tracking.telling import COPY_SHARE, COUNTRY_RANK, LONG_TEXT, RARE, WIDE, Spot, Telling, When

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
        farthest = max(places.elsewhere, places.other_division)
        self.seldom = tolls.outdated_number + rules.withdrawn + (1 - ELSEWHERE_DIED) * farthest
        self.mass_from = rules.mass_from
        self.found = tolls.outdated_number
        self.misread = (1 - DOUBTFUL_ABROAD) * places.other_country
        """Points that speak against two countries less where the texts are as alike as on one incident."""
        self.copy, self.wording = rules.copy_points, rules.wording
        self.nothing_shared = rules.nothing_shared
        self._from, self._full = rules.wording_from, rules.wording_full
        self._per_point = (rules.wording_full - rules.wording_from) / rules.wording if rules.wording else 0.0
        self._same = max(places.same, places.country)
        self._near = (places.near_km / KM_PER_DEGREE) ** 2

    def of(self, one: Telling) -> CeilingOfOne:
        """For holding one report against the reports of many incidents."""
        return CeilingOfOne(self, one)

    def likeness_of(self, points: float) -> float:
        """How much two texts have to have in common that gives so many points, or where more are asked for than the
        wording of two texts gives, that makes up for them."""
        if points <= 0:
            return self._from
        return self._from + points * self._per_point if points < self.wording else self._full

    def by_place(self, here: Spot, there: Spot, named: bool, wide: bool) -> float:
        """The most that two places can give; below 0 where they speak against in any case, save for what `seldom` and
        `misread` allow. `named` is whether the text of one may name the place of the other, `wide` whether both may
        tell of a hazard that reaches far."""
        places = self.rules.places
        if here.country != there.country and here.country and there.country and not on_a_border(here, there):
            guessed = here.is_unknown or there.is_unknown
            if here.name != there.name:
                return -places.other_country * (LEAST_ABROAD if named else DOUBTFUL_ABROAD if guessed else 1)
            if not guessed:
                return -places.other_country
        if here.name == there.name or one_place(here, there):
            return places.country if here.is_country and there.is_country else self._same
        if max(here.rank, there.rank) == COUNTRY_RANK:
            return places.country
        if named:
            # The bits of two texts may have in common what these have not.
            return max(places.named, self._by_map(here, there, wide))
        return self._by_map(here, there, wide)

    def _by_map(self, here: Spot, there: Spot, wide: bool) -> float:
        """The same of two places of one country with different names, none of them a country."""
        places = self.rules.places
        apart = bool(here.admin1 and there.admin1 and here.admin1 != there.admin1)
        open_to_both = wide or named_like_its_seat(here, there)
        against = 0.0 if open_to_both else -(places.other_division if apart else places.elsewhere)
        if here.rank or there.rank:
            known = (here.geonames_id is None) is (there.geonames_id is None)
            return against if apart or (here.rank == there.rank and known) else places.inside
        if here.lat is None or there.lat is None or here.lon is None or there.lon is None:
            return against
        north, east = here.lat - there.lat, here.lon - there.lon
        return against if north * north + east * east > self._near else max(places.same, places.near)


class CeilingOfOne:
    """The most that one report can reach with others."""

    __slots__ = (
        "_by_spot", "_by_spot_named", "_by_when", "_ceiling", "_held", "_kinds", "_long", "_names", "_one",
        "_place_bits", "_scale", "_seldom", "_wide",
    )  # fmt: skip

    def __init__(self, ceiling: LinkCeiling, one: Telling) -> None:
        self._ceiling, self._one = ceiling, one
        self._kinds = ceiling.kinds[one.type]
        self._wide = one.type in WIDE
        self._names = frozenset(one.names)
        self._seldom = bool(one.outdated) or one.revises is not None
        self._scale = most_mass_points(one, ceiling.rules)
        self._long = len(one.names) + len(one.words) >= LONG_TEXT
        self._held = on_captives(one)
        """Of captives no day need speak against."""
        spot = one.spot
        self._place_bits = 0 if spot is None or spot.is_country else spot.keys_bits
        """Of the words of its place's name, all of which another text has that names it; 0 where none can."""
        self._by_spot: dict[Spot | None, float] = {None: 0.0}
        """What the places give that it was held against; the reports of a story share few."""
        self._by_spot_named: dict[Spot | None, float] = {None: 0.0}
        """The same where the other text may name the place of this report."""
        self._by_when: dict[When, float] = {}
        """The same of times."""

    def within_reach(self, first: FirstReports) -> Iterator[Telling]:
        """Those of `first` with which `link` may come to `link_at`. With the others it surely does not."""
        one, ceiling, kinds, by_when = self._one, self._ceiling, self._kinds, self._by_when
        bits = self._place_bits
        named = bits != 0 and bits & first.names_bits == bits
        by_spot = self._by_spot_named if named else self._by_spot
        # The most of each, told of most often by one value.
        by_kind = kinds[first.kinds[0]] if len(first.kinds) == 1 else max([kinds[kind] for kind in first.kinds])
        by_place = by_time = _LEAST
        for spot in first.spots:
            points = by_spot[spot] if spot in by_spot else self._place(spot, named)
            if points > by_place:
                by_place = points
        for when in first.times:
            points = by_when[when] if when in by_when else self._time(when)
            if points > by_time:
                by_time = points
        if first.undated is not None:
            by_time = max(by_time, self._by_publication(*first.undated))
        if first.timeless:
            by_time = max(by_time, ceiling.rules.times.soon)
        needed = ceiling.least - by_kind - by_place - by_time - ceiling.overlap
        if by_place >= 0 and by_time >= 0:
            if one.dead >= ceiling.mass_from <= first.most_dead:
                needed -= self._scale
            if one.sought in first.sought:
                needed -= ceiling.found
        if not one.numbers.isdisjoint(first.numbers):
            needed -= points_of_numbers(one.numbers & first.numbers, ceiling.rules)
        if self._seldom or first.seldom:
            needed -= ceiling.seldom
        if first.actors and one.actors:
            needed -= ceiling.actor
        if needed <= (-ceiling.nothing_shared if self._long and first.long else 0.0) or self._texts_give(
            needed, first.names_bits, first.words_bits, first.sketch_bits, one.blurred, first.least_norm,
            first.least_sketch,
        ):  # fmt: skip
            yield from self._each_within_reach(first, named, needed)

    def _each_within_reach(self, first: FirstReports, any_named: bool, least: float) -> Iterator[Telling]:
        """Those of `first` within reach. `any_named` is whether any may name the place of the report, `least` what each
        needs to be given by its text."""
        one, ceiling, kinds, by_when = self._one, self._ceiling, self._kinds, self._by_when
        bits, numbers = self._place_bits, one.numbers
        named, by_spot = any_named, self._by_spot_named if any_named else self._by_spot
        enough = -ceiling.nothing_shared if self._long and first.long else 0.0
        mass_from = ceiling.mass_from if one.dead >= ceiling.mass_from else _NEVER
        for other in first.tellings:
            # Of all that is asked this takes the least time, and it is what most do not have.
            if least > enough and not self._text_gives(least, other):
                continue
            if any_named:
                named = bits & other.names_bits == bits
                by_spot = self._by_spot_named if named else self._by_spot
            there, when = other.spot, other.when
            place = by_spot[there] if there in by_spot else self._place(there, named)
            if when is not None:
                time = by_when[when] if when in by_when else self._time(when)
            elif other.published is None or other.starts is not None:
                time = ceiling.rules.times.soon
            else:
                time = self._by_publication(other.published, other.published)
            points = kinds[other.type] + place + time
            if place >= 0 and time >= 0:
                if other.dead >= mass_from:
                    points += mass_points(one, other, ceiling.rules)
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
            needed = ceiling.least - points
            if needed <= enough or self._text_gives(needed, other):
                yield other

    def _text_gives(self, points: float, other: Telling) -> bool:
        return self._texts_give(
            points, other.names_bits, other.words_bits, other.sketch_bits,
            self._one.blurred if self._one.blurred < other.blurred else other.blurred, other.norm, len(other.sketch),
        )  # fmt: skip

    def _texts_give(
        self, points: float, names: int, words: int, sketch: int, blurred: float, norm: float, size: int
    ) -> bool:
        """Whether the text may have so much in common with another that it gives `points`, or, where none are needed,
        so much that it does not speak against: with one of which these are the bits, what may be in common and is not
        seen in them, the length (at least), and the hashes (at least)."""
        one, ceiling = self._one, self._ceiling
        if points <= ceiling.wording + ceiling.misread:
            shared = _NAME * (one.names_bits & names).bit_count() + (one.words_bits & words).bit_count() + blurred
            if shared and shared >= ceiling.likeness_of(points) * one.norm * norm - _ROUNDING:
                return True
        if points > ceiling.copy + ceiling.misread:
            return False
        common = one.sketch_bits & sketch
        # A copy shares at least a part of the smaller sketch.
        return common != 0 and COPY_SHARE * (common.bit_count() + one.sketch_blurred) >= min(len(one.sketch), size)

    def _place(self, there: Spot | None, named: bool) -> float:
        here = self._one.spot
        points = 0.0
        if here is not None and there is not None:
            told = named or (bool(there.keys) and not there.is_country and there.keys <= self._names)
            points = self._ceiling.by_place(here, there, told, self._wide)
        (self._by_spot_named if named else self._by_spot)[there] = points
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
        if apart <= SOON:
            return times.soon
        return -times.long_after if apart > LONG_AFTER and one.type not in OUTBREAKS else 0.0


def _points_of_kinds(rules: LinkingRules) -> dict[IncidentType, dict[IncidentType, float]]:
    """For each kind of incident the most that it and each other kind give."""

    def most(kind: IncidentType, other: IncidentType) -> float:
        points = sum(points for _, points in compare_types(kind, other, rules))
        if kind is other:
            points += (rules.rare_kind if kind in RARE_KINDS else 0) + (rules.places.wide if kind in WIDE else 0)
        return points

    return {kind: {other: most(kind, other) for other in IncidentType} for kind in IncidentType}
