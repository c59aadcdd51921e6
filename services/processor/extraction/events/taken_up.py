"""Follow-ups: what an article takes up again by a phrase with the event's own day, "relatives of Saturday's dead".

Whoever reports a funeral, an inquiry or an arrest does not tell again what happened: the title and the lead name it as
known, "the victims of the Saturday night raid", "the hostel that burned in Samawa last week". The day is what tells
such news from a trial, a memoir or a statistic: it lies no more than `RECENT` before publication.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache

from schemas import ClaimKind, IncidentType, Stage, TimePrecision
from services.processor.extraction.currency.stretches import CURRENT
from services.processor.extraction.drafts import Statement
from services.processor.extraction.event_time import event_words, tells_of_event
from services.processor.extraction.events.lexicon import Trigger, ends_with, names_of_events, phrases, words
from services.processor.extraction.events.model import EventMention
from services.processor.extraction.events.realis import conditional, denied, phrase_start
from services.processor.extraction.events.triggers import Found, find_triggers
from services.processor.extraction.field_scan import FieldScan
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.text import Tokens, tokenise
from services.processor.extraction.times import TimeMention, days_after
from services.processor.extraction.wordlists import WordClass

_W = WordClass
LEAD = 3
"""First sentences of a body in which a follow-up says what it follows."""
_HEAD = 700
"""Characters of a body in which these stand."""
_REACH = 70
"""Characters between the words for an event and its day, in one breath: "the attack on the post at Dori last week"."""
_AFTER = " after "
_NOW = re.compile(r"\b(?:today|yesterday|this)\b", re.IGNORECASE)
"""After a noun it dates the news: "the ward lost the last of its patients from the blaze this week"."""
_AHEAD = timedelta(hours=36)
"""A day further after publication than a night and a time zone is to come."""
_DAYS = (TimePrecision.HOUR, TimePrecision.DAY, TimePrecision.WEEK)
_OF_WHOM = _W.PERSON | _W.PLURAL_PERSON
_DONE_TO_PEOPLE = (
    IncidentType.KILLING, IncidentType.ASSASSINATION, IncidentType.ABDUCTION, IncidentType.HOSTAGE_TAKING,
)  # fmt: skip
_SUBJECT_REACH = 4
"""Words from "that" or "which" to its verb."""
_REALITY_REACH = 12
"""Words before an event within which it is said to be to come."""
_ENDS = _W.BE | _W.HAVE | _W.SAY | _W.MODAL | _W.SUBORDINATE | _W.RELATIVE | _W.THAT | _W.PRONOUN
_SET_FREE = (
    r"\b(?:free[sd]?|releas(?:e[sd]?|ing)|rescu(?:e[sd]?|ing)|liberat(?:e[sd]?|ing))\s(?:(?!not\b)[\w-]+\s){0,3}?"
    r"(?:captives|hostages|abductees|kidnap\svictims)\b"
)
"""What befalls those who were taken, days or weeks later: "troops rescue 31 captives"."""
_AFTERMATH = ("aftermath", "soon_after")
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(r"[.,;:!?()\"]")


def may_follow_up(fields: Sequence[FieldScan], published_at: datetime | None) -> bool:
    """Whether an article in which nothing tells of harm or of an event may follow one up: a look before it is read."""
    if published_at is None or not any(field.speaks for field in fields):
        return False
    return any(_tells_of_aftermath(field.folded) for field in fields)


def may_take_up(readings: Sequence[FieldReading], published_at: datetime | None) -> bool:
    """Whether an article that tells of no event may follow one up: its head speaks of one, and of what comes after."""
    if published_at is None:
        return False
    spoken = any(leads(statement) and statement.hits for reading in readings for statement in reading.statements)
    return spoken and any(_tells_of_aftermath(reading.folded) for reading in readings)


def take_up(readings: Sequence[FieldReading], published_at: datetime) -> None:
    """Let the words by which an article takes up an event of the last days count for telling of it.

    For an article in which nothing else tells of an event or counts anybody: `mentions` and `event` of the statements
    of its title and lead are set where they name one with a day of its own. Where none has a day, its name will do in
    an article that tells of what comes only in the days after an event. Times must have been found. Linear.
    """
    leading = [(reading, statement) for reading in readings for statement in reading.statements if leads(statement)]
    leading = [(reading, one) for reading, one in leading if one.where == "title" or not one.text.endswith("?")]
    for reading, statement in leading:
        days = [time for time in statement.times if _is_recent(time, published_at)]
        if days:
            _tell(statement, _taken_up(statement, _tokens(statement, reading), days))
        if _AFTER in statement.text:
            _tell(statement, _counted_back(statement, _tokens(statement, reading), published_at))
    _set_back([statement for _, statement in leading])
    if any(statement.event for _, statement in leading):
        return
    if not any(_soon_after().search(reading.folded, 0, _HEAD) is not None for reading in readings):
        return
    for reading, statement in leading:
        _tell(statement, _known(statement, _tokens(statement, reading)))
        if statement.event:
            return


def _set_back(leading: Sequence[Statement]) -> None:
    """Let a day after the week that the article gives the event say nothing: on a Thursday, "Thursday's siege" of last
    week is that of a week before."""
    days = [one.day for statement in leading for one in statement.mentions if one.day is not None]
    ends = [day.occurred.end for day in days if day.occurred.precision is TimePrecision.WEEK and day.occurred.end]
    if not ends:
        return
    for statement in leading:
        statement.mentions = [
            one._replace(day=None) if one.day is not None and _begins_after(one.day, max(ends)) else one
            for one in statement.mentions
        ]


def _begins_after(day: TimeMention, end: datetime) -> bool:
    return day.occurred.start is not None and day.occurred.start >= end


def _tokens(statement: Statement, reading: FieldReading) -> Tokens:
    if statement.tokens is None:
        sentence = statement.sentence
        statement.tokens = tokenise(reading.view, sentence.start, sentence.end, reading.capitals)
    return statement.tokens


def _tell(statement: Statement, told: Iterator[EventMention]) -> None:
    for one in told:
        statement.mentions.append(one)
        statement.event = True


def leads(statement: Statement) -> bool:
    """Whether a statement stands where a follow-up says what it follows: title, highlights, first sentences."""
    return statement.where != "body" or statement.sentence.index < LEAD


def _is_recent(time: TimeMention, published_at: datetime) -> bool:
    start, end = time.occurred.start, time.occurred.end
    if time.role != "event" or time.is_past or start is None or time.occurred.precision not in _DAYS:
        return False
    return start <= published_at + _AHEAD and (end or start) >= published_at - CURRENT


def _taken_up(statement: Statement, tokens: Tokens, days: Sequence[TimeMention]) -> Iterator[EventMention]:
    """The words that name an event with a day of its own."""
    for one in [*find_triggers(tokens), *_named(tokens), *_seized(statement, tokens)]:
        if _is_spoken_of(tokens, one) or one.trigger.lemma in words("held"):
            # The day of "captives freed on Monday" is that on which they were freed.
            continue
        day = _noun(statement, tokens, one, days) if one.trigger.noun else _participle(tokens, statement, one, days)
        if day is not None:
            yield _mention(tokens, one, day)


def _counted_back(statement: Statement, tokens: Tokens, published_at: datetime) -> Iterator[EventMention]:
    """The event of "five days after the shipwreck", which was on the day so long before."""
    day = days_after(statement.text, statement.sentence.start, statement.times, published_at, event_words())
    if day is None or not _is_recent(day, published_at):
        return
    for one in (*find_triggers(tokens), *_named(tokens)):
        if one.trigger.noun and tokens.ends[one.end - 1] == day.end:
            yield _mention(tokens, one, day)
            return


def _known(statement: Statement, tokens: Tokens) -> Iterator[EventMention]:
    """The words that name an event or those whom it harmed as known, without a day."""
    title = statement.where == "title"
    for one in [*find_triggers(tokens), *_named(tokens)]:
        if one.trigger.form != "noun" or _is_spoken_of(tokens, one) or _is_to_come(tokens, one.start):
            continue
        if _is_definite(tokens, one, title):
            yield _mention(tokens, one, None)
            return
    for at, word in enumerate(tokens.lower) if title else ():
        if word in words("harmed"):
            kind = IncidentType.ABDUCTION if word in words("held") else IncidentType.OTHER
            yield _mention(tokens, Found(Trigger("event", kind, "noun", word), at, at + 1), None)
            return


def _mention(tokens: Tokens, one: Found, day: TimeMention | None) -> EventMention:
    # "The ferry that burned" may have been set on fire, or not.
    kind = IncidentType.FIRE if one.trigger.lemma == "burn" else one.trigger.kind
    start, end, verb = tokens.starts[one.start], tokens.ends[one.end - 1], not one.trigger.noun
    return EventMention(start, end, kind, Stage.ACCOMPLISHED, True, False, verb, taken_up=True, day=day)


def _is_spoken_of(tokens: Tokens, one: Found) -> bool:
    """Whether a clause says that an event has not been, or only that somebody calls it so."""
    if tokens.lower[: one.start].count('"') % 2:
        # What somebody is quoted with is no reporter's name for it.
        return True
    return conditional(tokens, one.start) or denied(tokens, one.start)


def _is_to_come(tokens: Tokens, start: int) -> bool:
    """Whether the clause before word `start` speaks of what may come: "is likely to become a typhoon on Monday"."""
    for k in range(start - 1, max(-1, start - _REALITY_REACH), -1):
        if tokens.classes[k] & _W.MODAL or tokens.lower[k] in words("expecting"):
            return True
        if tokens.lower[k] in (".", ";", ":"):
            return False
    return False


def _named(tokens: Tokens) -> Iterator[Found]:
    """Nouns by which news names an event of which it has told: "the disaster", "the tragedy"."""
    named = names_of_events()
    for at, word in enumerate(tokens.lower):
        if word in named:
            yield Found(named[word], at, at + 1)


def _seized(statement: Statement, tokens: Tokens) -> Iterator[Found]:
    """Those whom nobody counts and who were taken, "worshippers seized on Sunday", "pupils taken from their school"."""
    abducted = Trigger("harm", IncidentType.ABDUCTION, "participle", "seize")
    for draft in statement.drafts:
        if draft.kind is ClaimKind.ABDUCTED and draft.background is None:
            end = bisect_left(tokens.starts, draft.end)
            yield Found(abducted, end - 1, end)
    for at in range(len(tokens.lower)):
        if ends_with("seized", tokens.lower, at + 1):
            yield Found(abducted, at - 1, at + 1)


def _noun(statement: Statement, tokens: Tokens, one: Found, days: Sequence[TimeMention]) -> TimeMention | None:
    """The day of "Thursday's siege", "the attack on the convoy last week"; none of "another attack"."""
    if not _is_definite(tokens, one, title=True):
        return None
    return next((day for day in days if _before(tokens, one, day) or _after(statement, tokens, one, day)), None)


def _is_definite(tokens: Tokens, one: Found, title: bool) -> bool:
    """Whether a noun speaks of one event as known: "the capsizing", in a title "mill blaze"; not "attack jets"."""
    lower, classes, left = tokens.lower, tokens.classes, phrase_start(tokens, one.start)
    if lower[one.end : one.end + 1] and lower[one.end] in words("compounds"):
        return False
    if any(lower[k] in words("unsaid") for k in range(left, one.start)) or classes[left] & _W.INDEFINITE:
        return False
    return title or bool(classes[left] & _W.DETERMINER)


def _before(tokens: Tokens, one: Found, day: TimeMention) -> bool:
    """ "Saturday's dawn raid", "the Saturday night raid", "last week's killings"."""
    at = bisect_left(tokens.starts, day.end)
    if at > one.start or one.start - at > 3:
        return False
    own = tokens.lower[at : at + 1] in (["'s"], ["'"])
    between = tokens.classes[at + own : one.start]
    if any(bits & (_ENDS | _W.COMMA | _W.MARK | _W.AND | _W.PREPOSITION) for bits in between):
        return False
    return own or re.search(r"\b(?:the|this|of|over|after|for|in|that)\b", day.text.lower()) is not None


def _after(statement: Statement, tokens: Tokens, one: Found, day: TimeMention) -> bool:
    """ "the hostel that burned in Samawa last week", "the stampede at the temple on Sunday"."""
    end = tokens.ends[one.end - 1]
    if not end <= day.start <= end + _REACH or _is_to_come(tokens, one.start):
        return False
    base = statement.sentence.start
    if _MARKS.search(statement.text, end - base, day.start - base) is not None:
        return False
    at = bisect_left(tokens.starts, day.start)
    ends = _ENDS | _W.VERB | _W.PAST
    if any(bits & ends for bits in tokens.classes[one.end : at]):
        return False
    # "The victims of the stampede met the governor on Sunday": of a noun the day may be that of the verb.
    return not one.trigger.noun or (tells_of_event(day, statement) and _NOW.search(day.text) is None)


def _participle(tokens: Tokens, statement: Statement, one: Found, days: Sequence[TimeMention]) -> TimeMention | None:
    """The day of "the pupils taken from the school on Monday", "a launch that sank off Barisal last week"."""
    if "participle" not in one.trigger.form and "past" not in one.trigger.form:
        return None
    classes = tokens.classes
    near = range(max(1, one.start - _SUBJECT_REACH), one.start)
    hangs = any(classes[k] & (_W.RELATIVE | _W.THAT) and not classes[k - 1] & (_W.SAY | _W.MARK) for k in near)
    # "worshippers seized on Sunday", not "police raided a house on Sunday"
    led = (one.end < len(classes) and classes[one.end] & _W.PREPOSITION) or tokens.lower[one.end - 1] in ("from", "by")
    done_to = one.start and classes[one.start - 1] & _OF_WHOM and one.trigger.kind in _DONE_TO_PEOPLE and led
    if not hangs and not done_to:
        return None
    return next((day for day in days if _after(statement, tokens, one, day)), None)


@cache
def _soon_after() -> re.Pattern[str]:
    """What news tells of only in the days after an event."""
    return re.compile(rf"\b(?:{'|'.join(_sorted('soon_after'))})\b|{_SET_FREE}")


def _tells_of_aftermath(folded: str) -> bool:
    """Whether the head of a text speaks of what comes after an event."""
    head = folded[:_HEAD]
    return not _aftermath_words().isdisjoint(_WORD.findall(head)) and _aftermath().search(head) is not None


@cache
def _aftermath_words() -> frozenset[str]:
    """The longest word of each phrase for what comes after an event, one of which stands wherever one of these does."""
    return frozenset(max(_WORD.findall(" ".join(phrase)), key=len) for name in _AFTERMATH for phrase in phrases(name))


@cache
def _aftermath() -> re.Pattern[str]:
    """What news tells of after an event."""
    return re.compile(rf"\b(?:{'|'.join(phrase for name in _AFTERMATH for phrase in _sorted(name))})\b")


def _sorted(name: str) -> list[str]:
    return sorted((" ".join(phrase) for phrase in phrases(name)), key=len, reverse=True)
