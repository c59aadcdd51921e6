"""Whether an incident meets a subscription's conditions, and which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas import Incident, Subscription
from schemas.vocabulary import ClaimKind
from services.conditions.conditions import Condition, compile_condition
from services.conditions.variables import Value, incident_variables


@dataclass(frozen=True, slots=True)
class CompiledSubscription:
    """A subscription with its CEL condition read, so that no incident has to wait for that."""

    subscription: Subscription
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome of one subscription's conditions for one incident."""

    holds: bool
    met: tuple[str, ...]
    """Each condition that is met, as words for the reader with the values that met it."""
    failed: str
    """The first condition that is not met, likewise; empty where all are."""


def compile_subscription(subscription: Subscription) -> CompiledSubscription:
    """`subscription` ready for `match`. Raises services.conditions.ConditionError where its CEL cannot be used."""
    condition = None if subscription.where is None else compile_condition(subscription.where)
    return CompiledSubscription(subscription, condition)


def match(compiled: CompiledSubscription, incident: Incident, variables: Mapping[str, Value] | None = None) -> Match:
    """Whether `incident` meets all conditions of the subscription; the cheap ones are asked first.

    `variables` are `incident_variables(incident)`, for a caller that asks many subscriptions; worked out where None.
    Raises ConditionError where the CEL condition fails on this incident's values.
    """
    met: list[str] = []
    for holds, said in _conditions(compiled, incident, variables):
        if not holds:
            return Match(False, tuple(met), said)
        met.append(said)
    return Match(True, tuple(met), "")


def _conditions(
    compiled: CompiledSubscription, incident: Incident, variables: Mapping[str, Value] | None
) -> Iterator[tuple[bool, str]]:
    asked = compiled.subscription
    if asked.killed_at_least is not None:
        killed = incident.toll.minimum(ClaimKind.KILLED)
        yield (
            killed >= asked.killed_at_least,
            f"at least {killed:,} killed, and {asked.killed_at_least:,} or more are asked for",
        )
    if asked.severity_at_least is not None:
        level = incident.severity.level
        yield (
            level.rank >= asked.severity_at_least.rank,
            f"severity is {level}, and {asked.severity_at_least} or worse is asked for",
        )
    if asked.types:
        wanted = " or ".join(kind.replace("_", " ") for kind in asked.types)
        yield incident.type in asked.types, f"type is {incident.type.replace('_', ' ')}, and {wanted} is asked for"
    if asked.regions:
        yield _region(asked.regions, incident)
    if compiled.condition is not None:
        holds = compiled.condition.holds(incident_variables(incident) if variables is None else variables)
        yield holds, f"condition `{compiled.condition.text}` is {'met' if holds else 'not met'}"


def _region(asked: tuple[str, ...], incident: Incident) -> tuple[bool, str]:
    wanted = " or ".join(asked)
    if incident.place is None:
        return False, f"no place is known, and {wanted} is asked for"
    country = incident.place.country
    found = [region for region in asked if region in incident.regions or region == country]
    if found:
        return True, f"place is in {found[0]}"
    return False, f"place is not in {wanted}"
