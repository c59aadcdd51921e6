"""An incident as a view over the reports that it is made of: the same reports always give the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_
from typing import Any

from schemas import Incident, IncidentStatus, Report, TollRevision
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.running_view import RunningView
from services.processor.tracking.telling import Telling, telling_of

_FACTS = ("status", "type", "stage", "place", "occurred", "toll", "perpetrators", "targets", "weapons", "certainty")
"""The slots whose change makes a new revision."""


def build_incident(
    incident_id: str, reports: Sequence[Report], before: Incident | None, rules: LinkingRules | None = None
) -> Incident:
    """The incident that `reports` tell of, in whatever order they are; `before` is its last revision, if any."""
    tellings = sorted((telling_of(report) for report in reports), key=lambda telling: telling.order)
    return incident_of(incident_id, view_of(tellings, rules or LinkingRules()), before)


def view_of(tellings: Sequence[Telling], rules: LinkingRules, known: RunningView | None = None) -> RunningView:
    """What `tellings`, which are in order, say together. `known` is a view that is taken up where its reports are the
    first of them."""
    view = known
    if view is None or len(view.tellings) > len(tellings) or not all(map(is_, view.tellings, tellings)):
        view = RunningView(rules)
    for telling in tellings[len(view.tellings) :]:
        view.hear(telling)
    return view


def incident_of(incident_id: str, view: RunningView, before: Incident | None) -> Incident:
    """The incident with the facts of `view`; `before` is its last revision, if any.

    Where no fact differs from `before`, that revision's number and severity stand; else severity is left to the
    scoring.
    """
    toll = view.toll
    if before is not None and before.toll == toll:
        toll = before.toll
    place, regions = view.located
    facts: dict[str, Any] = {
        "status": IncidentStatus.RETRACTED if view.retracted else IncidentStatus.OPEN,
        "type": view.type,
        "stage": view.stage,
        "place": place,
        "occurred": view.occurred,
        "toll": toll,
        "perpetrators": view.perpetrators,
        "targets": tuple(view.targets.values()),
        "weapons": tuple(view.weapons.values()),
        "certainty": view.certainty,
    }
    if before is None:
        changed = tuple(slot for slot in _FACTS if facts[slot])
        revision = 1
    else:
        old = before.__dict__
        changed = tuple(slot for slot in _FACTS if old[slot] is not facts[slot] and old[slot] != facts[slot])
        revision = before.revision + bool(changed)
    newest = view.tellings[-1].report.article
    history = before.history if before else ()
    if not history or (history[-1].toll is not toll and history[-1].toll != toll):
        history = (
            *history,
            TollRevision(revision=revision, toll=toll, at=newest.published_at, article_id=newest.article_id),
        )
    values: dict[str, Any] = facts | {
        "revision": revision,
        "regions": regions,
        "claims": view.claims,
        "sources": tuple(view.sources.values()),
        "independent_sources": view.independent_sources,
        "report_ids": view.report_ids,
        "as_of": newest.published_at,
        "history": history,
    }
    if before is None:
        return Incident(incident_id=incident_id, changed=changed, test=newest.test, **values)
    if changed:
        values["changed"] = changed
    return before.model_copy(update=values)
