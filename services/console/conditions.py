"""A subscription's fields in words, and how two versions of one differ."""

from __future__ import annotations

from collections.abc import Callable
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
    return {field: text_of(value, field) for field, value in written.items()}


def difference(before: Subscription | None, after: Subscription) -> list[ChangedField]:
    """The fields that change, in the order of the model; all that are stated where there was none before."""
    old = {} if before is None else before.model_dump(mode="json", exclude_defaults=True)
    new = after.model_dump(mode="json", exclude_defaults=True)
    return [
        ChangedField(
            name,
            text_of(old[name], name) if name in old else "",
            text_of(new[name], name) if name in new else "",
        )
        for name in Subscription.model_fields
        if old.get(name, _MISSING) != new.get(name, _MISSING)
    ]


def text_of(value: Any, field: str = "") -> str:
    """A value of `field` as one text: what a person would say of circles, polygons and times."""
    said = _SAID.get(field)
    if said is not None and isinstance(value, list):
        return "; ".join(said(one) for one in value)
    if said is not None and isinstance(value, dict):
        return said(value)
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {text_of(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(text_of(inner) for inner in value)
    if value is None:
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _circle(circle: dict[str, Any]) -> str:
    return f"{circle['radius_km']:g} km around {circle['lat']:g}, {circle['lon']:g}"


def _polygon(corners: list[list[float]]) -> str:
    return " to ".join(f"{lat:g}, {lon:g}" for lat, lon in corners)


def _on_days(days: list[str]) -> str:
    return f" on {', '.join(days)}" if days else ""


def _hours(hours: dict[str, Any]) -> str:
    return f"{hours['start']} to {hours['end']}{_on_days(hours.get('days', []))}"


def _digest(digest: dict[str, Any]) -> str:
    return f"at {digest['at']}{_on_days(digest.get('days', []))}"


_SAID: dict[str, Callable[[Any], str]] = {
    "circles": _circle,
    "polygons": _polygon,
    "quiet_hours": _hours,
    "digest": _digest,
}
_MISSING = object()
