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
_CARED_FOR = re.compile(
    r"\b(?:taken|rushed|brought|treated|treatment|died|dies|admitted|transferred|airlifted|evacuated|flown|recovering|carried"
    r"|moved|sent|discharged|released|condition|wounds?|injuries|injured|wounded|arrived|received|sources?"
    r"|according|director)\b[^.;]{0,50}\Z",
    re.IGNORECASE,
)
_HOSPITAL_SAYS = re.compile(
    r"\s(?:source|sources|official|officials|staff|director|records|bed|beds|treatment|(?:\w+\s){0,3}(?:said|told))\b"
)
_HOMEWARD = re.compile(
    r"\b(?:way|return|returned|returning|go|went|going|come|came|coming|back|head|headed|heading|stay|stayed)\s\Z",
    re.IGNORECASE,
)
_STRUCK = re.compile(
    r"\b(?:attack|attacks|bomb|bombs|explosion|blast|explosives?|fire|fired|shots|shot|device|crash|crashed|rammed|plunged|collided"
    r"|exploded|detonated|went off|threw|hurled|grenade|stormed|raided)\b[^.;]{0,40}\Z",
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
                if _is_aside(statement, hit) or _is_part(statement, hit):
                    continue
                text = _words(statement, hit)
                found[hit.entry.value] = (Target(kind=hit.entry.value, text=text), statement, hit)
    return list(found.values())


def _is_aside(statement: Statement, hit: Hit) -> bool:
    """Whether it is what somebody came in, or where the harmed went: a vehicle, a hospital, the way home."""
    at = hit.start - statement.sentence.start
    before = statement.text[:at]
    if hit.entry.value == "hospital":
        if _HOSPITAL_SAYS.match(statement.text, hit.end - statement.sentence.start):
            return True
        aside = _CARED_FOR.search(before, max(0, at - 80))
    elif hit.entry.value in _CARRIERS:
        aside = _CARRIED.search(before, max(0, at - 60))
    else:
        return _words(statement, hit).lower() == "home" and _HOMEWARD.search(before, max(0, at - 20)) is not None
    return aside is not None and _STRUCK.search(before, aside.start()) is None


def _is_part(statement: Statement, hit: Hit) -> bool:
    """Whether it is a word of a longer name for a target: the clinic of an abortion clinic."""
    return any(
        other.entry.table == "target"
        and other.start <= hit.start
        and hit.end <= other.end
        and other.end - other.start > hit.end - hit.start
        for other in statement.hits
    )


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
