"""A subscription's fields in words, and how two versions of one differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas import Subscription


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field that two versions of a subscription do not have alike."""

    field: str
    before: str
    """Empty where it was not stated."""
    after: str


def conditions_of(subscription: Subscription) -> dict[str, str]:
    """What somebody wrote into `subscription` besides its name and channel, each field as one text."""
    written = subscription.model_dump(mode="json", exclude_defaults=True, exclude={"name", "channel"})
    return {field: text_of(value) for field, value in written.items()}


def difference(before: Subscription | None, after: Subscription) -> list[ChangedField]:
    """The fields that change, in the order of the model; all that are stated where there was none before."""
    old = {} if before is None else before.model_dump(mode="json", exclude_defaults=True)
    new = after.model_dump(mode="json", exclude_defaults=True)
    return [
        ChangedField(name, text_of(old[name]) if name in old else "", text_of(new[name]) if name in new else "")
        for name in Subscription.model_fields
        if old.get(name, _MISSING) != new.get(name, _MISSING)
    ]


def text_of(value: Any) -> str:
    """A value of a field as one text."""
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {text_of(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(text_of(inner) for inner in value)
    if value is None:
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


_MISSING = object()
