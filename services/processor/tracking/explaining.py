"""Why an incident is what it is: which agreements linked each report, and which figures stand and which lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas import Report, Toll
from services.processor.tracking.build_incident import view_of
from services.processor.tracking.linking import link, weight
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import Telling, telling_of
from services.processor.tracking.weighing import Said


def explain_links(reports: Sequence[Report], rules: LinkingRules) -> list[dict[str, Any]]:
    """For each report of an incident the one that speaks most for its being there, and every point for and against.

    `points` is the sum, which links from `rules.link_at` on. An incident of one report has no links.
    """
    tellings = sorted(map(telling_of, reports), key=lambda telling: telling.order)
    if len(tellings) < 2:
        return []
    return [_best_link(telling, tellings, rules) for telling in tellings]


def _best_link(telling: Telling, tellings: Sequence[Telling], rules: LinkingRules) -> dict[str, Any]:
    best, reasons = max(
        ((other, link(telling, other, rules)) for other in tellings if other is not telling),
        key=lambda found: (weight(found[1], rules), sum(points for _, points in found[1])),
    )
    return {
        "report_id": telling.report_id,
        "linked_to": best.report_id,
        "points": round(sum(points for _, points in reasons), 2),
        "reasons": [{"reason": name, "points": round(points, 2)} for name, points in reasons],
    }


def explain_toll(reports: Sequence[Report], rules: LinkingRules) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """For each slot of the toll that anybody speaks of, the figures that stand and those that lost, with sources."""
    tellings = sorted(map(telling_of, reports), key=lambda telling: telling.order)
    toll = view_of(tellings, rules).running_toll
    found = {}
    for slot in Toll.model_fields:
        standing, losing = toll.standing(slot), toll.losing(slot)
        if standing or losing:
            found[slot] = {"standing": [_figure(said) for said in standing], "losing": [_figure(one) for one in losing]}
    return found


def _figure(said: Said) -> dict[str, Any]:
    figure = said.figure.model_dump(mode="json", include={"low", "best", "high", "modifier"})
    return {"source": said.voice, "article_id": said.article_id, **figure}
