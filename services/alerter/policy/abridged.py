"""An incident as its alerts carry it: whole, unless very many articles tell of it. Pure.

An alert is written for every subscriber who is told. An earthquake that two thousand articles tell of would put more
than a megabyte into each, for a thousand subscribers at each revision; the revision itself is on `incidents`, whole.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

from schemas import Incident
from services.alerter.policy.quoted import quoted_articles

MOST_ARTICLES = 40
"""Articles that an alert carries: more than a message quotes, and than nearly all incidents have."""
MOST_CLAIMS = 200
"""Claims that an alert carries, of articles that it carries."""
MOST_REVISIONS = 100
"""Revisions of the toll that an alert carries: the first and the newest."""


def abridged(incident: Incident) -> Incident:
    """`incident` with no more than MOST_ARTICLES articles, MOST_CLAIMS claims and MOST_REVISIONS revisions of its toll.

    Kept are the articles that its message quotes, the one that told of it first, and the newest; of their claims those
    that say what the toll says, then the first of each article, the second of each, and so on; and the newest reports.
    All stay in their order. Every other field is as it was.
    """
    changes: dict[str, object] = {}
    if len(incident.sources) > MOST_ARTICLES or len(incident.claims) > MOST_CLAIMS:
        changes |= _most_telling(incident)
    if len(incident.report_ids) > MOST_CLAIMS:
        changes["report_ids"] = incident.report_ids[-MOST_CLAIMS:]
    if len(incident.history) > MOST_REVISIONS:
        changes["history"] = (incident.history[0], *incident.history[1 - MOST_REVISIONS :])
    return incident.model_copy(update=changes) if changes else incident


def _most_telling(incident: Incident) -> dict[str, object]:
    quoted = [one.article.article_id for one in quoted_articles(incident)]
    newest = [article.article_id for article in reversed(incident.sources)]
    ranked = list(islice(dict.fromkeys((*quoted, *newest[-1:], *newest)), MOST_ARTICLES))
    rank = {article_id: place for place, article_id in enumerate(ranked)}
    seen: Counter[str] = Counter()
    claims: list[tuple[bool, int, int, int]] = []
    for place, one in enumerate(incident.claims):
        if one.article_id in rank:
            figure = incident.toll.of(one.kind)
            bears_out = figure is not None and one.best == figure.best
            claims.append((not bears_out, seen[one.article_id], rank[one.article_id], place))
            seen[one.article_id] += 1
    kept = {place for *_, place in sorted(claims)[:MOST_CLAIMS]}
    return {
        "sources": tuple(article for article in incident.sources if article.article_id in rank),
        "claims": tuple(claim for place, claim in enumerate(incident.claims) if place in kept),
    }
