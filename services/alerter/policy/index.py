"""Which of very many subscriptions ask for an incident, at a cost that grows with those that do. Pure.

Every subscription stands under each place and type that it names (or under all of them, where it names none), in a list
that is sorted by its first threshold. An incident looks up its own places and types and takes the beginning of each
list. Circles and polygons are in a tree (policy/drawn_index.py). What neither can tell (a second threshold, sources, a
condition in CEL) is asked of those alone that are left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from schemas import Incident, Subscription
from schemas.vocabulary import Certainty, ClaimKind, FigureEnd
from services.alerter.policy.areas import place_keys
from services.alerter.policy.drawn_index import Drawn, DrawnIndex
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.outlets import heard_of
from services.conditions.conditions import Condition, ConditionError
from services.conditions.variables import Value, incident_variables

PlaceKey: TypeAlias = "str | tuple[str, str] | None"
"""As `place_keys` has it; None stands for every place."""
FIGURES = tuple((kind, end) for kind in ClaimKind for end in FigureEnd)
"""What a threshold can be compared with, each by its place here."""
_NONE = len(FIGURES)
"""Stands for no threshold, and is met by every incident."""


@dataclass(slots=True)
class _List:
    """Subscriptions that differ in their first threshold alone, as far as the index looks."""

    least: list[int] = field(default_factory=list)
    """Their thresholds, in ascending order."""
    numbers: list[int] = field(default_factory=list)
    """The subscriptions, by their place in the index."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is to be asked of a subscription beyond its places, types, severity and first threshold."""

    certainty: int
    """The least rank."""
    thresholds: tuple[tuple[int, int], ...]
    """Place in FIGURES and least number."""
    sourced: bool
    """It asks for outlets, languages or a number of independent sources."""


_Lists: TypeAlias = dict[tuple[int, int], _List]
"""Lists by the figure that they are sorted by (its place in FIGURES) and the rank of the mildest severity asked for."""


class SubscriptionIndex:
    """Subscriptions, laid out for finding those that ask for an incident. It does not change: make another."""

    def __init__(self, subscriptions: Sequence[CompiledSubscription]) -> None:
        self.subscriptions = subscriptions
        self._under: dict[PlaceKey, dict[str | None, _Lists]] = {}
        self._rest = [_rest(compiled) for compiled in subscriptions]
        drawn: list[Drawn] = []
        for number, compiled in enumerate(subscriptions):
            asked, areas = compiled.subscription, compiled.areas
            figure, least = _first_threshold(asked)
            severity = -1 if asked.severity_at_least is None else asked.severity_at_least.rank
            self._add(number, compiled, figure, least, severity)
            if areas is not None and areas.drawn:
                drawn.append(Drawn(number, areas, severity, figure, least, frozenset(asked.types)))
        self._sort()
        self._drawn = DrawnIndex(drawn) if drawn else None

    def _add(self, number: int, compiled: CompiledSubscription, figure: int, least: int, severity: int) -> None:
        areas = compiled.areas
        places: list[PlaceKey] = [None]
        if areas is not None:
            places = [*areas.regions, *areas.division_codes, *areas.division_names]
        for place in places:
            for kind in compiled.subscription.types or (None,):
                lists = self._under.setdefault(place, {}).setdefault(kind, {})
                one = lists.setdefault((figure, severity), _List())
                one.least.append(least)
                one.numbers.append(number)

    def _sort(self) -> None:
        for kinds in self._under.values():
            for lists in kinds.values():
                for one in lists.values():
                    order = sorted(range(len(one.least)), key=one.least.__getitem__)
                    one.least = [one.least[place] for place in order]
                    one.numbers = [one.numbers[place] for place in order]

    def candidates(self, incident: Incident) -> set[int]:
        """The subscriptions that may ask for `incident`, by their places in `subscriptions`.

        All that do are among them, and so is every one that only the place leaves in doubt (Match.maybe).
        """
        return self._candidates(incident, _people(incident))

    def _candidates(self, incident: Incident, people: Sequence[int]) -> set[int]:
        found: set[int] = set()
        level = incident.severity.level.rank
        for place in (None, *place_keys(incident)):
            kinds = self._under.get(place)
            if kinds is None:
                continue
            for kind in (None, incident.type.value):
                for (figure, severity), one in kinds.get(kind, {}).items():
                    if severity <= level:
                        found.update(one.numbers[: bisect_right(one.least, people[figure])])
        if self._drawn is not None:
            found.update(self._drawn.near(incident, people))
        return found

    def asking(
        self, incident: Incident, variables: Mapping[str, Value] | None = None
    ) -> Iterator[CompiledSubscription]:
        """The subscriptions that ask for `incident`, that only its place leaves in doubt, or whose condition fails on
        its values: all but those of which nothing is to be said. In the order of `subscriptions`."""
        people, certainty = _people(incident), incident.certainty.rank
        for number in sorted(self._candidates(incident, people)):
            rest, compiled = self._rest[number], self.subscriptions[number]
            if incident.test and not compiled.subscription.test:
                continue
            if rest is not None:
                if certainty < rest.certainty:
                    continue
                if rest.thresholds and any(people[figure] < least for figure, least in rest.thresholds):
                    continue
                if rest.sourced and not _sources_suffice(compiled, incident):
                    continue
                if compiled.condition is not None:
                    variables = incident_variables(incident) if variables is None else variables
                    if not _holds(compiled.condition, variables):
                        continue
            yield compiled


def _sources_suffice(compiled: CompiledSubscription, incident: Incident) -> bool:
    heard = heard_of(compiled.outlets, incident)
    least = compiled.subscription.independent_sources_at_least
    return (compiled.outlets is None or heard.articles > 0) and (least is None or heard.independent >= least)


def _holds(condition: Condition, variables: Mapping[str, Value]) -> bool:
    try:
        return condition.holds(variables)
    except ConditionError:
        return True


def _people(incident: Incident) -> list[int]:
    """The incident's figures, each at its place in FIGURES, and 0 at _NONE."""
    return [*(incident.toll.people(kind, end) for kind, end in FIGURES), 0]


def _thresholds(asked: Subscription) -> list[tuple[int, int]]:
    found = ((kind, asked.at_least(kind)) for kind in ClaimKind)
    return [(FIGURES.index((kind, asked.on)), least) for kind, least in found if least is not None]


def _first_threshold(asked: Subscription) -> tuple[int, int]:
    """The figure that the first threshold of `asked` is compared with, and the least number."""
    return next(iter(_thresholds(asked)), (_NONE, 0))


def _rest(compiled: CompiledSubscription) -> _Rest | None:
    """What is left to ask; None where the index tells all."""
    asked = compiled.subscription
    certainty = 0 if asked.certainty_at_least is None else Certainty(asked.certainty_at_least).rank
    others = tuple(_thresholds(asked)[1:])
    sourced = compiled.outlets is not None or asked.independent_sources_at_least is not None
    conditioned = compiled.condition is not None
    return _Rest(certainty, others, sourced) if certainty or others or sourced or conditioned else None
