"""What to tell a subscriber of a new revision of an incident, given what they were last told. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from schemas import TYPES, Incident, IncidentType, Place, Told
from schemas.vocabulary import (
    AlertKind,
    Certainty,
    ClaimKind,
    DecisionReason,
    IncidentFamily,
    IncidentStatus,
    PlacePrecision,
    Stage,
)
from services.alerter.policy.areas import distance_km
from services.alerter.policy.bands import band_of
from services.alerter.policy.events import event_phrase
from services.alerter.policy.matching import CompiledSubscription, Match, match
from services.alerter.policy.plain_text import one_line
from services.alerter.policy.steadiness import reversals, taken_back, wavers
from services.conditions.conditions import ConditionError
from services.conditions.figures import figure_words
from services.conditions.variables import Value

MOVED_KM = 50.0
"""Kilometres between two exact places from which on they are two places: more than across any but the largest cities,
and less than from one district's chief town to the next in most of the countries that incidents come from."""
_SURE = frozenset({Certainty.OBSERVED, Certainty.LIKELY})
_UNSURE = frozenset({Certainty.POSSIBLE, Certainty.UNLIKELY})
_DONE = frozenset({IncidentFamily.VIOLENCE, IncidentFamily.UNREST})
"""Families of what somebody did."""
_CLOSENESS = list(reversed(PlacePrecision))


@dataclass(frozen=True, slots=True)
class Decision:
    """What one subscription is told of one revision, and why it is or is not."""

    kind: AlertKind | None
    """What is sent; None where nothing is."""
    reason: DecisionReason
    because: str
    """The reason as one sentence for the reader, with the values that decided."""
    conditions: tuple[str, ...] = ()
    """The subscription's conditions that the incident meets, with their values."""
    corrects: bool = False
    """Something that was told does not hold: it is told whatever else would keep it back."""
    due: datetime | None = None
    """When it is decided again, where it waits; None where it does not."""
    under: str | None = None
    """The incident that it waits under, where it is inhibited."""
    asked: str = ""
    """A digest of the conditions by which something is told."""


@dataclass(frozen=True, slots=True)
class _Change:
    kind: AlertKind
    reason: DecisionReason
    because: str


def decide(
    subscription: CompiledSubscription,
    told: Told | None,
    incident: Incident,
    variables: Mapping[str, Value] | None = None,
) -> Decision:
    """Decide what `subscription` is told of `incident`, having last been told `told` (None: nothing yet).

    Only a fact that changed is a reason, never that time has passed. `variables` are `incident_variables(incident)`,
    for a caller that decides for many subscriptions.

    - First match: alert.
    - Merged into another incident, or retracted: cancel, where something was told.
    - What was told no longer meets the conditions: correction; a further fall of the dead is corrected again.
    - The dead rose into another band: update. Another figure rose so: update, unless something told has fallen.
    - The dead fell by however little, or another figure by a band: correction. A fall that the dead explain (wounded
      who died) is none, and missing people who were found are an update.
    - Severity, place or certainty are other than told: update, or correction where less is now known or said. So is
      what was told as an attack and was an accident.
    - The subscription was changed and asks no longer for what it was told: only what takes something back.
    - What is back at a figure that was taken back, without a further source: nothing (see steadiness.py).

    This is what the facts call for; `paced` says when it is told.
    """
    decision = _decide(subscription, told, incident, variables)
    if decision.kind is None or decision.asked:
        return decision
    return replace(decision, asked=subscription.digest)


def _decide(
    subscription: CompiledSubscription, told: Told | None, incident: Incident, variables: Mapping[str, Value] | None
) -> Decision:
    if told is not None and told.revision >= incident.revision:
        because = f"Revision {incident.revision} was decided before: {told.revision} was told."
        return Decision(None, DecisionReason.ALREADY_DECIDED, because)
    if incident.status is not IncidentStatus.OPEN:
        return _ended(told, incident)
    try:
        found = match(subscription, incident, variables)
    except ConditionError as error:
        because = f"The condition `{subscription.subscription.where}` could not be worked out: {error}."
        return _beyond(told, incident, Decision(None, DecisionReason.CONDITION_FAILED, because))
    if told is None or told.kind is AlertKind.CANCEL:
        first = _first(found)
        return first if told is None or first.kind is None else _steadily(first, told, incident)
    if not found.holds:
        return _no_longer(subscription, told, incident, found)
    changes = list(_changes(told, incident))
    corrects = any(change.kind is AlertKind.CORRECTION for change in changes)
    if told.reason is DecisionReason.BELOW_THRESHOLD:
        because = f"The conditions are met again: {_list(found.met)}."
        again = Decision(AlertKind.UPDATE, DecisionReason.MATCHES_AGAIN, because, found.met, corrects)
        return _steadily(again, told, incident)
    for change in changes:
        decision = Decision(change.kind, change.reason, change.because, found.met, corrects)
        return _steadily(decision, told, incident)
    because = f"Nothing that matters has changed since revision {told.revision} was told."
    return Decision(None, DecisionReason.NOTHING_NEW, because, found.met)


