"""Where one incident of an article happened: the most exact place among those that its first statements name."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence

from schemas import ArticleField, ClaimKind, Evidence, Place, PlacePrecision
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.drafts import Draft, Statement, counts, of_no_harm
from services.processor.extraction.places.model import ResolvedPlace
from services.processor.extraction.setting import Setting
from services.processor.extraction.when import PAST

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_PLACED_BY = 4
"""Statements of an incident that are asked for its place, from the first."""
_EXACTNESS = list(PlacePrecision)


class Parting:
    """Which sentences the text parts from the incidents told before them ("Separately, ..."), in order of the text."""

    def __init__(self, clusters: Sequence[Cluster], setting: Setting, statements: Sequence[Statement]) -> None:
        """Of the incidents of an article, the first of which is parted from nothing, and of all its statements.

        What is told of years before is parted from all: "A 2009 fire in Perm killed 156".
        """
        spans = [
            (setting.offsets[s.where] + s.sentence.start, setting.offsets[s.where] + s.sentence.end, first)
            for cluster in clusters
            if cluster.apart and (first := _first(cluster)) >= 0
            for s in cluster.statements
        ]
        spans.extend(
            (setting.offsets[s.where] + s.sentence.start, setting.offsets[s.where] + s.sentence.end, sys.maxsize)
            for s in statements
            if s.drafts and all(_of_another_year(d) for d in s.drafts)
        )
        spans.sort()
        self._starts = [start for start, _, _ in spans]
        self._spans = spans

    def away_from(self, cluster: Cluster) -> Callable[[int], bool]:
        """Whether what stands at an offset of the setting's text is told of an incident parted from `cluster`."""
        own = _first(cluster)

        def away(offset: int) -> bool:
            at = bisect_right(self._starts, offset) - 1
            return at >= 0 and offset < self._spans[at][1] and self._spans[at][2] > own

        return away


def _of_another_year(draft: Draft) -> bool:
    return (draft.background or "").startswith(PAST) and _YEAR.search(draft.background or "") is not None


def _first(cluster: Cluster) -> int:
    return min(statement.order for statement in cluster.statements)


def place_of(
    cluster: Cluster,
    setting: Setting,
    texts: dict[ArticleField, str],
    evidence: list[Evidence],
    parting: Parting | None = None,
) -> Place | None:
    """The most exact place among those of its first statements: a lead may say only the country.

    Of equally exact ones, the first that a statement's own sentence names: one beside it may tell of elsewhere. Where
    the title names one, a smaller one that the text names is taken. What opens with "Separately" names none for the
    incidents told before it (`parting`).
    """
    away = parting.away_from(cluster) if parting is not None else None
    found: tuple[Place, list[ResolvedPlace]] | None = None
    rank: tuple[int, bool] | None = None
    titled = False
    most = 0
    aside = [m for s in cluster.statements if s.drafts and not counts(s) for m in setting.named_in(s)]
    telling = [s for s in cluster.statements if not s.drafts or (counts(s) and not of_no_harm(s))]
    for statement in (telling or cluster.statements)[:_PLACED_BY]:
        dead = max((d.best or 0 for d in statement.drafts if d.kind is ClaimKind.KILLED), default=0)
        if cluster.wide and found is not None and (not statement.drafts or 0 < dead < most):
            # "in Swat, rescuers searched" does not put the whole flood there, nor do two of its 60 dead.
            continue
        most = max(most, dead)
        place, mentions = setting.place_at(setting.span(statement), away)
        if place is None:
            continue
        beside = not any(mention in mentions for mention in setting.named_in(statement))
        fled = all(draft.kind is ClaimKind.DISPLACED for draft in statement.drafts)
        if (beside or fled) and found is not None and mentions and mentions[0].mention.role == "destination":
            # "More than 6,000 people have fled towards Gao", told after where it was.
            continue
        if found is not None and found[0].country and place.country != found[0].country:
            if beside or rank is None or not rank[1]:
                continue
            # "53 killed across the border": where a title names nothing, the sentence that does has the word.
            found, rank = None, None
        if beside and found is not None and mentions and mentions[0] in aside:
            # "passing the fire of 1933 in Los Angeles that killed 29"
            continue
        country = place.precision is PlacePrecision.COUNTRY and _is_country(mentions)
        mine = (_EXACTNESS.index(place.precision) + country, beside)
        if found is not None and beside and rank is not None and mine < rank and _elsewhere(place, found[0]):
            # The sentence beside tells where the dead were from, in another province.
            continue
        narrower = titled and found is not None and mine == rank and _is_smaller(mentions, found[1])
        if rank is None or mine < rank or narrower:
            found, rank, titled = (place, mentions), mine, statement.where == "title"
    if cluster.label is not None:
        found = setting.under(cluster.label, found)
    if found is None:
        return None
    evidence.extend(e for mention in found[1] if (e := setting.evidence(mention, texts)) is not None)
    return found[0]


def _is_country(mentions: Sequence[ResolvedPlace]) -> bool:
    """Whether a place is a country itself, and not a village of which no more than its country is known."""
    return bool(mentions) and mentions[0].location is not None and mentions[0].location.kind == "country"


def _elsewhere(place: Place, known: Place) -> bool:
    """Whether a place lies in another division than one that is known to its division."""
    return known.admin1 is not None and place.admin1 is not None and known.admin1 != place.admin1


def _is_smaller(one: Sequence[ResolvedPlace], other: Sequence[ResolvedPlace]) -> bool:
    """Whether the place that mentions name has fewer people than another, where both are known."""
    few, many = (where[0].location.population if where and where[0].location else 0 for where in (one, other))
    return 0 < few < many
