"""The type of an incident, and what it was aimed at and done with, from the words of the sentences that tell of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from schemas import IncidentType, Target, Weapon
from services.processor.extraction.drafts import Statement
from services.processor.extraction.scan import Hit

_CARRIERS = frozenset(("transport", "aviation", "maritime"))
_CARRIED = re.compile(
    r"\b(?:in|by|aboard|using|with|riding|driving|on board|drove|commandeered|from|into)\s(?:[\w'-]+[\s-]){0,4}\Z",
    re.IGNORECASE,
)
"""What stands before a vehicle that carried somebody: "they arrived in pick-up trucks"."""
_STRUCK = re.compile(
    r"\b(?:attack|attacks|bomb|bombs|explosion|blast|explosives?|fire|fired|shots|shot|device|crash|crashed|rammed|plunged|collided"
    r"|exploded|detonated|went off|threw|hurled|grenade)\b[^.;]{0,40}\Z",
    re.IGNORECASE,
)
_SPECIFIC = {kind: rank for rank, kind in enumerate(reversed(list(IncidentType)))}


def incident_type(statements: Sequence[Statement]) -> tuple[IncidentType, Statement | None, Hit | None]:
    """The type with the most weight, and the words that weigh most for it; `other` where no word tells."""
    weights: dict[IncidentType, float] = defaultdict(float)
    best: dict[IncidentType, tuple[int, Statement, Hit]] = {}
    for number, statement in enumerate(statements):
        # The sentences that tell first tell what it was; later ones tell what followed.
        factor = 2.0 if number == 0 else 1.0 if number < 3 else 0.5
        seen: set[IncidentType] = set()
        for hit in statement.hits:
            if hit.entry.table != "type":
                continue
            kind = IncidentType(hit.entry.value)
            weights[kind] += hit.entry.weight * factor * (0.3 if kind in seen else 1.0)
            seen.add(kind)
            if kind not in best or hit.entry.weight > best[kind][0]:
                best[kind] = (hit.entry.weight, statement, hit)
    if not weights:
        return IncidentType.OTHER, None, None
    kind = max(weights, key=lambda k: (weights[k], _SPECIFIC[k]))
    return kind, best[kind][1], best[kind][2]


def aims(statements: Sequence[Statement]) -> list[tuple[Target, Statement, Hit]]:
    """What the incident was aimed at, the first mention of each class; not what somebody came or fled in."""
    found: dict[str, tuple[Target, Statement, Hit]] = {}
    for statement in statements:
        for hit in statement.hits:
            if hit.entry.table == "target" and hit.entry.value not in found:
                if hit.entry.value in _CARRIERS and _carries(statement, hit):
                    continue
                text = _words(statement, hit)
                found[hit.entry.value] = (Target(kind=hit.entry.value, text=text), statement, hit)
    return list(found.values())


def _carries(statement: Statement, hit: Hit) -> bool:
    before = statement.text[: hit.start - statement.sentence.start]
    carried = _CARRIED.search(before, max(0, len(before) - 60))
    return carried is not None and _STRUCK.search(before, max(0, len(before) - 100), carried.end()) is None


def means(statements: Sequence[Statement]) -> list[tuple[Weapon, Statement, Hit]]:
    """What it was done with, the first mention of each class."""
    found: dict[str, tuple[Weapon, Statement, Hit]] = {}
    for statement in statements:
        for hit in statement.hits:
            if hit.entry.table == "weapon" and hit.entry.value not in found:
                found[hit.entry.value] = (Weapon(kind=hit.entry.value, text=_words(statement, hit)), statement, hit)
    return list(found.values())


def _words(statement: Statement, hit: Hit) -> str:
    offset = statement.sentence.start
    return statement.text[hit.start - offset : hit.end - offset]