def alert_id(subscription: str, incident_id: str, revision: int) -> str:
    """The id of the alert that tells `subscription` of that revision: always the same, and without a full stop, which
    Standard Webhooks does not allow in an id."""
    digest = hashlib.sha256(f"{subscription}\n{incident_id}\n{revision}".encode()).hexdigest()
    return f"alert_{digest[:32]}"


def told_by(decision: Decision, incident: Incident, headline: str, identity: str, before: Told | None = None) -> Told:
    """What the subscriber, who was told `before`, has been told once the alert `identity` is sent. `decision.kind` must
    not be None."""
    if decision.kind is None:
        raise ValueError("a decision to tell nothing tells nothing")
    return Told(
        alert_id=identity,
        kind=decision.kind,
        revision=incident.revision,
        toll=incident.toll,
        headline=headline,
        reason=decision.reason,
        place=incident.place,
        type=incident.type,
        severity=incident.severity.level,
        certainty=incident.certainty,
        independent_sources=incident.independent_sources,
        taken_back=taken_back(before, incident, decision.kind, decision.reason),
        reversals=reversals(before, decision.kind, decision.reason),
        asked=decision.asked,
    )


def _steadily(decision: Decision, told: Told, incident: Incident) -> Decision:
    """`decision`, or that nothing is told where it swings back to what was taken back."""
    if decision.corrects or (why := wavers(told, incident)) is None:
        return decision
    return Decision(None, DecisionReason.UNSTEADY, f"{decision.because} Yet {why}.", decision.conditions)


def _ended(told: Told | None, incident: Incident) -> Decision:
    if told is None:
        return Decision(
            None, DecisionReason.NO_MATCH, f"The incident is {incident.status}, and nothing was told of it."
        )
    if told.kind is AlertKind.CANCEL:
        return Decision(None, DecisionReason.NOTHING_NEW, "The subscriber was already told that it is cancelled.")
    if incident.status is IncidentStatus.MERGED:
        other = one_line(incident.merged_into or "", 100) or "another incident"
        because = f"It was found to be the same as {other}, which is told of by itself."
        return Decision(AlertKind.CANCEL, DecisionReason.MERGED, because, corrects=True)
    return Decision(AlertKind.CANCEL, DecisionReason.RETRACTED, "Its sources have withdrawn it.", corrects=True)


def _first(found: Match) -> Decision:
    if found.maybe:
        return Decision(None, DecisionReason.MAY_MATCH, _sentence(found.failed), found.met)
    if not found.holds:
        return Decision(None, DecisionReason.NO_MATCH, _sentence(found.failed), found.met)
    because = _sentence(_list(found.met)) if found.met else "The subscription asks for every incident."
    return Decision(AlertKind.ALERT, DecisionReason.FIRST_MATCH, because, found.met)


def _beyond(told: Told | None, incident: Incident, otherwise: Decision) -> Decision:
    """What takes back something of what was `told` by a subscription of which it is not known that it asks for
    `incident` now; `otherwise` where nothing does."""
    if told is None or told.kind is AlertKind.CANCEL:
        return otherwise
    for change in _changes(told, incident):
        if change.kind is AlertKind.CORRECTION:
            return Decision(change.kind, change.reason, change.because, corrects=True, asked=told.asked)
    return otherwise


def _no_longer(subscription: CompiledSubscription, told: Told, incident: Incident, found: Match) -> Decision:
    if told.asked not in ("", subscription.digest) and told.reason is not DecisionReason.BELOW_THRESHOLD:
        # That it asks for something else now takes back nothing.
        because = f"The subscription was changed since it was told, and asks for it no longer: {found.failed}."
        return _beyond(told, incident, Decision(None, DecisionReason.NO_MATCH, because, found.met))
    if told.reason is not DecisionReason.BELOW_THRESHOLD:
        because = f"What was told no longer meets the conditions: {found.failed}."
        return Decision(AlertKind.CORRECTION, DecisionReason.BELOW_THRESHOLD, because, found.met, corrects=True)
    before, now = told.toll.minimum(ClaimKind.KILLED), incident.toll.minimum(ClaimKind.KILLED)
    if now < before:
        because = f"{_moved(ClaimKind.KILLED, told, incident)}; still, {found.failed}."
        return Decision(AlertKind.CORRECTION, DecisionReason.BELOW_THRESHOLD, because, found.met, corrects=True)
    because = f"The subscriber was told that the conditions are no longer met, and they are not: {found.failed}."
    return Decision(None, DecisionReason.NOTHING_NEW, because, found.met)


