"""Alerts on standard output, for a person."""

from __future__ import annotations

import os
from typing import TextIO

from schemas import AlertKind, DeliveryOutcome
from services.alerter.channels.contract import ACCEPTED, LOCAL_TIMEOUT_SECONDS, ChannelAnswer, OutgoingMessage
from services.alerter.channels.serial import SerialThread
from services.alerter.channels.templates import BUILT_IN, Templates
from services.alerter.channels.wording import footer
from services.alerter.policy.plain_text import one_line

_RULE = "─" * 78
_COLOURS = {AlertKind.ALERT: "1;31", AlertKind.UPDATE: "1;33", AlertKind.CORRECTION: "1;36", AlertKind.CANCEL: "1;32"}
"""Select Graphic Rendition parameters (ECMA-48): bold red, yellow, cyan, green."""


class TerminalSender:
    """Writes each alert whole; two never mix."""

    kind = "terminal"
    timeout_seconds = LOCAL_TIMEOUT_SECONDS
    concurrency = 1

    def __init__(self, stream: TextIO, templates: Templates = BUILT_IN) -> None:
        self._stream = stream
        self._templates = templates
        self._thread = SerialThread("terminal")

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Write and flush. Accepted when the operating system has it."""
        try:
            text = layout(
                message, colour=self._stream.isatty() and not os.environ.get("NO_COLOR"), templates=self._templates
            )
            # A reader that has stopped reading (less) blocks the write, and must block nothing else.
            await self._thread.run(lambda: self._write(text))
        except (OSError, ValueError) as error:
            return ChannelAnswer(DeliveryOutcome.RETRY, f"Standard output cannot be written to ({error}).")
        return ACCEPTED

    async def close(self) -> None:
        """End the thread that writes."""
        self._thread.close()

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def layout(message: OutgoingMessage, *, colour: bool, templates: Templates = BUILT_IN) -> str:
    """The message as it is shown, ending in an empty line. Nothing in it commands a terminal but our own colour."""
    alert = message.alert
    headline = one_line(alert.headline, 1000)
    if colour:
        headline = f"\x1b[{_COLOURS[alert.kind]}m{headline}\x1b[0m"
    return f"{_RULE}\n{headline}\n\n{templates.text(message)}\n{footer(message)}\n\n"
