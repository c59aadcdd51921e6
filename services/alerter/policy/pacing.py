"""When what a decision calls for is told: at once, or at which moment it is decided again. Pure.

One small function for each reason to wait, asked in the order of STAGES; the first that has a reason gives it. Nothing
that waits is dropped: at its moment it is decided again, from what the subscriber knows and what is known then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from schemas import TYPES, GroupKey, Incident, Subscription, Told
from schemas.vocabulary import DecisionReason
from services.alerter.policy.decision import Decision
from services.alerter.policy.holding import held
from services.alerter.policy.inhibition import Standing, inhibited_by
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.quiet_hours import LONGEST, next_digest, quiet_until
from services.alerter.policy.silencing import CompiledSilence, silenced
from services.conditions.variables import Value

LEAST_WAIT = timedelta(seconds=1)
"""What waits is not decided again sooner, whatever the clocks say."""
HOUR = timedelta(hours=1)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When what waits for something else than time is decided again."""
OUTLOOK = timedelta(days=2)
"""How long what was told is looked back on, for caps, groups and inhibition."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a subscription is not told yet."""

    reason: DecisionReason
    because: str
    since: datetime
    """When it began to wait, for whatever reason first."""
    due: datetime
    """When it is decided again."""
    revision: int
    """The revision that waits: the newest."""
    under: str | None = None
    """The incident that it waits under, where `reason` is inhibited."""
    released: Release | None = None
    """Who released this revision from being held; None where nobody did."""


@dataclass(frozen=True, slots=True)
class Release:
    """An operator's word that what is held may be told."""

    author: str
    because: str


@dataclass(frozen=True, slots=True)
class ToldLately:
    """One alert or update that a subscription was told in the last OUTLOOK."""

    at: datetime
    group: str
    """As `group_of` has it."""
    standing: Standing
    """What it told of."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What bears on the moment of telling, and is not in the incident."""

    at: datetime
    """The moment of deciding: the alerter's clock, or the incident's own where the past is played again."""
    channel: str
    """The channel that would be told."""
    waiting: Waiting | None = None
    """What waits of this incident for this subscription."""
    lately: Sequence[ToldLately] = ()
    """What this subscription was told lately, oldest first."""
    silences: Sequence[CompiledSilence] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    asked: Subscription
    told: Told | None
    incident: Incident
    now: Circumstances
    variables: Mapping[str, Value] | None

    @property
    def urgent(self) -> bool:
        return self.incident.severity.level.rank >= self.asked.urgent_from.rank

    def over(self, reason: DecisionReason) -> bool:
        """Whether it has waited for that reason, until the moment that was set."""
        waiting = self.now.waiting
        return waiting is not None and waiting.reason is reason and self.now.at >= waiting.due


@dataclass(frozen=True, slots=True)
class _Wait:
    reason: DecisionReason
    until: datetime
    because: str
    under: str | None = None


Stage: TypeAlias = Callable[[_Case], _Wait | None]


def paced(
    compiled: CompiledSubscription,
    decision: Decision,
    told: Told | None,
    incident: Incident,
    now: Circumstances,
    variables: Mapping[str, Value] | None = None,
) -> Decision:
    """`decision`, or that what it calls for waits: its `due` then says until when, and its kind is None.

    What takes back something that was told (`decision.corrects`) never waits. Of an expired subscription nothing else
    is told. A test waits for the end of a silence alone: it is to prove the way at night too.
    """
    if decision.kind is None or decision.corrects:
        return decision
    asked = compiled.subscription
    if asked.expires is not None and now.at >= asked.expires:
        because = f"The subscription expired on {asked.expires:%Y-%m-%d at %H:%M %Z}. {decision.because}"
        return Decision(None, DecisionReason.EXPIRED, because, decision.conditions)
    case = _Case(asked, told, incident, now, variables)
    for stage in STAGES_OF_TESTS if incident.test else STAGES:
        wait = stage(case)
        if wait is not None:
            due = max(wait.until, now.at + LEAST_WAIT)
            because = f"{wait.because} {decision.because}"
            return Decision(None, wait.reason, because, decision.conditions, due=due, under=wait.under)
    if now.waiting is not None:
        since = f"It has waited since {now.waiting.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        because = f"{decision.because} {since} ({_WORDS[now.waiting.reason]})."
        released = _released(incident, now)
        if released is not None:
            because += f" {released.author} released it: {released.because.rstrip('.')}."
        return replace(decision, because=because)
    return decision


def waiting_of(decision: Decision, incident: Incident, now: Circumstances) -> Waiting | None:
    """What waits after `decision`; None where nothing does."""
    if decision.due is None:
        return None
    since = now.at if now.waiting is None else now.waiting.since
    released = _released(incident, now)
    return Waiting(decision.reason, decision.because, since, decision.due, incident.revision, decision.under, released)


