"""One revision of one incident, decided for every subscription: what is to be kept and what is to be told. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas import Alert, Incident, Told
from schemas.vocabulary import AlertKind, DecisionReason
from services.alerter.outbox.deciding import Decided, DecisionRow, IncidentState, OutboxRow
from services.alerter.outbox.giving_way import GivenWay, HeldBack
from services.alerter.policy.decision import Decision, alert_id, decide, told_by
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.message import compose
from services.conditions.variables import incident_variables
from services.shared.envelope import Headers, continue_trace

_OWED = frozenset({AlertKind.CORRECTION, AlertKind.CANCEL})
"""What a subscription that has left is still told: that something it was told is not so."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One message of the topic `incidents`."""

    incident: Incident
    headers: Headers
    appended_at: datetime
    """When the broker took it."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who may have to be told."""

    subscriptions: Sequence[CompiledSubscription]
    departed: Sequence[CompiledSubscription] = ()
    """Those that have left: they are told nothing new, and still what takes back something that they were told."""
    channels: Collection[str] | None = None
    """The channels that there are; None where all are."""

    def channel_for(self, compiled: CompiledSubscription, told_on: str | None) -> str:
        """The channel to tell `compiled` on: the one that it was told on before, for as long as that exists."""
        if told_on is not None and (self.channels is None or told_on in self.channels):
            return told_on
        return compiled.subscription.channel


def decide_revision(
    revision: Revision,
    audience: Audience,
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
        reasons[DecisionReason.ALREADY_DECIDED] += len(audience.subscriptions)
        return
    state.decided_revision = incident.revision
    decided.considered[incident.incident_id] = len(audience.subscriptions)
    everybody = [*audience.subscriptions, *audience.departed]
    variables = incident_variables(incident) if any(one.condition for one in everybody) else None
    verdicts = []
    for number, compiled in enumerate(everybody):
        name = compiled.subscription.name
        held = state.held_back.get(name, [])
        # Nobody has seen what a failing channel holds back: the subscriber knows what it knew before.
        told = held[0].told_before if held else state.told.get(name)
        if number >= len(audience.subscriptions) and name not in state.told:
            continue
        decision = decide(compiled, told, incident, variables)
        if number >= len(audience.subscriptions) and decision.kind not in _OWED:
            decision = Decision(None, DecisionReason.UNSUBSCRIBED, f"The subscription has left. {decision.because}")
        if held and decision.reason is not DecisionReason.CONDITION_FAILED:
            decision = _give_way(held, told, decision, incident, state, decided)
        verdicts.append((compiled, told, decision))
    # Told only when all that gives way is known, so that the first alert in a lane can name it.
    for compiled, told, decision in verdicts:
        reasons[decision.reason] += 1
        if decision.reason is DecisionReason.NO_MATCH:
            continue
        channel = audience.channel_for(compiled, state.told_on.get(compiled.subscription.name))
        alert = None if decision.kind is None else _tell(compiled, decision, told, incident, state, channel)
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


def _give_way(
    held: Sequence[HeldBack],
    told: Told | None,
    decision: Decision,
    incident: Incident,
    state: IncidentState,
    decided: Decided,
) -> Decision:
    """Take `held` out of the queue, and say what is decided instead: `decision`, or that nothing is told."""
    name = held[0].subscription
    del state.held_back[name]
    newer = None if decision.kind is None else alert_id(name, incident.incident_id, incident.revision)
    for one in held:
        state.gaps.setdefault(one.channel, []).extend((*one.supersedes, one.sequence))
        because = (
            f"Its channel had not taken it when revision {incident.revision} was decided, which {newer} tells instead."
            if newer
            else f"Its channel had not taken it, and by revision {incident.revision} there is nothing to tell any more."
        )
        decided.given_way.append(GivenWay(one, because))
    if newer:
        return decision
    if told is None:
        state.told.pop(name, None)
        state.told_on.pop(name, None)
    else:
        state.told[name] = told
    decided.put_back.append((held[0], told))
    because = f"What waited for the channel no longer holds and is not sent: {decision.because}"
    return Decision(None, DecisionReason.WITHDRAWN_UNTOLD, because)


def _tell(
    compiled: CompiledSubscription,
    decision: Decision,
    told: Told | None,
    incident: Incident,
    state: IncidentState,
    channel: str,
) -> Alert:
    """The alert for `decision`, numbered next in its lane; `state` then has it as told."""
    subscription = compiled.subscription
    if decision.kind is None:
        raise ValueError("a decision to tell nothing makes no alert")
    identity = alert_id(subscription.name, incident.incident_id, incident.revision)
    words = compose(subscription, decision, incident, told)
    sequence = state.sequences.get(channel, 0) + 1
    state.sequences[channel] = sequence
    gaps = state.gaps.pop(channel, [])
    state.told_on[subscription.name] = channel
    state.told[subscription.name] = told_by(decision, incident, words.headline, identity)
    return Alert(
        alert_id=identity,
        subscription=subscription.name,
        channel=channel,
        kind=decision.kind,
        reason=decision.reason,
        because=decision.because,
        incident_id=incident.incident_id,
        revision=incident.revision,
        sequence=sequence,
        supersedes=tuple(sorted(gaps)),
        headline=words.headline,
        body=words.body,
        incident=incident,
        told_before=told,
        status="test" if subscription.test else "actual",
        as_of=incident.as_of,
    )
