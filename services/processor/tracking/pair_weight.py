"""What two reports contribute to being put together, worked out without naming a reason: in half of the time.

The same number as `weight(link(one, other, rules), rules)` gives, to the last bit: points are added in the same order.
"""

from __future__ import annotations

from services.processor.tracking.kinds import RARE_KINDS, points_of_kinds
from services.processor.tracking.linking import (
    ELSEWHERE_LIKE,
    Reason,
    compare_places,
    compare_times,
    compare_tolls,
    link,
    of_other_days,
    pair_value,
    told_elsewhere,
    weight,
)
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.seldom import compare_scale
from services.processor.tracking.telling import LONG_TEXT, WIDE, Telling, copied, likeness


class PairWeights:
    """Weights by `rules`."""

    def __init__(self, rules: LinkingRules) -> None:
        self.rules = rules
        self._kinds = points_of_kinds(rules)
        self._wording_from, self._span = rules.wording_from, rules.wording_full - rules.wording_from
        self._wording, self._nothing, self._copy = rules.wording, rules.nothing_shared, rules.copy_points
        self._same, self._country = (
            ("at the same place", rules.places.same),
            ("in the same country", rules.places.country),
        )
        self._same_day = [("on the same day", rules.times.same_day)]

    def of(self, one: Telling, other: Telling) -> float:
        """What the two contribute; see `linking.weight`. Symmetric."""
        kind, rules = one.type, self.rules
        if one.article_id == other.article_id or (
            (one.revises is not None or other.revises is not None) and one.source == other.source
        ):
            return weight(link(one, other, rules), rules)
        if kind is other.type and (kind in RARE_KINDS or kind in WIDE):
            return weight(link(one, other, rules), rules)
        alike = likeness(one, other)
        places: list[Reason] = []
        here, there = one.spot, other.spot
        if here is not None and here is there:
            places.append(self._country if here.is_country else self._same)
        elif here is not None and there is not None:
            compare_places(one, other, here, there, alike, rules, places)
        when = one.when
        if when is not None and when is other.when and when.dated and when.starts < when.ends:
            times = self._same_day
        else:
            times = compare_times(one, other, rules)
        elsewhere = here is not there and told_elsewhere(one, other, places, rules)
        speaks_for = against = 0.0
        if not elsewhere and copied(one, other) and not of_other_days(one, other, times):
            speaks_for = self._copy
        elif alike > self._wording_from:
            share = min(1.0, (alike - self._wording_from) / self._span)
            speaks_for = self._wording * (min(share, ELSEWHERE_LIKE) if elsewhere else share)
        elif len(one.names) + len(one.words) >= LONG_TEXT <= len(other.names) + len(other.words):
            against = self._nothing
        points = self._kinds[kind][other.type]
        if points > 0:
            speaks_for += points
        else:
            against -= points
        reasons = [*places, *times]
        if not reasons or min([points for _, points in reasons]) > 0:
            reasons += compare_scale(one, other, rules)
        if one.actors and not one.actors.isdisjoint(other.actors):
            reasons.append(("a perpetrator in common", rules.actor))
        compare_tolls(one, other, rules, reasons)
        for _, points in reasons:
            if points > 0:
                speaks_for += points
            else:
                against -= points
        return pair_value(speaks_for, against, rules)
