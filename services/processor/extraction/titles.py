"""Numbers of titles: of two incidents, "Bus bomb kills four; 13 militants killed", or of those "shot" who died."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schemas import ClaimKind, Whose
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.drafts import FIELD_STEP, Draft

_ELSEWHERE = "another incident of the article has this number"
_TOGETHER = "the dead of several incidents together"
_DIED = "the text says that they died"
_FEWEST = 2
_MOST = 50
"""Claims of an article whose numbers are added up: one with more is no report of one night."""


def part_titles(clusters: Sequence[Cluster]) -> None:
    """Set aside, in each incident, the dead that its title tells of and that the text tells of for another one.

    So are those whom it sums up: "Bombs kill 34 in Mogadishu and Baidoa", 21 here and 13 there.
    Only where the text gives the incident a number of dead of its own; the claim stands in the other as the text's.
    """
    if len(clusters) < 2:
        return
    told = [_told(cluster) for cluster in clusters]
    several = [max(numbers) for numbers in told if numbers]
    together = sum(several) if len(several) > 1 else 0
    often = Counter(number for numbers in told for number in numbers)
    for mine, cluster in zip(told, clusters, strict=True):
        for draft in _killed(cluster, title=True) if mine else ():
            why = _ELSEWHERE if often[draft.best or 0] else _TOGETHER if draft.best == together else None
            if draft.best is not None and draft.best not in mine and why is not None:
                draft.background = why
                draft.reasoning.append(f"not counted: {why}")


def read_shots_as_told(cluster: Cluster) -> None:
    """Set aside the wounded of a title who are the dead of the text: "Gunman shoots two", "shot two workers dead".

    Only where the text tells of nobody wounded, and the title does not count as many dead besides.
    """
    hurt = [
        draft
        for statement in cluster.statements
        for draft in statement.drafts
        if draft.kind is ClaimKind.WOUNDED and draft.background is None and draft.best
    ]
    titled = [draft for draft in hurt if draft.group[0] < FIELD_STEP]
    if not titled or len(titled) < len(hurt):
        return
    dead = {d.best for d in _killed(cluster, title=False) if d.whose is not Whose.ATTACKERS}
    dead -= {d.best for d in _killed(cluster, title=True) if d.whose is not Whose.ATTACKERS}
    for draft in titled:
        if draft.best in dead:
            draft.background = _DIED
            draft.reasoning.append(f"not counted: {_DIED}")


def read_shots_by_sum(clusters: Sequence[Cluster]) -> None:
    """Take those "shot" for dead where the dead told of all together are they and those killed elsewhere.

    "Nine were killed on Saturday. Six volunteers were shot at a checkpoint, and a bomb killed three rangers." The nine
    are then the toll of neither.
    """
    killed = [
        (c, d) for c in clusters for d in c.drafts if d.kind is ClaimKind.KILLED and d.background is None and d.best
    ]
    shot = [(c, d) for c in clusters for d in c.drafts if _is_shot(d)]
    if len(killed) > _MOST or len(shot) > _MOST:
        return
    for cluster, draft in shot:
        elsewhere = {d.best for c, d in killed if c is not cluster}
        whole = next((d.best for _, d in killed if (d.best or 0) - (draft.best or 0) in elsewhere), None)
        if whole is None:
            continue
        draft.kind = ClaimKind.KILLED
        draft.reasoning.append(f"{whole} died in all: those shot are among them")
        for _, one in killed:
            if one.best == whole:
                one.background = _TOGETHER
                one.reasoning.append(f"not counted: {_TOGETHER}")
        return


def _is_shot(draft: Draft) -> bool:
    told = draft.kind is ClaimKind.WOUNDED and draft.background is None and (draft.best or 0) >= _FEWEST
    return told and bool(draft.reasoning) and draft.reasoning[0].startswith('"shoot"')


def _told(cluster: Cluster) -> set[int]:
    return {draft.best for draft in _killed(cluster, title=False) if draft.best is not None and draft.best >= _FEWEST}


def _killed(cluster: Cluster, *, title: bool) -> list[Draft]:
    statements = [s for s in cluster.statements if (s.where == "title") is title]
    return [d for s in statements for d in s.drafts if d.kind is ClaimKind.KILLED and d.background is None]
