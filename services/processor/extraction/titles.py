"""Titles that tell of two incidents, "Bus bomb kills four; 13 militants killed": each number goes to its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schemas import ClaimKind
from services.processor.extraction.drafts import Draft
from services.processor.extraction.incidents import Cluster

_ELSEWHERE = "another incident of the article has this number"
_FEWEST = 2


def part_titles(clusters: Sequence[Cluster]) -> None:
    """Set aside, in each incident, the dead that its title tells of and that the text tells of for another one.

    Only where the text gives the incident a number of dead of its own; the claim stands in the other as the text's.
    """
    if len(clusters) < 2:
        return
    told = [_told(cluster) for cluster in clusters]
    often = Counter(number for numbers in told for number in numbers)
    for mine, cluster in zip(told, clusters, strict=True):
        for draft in _killed(cluster, title=True) if mine else ():
            if draft.best is not None and draft.best not in mine and often[draft.best]:
                draft.background = _ELSEWHERE
                draft.reasoning.append(f"not counted: {_ELSEWHERE}")


def _told(cluster: Cluster) -> set[int]:
    return {draft.best for draft in _killed(cluster, title=False) if draft.best is not None and draft.best >= _FEWEST}


def _killed(cluster: Cluster, *, title: bool) -> list[Draft]:
    statements = [s for s in cluster.statements if (s.where == "title") is title]
    return [d for s in statements for d in s.drafts if d.kind is ClaimKind.KILLED and d.background is None]
