"""Alerts to a Slack channel through the Web API (chat.postMessage).

The first message about an incident starts a thread and later ones reply to it, shown in the channel too: an update that
only followers of a thread see is an update that a desk misses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from schemas import DeliveryOutcome, SlackChannel
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.http_client import HttpClient, Reply, answer_for
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.channels.templates import BUILT_IN, Templates, escaped
from services.alerter.channels.wording import footer
from services.alerter.policy.plain_text import one_line

CONCURRENCY = 1
"""Slack takes about one message a second in one channel."""
MOST_SECTION = 3000
"""Characters of a section's text (Block Kit)."""
LONGEST_ENTITY = 5
"""Characters of `&amp;`, the longest of Slack's entities."""
MOST_BLOCKS = 50
"""Blocks of one message (Block Kit)."""
READ_BYTES = 256 * 1024
"""Bytes of an answer that are read: Slack repeats the message in it."""
TRANSIENT = frozenset(
    {
        "accesslimited",
        "external_channel_migrating",
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""Errors of chat.postMessage that may pass by themselves. All others need a person."""


class SlackSender:
    """Posts to one Slack channel. Create it within a running event loop."""

    kind = "slack"
    concurrency = CONCURRENCY

    def __init__(
        self,
        channel: SlackChannel,
        token: SecretStr,
        now: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
        templates: Templates = BUILT_IN,
        connections: HttpTransport | None = None,
    ) -> None:
        """`connections` are its own where None, with `resolver`, or aiohttp's own where that is None."""
        self._templates = templates
        self.timeout_seconds = channel.timeout_seconds
        self._url = f"{channel.api_url.rstrip('/')}/chat.postMessage"
        self._conversation = channel.conversation
        self._token = token
        self._client = HttpClient(
            channel.timeout_seconds,
            now,
            allow_private_address=channel.allow_private_address,
            resolver=resolver,
            connections=connections,
            secrets=(token,),
        )

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Post once; the receipt is the message's `ts`."""
        body = json.dumps(slack_message(message, self._conversation, self._templates), ensure_ascii=False).encode()
        headers = {
            "authorization": f"Bearer {self._token.get_secret_value()}",
            "content-type": "application/json; charset=utf-8",
        }
        reply = await self._client.request(self._url, body, headers, read_bytes=READ_BYTES)
        return reply if isinstance(reply, ChannelAnswer) else slack_answer(reply)

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()


def slack_message(message: OutgoingMessage, conversation: str, templates: Templates = BUILT_IN) -> dict[str, Any]:
    """The arguments of chat.postMessage for `message`. Pure."""
    alert = message.alert
    headline = one_line(alert.headline, MOST_SECTION // 2)
    written = templates.slack(message) or f"*{escaped(headline)}*"
    blocks = [_section(piece) for part in _apart(written) for piece in _parts(part)]
    blocks = [
        *blocks[: MOST_BLOCKS - 1],
        {"type": "context", "elements": [{"type": "plain_text", "text": footer(message), "emoji": False}]},
    ]
    arguments: dict[str, Any] = {
        "channel": conversation,
        # What notifications and screen readers say.
        "text": escaped(headline),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if message.thread is not None:
        arguments |= {"thread_ts": message.thread, "reply_broadcast": True}
    return arguments


def slack_answer(reply: Reply) -> ChannelAnswer:
    """How an attempt ended that Slack answered by `reply`: it says `ok: false` with status 200 for most failures."""
    if reply.status != 200:
        return answer_for(reply)
    try:
        said = json.loads(reply.said)
        succeeded, error, ts = bool(said["ok"]), said.get("error"), said.get("ts")
    except (ValueError, TypeError, KeyError, AttributeError):
        reason = f"Slack answered in a form that it does not document: {one_line(reply.said, 200)}"
        return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, reason, reply.status)
    if succeeded:
        return ChannelAnswer(DeliveryOutcome.ACCEPTED, status_code=200, receipt=ts if isinstance(ts, str) else None)
    name = one_line(str(error), 100)
    if name in TRANSIENT:
        return ChannelAnswer(DeliveryOutcome.RETRY, f"Slack answered {name}", 200, reply.retry_after)
    return ChannelAnswer(DeliveryOutcome.DEAD, f"Slack refused it: {name}", 200)


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _apart(text: str) -> Iterator[str]:
    """The parts of `text` between empty lines."""
    yield from (part.strip("\n") for part in re.split(r"\n[ ]*\n", text) if part.strip())


def _parts(text: str) -> Iterator[str]:
    """`text` in parts of whole lines that fit into a section; a longer line is cut, and never within an entity."""
    part = ""
    for line in text.split("\n"):
        for piece in _pieces(line):
            if part and len(part) + len(piece) + 1 > MOST_SECTION:
                yield part
                part = piece
            else:
                part = f"{part}\n{piece}" if part else piece
    if part.strip():
        yield part


def _pieces(line: str) -> Iterator[str]:
    while len(line) > MOST_SECTION:
        cut = MOST_SECTION
        ampersand = line.rfind("&", cut - LONGEST_ENTITY, cut)
        if ampersand >= 0 and ";" not in line[ampersand:cut]:
            cut = ampersand
        yield line[:cut]
        line = line[cut:]
    yield line
