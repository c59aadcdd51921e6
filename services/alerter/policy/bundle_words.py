"""What one message says that tells of several incidents. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Alert

RULE = "-" * 40
"""Stands between the messages of a bundle."""


def bundle_headline(alerts: Sequence[Alert]) -> str:
    """The first line, from the first of `alerts`, which is the worst."""
    others = len(alerts) - 1
    return f"{alerts[0].headline}; and {others} more {'alert' if others == 1 else 'alerts'}"


def bundle_body(alerts: Sequence[Alert]) -> str:
    """Plain text: the first line, a list of all, then each in full."""
    listed = [f"{number}. {alert.headline}" for number, alert in enumerate(alerts, 1)]
    in_full = f"\n{RULE}\n\n".join(alert.body for alert in alerts)
    return "\n".join([bundle_headline(alerts), "", *listed, "", in_full])
