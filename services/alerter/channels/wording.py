"""What every channel that writes for people says the same way. Pure."""

from __future__ import annotations

import re

from schemas import Alert
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.policy.plain_text import one_line, printable

_SOURCE = re.compile(r"(\s*- .*, )(https?://[^\s<>\"|\\^`{}…]+)")


def text_below(alert: Alert) -> str:
    """The message without its headline, safe to print, without empty lines around it."""
    return printable(alert.body).removeprefix(one_line(alert.headline, 1000)).strip("\n")


def apart(line: str) -> tuple[str, str]:
    """A line of a message and the address that it ends with, where it names a source on the web; else the whole of it
    and an empty text. What an article says elsewhere in a message leads nowhere, whatever it looks like."""
    found = _SOURCE.fullmatch(line)
    return (line, "") if found is None else (found[1], found[2])


def footer(message: OutgoingMessage) -> str:
    """Which alert this is, and that it may have come before where it is sent again."""
    said = f"Alert {one_line(message.alert.alert_id)}, number {message.alert.sequence}."
    if message.attempt > 1:
        said += f" Sent again (attempt {message.attempt}): you may have seen this before."
    return said
