"""Event mentions: where a text says that an incident took place, was tried or was threatened."""

from __future__ import annotations

from typing import NamedTuple

from schemas.taxonomy import IncidentType
from schemas.vocabulary import Stage
from services.processor.extraction.times.mentions import TimeMention


class EventMention(NamedTuple):
    """Words of a sentence by which it tells of an incident."""

    start: int
    end: int
    """Offsets of the words into the field."""
    kind: IncidentType
    stage: Stage
    concrete: bool
    """Enough stands beside them (a place, a time, a target, an actor, a victim) for an incident of its own."""
    fresh: bool
    """Told as new ("a bomb exploded"), not taken up again ("the blast", "that killing")."""
    verb: bool = True
    """Told by a verb, not by a noun ("the murder of")."""
    names: frozenset[str] = frozenset()
    """Surnames of those who are named as its victims, in lower case."""
    taken_up: bool = False
    """Named as known in an article on what came after it; what else happened and is dated beside it is not it."""
    day: TimeMention | None = None
    """The time that these words themselves give it, "last week's siege"; only where it is taken up."""