def _changes(told: Told, incident: Incident) -> Iterator[_Change]:
    """What differs from what was told and matters, the weightiest first."""
    rose = [kind for kind in ClaimKind if _band_move(kind, told, incident) > 0]
    if ClaimKind.KILLED in rose:
        yield _Change(AlertKind.UPDATE, DecisionReason.TOLL_ROSE, _moved(ClaimKind.KILLED, told, incident) + ".")
    for kind in ClaimKind:
        if _fell(kind, told, incident):
            found = AlertKind.UPDATE if kind is ClaimKind.MISSING else AlertKind.CORRECTION
            yield _Change(found, DecisionReason.TOLL_FELL, _moved(kind, told, incident) + ".")
    for kind in rose:
        yield _Change(AlertKind.UPDATE, DecisionReason.TOLL_ROSE, _moved(kind, told, incident) + ".")
    yield from _place_change(told.place, incident.place)
    yield from _type_change(told.type, incident.type)
    level = incident.severity.level
    if told.severity is not None and told.severity is not level:
        worse = level.rank > told.severity.rank
        yield _Change(
            AlertKind.UPDATE if worse else AlertKind.CORRECTION,
            DecisionReason.SEVERITY_ROSE if worse else DecisionReason.SEVERITY_FELL,
            f"Severity {'rose' if worse else 'fell'} from {told.severity} to {level}.",
        )
    if told.certainty in _SURE and incident.certainty in _UNSURE:
        because = f"Certainty fell from {told.certainty} to {incident.certainty}."
        yield _Change(AlertKind.CORRECTION, DecisionReason.CERTAINTY_CHANGED, because)


def _band_move(kind: ClaimKind, told: Told, incident: Incident) -> int:
    return band_of(incident.toll.minimum(kind)) - band_of(told.toll.minimum(kind))


def _fell(kind: ClaimKind, told: Told, incident: Incident) -> bool:
    fall = told.toll.minimum(kind) - incident.toll.minimum(kind)
    if kind is ClaimKind.KILLED:
        return fall > 0
    died = incident.toll.minimum(ClaimKind.KILLED) - told.toll.minimum(ClaimKind.KILLED)
    return _band_move(kind, told, incident) < 0 and fall > died


def _moved(kind: ClaimKind, told: Told, incident: Incident) -> str:
    before, now = told.toll.minimum(kind), incident.toll.minimum(kind)
    word = "rose" if now > before else "fell"
    return (
        f"{kind.capitalize()} {word} from {figure_words(told.toll.of(kind))} to {figure_words(incident.toll.of(kind))}"
    )


def _place_change(told: Place | None, now: Place | None) -> Iterator[_Change]:
    if told == now:
        return
    if now is None:
        because = "It is no longer known where it happened."
        yield _Change(AlertKind.CORRECTION, DecisionReason.PLACE_CHANGED, because)
        return
    name = one_line(now.name, 100)
    if told is None:
        because = f"It is now known where it happened: {name}."
        yield _Change(AlertKind.UPDATE, DecisionReason.PLACE_CHANGED, because)
    elif _elsewhere(told, now):
        because = f"It happened in {name}, not in {one_line(told.name, 100)}."
        yield _Change(AlertKind.CORRECTION, DecisionReason.PLACE_CHANGED, because)
    elif _CLOSENESS.index(now.precision) > _CLOSENESS.index(told.precision) and now.precision is PlacePrecision.EXACT:
        because = f"It is now known more closely where it happened: {name}."
        yield _Change(AlertKind.UPDATE, DecisionReason.PLACE_CHANGED, because)


def _type_change(told: IncidentType | None, now: IncidentType) -> Iterator[_Change]:
    if told is None:
        return
    before, after = (_on_purpose(one) for one in (told, now))
    if before is None or after is None or before is after:
        return
    is_now, was = (event_phrase(one, Stage.ACCOMPLISHED, None) for one in (now, told))
    because = f"It is now reported as {is_now}, not {was}."
    kind = AlertKind.UPDATE if after else AlertKind.CORRECTION
    yield _Change(kind, DecisionReason.TYPE_CHANGED, because)


def _on_purpose(incident_type: IncidentType) -> bool | None:
    """Whether somebody did it; None where the type does not say."""
    family = TYPES[incident_type].family
    return None if family is IncidentFamily.UNKNOWN else family in _DONE


def _elsewhere(one: Place, other: Place) -> bool:
    """Whether the two cannot be one place at different precision or in different spelling."""
    if one.country and other.country and one.country != other.country:
        return True
    if one.admin1_code and other.admin1_code and one.admin1_code != other.admin1_code:
        return True
    both_exact = one.precision is other.precision is PlacePrecision.EXACT
    return both_exact and _apart_km(one, other) > MOVED_KM


def _apart_km(one: Place, other: Place) -> float:
    """Kilometres between the two; 0 where a coordinate is missing."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return 0.0
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def _list(parts: tuple[str, ...]) -> str:
    return "; ".join(parts) if parts else "the subscription asks for every incident"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
