"""Whether an incident meets a subscription's conditions, and which."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas import Incident, Subscription
from schemas.vocabulary import Certainty, ClaimKind
from services.alerter.policy.areas import Areas, Inside, areas_of, inside
from services.alerter.policy.outlets import Heard, OutletFilter, heard_of, outlet_filter
from services.conditions.conditions import Condition, compile_condition
from services.conditions.variables import Value, incident_variables

_NO_CONDITIONS = {
    *("name", "channel", "time_zone", "quiet_hours", "digest", "alerts_per_hour", "group_by", "group_minutes"),
    *("urgent_from", "hold", "inhibit", "expires", "test"),
}
"""Fields of a subscription that say how it is told and not of what."""


@dataclass(frozen=True, slots=True)
class CompiledSubscription:
    """A subscription with its CEL condition and its areas read, so that no incident has to wait for that."""

    subscription: Subscription
    condition: Condition | None
    areas: Areas | None
    """None where every place is asked for."""
    outlets: OutletFilter | None
    """None where every outlet and language is asked for."""

    @property
    def digest(self) -> str:
        """What stands for the conditions: another where any of them is changed."""
        asked = self.subscription.model_dump_json(exclude=_NO_CONDITIONS, exclude_defaults=True)
        return hashlib.sha256(asked.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome of one subscription's conditions for one incident."""

    holds: bool
    met: tuple[str, ...]
    """Each condition that is met, as words for the reader with the values that met it."""
    failed: str
    """The first condition that is not met, likewise; empty where all are."""
    maybe: bool = False
    """Only the place is in doubt: it may be in an area that is asked for."""


def compile_subscription(subscription: Subscription) -> CompiledSubscription:
    """`subscription` ready for `match`. Raises services.conditions.ConditionError where its CEL cannot be used."""
    condition = None if subscription.where is None else compile_condition(subscription.where)
    return CompiledSubscription(subscription, condition, areas_of(subscription), outlet_filter(subscription))


def match(compiled: CompiledSubscription, incident: Incident, variables: Mapping[str, Value] | None = None) -> Match:
    """Whether `incident` meets all conditions of the subscription; the cheap ones are asked first.

    `variables` are `incident_variables(incident)`, for a caller that asks many subscriptions; worked out where None.
    Raises ConditionError where the CEL condition fails on this incident's values.
    """
    met: list[str] = []
    doubt = ""
    for holds, said in _conditions(compiled, incident, variables):
        if holds is Inside.MAYBE:
            doubt = said
        elif holds is Inside.NO:
            return Match(False, tuple(met), said)
        else:
            met.append(said)
    return Match(not doubt, tuple(met), doubt, maybe=bool(doubt))


def _conditions(
    compiled: CompiledSubscription, incident: Incident, variables: Mapping[str, Value] | None
) -> Iterator[tuple[Inside, str]]:
    asked = compiled.subscription
    if incident.test:
        yield _is(asked.test), f"it is a test, and the subscription {'has' if asked.test else 'lacks'} the test flag"
    for kind in ClaimKind:
        least = asked.at_least(kind)
        if least is not None:
            people = incident.toll.people(kind, asked.on)
            amount = f"at least {people:,} {kind}" if asked.on == "low" else f"{people:,} {kind} at the {asked.on}"
            yield _is(people >= least), f"{amount}, and {least:,} or more are asked for"
    if asked.severity_at_least is not None:
        level = incident.severity.level
        yield (
            _is(level.rank >= asked.severity_at_least.rank),
            f"severity is {level}, and {asked.severity_at_least} or worse is asked for",
        )
    if asked.certainty_at_least is not None:
        sure = incident.certainty
        yield (
            _is(sure.rank >= Certainty(asked.certainty_at_least).rank),
            f"certainty is {sure}, and {asked.certainty_at_least} or surer is asked for",
        )
    if asked.types:
        wanted = " or ".join(kind.replace("_", " ") for kind in asked.types)
        yield _is(incident.type in asked.types), f"type is {incident.type.replace('_', ' ')}, and {wanted} is asked for"
    yield from _sources(compiled, incident)
    if compiled.areas is not None:
        yield _place(compiled.areas, asked, incident)
    if compiled.condition is not None:
        holds = compiled.condition.holds(incident_variables(incident) if variables is None else variables)
        yield _is(holds), f"condition `{compiled.condition.text}` is {'met' if holds else 'not met'}"


def _sources(compiled: CompiledSubscription, incident: Incident) -> Iterator[tuple[Inside, str]]:
    asked = compiled.subscription
    if compiled.outlets is None and asked.independent_sources_at_least is None:
        return
    heard = heard_of(compiled.outlets, incident)
    if compiled.outlets is not None:
        yield _is(heard.articles > 0), _heard_words(heard, compiled.outlets)
    least = asked.independent_sources_at_least
    if least is not None:
        said = f"{heard.independent} independent {'source tells' if heard.independent == 1 else 'sources tell'} of it"
        yield _is(heard.independent >= least), f"{said}, and {least} or more are asked for"


def _heard_words(heard: Heard, asked: OutletFilter) -> str:
    wanted = asked.words()
    if heard.articles == 0:
        return f"no article {wanted} tells of it"
    return f"{heard.articles} {'article' if heard.articles == 1 else 'articles'} {wanted}"


def _place(areas: Areas, asked: Subscription, incident: Incident) -> tuple[Inside, str]:
    wanted = [*asked.regions]
    wanted += [f"{one.radius_km:g} km around {one.lat:g}, {one.lon:g}" for one in asked.circles]
    wanted += ["a polygon" for _ in asked.polygons]
    named = " or ".join(dict.fromkeys(wanted))
    if incident.place is None:
        return Inside.NO, f"no place is known, and {named} is asked for"
    found = inside(areas, incident)
    if found is Inside.MAYBE:
        known = incident.place.precision
        return found, f"place is known to the {known} only, and may be in {named}, which is asked for"
    if found is Inside.NO:
        return found, f"place is not in {named}"
    country = incident.place.country
    which = next((region for region in asked.regions if region in incident.regions or region == country), named)
    return found, f"place is in {which}"


def _is(holds: bool) -> Inside:
    return Inside.YES if holds else Inside.NO
