"""All statements of an article, with those that are no current incident set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from schemas import ClaimKind, IncidentType
from services.processor.extraction.currency.article_view import ArticleView, view_of
from services.processor.extraction.currency.called_false import called_false
from services.processor.extraction.currency.earlier_events import of_other_events
from services.processor.extraction.currency.lead import STORIES, carried_on, is_notice, lead_reason, title_reasons
from services.processor.extraction.currency.older_events import of_older_events, of_those_told_of
from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.currency.subject import MAY_BE_NEWS, in_passing, subject_of
from services.processor.extraction.currency.sums import sums_of_places
from services.processor.extraction.currency.verdict import (
    drafts_of,
    event_not_current,
    has_day,
    not_current,
    span_of,
    tells_its_day,
    tells_of_animals,
)
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.events.model import EventMention
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.when import OVER_TIME, PAST

_OF_HEALTH = (IncidentType.EPIDEMIC, IncidentType.POISONING)
"""Types that befall animals as well."""
TELLING = 10
"""From here on the same number twice in one article is the same people: smaller ones coincide."""


def mark_not_current(readings: Sequence[FieldReading], published_at: datetime | None) -> None:
    """Set aside every claim that is no toll of a current incident, with the reason in its `reasoning`.

    First those whose own sentence says so; then, in an article that is about something else, those told in passing.
    Statements that tell of an incident without harm lose their `event` mark in the same way. Linear; never raises.
    """
    statements = [statement for reading in readings for statement in reading.statements]
    events = [statement for statement in statements if statement.event]
    if not events and next(drafts_of(statements), None) is None:
        return
    view = view_of(readings, published_at)
    reasons = {id(draft): not_current(view, statement, draft) for statement, draft in drafts_of(statements)}
    animals = tells_of_animals(view)
    if animals:
        for _, draft in drafts_of(statements):
            if not draft.people and draft.form == "count":
                reasons[id(draft)] = reasons[id(draft)] or Reason("animal", "title")
    for draft, reason in called_false(readings):
        reasons[id(draft)] = reasons.get(id(draft)) or reason
    _share_stretches(view, statements, reasons)
    _keep_only_counts(statements, reasons)
    reasons.update(carried_on(view, statements, reasons))
    governing = lead_reason(view, statements, reasons)
    notice = is_notice(view)
    for statement, draft in drafts_of(statements):
        if governing is not None and (notice or statement.where != "title") and reasons[id(draft)] is None:
            dated = governing.code not in STORIES and has_day(view, statement, span_of(statement, draft))
            reasons[id(draft)] = None if dated else governing
    reasons.update(title_reasons(view, statements, reasons))
    restated = _restated(view, statements, reasons)
    for _, draft in drafts_of(statements):
        _set_aside(draft, reasons[id(draft)] or restated.get(id(draft)))
    for draft, reason in list(of_other_events(statements)):
        _set_aside(draft, reason)
    for draft, reason in list(sums_of_places(statements)):
        _set_aside(draft, reason)
    for draft, reason in list(of_older_events(statements, published_at)):
        _set_aside(draft, reason)
    for draft, reason in list(of_those_told_of(statements)):
        _set_aside(draft, reason)
    for draft, why in list(_summed_up(view, statements)):
        draft.background = why
        draft.reasoning.append(f"not counted: {why}")
    for statement in events:
        if (
            animals
            and not statement.drafts
            and all(one.kind in _OF_HEALTH for one in statement.mentions if one.concrete)
        ):
            # "An outbreak of anthrax has killed 53 cattle"
            statement.event = False
            continue
        if published_at is not None and _told_by_past_claims(statement):
            statement.event = False
            continue
        dated = governing is not None and governing.code not in STORIES and tells_its_day(view, statement)
        statement.event = event_not_current(view, statement) is None and (
            governing is None or governing.code == "past" or dated
        )
    if next(drafts_of(statements), None) is None and not any(statement.event for statement in events):
        return
    subject = subject_of(view, readings)
    if subject is None:
        return
    for statement, draft in drafts_of(statements):
        _set_aside(draft, in_passing(view, subject, statement, draft))
    for statement in events if subject.genre not in MAY_BE_NEWS else ():
        statement.event = statement.event and tells_its_day(view, statement)


def _told_by_past_claims(statement: Statement) -> bool:
    """Whether a statement tells of an event only by the words of claims that are of the past.

    "arrested 31 suspects in connection with last month's killing of 54 people"
    """
    past = [d for d in statement.drafts if d.background is not None and d.background.startswith(PAST)]
    told = [one for one in statement.mentions if one.concrete]
    aside = bool(statement.drafts) and all(d.background is not None for d in statement.drafts)
    if aside and statement.times and all(time.is_past for time in statement.times):
        # "the greatest loss of life since the siege of 2004, which left 333 people dead"
        return True
    if aside and all(d.background is not None and d.background.startswith(OVER_TIME) for d in statement.drafts):
        # "306 people were killed in explosions of tankers in 2016"
        return True
    if past and len(past) == len(statement.drafts) and told and all(_is_past(one, statement) for one in told):
        # "Charges were filed on Friday for the 2015 derailment that killed eight people"
        return True
    first = statement.times[0] if statement.times else None
    if first is not None and first.is_past and past and len(past) == len(statement.drafts):
        # "Fifty years ago, troops stormed the village and killed 504 people"
        return all(first.start <= one.start for one in told)
    return bool(told) and all(any(d.start <= one.start < d.end for d in past) for one in told)


def _is_past(mention: EventMention, statement: Statement) -> bool:
    """Whether of the times of a sentence that which stands nearest to a word for an event is past."""
    times = [time for time in statement.times if time.role == "event"]
    nearest = min(times, key=lambda time: max(time.start - mention.end, mention.start - time.end), default=None)
    return nearest is not None and nearest.is_past


def _share_stretches(view: ArticleView, statements: Sequence[Statement], reasons: dict[int, Reason | None]) -> None:
    """Give the earlier members of a list the stretch of time of the last: "the 900 killed and 40 lost since 1961"."""
    for statement in statements:
        drafts = [draft for draft in statement.drafts if id(draft) in reasons]
        folded = view.text(statement.where).folded
        for one, other in reversed(list(pairwise(drafts))):
            reason = reasons[id(other)]
            if reason is None or reason.code != "running" or reasons[id(one)] is not None or one.end > other.start:
                continue
            if reason.words.startswith("since") and folded[one.end : other.start].strip(" ,") in ("", "and"):
                reasons[id(one)] = reason


def _keep_only_counts(statements: Sequence[Statement], reasons: dict[int, Reason | None]) -> None:
    """Give back the claims of an earlier count where the article has no later one: none, or that same number again."""
    counted = {(d.kind, d.best) for _, d in drafts_of(statements) if reasons[id(d)] is None and d.best}
    for _, draft in drafts_of(statements):
        reason = reasons[id(draft)]
        if reason is None or reason.code != "superseded":
            continue
        if all(kind is not draft.kind or best == draft.best for kind, best in counted):
            reasons[id(draft)] = None


def _restated(
    view: ArticleView, statements: Sequence[Statement], reasons: Mapping[int, Reason | None]
) -> dict[int, Reason]:
    """Reasons for claims that repeat a number told of before as no toll, by id: "The figures: 123 people killed"."""
    first: dict[tuple[ClaimKind, int], Reason | None] = {}
    found: dict[int, Reason] = {}
    for statement, draft in drafts_of(statements):
        if draft.best is None or draft.best < TELLING:
            continue
        reason = first.setdefault((draft.kind, draft.best), reasons[id(draft)])
        said = view.text(statement.where).folded[draft.start : draft.end]
        if reason is not None and reason.code == "forecast" and "confirmed" in said:
            # "expected to climb past 75 ... of the 75 confirmed dead"
            continue
        if reason is not None and not has_day(view, statement, span_of(statement, draft)):
            found[id(draft)] = reason
    return found


def _summed_up(view: ArticleView, statements: Sequence[Statement]) -> Iterator[tuple[Draft, str]]:
    """Claims of a headline whose number the body tells of as no toll, "187 killed since the monsoon began", with why.

    A headline leaves out what the text says of its number.
    """
    told: dict[tuple[ClaimKind, int], set[str | None]] = {}
    for statement in statements:
        for draft in statement.drafts if statement.where == "body" else ():
            if draft.best is not None and draft.best >= TELLING:
                told.setdefault((draft.kind, draft.best), set()).add(draft.background)
    for statement in statements:
        for draft in statement.drafts if statement.where != "body" else ():
            reasons = told.get((draft.kind, draft.best or 0), {None})
            if (
                draft.background is None
                and None not in reasons
                and not has_day(view, statement, span_of(statement, draft))
            ):
                yield draft, min(reason for reason in reasons if reason is not None)


def _set_aside(draft: Draft, reason: Reason | None) -> None:
    if reason is not None:
        draft.background = str(reason)
        draft.reasoning.append(f"not counted: {reason}")
