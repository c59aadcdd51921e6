"""Article -> reports: what one article says about each incident that it tells of, every slot with its words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Sequence
from datetime import datetime
from typing import get_args

from schemas import (
    TYPES,
    Article,
    ArticleField,
    Claim,
    ClaimKind,
    Evidence,
    IncidentFamily,
    Modifier,
    Occurred,
    Report,
    Responsibility,
    Whose,
)
from services.processor.extraction.actors import find_perpetrators, to_perpetrators
from services.processor.extraction.aim import aims
from services.processor.extraction.buried_dead import set_buried_aside
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.currency import mark_not_current
from services.processor.extraction.currency.reasons import EARLIER_INCIDENT
from services.processor.extraction.drafts import FIELD_STEP, Draft, Statement, counts, evidence_of
from services.processor.extraction.events.mentions import (
    find_events,
    keep_attempts,
    may_tell_of_events,
    read_events,
    stage_of,
)
from services.processor.extraction.events.taken_up import may_follow_up, may_take_up, take_up
from services.processor.extraction.field_scan import FieldScan, scan_field
from services.processor.extraction.follow_ups import (
    is_follow_up,
    lead_of,
    place_of_follow_up,
    tells_of_people,
)
from services.processor.extraction.incident_place import Parting, place_of
from services.processor.extraction.incidents import group, merge_same, tells_of_several
from services.processor.extraction.language import unread_reason
from services.processor.extraction.places.find import find_places
from services.processor.extraction.reading import FieldReading, read_scanned
from services.processor.extraction.revises import with_revision
from services.processor.extraction.scene import scene_of_incident
from services.processor.extraction.sections import find_sections
from services.processor.extraction.setting import lay_out, settle
from services.processor.extraction.shared_totals import share_totals
from services.processor.extraction.text import ReadField, Tokens
from services.processor.extraction.titles import part_titles, read_shots_as_told, read_shots_by_sum
from services.processor.extraction.told_together import set_sums_aside, split_at_places
from services.processor.extraction.toll import toll_of
from services.processor.extraction.types import incident_type, means
from services.processor.extraction.when import date_statements, occurred_at
from services.processor.extraction.wording import with_wording

_FEWEST_VAGUE = 3
"""A vague number below this ("many", "a number of") counts nobody."""
_AFTER_IT = re.compile(r"\b(?:comes?|came|days?|weeks?|hours?|months?) after\b", re.IGNORECASE)
"""Says that what the article is about came later than what a sentence tells."""
_LEAD = 2
"""Sentences of a body that tell its news."""
_FEWEST_FLEEING = 10
"""Fewer who flee are no incident alone, "the two officers fled the country", nor who are moved but in a disaster."""

_TOLD_BEFORE = frozenset(("survivors", "victims", "wounded", "injured", "casualties"))
"""Words for people of whom a text has told already."""
SIDE_BY_SIDE = 128
"""Articles that are read side by side: from here on more gain little, and each holds some 100 KB."""

FIELDS: tuple[ArticleField, ...] = get_args(ArticleField)


def extract(article: Article) -> tuple[Report, ...]:
    """The incidents that `article` tells of as current, the one with the highest toll first.

    Empty where it tells of none, or where it is set aside unread (`language.unread_reason`). Pure and deterministic;
    never raises, whatever the text. Regions are left to whoever knows the region rules.
    """
    return extract_all((article,))[0]


def extract_all(articles: Sequence[Article]) -> list[tuple[Report, ...]]:
    """`extract` of each article, in their order: the same reports, of short articles in two thirds of the time.

    The articles are read side by side, `SIDE_BY_SIDE` at a time: one step of the reading is taken in all of them
    before the next. What a step needs, its code and its lexicons, then stays in the processor's cache, which does not
    hold that of all steps.
    """
    found: list[tuple[Report, ...]] = [()] * len(articles)
    for first in range(0, len(articles), SIDE_BY_SIDE):
        going = [(at, _steps(articles[at])) for at in range(first, min(len(articles), first + SIDE_BY_SIDE))]
        while going:
            left = []
            for at, steps in going:
                try:
                    next(steps)
                except StopIteration as end:
                    found[at] = end.value
                else:
                    left.append((at, steps))
            going = left
    return found


def _steps(article: Article) -> Generator[None, None, tuple[Report, ...]]:
    """The reading of one article, step by step; it returns the reports."""
    texts = {name: article.text_of(name) for name in FIELDS}
    fields = [scan_field(name, text) for name, text in texts.items()]
    if not any(field.may_tell for field in fields) and not may_follow_up(fields, article.published_at):
        return _taken_back(article, fields)
    yield
    readings = [read_scanned(field, number * FIELD_STEP) for number, field in enumerate(fields)]
    statements = [statement for reading in readings for statement in reading.statements]
    harmed = any(statement.drafts for statement in statements)
    eventful = harmed or any(field.may_tell_of_event for field in fields)
    if not eventful and not may_take_up(readings, article.published_at):
        return _taken_back(article, fields)
    yield
    find_events(readings)
    tells = any(counts(statement) for statement in statements) or may_tell_of_events(readings)
    if not tells and not may_take_up(readings, article.published_at):
        return _taken_back(article, fields)
    yield
    date_statements(readings, article.published_at)
    yield
    read_events(readings)
    itself = any(statement.event or tells_of_people(statement) for statement in statements)
    if article.published_at is not None and not itself and may_take_up(readings, article.published_at):
        take_up(readings, article.published_at)
    yield
    mark_not_current(readings, article.published_at)
    set_buried_aside(statements)
    keep_attempts(statements)
    if not any(statement.event or counts(statement) for statement in statements):
        return _taken_back(article, fields)
    if unread_reason(article) is not None:
        return ()
    yield
    share_totals(statements)
    layout = lay_out(readings)
    mentions = find_places(layout.text)
    yield
    setting = settle(layout, mentions)
    clusters = group(split_at_places(statements, setting), setting, find_sections(readings, setting))
    yield
    read_shots_by_sum(clusters)
    set_sums_aside(clusters)
    yield
    for reading in readings:
        _attach_perpetrators(reading, clusters, dated=article.published_at is not None)
    yield
    part_titles(clusters)
    clusters = [cluster for cluster in clusters if _current(cluster)]
    if len(clusters) > 1:
        apart = Parting(clusters, setting, statements)
        clusters = merge_same([(cluster, place_of(cluster, setting, texts, [], apart)) for cluster in clusters])
    for cluster in clusters:
        _set_aside_casualties(cluster)
        read_shots_as_told(cluster)
    clusters = [cluster for cluster in clusters if _current(cluster)]
    if len(clusters) > 1:
        clusters = [cluster for cluster in clusters if not _only_goes_on(cluster)] or clusters
        clusters = [cluster for cluster in clusters if not _in_passing(cluster, clusters)]
        clusters = [cluster for cluster in clusters if not _spared(cluster)] or clusters
    for cluster in clusters:
        if cluster.wide and len({place.country for place in cluster.places}) > 1:
            setting.tell_countries(cluster.statements)
    tolls = [(cluster, toll_of(cluster.drafts)) for cluster in clusters]
    parting = Parting(clusters, setting, statements)
    tolls.sort(key=lambda pair: -(pair[1].minimum(ClaimKind.KILLED)))
    yield
    ref = article.ref()
    reports = []
    for ordinal, (cluster, toll) in enumerate(tolls):
        kind, type_statement, type_hit = incident_type(lead_of(cluster))
        evidence, told = list[Evidence](), list[Evidence]()
        scene = scene_of_incident(kind, cluster, readings) if len(tolls) == 1 else None
        if scene is not None:
            kind = scene.kind
            evidence.append(evidence_of("type", scene.where, texts[scene.where], scene.start, scene.end))
        elif type_statement is not None and type_hit is not None:
            evidence.append(_evidence("type", type_statement, texts, type_hit.start, type_hit.end))
        targets, weapons = aims(cluster.statements, kind), means(cluster.statements)
        evidence.extend(_evidence("target", s, texts, hit.start, hit.end) for _, s, hit in targets)
        evidence.extend(_evidence("weapon", s, texts, hit.start, hit.end) for _, s, hit in weapons)
        yield
        place = place_of(cluster, setting, texts, told, parting)
        if is_follow_up(cluster):
            place = place_of_follow_up(cluster, place, texts, told)
        occurred = _occurred(cluster, texts, told, article.published_at)
        country = place.country if place is not None else None
        attacked = any(one.attacks for _, one in cluster.perpetrators)
        doers = [
            (where, one)
            for where, one in cluster.perpetrators
            if one.holds(country, kind) and not (attacked and one.answering)
        ]
        evidence.extend(evidence_of("perpetrator", where, texts[where], one.start, one.end) for where, one in doers)
        evidence.extend(told)
        reports.append(
            Report(
                report_id=f"{article.article_id}#{ordinal}",
                article=ref,
                ordinal=ordinal,
                type=kind,
                stage=stage_of(
                    cluster.statements, toll.minimum(ClaimKind.KILLED) + toll.minimum(ClaimKind.WOUNDED) > 0
                ),
                place=place,
                occurred=occurred,
                toll=toll,
                claims=_claims(cluster, texts),
                perpetrators=to_perpetrators([one for _, one in doers], country),
                targets=tuple(target for target, _, _ in targets),
                weapons=tuple(weapon for weapon, _, _ in weapons),
                evidence=tuple(evidence),
            )
        )
    read = {reading.where: ReadField(reading.view, reading.sentences, _words_of(reading)) for reading in readings}
    revised = with_revision(article, reports, read)
    yield
    return with_wording(article, revised, read["body"].view)


def _words_of(reading: FieldReading) -> dict[int, Tokens]:
    """The words of the sentences of a field that have been read, by where each begins."""
    if reading.capitals:
        return {}
    return {s.sentence.start: s.tokens for s in reading.statements if s.tokens is not None}


def _attach_perpetrators(reading: FieldReading, clusters: Sequence[Cluster], *, dated: bool) -> None:
    """Put whoever did it to the incident whose statements say so, or were the last before it.

    Statements that tell of no harm and of no event are of no incident: what they say is said of the one before them.
    `dated`: the article has a date, so that what it tells of the past can be told from its news.
    """
    telling = [cluster for cluster in clusters if cluster.drafts or _current(cluster)]
    if not reading.sentences or not telling:
        return
    owners = [
        (statement.sentence.start, cluster)
        for cluster in telling
        for statement in cluster.statements
        if statement.where == reading.where
    ]
    owners.sort(key=lambda pair: pair[0])
    starts = [start for start, _ in owners]
    past = {s.sentence.index for s in reading.statements if _is_past(s)} if dated else set[int]()
    several = {s.sentence.index for s in reading.statements if tells_of_several(s)}
    for found in find_perpetrators(reading.view, [(s.start, s.end) for s in reading.sentences]):
        if found.sentence in past and found.responsibility is not Responsibility.CLAIMED_OR_ADMITTED:
            continue
        at = bisect_right(starts, found.start) - 1
        owner = owners[at][1] if at >= 0 else telling[0]
        # "Jihadists killed 27 people in two attacks": they made both.
        for each in telling if found.sentence in several else (owner,):
            each.perpetrators.append((reading.where, found))


def _is_past(statement: Statement) -> bool:
    """Whether all that a statement tells of is past: who did that did nothing of what is news."""
    times = [time for time in statement.times if time.role == "event"]
    told = bool(statement.drafts) and all(draft.background is not None for draft in statement.drafts)
    return told and bool(times) and all(time.is_past for time in times)


def _taken_back(article: Article, fields: Sequence[FieldScan]) -> tuple[Report, ...]:
    """What an article that tells of no incident does to earlier ones."""
    if not any(field.holds("notice") for field in fields):
        return ()
    return with_wording(article, with_revision(article, ()))


def _current(cluster: Cluster) -> bool:
    """Whether the statements of a cluster make a current incident: an event, or harm to people who are counted.

    Harm to nobody in particular ("they are killing people") is talk unless a sentence tells of an event, and so is
    holding nobody ("no hostages are held"); who flees or is missed without a number is no incident alone.
    """
    if any(statement.event for statement in cluster.statements):
        return True
    told = (d for d in cluster.drafts if d.background is None and d.firm and not _uncounted(d))
    return any(_is_harm(draft, cluster.wide) for draft in told)


def _set_aside_casualties(cluster: Cluster) -> None:
    """Count "casualties" as dead only in a disaster, and only where its dead and wounded are not counted otherwise."""
    loose = [draft for draft in cluster.drafts if draft.casualties and draft.background is None]
    if not loose:
        return
    counted = [d for d in cluster.drafts if not d.casualties and d.background is None and d.best]
    told = [one.kind for statement in cluster.statements for one in statement.mentions if one.concrete]
    violent = any(TYPES[kind].family is IncidentFamily.VIOLENCE for kind in told)
    if cluster.wide and not violent and all(d.kind not in (ClaimKind.KILLED, ClaimKind.WOUNDED) for d in counted):
        return
    for draft in loose:
        draft.background = "casualties may be wounded"
        draft.reasoning.append(f"not counted: {draft.background}")


def _only_goes_on(cluster: Cluster) -> bool:
    """Whether all that a cluster tells of is harm to those told of before, "the survivors were burnt by the sun"."""
    if any(statement.event for statement in cluster.statements):
        return False
    told = [d for d in cluster.drafts if d.background is None]
    return all(d.best is None and d.form == "definite" and not _TOLD_BEFORE.isdisjoint(d.people.split()) for d in told)


def _spared(cluster: Cluster) -> bool:
    """Whether a cluster tells only that nobody was harmed: beside an incident, "in Pattani nobody was hurt"."""
    told = [draft for draft in cluster.drafts if draft.background is None]
    return bool(told) and all(draft.best == 0 for draft in told) and not any(s.event for s in cluster.statements)


def _in_passing(cluster: Cluster, clusters: Sequence[Cluster]) -> bool:
    """Whether a cluster is one sentence, after the lead, on an earlier event that harmed nobody by its words.

    Beside an incident whose dead or hurt are counted that is background: "A helicopter crashed there on Thursday".
    """
    if any(draft.background is None for draft in cluster.drafts):
        return False
    gone = any((draft.background or "").startswith(EARLIER_INCIDENT) for draft in cluster.drafts)
    if not gone and (len(cluster.statements) > 1 or cluster.statements[0].sentence.index < _LEAD):
        return False
    if any(statement.where != "body" for statement in cluster.statements):
        return False
    statement = cluster.statements[0]
    later = gone or _AFTER_IT.search(statement.text) is not None
    return any(
        other is not cluster
        and any(d.best and d.background is None for d in other.drafts)
        and (later or _ended_before(statement, other))
        for other in clusters
    )


def _ended_before(statement: Statement, other: Cluster) -> bool:
    """Whether all days that a statement names are before any on which another incident happened."""
    ends = [time.occurred.end for time in statement.times if time.role == "event"]
    if not ends or not other.days or any(end is None for end in ends):
        return False
    return all(end is not None and end.date() <= min(other.days) for end in ends)


def _is_harm(draft: Draft, wide: bool) -> bool:
    if draft.kind in (ClaimKind.DISPLACED, ClaimKind.MISSING):
        moved = draft.voice == "subject" or not wide
        flees = draft.kind is ClaimKind.DISPLACED and moved and (draft.best or 0) < _FEWEST_FLEEING
        return bool(draft.best) and draft.whose is not Whose.ATTACKERS and not flees
    return draft.best != 0 or draft.kind is not ClaimKind.ABDUCTED


def _uncounted(draft: Draft) -> bool:
    return draft.modifier is Modifier.VAGUE and draft.best is not None and (draft.low or 0) < _FEWEST_VAGUE


def _claims(cluster: Cluster, texts: dict[ArticleField, str]) -> tuple[Claim, ...]:
    found: list[Claim] = []
    seen: set[tuple[str, int, int, ClaimKind]] = set()
    for statement in cluster.statements:
        for draft in statement.drafts:
            key = (statement.where, draft.start, draft.end, draft.kind)
            if draft.background is None and key not in seen:
                seen.add(key)
                found.append(draft.claim(statement.where, texts[statement.where]))
    return tuple(found)


def _evidence(slot: str, statement: Statement, texts: dict[ArticleField, str], start: int, end: int) -> Evidence:
    return evidence_of(slot, statement.where, texts[statement.where], start, end)


def _occurred(
    cluster: Cluster, texts: dict[ArticleField, str], evidence: list[Evidence], published_at: datetime | None
) -> Occurred | None:
    found = occurred_at(cluster.statements, published_at)
    if found is None:
        return None
    time, statement = found
    evidence.append(_evidence("occurred", statement, texts, time.start, time.end))
    return time.occurred
