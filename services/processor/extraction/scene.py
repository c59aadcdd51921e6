"""The type of an accident or disaster from the things at its scene, where no word for the incident itself tells it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from schemas import TYPES, ArticleField, ClaimKind, IncidentFamily, IncidentType, Whose
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.drafts import Statement
from services.processor.extraction.follow_ups import is_unnamed, taking_up
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.wordlists import read_rows

_MORE_EXACT = 2
"""Words of one type that it takes to make a word for what happened more exact: "a fire", among forests and hectares."""

_KILLS = ('"kill"', '"murder"', '"slay"', '"execute"', '"killing"', '"massacre"', '"slaughter"', '"behead"')
"""How the reasoning of claims begins whose word says that somebody did it."""


class Scene(NamedTuple):
    """A type, and the first word at `view[start:end]` of a field that tells it."""

    kind: IncidentType
    where: ArticleField
    start: int
    end: int


def scene_of_incident(kind: IncidentType, cluster: Cluster, readings: Sequence[FieldReading]) -> Scene | None:
    """What the scene makes of the one incident of an article, of a `kind` by its words; None where nothing more.

    Only of those in which people died or are missed and nobody is said to have done it, and of those that are taken up
    again by a word that says nothing: there the sentence itself must name the scene.
    """
    if not (is_unnamed(cluster) or _of_accident(cluster)):
        return None
    return scene_of(IncidentType.OTHER if _killed_by_nobody(kind, cluster) else kind, readings, taking_up(cluster))


def _killed_by_nobody(kind: IncidentType, cluster: Cluster) -> bool:
    """Whether a killing is told of by a word for it of which nobody is the victim: "three pigs were killed"."""
    if kind is not IncidentType.KILLING:
        return False
    told = [d for d in cluster.drafts if d.background is None and d.kind is ClaimKind.KILLED]
    return bool(told) and not any(d.reasoning and d.reasoning[0].startswith(_KILLS) for d in told)


def _of_accident(cluster: Cluster) -> bool:
    """Whether people died or are missed in an incident, and nobody is said to have done it."""
    if cluster.perpetrators or any(draft.whose is Whose.ATTACKERS for draft in cluster.drafts):
        return False
    return any(d.background is None and d.kind in (ClaimKind.KILLED, ClaimKind.MISSING) for d in cluster.drafts)


def scene_of(kind: IncidentType, readings: Sequence[FieldReading], within: Sequence[Statement] = ()) -> Scene | None:
    """What the things named in an article make of an incident of a `kind` that its own words leave open.

    Looked at are the sentences `within`, or the whole article where there are none of these. None where they tell
    nothing, or no more than `kind`. "Forty-two are buried. How does a boat for sixty leave the
    quay with double?" tells of a boat, and an explosion among miners in a seam is a mine's.
    """
    exact, words = _exact(), _words()
    wanted = {one for one, of in exact.items() if kind.value in of}
    if kind is not IncidentType.OTHER and not wanted:
        return None
    found: dict[str, dict[str, tuple[ArticleField, int, int]]] = defaultdict(dict)
    for reading in readings:
        spans = [(s.sentence.start, s.sentence.end) for s in within if s.where == reading.where]
        for start, end in spans if within else [(0, len(reading.folded))]:
            for match in _pattern().finditer(reading.folded, start, end):
                for one in words[match[0]]:
                    found[one].setdefault(match[0], (reading.where, match.start(), match.end()))
    if kind is not IncidentType.OTHER:
        found = defaultdict(
            dict, {one: told for one, told in found.items() if one in wanted and len(told) >= _MORE_EXACT}
        )
    if not found:
        return None
    # In a storm there are lorries and boats as well.
    best = max(found, key=lambda one: (len(found[one]), TYPES[IncidentType(one)].family is IncidentFamily.DISASTER))
    where, start, end = next(iter(found[best].values()))
    return Scene(IncidentType(best), where, start, end)


@cache
def _rows() -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    return tuple(
        (kind, frozenset(exact.split()) - {"-"}, frozenset(words.split()))
        for kind, exact, words in read_rows("scenes.tsv")
    )


@cache
def _exact() -> dict[str, frozenset[str]]:
    return {kind: exact for kind, exact, _ in _rows()}


@cache
def _words() -> dict[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for kind, _, words in _rows():
        for word in words:
            told[word] = (*told.get(word, ()), kind)
    return told


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(_words(), key=len, reverse=True))})(?![\w-])")
