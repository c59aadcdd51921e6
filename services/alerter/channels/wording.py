"""What every channel that writes for people says the same way. Pure."""

from __future__ import annotations

from schemas import Alert
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.policy.plain_text import one_line, printable


def text_below(alert: Alert) -> str:
    """The message without its headline, safe to print, without empty lines around it."""
    return printable(alert.body).removeprefix(one_line(alert.headline, 1000)).strip("\n")


def footer(message: OutgoingMessage) -> str:
    """Which alert this is, and that it may have come before where it is sent again."""
    said = f"Alert {one_line(message.alert.alert_id)}, number {message.alert.sequence}."
    if message.attempt > 1:
        said += f" Sent again (attempt {message.attempt}): you may have seen this before."
    return said
