"""Statements of one article -> the incidents it tells of, told apart by place, time and the words that open another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas import ArticleField, PlacePrecision
from services.processor.extraction.actors import PerpetratorMention
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.places.model import Location, ResolvedPlace

_EXACT = (PlacePrecision.EXACT, PlacePrecision.DISTRICT)
_TELLS_WHERE = ("at", "bare", "origin", "destination")


@dataclass(slots=True)
class Cluster:
    """The statements of one incident, and where they put it."""

    statements: list[Statement] = field(default_factory=list)
    places: list[ResolvedPlace] = field(default_factory=list)
    fields: list[ArticleField] = field(default_factory=list)
    """The field that each of `places` is named in."""
    perpetrators: list[tuple[ArticleField, PerpetratorMention]] = field(default_factory=list)
    """Whoever is said to have done it, and in which field."""

    @property
    def drafts(self) -> list[Draft]:
        """All claims, in the order of the text."""
        return [draft for statement in self.statements for draft in statement.drafts]

    def add(self, statement: Statement, places: Sequence[ResolvedPlace]) -> None:
        """Put a statement to this incident."""
        self.statements.append(statement)
        self.places.extend(places)
        self.fields.extend(statement.where for _ in places)

    def field_of(self, place: ResolvedPlace) -> ArticleField:
        """The field that one of `places` is named in."""
        return next(name for held, name in zip(self.places, self.fields, strict=True) if held is place)

    def exact(self) -> list[Location]:
        """The towns and districts that its statements name."""
        return [p.location for p in self.places if p.location is not None and p.location.precision in _EXACT]


def group(statements: Sequence[Statement], places: Mapping[int, Sequence[ResolvedPlace]]) -> list[Cluster]:
    """The incidents of an article. `places` holds what each statement names, by the statement's order.

    A statement belongs to the incident that its places fit; without a place, to the one told of just before. A new
    incident begins where a statement names another town than those told of so far and speaks of another event there.
    """
    clusters: list[Cluster] = []
    focus: Cluster | None = None
    where = ""
    for statement in statements:
        mine = [p for p in places.get(statement.order, ()) if p.location is not None and p.mention.role in _TELLS_WHERE]
        if statement.where != where:
            where, focus = statement.where, clusters[0] if clusters else None
        if not clusters:
            clusters.append(Cluster())
            focus = clusters[0]
        elif (fitting := _fitting(clusters, mine, focus)) is not None:
            focus = fitting
        elif _opens_another(statement):
            focus = Cluster()
            clusters.append(focus)
        assert focus is not None  # noqa: S101 - set with the first cluster
        focus.add(statement, mine)
    return clusters


def _fitting(clusters: Sequence[Cluster], places: Sequence[ResolvedPlace], focus: Cluster | None) -> Cluster | None:
    exact = [p.location for p in places if p.location is not None and p.location.precision in _EXACT]
    if not exact:
        return focus
    for cluster in ([focus] if focus is not None else []) + list(clusters):
        held = cluster.exact()
        if not held or any(_same(a, b) for a in held for b in exact):
            return cluster
    return None


def _same(one: Location, other: Location) -> bool:
    if one.geonames_id is not None and other.geonames_id is not None:
        return one.geonames_id == other.geonames_id or _within(one, other) or _within(other, one)
    return one.name.lower() == other.name.lower()


def _within(inner: Location, outer: Location) -> bool:
    return outer.kind == "district" and inner.country == outer.country and inner.admin2 == outer.name


def _opens_another(statement: Statement) -> bool:
    return any(hit.entry.table == "type" for hit in statement.hits) or any(
        d.background is None for d in statement.drafts
    )


def place_of(cluster: Cluster) -> ResolvedPlace | None:
    """The place of an incident: the most exact one that its statements put something at, the first of these."""
    order = list(PlacePrecision)
    named = [p for p in cluster.places if p.location is not None]
    if not named:
        return None
    country = next((p.location.country for p in named if p.location is not None and p.location.country), None)
    inside = [p for p in named if p.location is not None and p.location.country in (country, None)]
    return min(
        inside or named,
        key=lambda p: (p.mention.role != "at", order.index(p.location.precision) if p.location is not None else 9),
    )
