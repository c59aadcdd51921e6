"""Incidents that a text tells of without saying that anybody was harmed: a bombing, an arson, an attack that failed."""

from __future__ import annotations

from collections.abc import Iterable

from schemas import TYPES, IncidentFamily, IncidentType, Stage
from services.processor.extraction.drafts import Statement
from services.processor.extraction.scan import Hit
from services.processor.extraction.wordlists import word_set

_FAMILIES = (IncidentFamily.VIOLENCE, IncidentFamily.UNREST, IncidentFamily.ACCIDENT, IncidentFamily.DISASTER)
_ARMED_PEOPLE = word_set("armed_people")
_PROTESTS = (IncidentType.PROTEST_VIOLENCE, IncidentType.RIOT)


def tells_event(statement: Statement) -> bool:
    """Whether a sentence says that an incident took place: in a form that tells of it, and at no past time."""
    types = [hit for hit in statement.hits if hit.entry.table == "type" and _counts(hit)]
    words = [hit for hit in statement.hits if hit.entry.table == "event"]
    if not words or not _said_to_happen(statement, types, words):
        return False
    times = [t for t in statement.times if t.role == "event"]
    return not times or not all(t.is_past for t in times)


def _counts(hit: Hit) -> bool:
    return TYPES[IncidentType(hit.entry.value)].family in _FAMILIES and IncidentType(hit.entry.value) not in _PROTESTS


def _said_to_happen(statement: Statement, types: Iterable[Hit], words: Iterable[Hit]) -> bool:
    classes = {hit.entry.value for hit in words}
    if "did" in classes:
        return True
    strong = any(hit.entry.weight > 1 for hit in types)
    armed = any(hit.entry.table in ("target", "weapon") for hit in statement.hits) or _names_armed(statement)
    return ("clashed" in classes and armed) or ("occurred" in classes and strong and armed)


def _names_armed(statement: Statement) -> bool:
    return not _ARMED_PEOPLE.isdisjoint(statement.text.lower().replace(",", " ").replace(".", " ").split())


def stage_of(statements: Iterable[Statement], harmed: bool) -> Stage:
    """How far the incident got: attempted where its first sentences say that it failed and nobody was harmed."""
    if harmed:
        return Stage.ACCOMPLISHED
    for statement in list(statements)[:2]:
        values = {hit.entry.value for hit in statement.hits if hit.entry.table == "event"}
        if "failed" in values:
            return Stage.ATTEMPTED
    return Stage.ACCOMPLISHED
