"""Which claims are no toll of a current incident: by their own words first, then by what the article is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from schemas import ArticleField, ClaimKind, TimePrecision
from services.processor.extraction.currency.cues import Cue, TextCues, find_cues
from services.processor.extraction.currency.genre import Subject, weigh
from services.processor.extraction.currency.reasons import CATEGORIES, Reason
from services.processor.extraction.currency.scope import WINDOW, Span, compares, no_clause_between, reaches
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.text import fold
from services.processor.extraction.times import TimeMention
from services.processor.extraction.wordlists import read_rows

CURRENT = timedelta(days=14)
"""What began longer before publication is no current stretch of time: "since Friday" is one, "since 2009" is none."""
SURE = 14.0
"""Weight of a genre from which on an article is about it. Articles on incidents stay below it, whatever they are on."""
_PASSING = frozenset(("business", "politics", "science", "health"))
"""Subjects in which a current toll is told, too: there a claim in the perfect tense is current."""
_LEAD_SENTENCES = 2
_DAY_WORD = re.compile(
    r"day\b|\bovernight|\bnight|\bmorning|\bafternoon|\bevening|\btoday|\bhours?\b|\bago\b|\bweek", re.I
)
_PERFECT = re.compile(r"\b(?:has|have|had|is|are)\b(?:\s\w+){0,3}\s*\Z")
_KNOWN = re.compile(r"\b(?:which|that|where|whose|in\swhich|who)(?:\s(?:has|have|had|so|far|already|also)){0,4}\s*\Z")
_SAYS_THAT = re.compile(
    r"\b(?:said|says|say|saying|told|tells|reported|reports|confirmed|announced|believes?|believed|added|claimed|stated|"
    r"fears?|feared|shows?|showed|so|now|after|is)\s(?:\w+\s){0,2}that\s*\Z"
)
_TIMELY = (TimePrecision.HOUR, TimePrecision.DAY, TimePrecision.WEEK)
_NATURAL_VERBS = re.compile(r"\b(?:die|dies|died|dying|dead|death|deaths|passed away)\b")


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article as this package reads it: the lower-case text of each field with its cues, and its date."""

    texts: Mapping[ArticleField, TextCues]
    published_at: datetime | None


def view_of(readings: Sequence[FieldReading], published_at: datetime | None) -> ArticleView:
    """The view of an article that was published at `published_at`, null where that is not known."""
    texts = {reading.where: find_cues(fold(reading.view).replace("\n", " ")) for reading in readings if reading.view}
    return ArticleView(texts, published_at)


def mark_not_current(readings: Sequence[FieldReading], published_at: datetime | None) -> None:
    """Set aside every claim that is no toll of a current incident, with the reason in its `reasoning`.

    First those whose own sentence says so; then, in an article that is about something else, those told in passing.
    Takes linear time and never raises.
    """
    pairs = [(s, draft) for reading in readings for s in reading.statements for draft in s.drafts]
    if not any(draft.background is None for _, draft in pairs):
        return
    view = view_of(readings, published_at)
    for statement, draft in pairs:
        if draft.background is None:
            _set_aside(draft, not_current(view, statement, draft))
    subject = subject_of(view, readings)
    if subject is not None:
        for statement, draft in pairs:
            if draft.background is None:
                _set_aside(draft, in_passing(view, subject, statement, draft))


def _set_aside(draft: Draft, reason: Reason | None) -> None:
    if reason is not None:
        draft.background = str(reason)
        draft.reasoning.append(f"not counted: {reason}")


# ------------------------------------------------------------------------------------------------ by its own words


def not_current(view: ArticleView, statement: Statement, draft: Draft) -> Reason | None:
    """Why the sentence of a claim says that it is no toll of a current incident; None where it says nothing of that."""
    creature = _creature(draft)
    if creature is not None:
        return creature
    text = view.texts[statement.where]
    span = _span(statement, draft)
    dated: bool | None = None
    for cue in _cues_near(text, span):
        category = CATEGORIES[cue.category]
        if not reaches(cue, span, text.folded):
            continue
        if not _applies(cue, span, text.folded, statement, draft):
            continue
        if category.dated:
            dated = _has_day(view, statement, span, text.folded) if dated is None else dated
            if dated:
                continue
        return Reason(cue.category, text.folded[cue.start : cue.end].strip())
    return None


def _cues_near(text: TextCues, span: Span) -> Iterator[Cue]:
    yield from text.within(max(span.first, span.start - WINDOW), min(span.last, span.end + WINDOW))


def _span(statement: Statement, draft: Draft) -> Span:
    sentence = statement.sentence
    return Span(draft.start, draft.end, sentence.start, sentence.end, draft.voice == "active")


