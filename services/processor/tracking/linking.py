"""Whether two reports tell of one incident: points for every agreement, against for every contradiction, each named."""

from __future__ import annotations

import math
from collections.abc import Iterable

from schemas import IncidentType, Revises
from services.processor.tracking.kinds import RARE_KINDS, compare_types
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.seldom import close_in_time, compare_scale
from services.processor.tracking.telling import (
    COUNTRY_RANK,
    LONG_TEXT,
    WIDE,
    Spot,
    Telling,
    copied,
    likeness,
    named_by,
)

KM_PER_DEGREE = 111.2
"""Kilometres of one degree of latitude on the mean sphere (radius 6,371 km, IUGG)."""
DAY_SLACK = 1.0
"""Days: night attacks are dated to either day, and publication may be a day off in another time zone."""
SOON, LONG_AFTER = 2.0, 7.0
"""Days between two publications up to which they speak for one incident, and from which on against."""
APART_KM = 50.0
"""Kilometres from which on two places named by one article are no town and its outskirts."""
QUAKE_KM = 400.0
"""Kilometres between two places from which on no earthquake but the greatest has harmed people in both."""
LEAST_ABROAD = 0.25
"""Share of what speaks against two countries that is left where the text of one names the place of the other."""
DOUBTFUL_ABROAD = 0.5
"""The same where the country of one is only guessed, or the texts are as alike as on one incident."""
ELSEWHERE_LIKE = 0.5
"""The most of the points for wording that is left where the texts tell of two places."""
ELSEWHERE_DIED = 0.5
"""Share of what speaks against two towns that is left where one goes on from the number of the other: some of the hurt
die in a hospital elsewhere."""
DOUBT = 0.5
"""Points against that say nothing yet."""
FELL = 0.5
"""Share of the dead told of before below which a later number is far fewer."""
ZONE_SLACK = 0.45
"""Days: where a date is counted in UTC, its day begins up to 11 hours earlier in the east."""
SAME_ARTICLE = "same article"
"""An article that tells of two incidents says itself that they are two, unless reading took one for two."""
TOLD_APART = "same article, at another place"
"""An article that gives each its place and its dead leaves no doubt."""
EARTHQUAKE = IncidentType.EARTHQUAKE
_RETRACTED, _CORRECTED = Revises.RETRACTED, Revises.CORRECTED
# Python 3.11 looks members of an enumeration up each time they are named, which takes as long as comparing two days:
# here and elsewhere in tracking those that are asked for with each report are at hand.

OUTBREAKS = frozenset({IncidentType.EPIDEMIC, IncidentType.DROUGHT_FAMINE})
"""What is told of for weeks, as long as it goes on."""
_LASTING = WIDE - {IncidentType.EARTHQUAKE, IncidentType.TSUNAMI}
"""Hazards that go on for days."""
CAPTIVE = frozenset({IncidentType.ABDUCTION, IncidentType.HOSTAGE_TAKING})
"""Incidents whose news, weeks later, is that they end."""


Reason = tuple[str, float]
"""One agreement or contradiction, and its points: negative where it speaks against. A plain tuple, since a report is
compared with dozens of others."""


def link(one: Telling, other: Telling, rules: LinkingRules) -> list[Reason]:
    """Everything that speaks for and against two reports telling of one incident. Symmetric."""
    reasons: list[Reason] = []
    alike = likeness(one, other)
    same_article = one.article_id == other.article_id
    if same_article:
        reasons.append((TOLD_APART if _told_apart(one, other) else SAME_ARTICLE, -rules.same_article))
    places: list[Reason] = []
    if one.spot is not None and other.spot is not None:
        compare_places(one, other, one.spot, other.spot, alike, rules, places)
    times = compare_times(one, other, rules)
    elsewhere = not same_article and told_elsewhere(one, other, places, rules)
    if not same_article and not elsewhere and copied(one, other) and not of_other_days(one, other, times):
        reasons.append(("one text is a copy of the other", rules.copy_points))
    else:
        _compare_wording(one, other, alike, elsewhere, rules, reasons)
    kind = one.type
    reasons += compare_types(kind, other.type, rules)
    if kind is other.type and kind in RARE_KINDS and _same_country_and_day(one, other):
        reasons.append(("a rare kind of incident, in one country on one day", rules.rare_kind))
    reasons += places
    reasons += times
    if not same_article and all(points > 0 for _, points in (*places, *times)):
        reasons += compare_scale(one, other, rules)
    if one.actors and not one.actors.isdisjoint(other.actors):
        reasons.append(("a perpetrator in common", rules.actor))
    compare_tolls(one, other, rules, reasons)
    if (one.revises is not None or other.revises is not None) and one.source == other.source:
        if one.revises is _RETRACTED or other.revises is _RETRACTED:
            reasons.append(("its own outlet takes it back", rules.withdrawn))
        elif one.revises is _CORRECTED or other.revises is _CORRECTED:
            reasons.append(("its own outlet corrects it", rules.withdrawn))
    return reasons


