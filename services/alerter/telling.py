"""What a decision makes of the queue: the alert that it tells, and those that give way to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Alert, Incident, Told
from schemas.vocabulary import DecisionReason
from services.alerter.outbox.deciding import Decided, IncidentState
from services.alerter.outbox.giving_way import GivenWay, HeldBack
from services.alerter.policy.decision import Decision, alert_id, told_by
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.message import Wording


def give_way(
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
    if newer:
        then = f"which {newer} tells instead"
    elif decision.due is not None:
        then = f"which waits ({decision.reason})"
    else:
        then = "by which there is nothing to tell any more"
    because = f"Its channel had not taken it when revision {incident.revision} was decided, {then}."
    for one in held:
        state.gaps.setdefault(one.channel, []).extend((*one.supersedes, one.sequence))
        decided.given_way.append(GivenWay(one, because))
    if decision.kind is not None:
        return decision
    if told is None:
        state.told.pop(name, None)
        state.told_on.pop(name, None)
    else:
        state.told[name] = told
    decided.put_back.append((held[0], told))
    if decision.due is not None:
        return decision
    because = f"What waited for the channel no longer holds and is not sent: {decision.because}"
    return Decision(None, DecisionReason.WITHDRAWN_UNTOLD, because)


def tell(
    compiled: CompiledSubscription,
    decision: Decision,
    told: Told | None,
    incident: Incident,
    state: IncidentState,
    channel: str,
    wording: Wording,
) -> Alert:
    """The alert for `decision`, numbered next in its lane; `state` then has it as told. `wording` is of `incident`."""
    subscription = compiled.subscription
    if decision.kind is None:
        raise ValueError("a decision to tell nothing makes no alert")
    identity = alert_id(subscription.name, incident.incident_id, incident.revision)
    words = wording.compose(subscription, decision, told)
    sequence = state.sequences.get(channel, 0) + 1
    state.sequences[channel] = sequence
    gaps = state.gaps.pop(channel, [])
    state.told_on[subscription.name] = channel
    state.told[subscription.name] = told_by(decision, incident, words.headline, identity, told)
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
        incident=wording.carried,
        articles=len(incident.sources),
        told_before=told,
        status="test" if subscription.test or incident.test else "actual",
        as_of=incident.as_of,
    )
