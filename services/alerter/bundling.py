"""What is told to one subscription at one moment, after it has waited, is one message about several incidents. Pure.

Each alert stays what it is, in the lane of its incident and with its number. One of them, the worst, carries the words
of all and is sent; the others are settled as it is. So order, corrections and proof of completeness hold for each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from schemas import Alert, Bundled
from schemas.vocabulary import ClaimKind
from services.alerter.outbox.deciding import OutboxRow
from services.alerter.policy.bundle_words import bundle_body, bundle_headline

MOST = 50
"""Alerts in one message."""


def bundled(rows: Sequence[OutboxRow], apart: Collection[str] = frozenset()) -> list[OutboxRow]:
    """`rows`, which were decided at one moment, in the same order, with those of one subscription and channel bundled.

    `apart` are channels that take a message for each incident, since they keep one thing for each.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        if row.alert.channel not in apart:
            groups.setdefault((row.alert.subscription, row.alert.channel), []).append(place)
    found = list(rows)
    for places in groups.values():
        for start in range(0, len(places), MOST):
            some = places[start : start + MOST]
            if len(some) > 1:
                for place, alert in zip(some, _bundle([rows[place].alert for place in some]), strict=True):
                    found[place] = replace(rows[place], alert=alert)
    return found


def _bundle(alerts: Sequence[Alert]) -> list[Alert]:
    order = sorted(range(len(alerts)), key=lambda place: _weight(alerts[place]), reverse=True)
    carrier, *others = (alerts[place] for place in order)
    words = {"headline": bundle_headline([carrier, *others]), "body": bundle_body([carrier, *others])}
    also = tuple(
        Bundled(
            alert_id=one.alert_id,
            kind=one.kind,
            reason=one.reason,
            incident_id=one.incident_id,
            revision=one.revision,
            sequence=one.sequence,
            headline=one.headline,
            severity=one.incident.severity.level,
        )
        for one in others
    )
    return [
        alert.model_copy(update={**words, "also": also})
        if alert.alert_id == carrier.alert_id
        else alert.model_copy(update={"carried_by": carrier.alert_id})
        for alert in alerts
    ]


def _weight(alert: Alert) -> tuple[int, int, int]:
    incident = alert.incident
    return incident.severity.level.rank, incident.severity.score, incident.toll.minimum(ClaimKind.KILLED)