def group_of(subscription: Subscription, incident: Incident) -> str:
    """The group that `incident` is in for `subscription`, as text; empty where it groups by nothing."""
    place = incident.place
    values = {
        GroupKey.COUNTRY: (place.country if place else None) or "",
        GroupKey.DIVISION: "/".join(filter(None, (place.country, place.admin1_code or place.admin1))) if place else "",
        GroupKey.TYPE: incident.type.value,
        GroupKey.FAMILY: TYPES[incident.type].family.value,
    }
    return "|".join(f"{key}={values[key]}" for key in subscription.group_by)


def looks_back(subscription: Subscription) -> bool:
    """Whether what `subscription` was told lately bears on what it is told now."""
    return bool(subscription.alerts_per_hour or subscription.group_by or subscription.inhibit)


def _silenced(case: _Case) -> _Wait | None:
    now = case.now
    silence = silenced(now.silences, case.asked, now.channel, case.incident, now.at, case.variables)
    if silence is None:
        return None
    because = f"{silence.author} has silenced it until {_moment(silence.until)}: {silence.reason.rstrip('.')}."
    return _Wait(DecisionReason.SILENCED, silence.until, because)


def _inhibited(case: _Case) -> _Wait | None:
    if case.asked.inhibit is None or case.told is not None or case.over(DecisionReason.INHIBITED):
        return None
    found = inhibited_by(case.asked.inhibit, case.incident, (one.standing for one in reversed(case.now.lately)))
    if found is None:
        return None
    one, why = found
    return _Wait(DecisionReason.INHIBITED, NEVER, why.value.format(one.incident_id), one.incident_id)


def _released(incident: Incident, now: Circumstances) -> Release | None:
    """Who released the revision that is decided. A word on an earlier one says nothing of what came since."""
    waiting = now.waiting
    return waiting.released if waiting is not None and waiting.revision == incident.revision else None


def _held(case: _Case) -> _Wait | None:
    if _released(case.incident, case.now) is not None:
        return None
    found = held(case.asked, case.told, case.incident, case.now.at)
    if found is None:
        return None
    because = f"Held until {_moment(found.until)} or a second source: {found.because}"
    return _Wait(DecisionReason.HELD, found.until, because)


def _quiet(case: _Case) -> _Wait | None:
    until = None if case.urgent else quiet_until(case.asked, case.now.at)
    waiting = case.now.waiting
    if until is None or (waiting is not None and case.now.at - waiting.since >= LONGEST):
        return None
    return _Wait(DecisionReason.QUIET_HOURS, until, f"Quiet hours until {_moment(until)}.")


def _digest(case: _Case) -> _Wait | None:
    if case.asked.digest is None or case.urgent or case.over(DecisionReason.DIGEST):
        return None
    until = next_digest(case.asked.digest, case.asked.time_zone, case.now.at)
    return _Wait(DecisionReason.DIGEST, until, f"It is left for the digest of {_moment(until)}.")


def _grouped(case: _Case) -> _Wait | None:
    if not case.asked.group_by or case.urgent or case.told is not None or case.over(DecisionReason.GROUPED):
        return None
    group, spell = group_of(case.asked, case.incident), timedelta(minutes=case.asked.group_minutes)
    last = max((one.at for one in case.now.lately if one.group == group), default=None)
    if last is None or last + spell <= case.now.at:
        return None
    return _Wait(DecisionReason.GROUPED, last + spell, f"Another incident with {group} was told a moment ago.")


def _capped(case: _Case) -> _Wait | None:
    most = case.asked.alerts_per_hour
    if most is None or case.urgent or case.over(DecisionReason.RATE_CAPPED):
        return None
    at = case.now.at
    # What waited and is told at this moment goes out in one message.
    together = case.now.waiting is not None and at >= case.now.waiting.due
    recent = [one.at for one in case.now.lately if at - HOUR < one.at and (one.at < at if together else one.at <= at)]
    if len(recent) < most:
        return None
    because = f"{len(recent)} messages were told within the hour, and at most {most} are asked for."
    return _Wait(DecisionReason.RATE_CAPPED, recent[-most] + HOUR, because)


STAGES: tuple[Stage, ...] = (_silenced, _inhibited, _held, _quiet, _digest, _grouped, _capped)
"""Reasons to wait, in the order in which they are asked: what somebody decided, what is known, when to be told, how
often."""

STAGES_OF_TESTS: tuple[Stage, ...] = (_silenced,)

_WORDS = {
    DecisionReason.SILENCED: "it was silenced",
    DecisionReason.INHIBITED: "another incident near it had been told",
    DecisionReason.HELD: "one source alone had told of it, or it was contradicted",
    DecisionReason.QUIET_HOURS: "quiet hours",
    DecisionReason.DIGEST: "for the digest",
    DecisionReason.GROUPED: "others of its group had been told",
    DecisionReason.RATE_CAPPED: "as much as asked for had been told",
}
WAITS = frozenset(_WORDS)
"""The reasons for which something can wait."""


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def withdrawn(decision: Decision, waiting: Waiting) -> Decision:
    """`decision`, which tells nothing, as the end of what waited and nobody had been told."""
    because = f"What waited no longer holds and is not told ({_WORDS[waiting.reason]}): {decision.because}"
    return Decision(None, DecisionReason.WITHDRAWN_UNTOLD, because, decision.conditions)
