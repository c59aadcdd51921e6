"""One revision of one incident, decided for every subscription: what is to be kept and what is to be told. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas import Alert, Incident, Told
from schemas.vocabulary import DecisionReason
from services.alerter.outbox.deciding import Decided, DecisionRow, IncidentState, OutboxRow
from services.alerter.policy.decision import Decision, alert_id, decide, told_by
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.message import compose
from services.conditions.variables import incident_variables
from services.shared.envelope import Headers, continue_trace


@dataclass(frozen=True, slots=True)
class Revision:
    """One message of the topic `incidents`."""

    incident: Incident
    headers: Headers
    appended_at: datetime
    """When the broker took it."""


def decide_revision(
    revision: Revision,
    subscriptions: Sequence[CompiledSubscription],
    state: IncidentState,
    decided: Decided,
    reasons: Counter[DecisionReason],
) -> None:
    """Add to `decided` what follows from `revision`, bring `state` up to date, and count the reasons.

    A revision not newer than the newest decided adds nothing: it was read before. A subscription that does not ask for
    the incident and was not told of it is only counted, so that the store grows with what is told and not with who
    might have been.
    """
    incident = revision.incident
    if incident.revision <= state.decided_revision:
        reasons[DecisionReason.ALREADY_DECIDED] += len(subscriptions)
        return
    state.decided_revision = incident.revision
    decided.considered[incident.incident_id] = len(subscriptions)
    variables = incident_variables(incident) if any(one.condition for one in subscriptions) else None
    for compiled in subscriptions:
        told = state.told.get(compiled.subscription.name)
        decision = decide(compiled, told, incident, variables)
        reasons[decision.reason] += 1
        if decision.reason is DecisionReason.NO_MATCH:
            continue
        alert = None if decision.kind is None else _tell(compiled, decision, told, incident, state)
        decided.decisions.append(
            DecisionRow(
                subscription=compiled.subscription.name,
                incident_id=incident.incident_id,
                revision=incident.revision,
                kind=decision.kind,
                reason=decision.reason,
                because=decision.because,
                alert_id=alert.alert_id if alert else None,
            )
        )
        if alert is not None:
            trace = continue_trace(revision.headers, alert.alert_id)
            decided.alerts.append(OutboxRow(alert, trace, revision.appended_at))


def _tell(
    compiled: CompiledSubscription, decision: Decision, told: Told | None, incident: Incident, state: IncidentState
) -> Alert:
    """The alert for `decision`, numbered next in its lane; `state` then has it as told."""
    subscription = compiled.subscription
    if decision.kind is None:
        raise ValueError("a decision to tell nothing makes no alert")
    identity = alert_id(subscription.name, incident.incident_id, incident.revision)
    words = compose(subscription, decision, incident, told)
    sequence = state.sequences.get(subscription.channel, 0) + 1
    state.sequences[subscription.channel] = sequence
    state.told[subscription.name] = told_by(decision, incident, words.headline, identity)
    return Alert(
        alert_id=identity,
        subscription=subscription.name,
        channel=subscription.channel,
        kind=decision.kind,
        reason=decision.reason,
        because=decision.because,
        incident_id=incident.incident_id,
        revision=incident.revision,
        sequence=sequence,
        headline=words.headline,
        body=words.body,
        incident=incident,
        told_before=told,
        status="test" if subscription.test else "actual",
        as_of=incident.as_of,
    )
