"""Subscriptions that are allowed and probably not meant: those that can never ring, and those that always do. Pure.

A condition in CEL is tried on made-up values around everything that it names, within what the other conditions of the
subscription leave. What none of them meets is said as just that, since a trial is no proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import prod

from schemas import TYPES, Certainty, ClaimKind, FigureEnd, SeverityLevel, Subscription
from services.alerter.policy.areas import is_division
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.outlets import folded_outlet
from services.alerter.policy.quiet_hours import LONGEST, quiet_until
from services.conditions.conditions import Condition, ConditionError
from services.conditions.tokens import tokens_of
from services.conditions.variables import VARIABLES, Kind, Value

MOST_TRIALS = 5_000
"""Made-up incidents that a condition is tried on; some milliseconds."""
_MANY = 1_000_000
_CONDITIONS = (
    *("regions", "circles", "polygons", "types", "severity_at_least", "certainty_at_least", "where"),
    *("independent_sources_at_least", "outlets", "except_outlets", "languages"),
    *(f"{kind}_at_least" for kind in ClaimKind),
)


def warnings_of(
    compiled: CompiledSubscription, countries: Mapping[str, frozenset[str]], at: datetime | None = None
) -> tuple[str, ...]:
    """What is probably not meant in a subscription, a sentence each that begins with its name.

    `countries` gives the countries that a named region lies in, where it is made of whole countries alone. `at` is the
    moment by which it may have expired; nothing is said of that where None.
    """
    asked = compiled.subscription
    found = [
        *_expiry(asked, at),
        *_everything(asked),
        *_sources(asked),
        *_condition(compiled, countries),
        *_times(asked),
    ]
    return tuple(f"The subscription {asked.name} {said}" for said in found)


def _expiry(asked: Subscription, at: datetime | None) -> Iterator[str]:
    if at is not None and asked.expires is not None and asked.expires <= at:
        yield f"expired on {asked.expires:%Y-%m-%d}: it is told nothing new."


def _everything(asked: Subscription) -> Iterator[str]:
    stated = [name for name in _CONDITIONS if getattr(asked, name) not in (None, ())]
    if not stated:
        yield "has no condition: it is told of every incident."
    elif stated == ["severity_at_least"] and asked.severity_at_least is SeverityLevel.MINOR:
        yield "asks for minor severity or worse, which every incident has: it is told of every incident."
    elif stated == ["types"] and len(set(asked.types)) == len(TYPES):
        yield "names every type: it is told of every incident."


def _sources(asked: Subscription) -> Iterator[str]:
    allowed, denied = set(map(folded_outlet, asked.outlets)), set(map(folded_outlet, asked.except_outlets))
    if allowed and allowed <= denied:
        yield "can never match: every outlet that it asks for is among except_outlets."
        return
    least = asked.independent_sources_at_least
    if least is not None and allowed and least > len(allowed - denied):
        yield f"can never match: it asks for {least} independent sources and names {len(allowed - denied)} outlets."
    if least is not None and least > 1 and asked.certainty_at_least == "observed":
        return
    if asked.certainty_at_least == "observed" and least == 1 and len(allowed) == 1:
        yield "asks for certainty observed, which takes two sources, by one outlet."


def _times(asked: Subscription) -> Iterator[str]:
    if not asked.quiet_hours:
        return
    # What waits is told at the end of quiet hours, in a gap of one minute too.
    monday = datetime.fromisoformat("2031-01-06T00:00:00+00:00")
    if quiet_until(asked, monday) == monday + LONGEST:
        yield (
            f"is never outside its quiet hours: what is not {asked.urgent_from} waits for "
            f"{LONGEST.days} days each time."
        )


def _condition(compiled: CompiledSubscription, countries: Mapping[str, frozenset[str]]) -> Iterator[str]:
    if compiled.condition is None:
        return
    tried = met = 0
    for values in _trials(compiled.subscription, compiled.condition, countries):
        tried += 1
        try:
            met += compiled.condition.holds(values)
        except ConditionError:
            continue
    text, alone = compiled.condition.text, len(set(_stated(compiled.subscription))) == 1
    if not compiled.condition.variables:
        if met == 0:
            yield f"can never match: its condition `{text}` is always false."
        elif alone:
            yield f"is told of every incident: its condition `{text}` is always true."
    elif tried and met == 0:
        beside = "" if alone else " that meet its other conditions"
        yield f"can probably never match: none of {tried:,} made-up incidents{beside} meets its condition `{text}`."
    elif tried and met == tried and alone:
        yield f"is probably told of every incident: each of {tried:,} made-up incidents meets its condition `{text}`."


def _stated(asked: Subscription) -> Iterator[str]:
    return (name for name in _CONDITIONS if getattr(asked, name) not in (None, ()))


def _trials(
    asked: Subscription, condition: Condition, countries: Mapping[str, frozenset[str]]
) -> Iterator[dict[str, Value]]:
    """Values for the variables of `condition`, all combinations or as many as MOST_TRIALS spread over them."""
    choices = [_choices(name, asked, condition, countries) for name in condition.variables]
    total = prod(len(values) for values in choices)
    step = max(1, total // MOST_TRIALS)
    # A step that has no factor in common with the numbers of choices visits them all.
    while step > 1 and any(step % len(values) == 0 for values in choices if len(values) > 1):
        step += 1
    for number in range(0, total, step):
        row: dict[str, Value] = {}
        left = number
        for name, values in zip(condition.variables, choices, strict=True):
            left, place = divmod(left, len(values))
            row[name] = values[place]
        yield row


def _choices(
    name: str, asked: Subscription, condition: Condition, countries: Mapping[str, frozenset[str]]
) -> list[Value]:
    variable = VARIABLES[name]
    match variable.kind:
        case Kind.TRUTH:
            return [True, False] if name != "test" or asked.test else [False]
        case Kind.NUMBER:
            return list(_numbers(name, asked, condition))
        case Kind.LIST:
            texts = _texts(condition)
            return [(), *((text,) for text in texts), tuple(texts)] if texts else [(), ("other",)]
    if variable.allowed:
        return list(_allowed(name, variable.allowed, asked))
    texts = _texts(condition)
    if name == "country" and (within := _countries(asked, countries)) is not None:
        return sorted(within)
    return ["", "other", *texts]


def _texts(condition: Condition) -> list[str]:
    return sorted({token.text for token in tokens_of(condition.text) if token.kind == "string" and token.text})


def _numbers(name: str, asked: Subscription, condition: Condition) -> list[int]:
    named = [int(token.text) for token in tokens_of(condition.text) if token.kind == "integer"]
    around = {0, 1, _MANY} | {near for number in named for near in (number - 1, number, number + 1) if near >= 0}
    least = _least(name, asked)
    return sorted({max(number, least) for number in around} | ({least} if least else set()))


def _least(name: str, asked: Subscription) -> int:
    """The least that the number called `name` can be, where the subscription's thresholds are met."""
    for kind in ClaimKind:
        threshold = asked.at_least(kind)
        if threshold is not None:
            variable = kind.value if asked.on is FigureEnd.LOW else f"{kind.value}_{asked.on.value}"
            ends = [kind.value, f"{kind.value}_best", f"{kind.value}_high"]
            # A higher end of the figure is at least as high.
            if name in ends[ends.index(variable) :]:
                return threshold
    if name == "harmed" and asked.on is FigureEnd.LOW:
        counted = (ClaimKind.KILLED, ClaimKind.WOUNDED, ClaimKind.MISSING, ClaimKind.ABDUCTED)
        return sum(asked.at_least(kind) or 0 for kind in counted)
    if name in ("sources", "articles"):
        return asked.independent_sources_at_least or 0
    return 0


def _allowed(name: str, allowed: tuple[str, ...], asked: Subscription) -> Iterator[str]:
    for word in allowed:
        if name == "type" and asked.types and word not in asked.types:
            continue
        if name == "family" and asked.types and word not in {TYPES[kind].family for kind in asked.types}:
            continue
        mildest, least_sure = asked.severity_at_least, asked.certainty_at_least
        if name == "severity" and mildest is not None and SeverityLevel(word).rank < mildest.rank:
            continue
        if name == "certainty" and least_sure is not None and Certainty(word).rank < Certainty(least_sure).rank:
            continue
        if name == "status" and word != "open":
            continue  # what has ended is told to those who were told of it, whatever they ask for
        yield word


def _countries(asked: Subscription, countries: Mapping[str, frozenset[str]]) -> set[str] | None:
    """The countries that the subscription's regions leave; None where that is not known, or any."""
    if not asked.regions or asked.circles or asked.polygons:
        return None
    found: set[str] = set()
    for region in asked.regions:
        if is_division(region) or (len(region) == 2 and region.isupper()):
            found.add(region[:2])
        elif region in countries:
            found |= countries[region]
        else:
            return None
    return found