def told_elsewhere(one: Telling, other: Telling, places: list[Reason], rules: LinkingRules) -> bool:
    """Whether two texts tell of two places beyond doubt. Of one name in two countries, one may be misread."""
    if one.spot is None or other.spot is None or one.spot.name == other.spot.name:
        return False
    return sum(points for _, points in places) <= -rules.places.elsewhere


def of_other_days(one: Telling, other: Telling, times: list[Reason]) -> bool:
    """Whether two texts that are written alike give other days: bulletins have sentences that stand in each of them."""
    return one.dated and other.dated and any(points < 0 for _, points in times)


def _told_apart(one: Telling, other: Telling) -> bool:
    """Whether two reports of one article are at different known places, each with its own number of dead."""
    here, there = one.spot, other.spot
    if here is None or there is None or one.killed is None or other.killed is None:
        return False
    if here.rank or there.rank or here.name == there.name:
        return False
    apart = distance_km(here, there)
    return apart is not None and apart > APART_KM


def weight(reasons: list[Reason], rules: LinkingRules) -> float:
    """What a pair contributes to putting two groups of reports together: above 0 for, below 0 against, 0 for neither.

    A pair that reaches `link_at` speaks for by what it has above it. Else what speaks for it can make up for less than
    half of what speaks against: two attacks in one town on two days agree in all but the day. Minus infinity, which no
    other pair makes up for, where one article tells of two at different places.
    """
    speaks_for = against = 0.0
    for _, points in reasons:
        if points > 0:
            speaks_for += points
        else:
            against -= points
    value = pair_value(speaks_for, against, rules)
    return -math.inf if value <= 0 and reasons and reasons[0][0] == TOLD_APART else value


def pair_value(speaks_for: float, against: float, rules: LinkingRules) -> float:
    """What a pair contributes by its points for and against; see `weight`."""
    score = speaks_for - against
    if score >= rules.link_at:
        return score - rules.link_at + 0.5
    left = left_over(speaks_for, against)
    return left if left < -DOUBT else 0.0


def left_over(speaks_for: float, against: float) -> float:
    """What is left of the points for and against a pair that does not reach `link_at`."""
    return 0.4 * speaks_for - against


def _compare_wording(
    one: Telling, other: Telling, alike: float, elsewhere: bool, rules: LinkingRules, reasons: list[Reason]
) -> None:
    if alike > rules.wording_from:
        share = min(1.0, (alike - rules.wording_from) / (rules.wording_full - rules.wording_from))
        reasons.append(
            ("names and rare words in common", rules.wording * (min(share, ELSEWHERE_LIKE) if elsewhere else share))
        )
    elif len(one.names) + len(one.words) >= LONG_TEXT <= len(other.names) + len(other.words):
        reasons.append(("hardly a word in common", -rules.nothing_shared))


def _same_country_and_day(one: Telling, other: Telling) -> bool:
    here, there = one.spot, other.spot
    if here is None or there is None or here.country is None or here.country != there.country:
        return False
    if not close_in_time(one, other):
        return False
    # Of two towns it says nothing, as each may have its own, unless one goes on from the number of the other.
    told = here.is_country or there.is_country or here.is_unknown or there.is_unknown or _outdates(one, other)
    if one.dated and other.dated:
        return told and (one.starts or 0.0) < (other.ends or 0.0) and (other.starts or 0.0) < (one.ends or 0.0)
    return told


