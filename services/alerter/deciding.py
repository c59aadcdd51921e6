"""One revision of one incident, decided for every subscription: what is to be kept and what is to be told. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas import Incident
from schemas.vocabulary import AlertKind, DecisionReason
from services.alerter.outbox.deciding import Decided, DecisionRow, IncidentState, OutboxRow
from services.alerter.outbox.waiting import WaitingIncident, WaitingRow
from services.alerter.policy.decision import Decision, decide
from services.alerter.policy.index import SubscriptionIndex
from services.alerter.policy.inhibition import standing_of
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.message import Wording
from services.alerter.policy.pacing import (
    Circumstances,
    ToldLately,
    group_of,
    looks_back,
    paced,
    waiting_of,
    withdrawn,
)
from services.alerter.policy.silencing import CompiledSilence
from services.alerter.telling import give_way, tell
from services.conditions.variables import Value, incident_variables
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
    """Everybody who may have to be told. It does not change: make another."""

    subscriptions: Sequence[CompiledSubscription]
    departed: Sequence[CompiledSubscription] = ()
    """Those that have left: they are told nothing new, and still what takes back something that they were told."""
    channels: Collection[str] | None = None
    """The channels that there are; None where all are."""
    silences: Sequence[CompiledSilence] = ()
    _index: SubscriptionIndex = field(init=False, repr=False, compare=False)
    _numbers: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _looks_back: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = {one.subscription.name: number for number, one in enumerate(self.subscriptions)}
        object.__setattr__(self, "_index", SubscriptionIndex(self.subscriptions))
        object.__setattr__(self, "_numbers", numbers)
        object.__setattr__(self, "_looks_back", any(looks_back(one.subscription) for one in self.subscriptions))

    def channel_for(self, compiled: CompiledSubscription, told_on: str | None) -> str:
        """The channel to tell `compiled` on: the one that it was told on before, for as long as that exists."""
        if told_on is not None and (self.channels is None or told_on in self.channels):
            return told_on
        return compiled.subscription.channel

    def concerned(
        self, incident: Incident, known: Collection[str], variables: Mapping[str, Value] | None = None
    ) -> list[CompiledSubscription]:
        """The subscriptions that ask for `incident` or are among the names `known`, in the order of `subscriptions`."""
        asking = {one.subscription.name for one in self._index.asking(incident, variables)}
        numbers = sorted(self._numbers[name] for name in asking.union(known) if name in self._numbers)
        return [self.subscriptions[number] for number in numbers]

    def looking_back(self, incidents: Collection[Incident]) -> set[str]:
        """The names of the subscriptions that ask for any of `incidents`, and for which it bears on that what they were
        told lately."""
        if not self._looks_back:
            return set()
        asking = (one.subscription for incident in incidents for one in self._index.asking(incident))
        return {one.name for one in asking if looks_back(one)}


Lately = dict[str, list[ToldLately]]
"""Subscription to what it was told lately, oldest first; deciding adds to it."""


def decide_revision(
    revision: Revision,
    audience: Audience,
    state: IncidentState,
    decided: Decided,
    reasons: Counter[DecisionReason],
    lately: Lately | None = None,
) -> None:
    """Add to `decided` what follows from `revision`, bring `state` and `lately` up to date, and count the reasons.

    The moment of deciding is that at which the broker took the revision, so that the same messages are decided in the
    same way whenever they are read. A revision not newer than the newest decided adds nothing: it was read before. A
    subscription that does not ask for the incident and was not told of it is only counted, so that the store grows with
    what is told and not with who might have been.
    """
    incident = revision.incident
    if incident.revision <= state.decided_revision:
        reasons[DecisionReason.ALREADY_DECIDED] += len(audience.subscriptions)
        return
    state.decided_revision = incident.revision
    decided.considered[incident.incident_id] = len(audience.subscriptions)
    known = state.told.keys() | state.waiting.keys() | state.held_back.keys()
    concerned = audience.concerned(incident, known)
    others = len(audience.subscriptions) - len(concerned)
    if others:
        reasons[DecisionReason.NO_MATCH] += others
    departed = [one for one in audience.departed if one.subscription.name in state.told]
    _keep_revision(revision, decided)
    batch = _Batch(revision, audience, state, decided, reasons, {} if lately is None else lately, revision.appended_at)
    batch.decide(concerned, departed)


def decide_due(
    revision: Revision,
    audience: Audience,
    state: IncidentState,
    decided: Decided,
    reasons: Counter[DecisionReason],
    lately: Lately,
    at: datetime,
) -> None:
    """Decide again, at the moment `at`, what of the newest `revision` waits in `state` and is due."""
    due = {name for name, row in state.waiting.items() if row.waiting.due <= at}
    concerned = [one for one in audience.subscriptions if one.subscription.name in due]
    for name in due - {one.subscription.name for one in concerned}:
        # It has left, and is owed nothing that it was never told.
        decided.waiting[name, revision.incident.incident_id] = None
        del state.waiting[name]
    _keep_revision(revision, decided)
    _Batch(revision, audience, state, decided, reasons, lately, at).decide(concerned, ())


def _keep_revision(revision: Revision, decided: Decided) -> None:
    """Have the store keep `revision` for as long as anything of it waits."""
    trace = next((value.decode() for name, value in revision.headers if name == "traceparent"), "")
    incident = revision.incident
    decided.waiting_incidents[incident.incident_id] = WaitingIncident(incident, trace[:64], revision.appended_at)


@dataclass(slots=True)
class _Batch:
    """The decisions on one revision at one moment."""

    revision: Revision
    audience: Audience
    state: IncidentState
    decided: Decided
    reasons: Counter[DecisionReason]
    lately: Lately
    at: datetime

    def decide(self, current: Sequence[CompiledSubscription], departed: Sequence[CompiledSubscription]) -> None:
        """Decide for each of `current` and `departed`, and tell only when all that gives way is known: so the first
        alert in a lane can name it."""
        incident = self.revision.incident
        everybody = [*current, *departed]
        variables = incident_variables(incident) if any(one.condition for one in everybody) else None
        verdicts = []
        for number, compiled in enumerate(everybody):
            name = compiled.subscription.name
            held = self.state.held_back.get(name, [])
            # Nobody has seen what a failing channel holds back: the subscriber knows what it knew before.
            told = held[0].told_before if held else self.state.told.get(name)
            decision = decide(compiled, told, incident, variables)
            before = self.state.waiting.get(name)
            if number >= len(current):
                if decision.kind not in _OWED and not decision.corrects:
                    because = f"The subscription has left. {decision.because}"
                    decision = Decision(None, DecisionReason.UNSUBSCRIBED, because)
            else:
                now = self._circumstances(compiled, before)
                decision = paced(compiled, decision, told, incident, now, variables)
                self._keep_waiting(name, before, decision, now)
            if held and decision.reason is not DecisionReason.CONDITION_FAILED:
                decision = give_way(held, told, decision, incident, self.state, self.decided)
            elif before is not None and decision.kind is None and decision.due is None:
                decision = withdrawn(decision, before.waiting)
            verdicts.append((compiled, told, decision, _occasion(before, incident)))
        wording = Wording(incident)
        for compiled, told, decision, occasion in verdicts:
            self.reasons[decision.reason] += 1
            if decision.reason is DecisionReason.NO_MATCH:
                continue
            channel = self._channel(compiled)
            alert = None
            if decision.kind is not None:
                alert = tell(compiled, decision, told, incident, self.state, channel, wording)
            self.decided.decisions.append(
                DecisionRow(
                    subscription=compiled.subscription.name,
                    incident_id=incident.incident_id,
                    revision=incident.revision,
                    kind=decision.kind,
                    reason=decision.reason,
                    because=decision.because,
                    alert_id=alert.alert_id if alert else None,
                    occasion=occasion,
                )
            )
            if alert is not None:
                trace = continue_trace(self.revision.headers, alert.alert_id)
                self.decided.alerts.append(OutboxRow(alert, trace, self.at))
                self._remember(compiled, decision)

    def _channel(self, compiled: CompiledSubscription) -> str:
        return self.audience.channel_for(compiled, self.state.told_on.get(compiled.subscription.name))

    def _circumstances(self, compiled: CompiledSubscription, before: WaitingRow | None) -> Circumstances:
        return Circumstances(
            at=self.at,
            channel=self._channel(compiled),
            waiting=None if before is None else before.waiting,
            lately=self.lately.get(compiled.subscription.name, ()),
            silences=self.audience.silences,
        )

    def _keep_waiting(self, name: str, before: WaitingRow | None, decision: Decision, now: Circumstances) -> None:
        """Keep what waits after `decision`, or that nothing does any more."""
        waiting = waiting_of(decision, self.revision.incident, now)
        key = (name, self.revision.incident.incident_id)
        if waiting is not None:
            row = WaitingRow(waiting, _occasion(before, self.revision.incident) + 1)
            self.state.waiting[name] = row
            self.decided.waiting[key] = row
        elif before is not None:
            del self.state.waiting[name]
            self.decided.waiting[key] = None

    def _remember(self, compiled: CompiledSubscription, decision: Decision) -> None:
        """Keep for what follows that the subscription was told, or that something told was taken back."""
        asked, incident = compiled.subscription, self.revision.incident
        if incident.test or not looks_back(asked):
            return
        if decision.kind in _OWED:
            # What stayed under it no longer does.
            self.decided.taken_back.append((asked.name, incident.incident_id))
            told = self.lately.get(asked.name, [])
            told[:] = [one for one in told if one.standing.incident_id != incident.incident_id]
        if decision.kind is not AlertKind.CANCEL:
            one = ToldLately(self.at, group_of(asked, incident), standing_of(incident))
            self.lately.setdefault(asked.name, []).append(one)
            self.decided.told_lately.append((asked.name, one))


def _occasion(before: WaitingRow | None, incident: Incident) -> int:
    """How often this revision of `incident` was decided for whom `before` waits."""
    return before.occasion if before is not None and before.waiting.revision == incident.revision else 0
