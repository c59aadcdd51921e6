"""Articles through the whole of Tocsin without broker, store or clock: what one subscription would have been told.

The functions are those of the stream: extract, regions, track, score, decide. Time is that of the articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from schemas import Alert, Article, Incident
from services.alerter.deciding import Audience, Revision
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.rehearsal import Rehearsal
from services.cli.extracted import extracted
from services.processor.rules import Rules
from services.processor.scoring.severity import score
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from services.regions.regions import regions_of

AFTERWARDS = timedelta(days=1)
"""How long after the last article what waits for the end of quiet hours, a digest or a second source is still told."""
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ring:
    """One message that would have gone out."""

    at: datetime
    """When: the publication of the article that brought it about, or when it need no longer wait."""
    alert: Alert


@dataclass(slots=True)
class Replay:
    """What came of some articles."""

    articles: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    rings: list[Ring] = field(default_factory=list)
    incidents: dict[str, list[tuple[datetime, Incident]]] = field(default_factory=dict)
    """Every revision of each incident with its moment, in order."""
    waiting: int = 0
    """Incidents that it would have been told of only after all of this: held back, or kept for a digest."""


def replay(articles: Iterable[Article], rules: Rules, subscription: CompiledSubscription) -> Replay:
    """What `subscription` would have been told of `articles`, read in the order of their publication.

    One without a date counts as published with the one before it in the order given.
    """
    found, rehearsal = Replay(), Rehearsal(Audience([subscription]))
    for at, incident in _revisions(_in_order(articles), rules, found):
        found.incidents.setdefault(incident.incident_id, []).append((at, incident))
        rehearsal.read(Revision(incident, [], at))
    if found.last_at is not None:
        rehearsal.release(found.last_at + AFTERWARDS)
    found.rings = [Ring(at, alert) for at, alert in rehearsal.told]
    found.waiting = len(rehearsal.waiting)
    return found


def _in_order(articles: Iterable[Article]) -> list[tuple[datetime, Article]]:
    dated, last = [], UNDATED
    for article in articles:
        last = article.published_at or last
        dated.append((last, article))
    return sorted(dated, key=lambda one: one[0])


def _revisions(
    articles: Sequence[tuple[datetime, Article]], rules: Rules, found: Replay
) -> Iterator[tuple[datetime, Incident]]:
    open_incidents = OpenIncidents(rules=rules.linking)
    for (at, _), (_, reports) in zip(articles, extracted(article for _, article in articles), strict=True):
        found.articles += 1
        found.first_at, found.last_at = found.first_at or at, at
        for report in reports:
            located = report.model_copy(update={"regions": regions_of(report.place, rules.regions)})
            for incident in track(located, open_incidents, partial(score, rules=rules.severity)).revisions:
                yield at, incident