def compare_places(
    one: Telling,
    other: Telling,
    here: Spot,
    there: Spot,
    likened: float,
    rules: LinkingRules,
    reasons: list[Reason],
) -> None:
    points = rules.places
    wide = one.type is other.type and one.type in WIDE
    if wide and one.type is EARTHQUAKE and here.rank == there.rank == 0:
        distance = distance_km(here, there)
        if distance is not None and distance > QUAKE_KM:
            reasons.append(("farther apart than one earthquake harms", -points.other_division))
            return
    # The country of a name that no gazetteer has is the one the text speaks of most: that says little.
    guessed = here.is_unknown or there.is_unknown
    abroad = bool(here.country and there.country) and here.country != there.country and not on_a_border(here, there)
    if abroad and not (guessed and here.name == there.name):
        # In texts so alike one country is misread: that of the victims, or of the outlet, which stands there alone.
        # Two towns of one name are no misreading.
        named = here.name != there.name and (named_by(here, other) or named_by(there, one))
        alike = likened >= rules.wording_full and here.name != there.name and max(here.rank, there.rank) > 0
        share = LEAST_ABROAD if named else DOUBTFUL_ABROAD if guessed or alike else 1
        reasons.append(("in different countries", -points.other_country * share))
        return
    if here.name == there.name or one_place(here, there):
        if here.is_country and there.is_country:
            reasons.append(("in the same country", points.country))
        else:
            reasons.append(("at the same place", points.same))
        return
    if max(here.rank, there.rank) == COUNTRY_RANK:
        reasons.append(("in the same country", points.country))
    elif named_by(here, other) or named_by(there, one):
        # Each text names several places, and reading takes one of them for the scene.
        reasons.append(("the place of one is named in the other", points.named))
    elif here.rank == there.rank == 0:
        _compare_exact(here, there, wide, rules, reasons, ELSEWHERE_DIED if _outdates(one, other) else 1)
    elif here.admin1 and there.admin1 and here.admin1 != there.admin1:
        if not wide:
            share = ELSEWHERE_DIED if _outdates(one, other) else 1
            reasons.append(("in different divisions", -points.other_division * share))
    elif here.rank != there.rank or (here.geonames_id is None) is not (there.geonames_id is None):
        # A village that no gazetteer has is as vague as the division that it is said to lie in.
        reasons.append(("one place may lie in the other", points.inside))
    elif not wide:
        reasons.append(("at different places", -points.elsewhere))
    if wide:
        reasons.append(("a hazard that reaches far, in one country", points.wide))


def on_a_border(here: Spot, there: Spot) -> bool:
    """Whether two places are one that lies in two countries, as Mount Elgon does: in no division of either, and at the
    very same coordinates."""
    divided = here.admin1 or there.admin1
    return not divided and here.lat is not None and (here.lat, here.lon) == (there.lat, there.lon)


def one_place(here: Spot, there: Spot) -> bool:
    """Whether two names are of one place: by its number in the gazetteer, or where a part of a country has none, by its
    coordinates ("the Canaries", "Canary Islands")."""
    if here.geonames_id is not None or there.geonames_id is not None:
        return here.geonames_id == there.geonames_id
    known = here.admin1 or there.admin1 or here.lat is None or not here.rank == there.rank == COUNTRY_RANK - 1
    return not known and (here.lat, here.lon) == (there.lat, there.lon)


def _compare_exact(
    here: Spot, there: Spot, wide: bool, rules: LinkingRules, reasons: list[Reason], share: float
) -> None:
    points, distance = rules.places, distance_km(here, there)
    if distance is not None and distance <= points.same_km:
        reasons.append(("at the same place", points.same))
    elif distance is not None and distance <= points.near_km:
        reasons.append(("at places near each other", points.near))
    elif not wide:
        if named_like_its_seat(here, there):
            return
        apart = here.admin1 and there.admin1 and here.admin1 != there.admin1
        against = points.other_division if apart else points.elsewhere
        reasons.append(("in different divisions" if apart else "at different places", -against * share))


def named_like_its_seat(here: Spot, there: Spot) -> bool:
    """Whether one of two towns bears the name of the division in which both lie: news of "Hajjah" may mean either."""
    division = here.admin1
    one_division = division != "" and division == there.admin1 and here.country == there.country
    return one_division and division in (here.name, there.name)


def distance_km(here: Spot, there: Spot) -> float | None:
    """Kilometres between two spots on a flat map of their latitude, good to a few per cent below 500 km; None where
    coordinates are not known."""
    if here.lat is None or there.lat is None or here.lon is None or there.lon is None:
        return None
    north, east = here.lat - there.lat, here.lon - there.lon
    return float(KM_PER_DEGREE * (north * north + east * east) ** 0.5)