def _applies(cue: Cue, span: Span, folded: str, statement: Statement, draft: Draft) -> bool:
    """What single categories ask for beyond their scope."""
    if cue.category in ("running", "history") and compares(cue, folded):
        return cue.scope == "relative"
    if cue.category == "season":
        return not _leads(statement)
    if cue.category == "natural":
        return _is_natural(draft, span, folded, statement)
    if cue.category == "court":
        return not _is_venue(cue, span, folded)
    return True


def _is_natural(draft: Draft, span: Span, folded: str, statement: Statement) -> bool:
    """One person dies, in a sentence that tells of no incident."""
    if draft.kind is not ClaimKind.KILLED or (draft.best or 1) > 1:
        return False
    if _NATURAL_VERBS.search(folded, span.start, min(span.last, span.end + 8)) is None:
        return False
    return not any(
        hit.entry.table == "type"
        and hit.entry.value not in ("killing", "epidemic")
        and folded[max(0, hit.start - 6) : hit.start] != "heart "
        for hit in statement.hits
    )


_VENUE = re.compile(r"\b(?:outside|near|at|as|while|during|when|ahead\sof|before|after)\s(?:\w+\s){0,3}\Z")


def _is_venue(cue: Cue, span: Span, folded: str) -> bool:
    """Whether a trial is only where or when it happened: "a bomb went off outside the trial of"."""
    return cue.start >= span.end and _VENUE.search(folded, max(0, cue.start - 40), cue.start) is not None


@cache
def _creatures() -> dict[str, str]:
    return {word: kind for kind, words in read_rows("currency_creatures.tsv") for word in words.split()}


def _creature(draft: Draft) -> Reason | None:
    head = draft.people.lower().split()[-1:] if draft.form in ("count", "bare", "singular", "definite") else []
    kind = _creatures().get(head[0]) if head else None
    return Reason(kind, head[0]) if kind is not None else None


def _has_day(view: ArticleView, statement: Statement, span: Span, folded: str) -> bool:
    """Whether the claim's own clause says on which current day or in which current hours it happened."""
    return any(
        no_clause_between(time.start, time.end, span, folded) for time in statement.times if _is_timely(time, view)
    )


def _is_timely(time: TimeMention, view: ArticleView) -> bool:
    if time.role == "since":
        start = time.occurred.start
        return start is not None and view.published_at is not None and view.published_at - start <= CURRENT
    if time.role != "event" or time.is_past:
        return False
    if time.occurred.precision is TimePrecision.UNRESOLVED:
        return _DAY_WORD.search(time.text) is not None
    return time.occurred.precision in _TIMELY


def _leads(statement: Statement) -> bool:
    return statement.where != "body" or statement.sentence.index < _LEAD_SENTENCES


# ------------------------------------------------------------------------------------- by what the article is about


def subject_of(view: ArticleView, readings: Sequence[FieldReading]) -> Subject | None:
    """What an article is about, where that is no incident; None where its title or lead tells of harm as news."""
    ranked = weigh(view.texts.get("title"), view.texts.get("body"))
    if not ranked or ranked[0].score < SURE:
        return None
    subject = ranked[0]
    for reading in readings:
        text = view.texts.get(reading.where)
        for statement in reading.statements:
            if text is None or not _leads(statement):
                continue
            for draft in statement.drafts:
                tells = draft.background is None and draft.kind is ClaimKind.KILLED and draft.best != 0
                if tells and not _is_known(statement, draft, text.folded):
                    return None
    return subject


def in_passing(view: ArticleView, subject: Subject, statement: Statement, draft: Draft) -> Reason | None:
    """Why a claim in an article about `subject` is told in passing; None where it is news there, too."""
    text = view.texts[statement.where]
    span = _span(statement, draft)
    if _has_day(view, statement, span, text.folded) and not _is_known(statement, draft, text.folded):
        return None
    if subject.genre in _PASSING and not _is_known(statement, draft, text.folded):
        start = max(span.first, span.start - 30)
        inside = text.folded[span.start : span.end]
        if _PERFECT.search(text.folded, start, span.start) or re.search(r"\b(?:has|have)\b", inside):
            return None
    return Reason(f"subject:{subject.genre}", subject.words)


def _is_known(statement: Statement, draft: Draft, folded: str) -> bool:
    """Whether a claim only says which event is meant: "the waves which killed 30,000 people"."""
    before = folded[max(statement.sentence.start, draft.start - 60) : draft.start]
    return _KNOWN.search(before) is not None and _SAYS_THAT.search(before) is None
