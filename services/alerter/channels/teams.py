"""Alerts to Microsoft Teams: an Adaptive Card to the webhook of a workflow. A webhook has no threads, so each message
says for itself which incident it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from schemas import AlertKind, TeamsChannel
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.http_client import HttpClient, answer_for
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.channels.templates import BUILT_IN, Templates
from services.alerter.channels.wording import apart, footer
from services.alerter.policy.plain_text import one_line

CONCURRENCY = 2
"""Teams takes four requests a second from one webhook."""
MOST_BYTES = 26_000
"""Bytes of a body: Teams refuses cards of more than 28 kB, its own envelope counted."""
_COLOURS = {
    AlertKind.ALERT: "Attention",
    AlertKind.UPDATE: "Warning",
    AlertKind.CORRECTION: "Accent",
    AlertKind.CANCEL: "Good",
}


class TeamsSender:
    """Posts to one workflow. Create it within a running event loop."""

    kind = "teams"
    concurrency = CONCURRENCY

    def __init__(
        self,
        channel: TeamsChannel,
        url: SecretStr,
        now: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
        templates: Templates = BUILT_IN,
        connections: HttpTransport | None = None,
    ) -> None:
        """`connections` are its own where None, with `resolver`, or aiohttp's own where that is None."""
        self._templates = templates
        self.timeout_seconds = channel.timeout_seconds
        self._url = url
        self._client = HttpClient(
            channel.timeout_seconds,
            now,
            allow_private_address=channel.allow_private_address,
            resolver=resolver,
            connections=connections,
            secrets=(url,),
        )

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Post once. Only a 2xx is accepted."""
        url = self._url.get_secret_value()
        reply = await self._client.request(
            url, teams_body(message, self._templates), {"content-type": "application/json"}
        )
        if isinstance(reply, ChannelAnswer):
            said = reply.reason.replace(url, "<url>")
            return ChannelAnswer(reply.outcome, said, reply.status_code, reply.retry_after)
        return answer_for(reply)

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()


def teams_body(message: OutgoingMessage, templates: Templates = BUILT_IN) -> bytes:
    """The body for `message`, at most MOST_BYTES long: the end of a text that is too long is left out. Pure."""
    below = templates.text(message)
    whole = _body(message, below)
    if len(whole) <= MOST_BYTES:
        return whole
    low, high = 0, len(below)
    while low < high:
        middle = (low + high + 1) // 2
        if len(_body(message, f"{below[:middle]}…")) <= MOST_BYTES:
            low = middle
        else:
            high = middle - 1
    return _body(message, f"{below[:low]}…")


def _body(message: OutgoingMessage, below: str) -> bytes:
    alert = message.alert
    bold = {"weight": "Bolder", "size": "Medium", "color": _COLOURS[alert.kind]}
    small = {"size": "Small", "isSubtle": True}
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": one_line(alert.headline, 1000),
        "body": [
            _words(one_line(alert.headline, 1000), bold),
            *([{"type": "RichTextBlock", "inlines": _linked(below)}] if below else []),
            _words(footer(message), small),
        ],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json.dumps({"type": "message", "attachments": [content]}, ensure_ascii=False).encode()


def _linked(text: str) -> list[dict[str, Any]]:
    """`text` as runs, of which the addresses of sources open them."""
    runs: list[dict[str, Any]] = []
    said = ""
    for line in text.splitlines(keepends=True):
        words, link = apart(line.rstrip("\n"))
        if not link:
            said += line
            continue
        open_it = {"type": "Action.OpenUrl", "url": link}
        runs += [{"type": "TextRun", "text": said + words}, {"type": "TextRun", "text": link, "selectAction": open_it}]
        said = line[len(words) + len(link) :]
    return [*runs, {"type": "TextRun", "text": said}] if said.strip() or not runs else runs


def _words(text: str, style: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """Words as they stand: runs of text, unlike text blocks, know no Markdown."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}
