"""Whether a silence keeps a subscription from being told of an incident. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from schemas import Incident, Silence, Subscription
from services.alerter.policy.areas import Areas, Inside, areas_of, inside
from services.conditions.conditions import Condition, ConditionError, compile_condition
from services.conditions.variables import Value, incident_variables


@dataclass(frozen=True, slots=True)
class CompiledSilence:
    """A silence with its condition and regions read."""

    silence: Silence
    areas: Areas | None
    condition: Condition | None


def compile_silence(silence: Silence) -> CompiledSilence:
    """`silence` ready for `silenced`. Raises services.conditions.ConditionError where its CEL cannot be used."""
    somewhere = Subscription(name="silence", channel="none", regions=silence.regions)
    condition = None if silence.where is None else compile_condition(silence.where)
    return CompiledSilence(silence, areas_of(somewhere), condition)


def silenced(
    silences: Iterable[CompiledSilence],
    subscription: Subscription,
    channel: str,
    incident: Incident,
    at: datetime,
    variables: Mapping[str, Value] | None = None,
) -> Silence | None:
    """The silence in force at `at` that ends last of those that keep `subscription` from being told of `incident` on
    `channel`; None where none does.

    One whose condition fails on this incident's values silences nothing: it is better to be told once too often.
    """
    found = [
        one.silence
        for one in silences
        if one.silence.starts <= at < one.silence.until and _meets(one, subscription, channel, incident, variables)
    ]
    return max(found, key=lambda silence: silence.until, default=None)


def _meets(
    compiled: CompiledSilence,
    subscription: Subscription,
    channel: str,
    incident: Incident,
    variables: Mapping[str, Value] | None,
) -> bool:
    silence = compiled.silence
    stated = (
        (silence.subscriptions, subscription.name),
        (silence.channels, channel),
        (silence.incidents, incident.incident_id),
        (silence.types, incident.type),
    )
    if any(names and name not in names for names, name in stated):
        return False
    if compiled.areas is not None and inside(compiled.areas, incident) is not Inside.YES:
        return False
    if compiled.condition is None:
        return True
    try:
        return compiled.condition.holds(incident_variables(incident) if variables is None else variables)
    except ConditionError:
        return False
