"""rules/subscriptions.yaml, read and checked: who is told of what, and by which channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from pydantic import SecretStr

from schemas import Channel, Subscription, Subscriptions
from services.alerter.channel_faults import Fault, channel_faults, owner_faults, secret_field
from services.alerter.channels.addresses import PUBLIC_ONLY, AllowedDestinations
from services.alerter.channels.templates import BUILT_IN, FOLDER, Templates, load_templates
from services.alerter.notices import SYSTEM
from services.alerter.policy.matching import CompiledSubscription, compile_subscription
from services.alerter.policy.sense import warnings_of
from services.conditions.conditions import ConditionError
from services.shared.rules_files import RulesError, read_rules

FILE = "subscriptions.yaml"

Countries: TypeAlias = Mapping[str, frozenset[str]]
"""Region to the countries that it lies in, where that is known."""
ExplainRegion = Callable[[str], str | None]
"""What is wrong with a text as a region or country, in words; None where it is one."""


@dataclass(frozen=True, slots=True)
class LoadedSubscriptions:
    """Everything that the alerter tells by."""

    channels: Mapping[str, Channel]
    subscriptions: tuple[CompiledSubscription, ...]
    secrets: Mapping[str, SecretStr]
    """Channel to its secret: a signing secret, token, key, password or secret address."""
    notes: tuple[str, ...]
    """What is allowed and probably not meant, a sentence each."""
    templates: Templates = BUILT_IN
    """What messages for people are written by."""
    allowed: AllowedDestinations = PUBLIC_ONLY
    """What channels may deliver to although it is not public."""


def load_subscriptions(
    folder: Path,
    explain_region: ExplainRegion,
    environment: Mapping[str, str],
    countries: Countries = MappingProxyType({}),
    at: datetime | None = None,
    allowed: AllowedDestinations = PUBLIC_ONLY,
) -> LoadedSubscriptions:
    """The subscriptions of `folder`/subscriptions.yaml, with secrets from `environment`.

    Raises RulesError naming every mistake by file, line and field: those of form, names given twice, channels and
    regions that do not exist, conditions that cannot be read, endpoints that would be refused, secrets that are not
    set, and templates that fail. `countries` (see countries_of_regions) and `at`, the present moment, are for notes.
    `allowed` may be delivered to although it is not public.
    """
    file = read_rules(folder / FILE, Subscriptions)
    written = file.value
    secrets: dict[str, SecretStr] = {}
    compiled: list[CompiledSubscription] = []
    faults = [
        *_twice("channels", [channel.name for channel in written.channels]),
        *_twice("subscriptions", [subscription.name for subscription in written.subscriptions]),
    ]
    for number, channel in enumerate(written.channels):
        faults += channel_faults(number, channel, environment, allowed)
        field = secret_field(channel)
        if field is not None:
            secrets[channel.name] = SecretStr(environment.get(getattr(channel, field), ""))
    names = {channel.name for channel in written.channels}
    for number, channel in enumerate(written.channels):
        faults += owner_faults(number, channel, names)
    for number, subscription in enumerate(written.subscriptions):
        one, wrong = checked(subscription, names, explain_region)
        faults += [(("subscriptions", number, *location), message) for location, message in wrong]
        if one is not None:
            compiled.append(one)
    if faults:
        problems = [file.problem_at(location, message) for location, message in faults]
        raise RulesError(*sorted(problems, key=lambda problem: problem.line or 0))
    templates = load_templates(folder / FOLDER)
    channels = {channel.name: channel for channel in written.channels}
    notes = tuple(_notes(written, compiled, countries, at))
    return LoadedSubscriptions(channels, tuple(compiled), secrets, notes, templates, allowed)


def checked(
    subscription: Subscription, channels: Collection[str], explain_region: ExplainRegion
) -> tuple[CompiledSubscription | None, list[Fault]]:
    """`subscription` ready for matching (None where its condition cannot be read), and its mistakes.

    The mistakes are those that its form does not show, by the field within it: a channel that is none of `channels`,
    regions that do not exist, a condition that cannot be used.
    """
    faults: list[Fault] = []
    if subscription.name == SYSTEM:
        faults.append((("name",), f"{SYSTEM} is what notices to owners of channels count for; take another"))
    if subscription.channel not in channels:
        known = ", ".join(sorted(channels)) or "none"
        faults.append((("channel",), f"there is no channel {subscription.channel}; there are: {known}"))
    for item, region in enumerate(subscription.regions):
        wrong = explain_region(region)
        if wrong is not None:
            faults.append((("regions", item), wrong))
    try:
        compiled = compile_subscription(subscription)
    except ConditionError as error:
        return None, [*faults, (("where",), str(error))]
    return compiled, faults + [(("where",), wrong) for wrong in _region_faults(compiled, explain_region)]


def notes_on(
    subscription: Subscription, countries: Countries = MappingProxyType({}), at: datetime | None = None
) -> tuple[str, ...]:
    """What is allowed and probably not meant, a sentence each: see policy/sense.py. What is not allowed gets none."""
    try:
        return warnings_of(compile_subscription(subscription), countries, at)
    except ConditionError:
        return ()


def _twice(field: str, names: list[str]) -> Iterator[Fault]:
    counts = Counter(names)
    seen: set[str] = set()
    for number, name in enumerate(names):
        if counts[name] > 1 and name in seen:
            yield (field, number, "name"), f"the name {name} is given twice; every one needs its own"
        seen.add(name)


def _region_faults(compiled: CompiledSubscription, explain_region: ExplainRegion) -> Iterator[str]:
    """Regions and countries that a condition compares with and that do not exist: it would never be met."""
    for variable, value in compiled.condition.compared if compiled.condition else ():
        if variable in {"regions", "country"} and value and (wrong := explain_region(value)) is not None:
            yield wrong


def _notes(
    written: Subscriptions, compiled: Iterable[CompiledSubscription], countries: Countries, at: datetime | None
) -> Iterator[str]:
    used = {subscription.channel for subscription in written.subscriptions}
    for channel in written.channels:
        if channel.name not in used:
            yield f"No subscription uses the channel {channel.name}."
    for one in compiled:
        yield from warnings_of(one, countries, at)
