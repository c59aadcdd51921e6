"""Claims told in passing in an article that is about something else: the tsunami on the pages for business or sport."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas import ClaimKind
from services.processor.extraction.currency.article_view import ArticleView
from services.processor.extraction.currency.genre import Subject, weigh
from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.currency.verdict import drafts_of, has_day, leads, span_of
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.reading import FieldReading

SURE = 14.0
"""Weight of a genre from which on an article is about it. Articles on incidents stay below it, whatever they are on."""
_SURER = {"politics": 19.0, "court": 19.0}
"""As SURE, for genres whose words are also those of a country at war or of the hunt for killers."""
MAY_BE_NEWS = frozenset(("business", "politics", "science", "health"))
"""Subjects in whose articles current incidents are told, too: there a claim in the perfect tense is current."""
_STORIES = frozenset(("culture", "drill"))
"""Subjects whose articles tell in the present tense what never happened."""
_TELLING = 10
"""From here on the same number of dead twice is the same dead."""
_PERFECT = re.compile(r"\b(?:has|have|had|is|are)\b(?:\s\w+){0,3}\s*\Z")
_PERFECT_INSIDE = re.compile(r"\b(?:has|have)\b")
_PRESENT = re.compile(
    r"\b(?:is|are|being|gets|get)\s(?:\w+\s){0,2}\w+(?:ed|en|in|ain|ot|own)\b|"
    r"\b(?:kill|murder|massacre|execute|slaughter|shoot|behead|die|drown|perish)s?\b"
)
_KNOWN = re.compile(r"\b(?:which|that|where|whose|in\swhich|who)(?:\s(?:has|have|had|so|far|already|also)){0,4}\s*\Z")
_SAYS_THAT = re.compile(
    r"\b(?:said|says|say|saying|told|tells|reported|reports|confirmed|announced|believes?|believed|added|claimed|stated|"
    r"fears?|feared|shows?|showed|so|now|after|is)\s(?:\w+\s){0,2}that\s*\Z"
)


def subject_of(view: ArticleView, readings: Sequence[FieldReading]) -> Subject | None:
    """What an article is about, where that is no incident; None where its title or lead tells of deaths as news."""
    deaths = [
        (statement, draft)
        for reading in readings
        for statement, draft in drafts_of(reading.statements)
        if leads(statement) and _tells_of_dead(view, statement, draft)
    ]
    stories = {draft.best for statement, draft in deaths if _may_be_told(view, statement, draft)}
    if any(
        not _may_be_told(view, statement, draft) and (statement.where != "title" or draft.best not in stories)
        for statement, draft in deaths
    ):
        return None
    if _counted_anew(view, [s for reading in readings for s in reading.statements]):
        return None
    ranked = weigh(view.text("title"), view.text("body"))
    subject = next((s for s in ranked if s.score >= _SURER.get(s.genre, SURE)), None)
    return None if subject is None or (deaths and subject.genre not in _STORIES) else subject


def in_passing(view: ArticleView, subject: Subject, statement: Statement, draft: Draft) -> Reason | None:
    """Why a claim in an article about `subject` is told in passing; None where it is news there, too."""
    known = _is_known(view, statement, draft)
    if not known and has_day(view, statement, span_of(statement, draft)):
        return None
    if not known and subject.genre in MAY_BE_NEWS and _in_perfect(view, statement, draft):
        return None
    return Reason(f"subject:{subject.genre}", subject.words)


def _tells_of_dead(view: ArticleView, statement: Statement, draft: Draft) -> bool:
    return draft.kind is ClaimKind.KILLED and draft.best != 0 and not _is_known(view, statement, draft)


def _counted_anew(view: ArticleView, statements: Sequence[Statement]) -> bool:
    """Whether an article counts anew those of whom its lead says that they died: "a club where 231 perished".

    "Officials revised the toll from 233 to 231" makes them news, whoever owned the club.
    """
    known: set[int] = set()
    for statement, draft in drafts_of(statements):
        if draft.kind is not ClaimKind.KILLED or (draft.best or 0) < _TELLING:
            continue
        if leads(statement):
            known.add(draft.best or 0)
        elif draft.best in known and draft.voice == "toll" and not _is_known(view, statement, draft):
            return True
    return False


def _may_be_told(view: ArticleView, statement: Statement, draft: Draft) -> bool:
    """Whether deaths are told of as in a story: in the body, in the present tense."""
    told = view.text(statement.where).folded[draft.start : draft.end]
    return statement.where == "body" and _PRESENT.search(told) is not None


def _is_known(view: ArticleView, statement: Statement, draft: Draft) -> bool:
    """Whether a claim only says which event is meant: "the waves which killed 30,000 people"."""
    before = view.text(statement.where).folded[max(statement.sentence.start, draft.start - 60) : draft.start]
    return _KNOWN.search(before) is not None and _SAYS_THAT.search(before) is None


def _in_perfect(view: ArticleView, statement: Statement, draft: Draft) -> bool:
    folded = view.text(statement.where).folded
    before = folded[max(statement.sentence.start, draft.start - 30) : draft.start]
    return _PERFECT.search(before) is not None or _PERFECT_INSIDE.search(folded, draft.start, draft.end) is not None
