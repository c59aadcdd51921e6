"""How a channel's receiver does, and what may be sent to it: breaker, rate limit, switching off. Pure.

A receiver that fails several times in a row is left alone for a while and then asked with one alert. One that asks for
a pause gets it for all its alerts. One that has only failed for days, or says that it wants no more, is switched off
until somebody switches it on again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schemas import Channel, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.retries import LONGEST_RETRY_AFTER, THROTTLED, THROTTLED_SECONDS

BREAKS_AFTER = 5
"""Failures in a row after which a receiver is left alone."""
SILENCES_BREAK_AFTER = 2
"""Failures in a row after which one that takes no connection, or gives no answer in time, is left alone: each such
attempt holds a connection for its whole timeout, and what it is asked next will hardly be answered either."""
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
"""How long it is left alone at first; twice as long after each failure since, up to the longest."""
FORGIVEN_AFTER = 2
"""Times `Limits.off_after` without an attempt, after which an old failure says nothing any more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for one channel."""

    per_minute: float | None = None
    """Messages a minute, evenly spread; None for no limit."""
    burst: int = 1
    """Messages that may go out at once after a pause."""
    off_after: timedelta = timedelta(hours=120)
    """How long a receiver may only fail before it is switched off."""


def limits_of(channel: Channel) -> Limits:
    """What its configuration says of `channel`."""
    off_after = timedelta(hours=channel.off_after_hours)
    return Limits(channel.messages_per_minute, channel.burst, off_after)


@dataclass(frozen=True, slots=True)
class DestinationState:
    """How one channel's receiver does; the same for all alerters that share a store."""

    failures: int = 0
    """In a row, up to now; a silence that breaks it off counts as BREAKS_AFTER."""
    failing_since: datetime | None = None
    """When the first of them ended."""
    last_failed_at: datetime | None = None
    closed_until: datetime | None = None
    """Nothing is sent before."""
    turn_at: datetime | None = None
    """When the rate limit lets the next message go at the earliest."""
    off_at: datetime | None = None
    """When it was switched off; None where it is on."""
    off_because: str = ""
    """Why, as one sentence."""

    @property
    def broken(self) -> bool:
        """It has failed so often in a row that it is asked with one alert at a time."""
        return self.failures >= BREAKS_AFTER


HEALTHY = DestinationState()


def places(state: DestinationState, concurrency: int, now: datetime) -> int:
    """How many attempts may be under way at `now`, of the `concurrency` that the channel takes when it is well."""
    if state.off_at is not None or (state.closed_until is not None and state.closed_until > now):
        return 0
    if state.broken:
        return min(1, concurrency)
    return min(concurrency, max(1, concurrency >> state.failures))


def turns(state: DestinationState, limits: Limits, now: datetime) -> int | None:
    """How many messages the rate limit lets go at `now`; None for any number."""
    if limits.per_minute is None:
        return None
    if state.turn_at is None:
        return limits.burst
    if state.turn_at > now:
        return 0
    return min(limits.burst, math.floor((now - state.turn_at) / _interval(limits.per_minute)) + 1)


def turn_after(state: DestinationState, limits: Limits, sent: int, now: datetime) -> datetime | None:
    """When the next message may go once `sent` have gone at `now` (the generic cell rate algorithm, ITU-T I.371)."""
    if limits.per_minute is None:
        return state.turn_at
    interval = _interval(limits.per_minute)
    full = now - interval * (limits.burst - 1)
    return max(state.turn_at or full, full) + interval * sent


def _interval(per_minute: float) -> timedelta:
    return timedelta(minutes=1) / per_minute


def after_attempt(
    state: DestinationState, limits: Limits, answer: ChannelAnswer, ended_at: datetime, *, probe: bool
) -> DestinationState:
    """How the receiver does after an attempt that ended in `answer` at `ended_at`; `probe` where it was the one alert
    that a broken receiver is asked with."""
    if answer.outcome is DeliveryOutcome.ACCEPTED:
        # What was under way when a pause began says nothing of how the receiver does by now.
        paused = not probe and state.closed_until is not None and state.closed_until > ended_at
        closed_until = state.closed_until if paused else None
        return replace(state, failures=0, failing_since=None, last_failed_at=None, closed_until=closed_until)
    if answer.outcome is DeliveryOutcome.SUPERSEDED:
        return state
    forgiven = state.last_failed_at is not None and ended_at - state.last_failed_at > FORGIVEN_AFTER * limits.off_after
    since = ended_at if state.failing_since is None or forgiven else state.failing_since
    failures, closed_until = 0 if forgiven else state.failures, state.closed_until
    # What was under way when it was closed says nothing new.
    if probe or closed_until is None or closed_until <= ended_at:
        failures += 1
        if answer.silent and failures >= SILENCES_BREAK_AFTER:
            failures = max(failures, BREAKS_AFTER)
        closed_until = ended_at + rest_after(failures) if failures >= BREAKS_AFTER else None
    pause = _asked_pause(answer)
    if pause is not None:
        closed_until = max(closed_until or ended_at, ended_at + pause)
    after = replace(state, failures=failures, failing_since=since, last_failed_at=ended_at, closed_until=closed_until)
    if state.off_at is not None:
        return after
    if answer.gone:
        return replace(after, off_at=ended_at, off_because=f"It wants nothing more. {answer.reason}")
    if ended_at - since >= limits.off_after:
        because = f"It has only failed since {since:%Y-%m-%d %H:%M} UTC. The last time: {answer.reason}"
        return replace(after, off_at=ended_at, off_because=because)
    return after


def rest_after(failures: int) -> timedelta:
    """How long a receiver is left alone after so many failures in a row, at least BREAKS_AFTER."""
    doublings: int = min(failures - BREAKS_AFTER, 16)
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


def _asked_pause(answer: ChannelAnswer) -> timedelta | None:
    """How long the receiver asked to be left alone, with all its alerts; None where it did not."""
    if answer.status_code not in THROTTLED:
        return None
    if answer.retry_after is not None:
        return timedelta(seconds=min(answer.retry_after, LONGEST_RETRY_AFTER))
    return timedelta(seconds=THROTTLED_SECONDS) if answer.status_code == 429 else None
