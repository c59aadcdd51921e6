"""The statements of one incident of an article, with what tells it from others: places, days, numbers, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from schemas import TYPES, ArticleField, ClaimKind, IncidentFamily, IncidentType
from services.processor.extraction.actors import PerpetratorMention
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.places.model import Location, ResolvedPlace
from services.processor.extraction.type_groups import types_of

ON_PERSONS = (
    IncidentType.KILLING, IncidentType.ASSASSINATION, IncidentType.ABDUCTION, IncidentType.HOSTAGE_TAKING,
    IncidentType.SHOOTING,
)  # fmt: skip
"""Types of deeds whose victims a text names; whoever is named after "the raid on" may as well be a place."""
_WIDE = (IncidentFamily.DISASTER, IncidentFamily.HEALTH)
_WIDE_TYPES = frozenset(kind.value for kind, info in TYPES.items() if info.family in _WIDE)
"""Types of the families whose incidents cover many places at once: told apart by country only."""


@dataclass(slots=True)
class Cluster:
    """The statements of one incident, and where they put it."""

    statements: list[Statement] = field(default_factory=list)
    places: list[Location] = field(default_factory=list)
    perpetrators: list[tuple[ArticleField, PerpetratorMention]] = field(default_factory=list)
    """Whoever is said to have done it, and in which field."""
    wide: bool = False
    """A disaster, which has many places."""
    killed: set[int] = field(default_factory=set)
    """The numbers of dead that its claims give."""
    days: dict[date, bool] = field(default_factory=dict)
    """The days on which its statements say that it happened, and whether each is sure to be that day."""
    types: frozenset[str] = frozenset()
    """The types that its statements tell."""
    names: frozenset[str] = frozenset()
    """Surnames of those who are named as its victims."""
    apart: bool = False
    """Its first sentence says that it is another incident than those before."""
    label: ResolvedPlace | None = None
    """The place at the head of its paragraph in a round-up."""

    @property
    def drafts(self) -> list[Draft]:
        """All claims, in the order of the text."""
        return [draft for statement in self.statements for draft in statement.drafts]

    def add(self, statement: Statement, places: Sequence[Location], days: Mapping[date, bool]) -> None:
        """Put a statement to this incident, with where and on which days it says that something happened."""
        self.statements.append(statement)
        self.places.extend(place for place in dict.fromkeys(places) if place not in self.places)
        self.killed |= numbers_of(statement)
        self.types |= types_of(statement)
        self.days.update(days)
        self.names |= names_of(statement)
        self.wide = self.wide or any(
            hit.entry.value in _WIDE_TYPES for hit in statement.hits if hit.entry.table == "type"
        )

    def take(self, other: Cluster) -> None:
        """Let all that another holds be part of this one."""
        self.statements = sorted((*self.statements, *other.statements), key=lambda statement: statement.order)
        self.places.extend(place for place in other.places if place not in self.places)
        self.perpetrators.extend(other.perpetrators)
        self.killed |= other.killed
        self.days.update(other.days)
        self.names |= other.names
        self.types |= other.types


def names_of(statement: Statement) -> frozenset[str]:
    """Surnames of those whom a statement names as victims of what it tells of."""
    told = [one.names for one in statement.mentions if one.names and one.concrete and one.kind in ON_PERSONS]
    return frozenset().union(*told) if told else frozenset()


def numbers_of(statement: Statement) -> set[int]:
    """The numbers of dead that a statement gives, and the sum of each of its lists: "a woman and her two children"."""
    lists = lists_of(d for d in statement.drafts if d.kind is ClaimKind.KILLED)
    alone = {d.best for d in statement.drafts if d.kind is ClaimKind.KILLED and d.best is not None}
    return alone | lists


def lists_of(drafts: Iterable[Draft]) -> set[int]:
    """The sum of each list: "a colonel and two soldiers" are three."""
    lists: dict[tuple[int, int], int] = {}
    for draft in drafts:
        if draft.best is not None:
            lists[draft.group] = lists.get(draft.group, 0) + draft.best
    return set(lists.values())
