"""Making an alert small enough to send, by leaving out what a reader can do without first. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas import Alert

LEAST_TEXT = 500
"""Characters of a sentence that stay, however small the rest must get."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """An alert and what it lacks."""

    alert: Alert
    left_out: tuple[str, ...]
    """Fields that are shorter than they were or empty now, as `incident.claims`; empty where the alert is whole."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that can be made shorter."""

    name: str
    length: Callable[[Alert], int]
    keep: Callable[[Alert, int], Alert]
    """The alert with the field's first items or characters, so many."""
    least: int = 0


def trimmed(alert: Alert, limit: int, size: Callable[[Alert], int] = lambda alert: len(alert.to_bytes())) -> Trimmed:
    """`alert` with a size of at most `limit`, in bytes as `size` counts them.

    Claims go first, last ones before first ones, then sources, then the rest of what the text of the message says
    anyway, then the end of that text. What happened, to whom it is told and why always stay.
    """
    left_out: list[str] = []
    for field in _FIELDS:
        if size(alert) <= limit:
            break
        whole = field.length(alert)
        low, high = min(field.least, whole), whole - 1
        if high < low:
            continue
        while low < high:
            middle = (low + high + 1) // 2
            if size(field.keep(alert, middle)) <= limit:
                low = middle
            else:
                high = middle - 1
        alert = field.keep(alert, low)
        left_out.append(field.name)
    return Trimmed(alert, tuple(left_out))


def _incident_list(name: str) -> _Field:
    return _Field(
        f"incident.{name}",
        lambda alert: len(getattr(alert.incident, name)),
        lambda alert, count: _with_incident(alert, **{name: getattr(alert.incident, name)[:count]}),
    )


def _incident_value(name: str) -> _Field:
    """A field of the incident that stays whole or goes."""
    return _Field(
        f"incident.{name}",
        lambda alert: 0 if getattr(alert.incident, name) is None else 1,
        lambda alert, count: alert if count else _with_incident(alert, **{name: None}),
    )


def _text(name: str) -> _Field:
    return _Field(
        name,
        lambda alert: len(getattr(alert, name)),
        lambda alert, count: alert.model_copy(update={name: getattr(alert, name)[:count]}),
        LEAST_TEXT,
    )


def _with_incident(alert: Alert, **changes: Any) -> Alert:
    return alert.model_copy(update={"incident": alert.incident.model_copy(update=changes)})


def _rules(alert: Alert, count: int) -> Alert:
    severity = alert.incident.severity
    return _with_incident(alert, severity=severity.model_copy(update={"rules": severity.rules[:count]}))


_FIELDS = (
    _incident_list("claims"),
    _incident_list("sources"),
    _incident_list("history"),
    _incident_list("report_ids"),
    _Field("incident.severity.rules", lambda alert: len(alert.incident.severity.rules), _rules),
    _incident_list("weapons"),
    _incident_list("targets"),
    _incident_list("perpetrators"),
    _text("body"),
    _Field(
        "also",
        lambda alert: len(alert.also),
        lambda alert, count: alert.model_copy(update={"also": alert.also[:count]}),
    ),
    _Field(
        "told_before",
        lambda alert: 0 if alert.told_before is None else 1,
        lambda alert, count: alert if count else alert.model_copy(update={"told_before": None}),
    ),
    _incident_list("changed"),
    _incident_list("regions"),
    _incident_value("occurred"),
    _incident_value("place"),
    _incident_value("merged_into"),
    _text("because"),
    _text("headline"),
)
