"""Reading the events of an article: what each sentence says happened, and what it says enough of to be an incident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from schemas import Stage
from services.processor.extraction.claims.people import find_people
from services.processor.extraction.claims.person import People
from services.processor.extraction.drafts import Statement
from services.processor.extraction.events.beside import Beside, is_fresh
from services.processor.extraction.events.lexicon import begins_within
from services.processor.extraction.events.model import EventMention
from services.processor.extraction.events.named_victims import kind_of, named_victims, put_named
from services.processor.extraction.events.realis import Realis, realis_of
from services.processor.extraction.events.triggers import Found, find_triggers
from services.processor.extraction.field_scan import may_have_happened
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.scan import Entry, Hit
from services.processor.extraction.text import Tokens, tokenise

_STAGES = {
    Realis.HAPPENED: Stage.ACCOMPLISHED, Realis.ATTEMPTED: Stage.ATTEMPTED, Realis.THREATENED: Stage.THREATENED,
}  # fmt: skip
_FAILS_BEFORE, _FAILS_AFTER = 10, 24
"""Words around an event's words within which "was defused" or "escaped unhurt" says that it failed."""

_SCORE = re.compile(
    r"\s(?:[a-z]+\s){0,3}(?:[A-Z][\w'-]+\s){1,4}\d{1,3}[-–]\d{1,3}(?=\s*(?:[.,;:!)]|\Z|on\b|in\b|at\b|to\b|with\b|away\b))"
)
"""After a verb: whom it was done to, and how many points each made."""


def find_events(readings: Sequence[FieldReading]) -> None:
    """Find the words by which an article's statements tell of events: `real` of each. Linear; never raises."""
    for reading in readings:
        for statement in reading.statements:
            for hit in statement.hits:
                if hit.entry.table == "trigger" and may_have_happened(hit, statement.where, reading.folded):
                    _find(statement, reading)
                    break


def _find(statement: Statement, reading: FieldReading) -> None:
    sentence = statement.sentence
    if statement.tokens is None:
        statement.tokens = tokenise(reading.view, sentence.start, sentence.end, reading.capitals)
    tokens, headline = statement.tokens, statement.where == "title"
    statement.real = [
        (one, realis) for one in find_triggers(tokens) if (realis := realis_of(tokens, one, headline)) is not None
    ]


def read_events(readings: Sequence[FieldReading]) -> None:
    """Read the events of an article's statements: `mentions` and `event` of each, and claims for named victims.

    Events and times must have been found before. Linear in the length of the text; never raises.
    """
    for reading in readings:
        for statement in reading.statements:
            if statement.real and statement.tokens is not None:
                _read(statement, statement.tokens, reading.capitals)


def may_tell_of_events(readings: Sequence[FieldReading]) -> bool:
    """Whether an event can be told of, or harm to somebody by name, whatever times the article names.

    A quick look, for an article that counts nobody: the words for events have been found, and times not yet.
    """
    return any(
        statement.tokens is not None and _may_tell(statement, statement.tokens, reading.capitals)
        for reading in readings
        for statement in reading.statements
        if statement.real
    )


def _may_tell(statement: Statement, tokens: Tokens, capitals: bool) -> bool:
    beside = Beside(statement, tokens, capitals, dated=True)
    for one, realis in statement.real:
        named = named_victims(tokens, one, lambda: _people_of(statement, tokens, capitals), capitals)
        if named is not None and realis is Realis.HAPPENED and kind_of(one) is not None:
            return True
        if beside.concrete(one, realis, named is not None and bool(named.surnames)):
            return True
    return False


def _people_of(statement: Statement, tokens: Tokens, capitals: bool) -> Sequence[People]:
    if statement.people is None:
        statement.people = find_people(tokens, capitals)
    return statement.people


def keep_attempts(statements: Iterable[Statement]) -> None:
    """Let what was tried or threatened count as an event: cues of plots set aside claims of harm, not attempts."""
    for statement in statements:
        if any(one.concrete and one.stage is not Stage.ACCOMPLISHED for one in statement.mentions):
            statement.event = True


def stage_of(statements: Sequence[Statement], harmed: bool) -> Stage:
    """How far an incident got: as far as the furthest that its statements tell of."""
    stages = {one.stage for statement in statements for one in statement.mentions if one.concrete}
    if harmed or not stages or Stage.ACCOMPLISHED in stages:
        return Stage.ACCOMPLISHED
    return Stage.ATTEMPTED if Stage.ATTEMPTED in stages else Stage.THREATENED


def _read(statement: Statement, tokens: Tokens, capitals: bool) -> None:
    past = _is_past(statement)
    found: list[tuple[Found, Realis, frozenset[str]]] = []
    for one, realis in statement.real:
        named = named_victims(tokens, one, lambda: _people_of(statement, tokens, capitals), capitals)
        if named is not None and realis is Realis.HAPPENED and not past:
            put_named(statement, tokens, one, named)
        found.append((one, realis, named.surnames if named is not None else frozenset()))
    if past:
        return
    dated = any(time.role == "event" and not time.is_past for time in statement.times)
    beside = Beside(statement, tokens, capitals, dated)
    for one, realis, names in found:
        concrete = beside.concrete(one, realis, bool(names)) and not _ends_in_score(statement, tokens, one)
        stage = Stage.ATTEMPTED if _failed(tokens, one, realis) else _STAGES[realis]
        start, end = tokens.starts[one.start], tokens.ends[one.end - 1]
        statement.mentions.append(
            EventMention(
                start, end, one.trigger.kind, stage, concrete, is_fresh(tokens, one), not one.trigger.noun, names
            )
        )
    concretes = [one for one in statement.mentions if one.concrete]
    statement.event = bool(concretes)
    # Whoever asks for the words that tell of the event finds those that do, and not every word that could.
    statement.hits = [hit for hit in statement.hits if hit.entry.table != "event"]
    statement.hits.extend(Hit(Entry("event", one.stage.value), one.start, one.end) for one in concretes)


def _ends_in_score(statement: Statement, tokens: Tokens, one: Found) -> bool:
    """Whether a deed is that of a team whose score the sentence gives: "Panthers massacre Knights 62-0"."""
    base = statement.sentence.start
    return _SCORE.match(statement.text, tokens.ends[one.end - 1] - base) is not None


def _is_past(statement: Statement) -> bool:
    times = [time for time in statement.times if time.role == "event"]
    return bool(times) and all(time.is_past for time in times)


def _failed(tokens: Tokens, one: Found, realis: Realis) -> bool:
    """Whether what is told as begun is said to have failed: "placed a bomb, which was defused"."""
    if realis is not Realis.HAPPENED:
        return False
    if one.trigger.strength == "foil":
        return True
    first, last = max(0, one.start - _FAILS_BEFORE), min(len(tokens.lower), one.end + _FAILS_AFTER)
    return begins_within("failing", tokens.lower, first, last)
