"""The type of an incident, and what it was done with, from the words of the sentences that tell of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from schemas import TYPES, IncidentFamily, IncidentType, Weapon
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.events.model import EventMention
from services.processor.extraction.scan import Entry, Hit
from services.processor.extraction.when import PAST

_NATURAL = (IncidentFamily.DISASTER, IncidentFamily.HEALTH)
_PLACE = 2
"""Weight up to which a word for an accident may only say where something happened: "airport", "runway"."""
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_SPECIFIC = {kind: rank for rank, kind in enumerate(reversed(list(IncidentType)))}


def incident_type(statements: Sequence[Statement]) -> tuple[IncidentType, Statement | None, Hit | None]:
    """The type with the most weight, and the words that weigh most for it; `other` where no word tells.

    Where only verbs tell, "rebels destroyed a school", the type is that of the first event.
    """
    weights: dict[IncidentType, float] = defaultdict(float)
    best: dict[IncidentType, tuple[int, Statement, Hit]] = {}
    attacked = any(_is_attack(one) for statement in statements for one in statement.mentions) or bool(means(statements))
    for number, statement in enumerate(statements):
        # The sentences that tell first tell what it was; later ones tell what followed.
        factor = 2.0 if number == 0 else 1.0 if number < 3 else 0.5
        if statement.drafts and all(_of_another_year(draft) for draft in statement.drafts):
            # "In February 2019 a landslide killed ten": it may have been of another kind.
            continue
        seen: set[IncidentType] = set()
        # "The attack comes as famine spreads": what is taken up again is violence, whatever goes on beside it.
        again = any(not one.fresh and TYPES[one.kind].family is IncidentFamily.VIOLENCE for one in statement.mentions)
        for hit in statement.hits:
            if hit.entry.table != "type":
                continue
            kind = IncidentType(hit.entry.value)
            if kind is IncidentType.AIR_ACCIDENT and attacked and hit.entry.weight <= _PLACE:
                # "gunmen attacked the airport"
                continue
            if again and TYPES[kind].family in _NATURAL:
                continue
            weights[kind] += hit.entry.weight * factor * (0.3 if kind in seen else 1.0)
            seen.add(kind)
            if kind not in best or hit.entry.weight > best[kind][0]:
                best[kind] = (hit.entry.weight, statement, hit)
    if not weights:
        told = ((one, statement) for statement in statements for one in statement.mentions if one.concrete)
        first = next(((one, s) for one, s in told if one.kind not in (IncidentType.KILLING, IncidentType.OTHER)), None)
        if first is None:
            return IncidentType.OTHER, None, None
        one, statement = first
        return one.kind, statement, Hit(Entry("type", one.kind.value), one.start, one.end)
    if IncidentType.FIRE in weights and IncidentType.WILDFIRE in weights:
        # "fires", "flames" and "blazes" tell of a wildfire too, where it is called one.
        weights[IncidentType.WILDFIRE] += weights.pop(IncidentType.FIRE)
    kind = max(weights, key=lambda k: (weights[k], _SPECIFIC[k]))
    return kind, best[kind][1], best[kind][2]


def _of_another_year(draft: Draft) -> bool:
    return (draft.background or "").startswith(PAST) and _YEAR.search(draft.background or "") is not None


def _is_attack(mention: EventMention) -> bool:
    violent = TYPES[mention.kind].family is IncidentFamily.VIOLENCE
    return mention.concrete and violent and mention.kind is not IncidentType.KILLING


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