def compare_times(one: Telling, other: Telling, rules: LinkingRules) -> list[Reason]:
    """What the times of two reports speak for and against their telling of one incident."""
    points = rules.times
    if one.starts is not None and one.ends is not None and other.starts is not None and other.ends is not None:
        gap = max(one.starts, other.starts) - min(one.ends, other.ends)
        if not (one.dated and other.dated):
            return [("at different times", -points.other_day)] if gap > DAY_SLACK else []
        if min(one.ends - one.starts, other.ends - other.starts) > DAY_SLACK:
            # Nights, which touch two days: those of Sunday and Tuesday are two.
            gap = max(gap, abs(one.starts - other.starts) - DAY_SLACK)
        if gap < 0:
            return [("on the same day", points.same_day)]
        if gap < DAY_SLACK:
            return [("on days that touch", points.next_day)]
        if _comes_home(one, other):
            return []
        if one.fresh and other.fresh and not _outdates(one, other) and not _goes_on(one, other):
            # Who says by how much a number has grown may date the news by the day of the finds.
            return [("each told of another day as news", -points.both_new)]
        return [("on different days", -(points.other_time if gap >= 3 * DAY_SLACK else points.other_day))]
    if one.published is None or other.published is None:
        return []
    if one.starts is not None or other.starts is not None:
        return _compare_to_publication(one, other, rules)
    apart = abs(one.published - other.published)
    if apart <= SOON:
        return [("published within two days", points.soon)]
    if apart <= LONG_AFTER or (one.type in OUTBREAKS and other.type in OUTBREAKS):
        # The bulletins on an outbreak come for weeks.
        return []
    return [("published long after", -points.long_after * (2 if apart > 14 else 1))]


def _goes_on(one: Telling, other: Telling) -> bool:
    """Whether the news of a day may be of what began before it: water that stands, and fires that burn, for days."""
    return one.type in _LASTING and other.type in _LASTING


def _comes_home(one: Telling, other: Telling) -> bool:
    """Whether the later of two reports, on captives, counts nobody as taken where the earlier one does: its day is that
    of their release, or of what became of them, weeks later."""
    earlier, later = (one, other) if one.order < other.order else (other, one)
    return later.type in CAPTIVE and later.report.toll.abducted is None and on_captives(earlier)


def on_captives(telling: Telling) -> bool:
    """Whether a report tells of people who are held."""
    return telling.type in CAPTIVE or telling.report.toll.abducted is not None


def _compare_to_publication(one: Telling, other: Telling, rules: LinkingRules) -> list[Reason]:
    """One says when it happened, the other only when it was published, or from when on something lasts."""
    told, undated = (one, other) if one.when is not None else (other, one)
    if told.starts is None or told.ends is None or undated.published is None:
        return []
    after = undated.published - told.starts
    if after < -ZONE_SLACK:
        if _comes_home(told, undated):
            return []
        sure = told.fresh and not _goes_on(told, undated)
        against = rules.times.both_new if sure else rules.times.before_it_happened
        return [("published before it happened", -against)]
    if undated.published - told.ends <= 1:
        return [("published within two days of it", rules.times.soon)]
    return [("published long after", -rules.times.long_after)] if after > 14 else []


def same_numbers(one: Telling, other: Telling, rules: LinkingRules) -> float:
    """Points for the numbers of people that two reports have in common."""
    if one.numbers.isdisjoint(other.numbers):
        return 0.0
    return points_of_numbers(one.numbers & other.numbers, rules)


def points_of_numbers(common: Iterable[tuple[str, int]], rules: LinkingRules) -> float:
    """Points for numbers of people that are in common."""
    same = 0.0
    for _, number in common:
        same += rules.tolls.same_number * (1.5 if number >= 10 else 1.0)
    return min(same, rules.tolls.most)


def compare_tolls(one: Telling, other: Telling, rules: LinkingRules, reasons: list[Reason]) -> None:
    points, same = rules.tolls, same_numbers(one, other, rules)
    if same:
        reasons.append(("the same numbers of people", same))
    if (one.outdated or other.outdated) and _outdates(one, other):
        reasons.append(("its number is the one said to be outdated", points.outdated_number))
    if one.killed is None or other.killed is None or same:
        return
    earlier, later = (one, other) if one.order <= other.order else (other, one)
    (low, high), (new_low, new_high) = earlier.killed or (0, None), later.killed or (0, None)
    if new_high is not None and new_high < FELL * low and later.revises is None:
        reasons.append(("far fewer dead than said before", -points.fell))
    elif (high is None or new_low <= high) and (new_high is None or low <= new_high):
        reasons.append(("numbers of dead that may be the same", points.overlap))


def _outdates(one: Telling, other: Telling) -> bool:
    return any(("killed", number) in b.numbers for a, b in ((one, other), (other, one)) for number in a.outdated)
