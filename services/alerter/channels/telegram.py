"""Alerts to a Telegram chat through the Bot API (sendMessage). What follows about an incident replies to its first
message."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from schemas import DeliveryOutcome, TelegramChannel
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.http_client import HttpClient, Reply, answer_for
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.channels.templates import BUILT_IN, Templates
from services.alerter.channels.wording import footer
from services.alerter.policy.plain_text import one_line

CONCURRENCY = 1
"""Telegram takes about one message a second in one chat."""
MOST_UNITS = 4096
"""UTF-16 code units of a message (Bot API)."""
READ_BYTES = 64 * 1024


class TelegramSender:
    """Sends to one chat. Create it within a running event loop."""

    kind = "telegram"
    concurrency = CONCURRENCY

    def __init__(
        self,
        channel: TelegramChannel,
        token: SecretStr,
        now: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
        templates: Templates = BUILT_IN,
        connections: HttpTransport | None = None,
    ) -> None:
        """`connections` are its own where None, with `resolver`, or aiohttp's own where that is None."""
        self._templates = templates
        self.timeout_seconds = channel.timeout_seconds
        self._api_url = channel.api_url.rstrip("/")
        self._chat = channel.chat
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
        """Send once; the receipt is the message's id in the chat."""
        secret = self._token.get_secret_value()
        body = json.dumps(telegram_message(message, self._chat, self._templates), ensure_ascii=False).encode()
        reply = await self._client.request(
            f"{self._api_url}/bot{secret}/sendMessage",
            body,
            {"content-type": "application/json"},
            read_bytes=READ_BYTES,
        )
        if isinstance(reply, ChannelAnswer):
            # The address holds the token, and a failure may quote it.
            said = reply.reason.replace(secret, "<token>")
            return ChannelAnswer(reply.outcome, said, reply.status_code, reply.retry_after)
        return telegram_answer(reply)

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()


def telegram_message(message: OutgoingMessage, chat: str, templates: Templates = BUILT_IN) -> dict[str, Any]:
    """The parameters of sendMessage for `message`: plain text, in which nothing is taken for markup. Pure."""
    alert = message.alert
    headline = one_line(alert.headline, 1000)
    below, foot = templates.text(message), f"\n\n{footer(message)}"
    text = shortened(f"{headline}\n\n{below}", MOST_UNITS - _units(foot)) + foot
    parameters: dict[str, Any] = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
    if message.thread is not None and message.thread.isdigit():
        parameters["reply_parameters"] = {"message_id": int(message.thread), "allow_sending_without_reply": True}
    return parameters


def telegram_answer(reply: Reply) -> ChannelAnswer:
    """How an attempt ended that the Bot API answered by `reply`."""
    try:
        said = json.loads(reply.said)
        succeeded, description = said["ok"] is True, one_line(str(said.get("description", "")), 200)
        details = said.get("parameters") or {}
    except (ValueError, TypeError, KeyError, AttributeError):
        return answer_for(reply)
    if succeeded:
        result = said.get("result")
        identity = result.get("message_id") if isinstance(result, dict) else None
        receipt = str(identity) if isinstance(identity, int) else None
        return ChannelAnswer(DeliveryOutcome.ACCEPTED, status_code=reply.status, receipt=receipt)
    wait = details.get("retry_after") if isinstance(details, dict) else None
    judged = answer_for(Reply(reply.status, description, float(wait) if isinstance(wait, int) else reply.retry_after))
    moved = details.get("migrate_to_chat_id") if isinstance(details, dict) else None
    if isinstance(moved, int):
        reason = f"The group has become a supergroup: give the channel its new chat, {moved}."
        return ChannelAnswer(DeliveryOutcome.DEAD, reason, reply.status)
    return judged


def shortened(text: str, units: int) -> str:
    """`text` in at most `units` UTF-16 code units, ending in an ellipsis where it was longer."""
    if _units(text) <= units:
        return text
    kept = text.encode("utf-16-le")[: 2 * (units - 1)].decode("utf-16-le", errors="ignore")
    return kept.rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="replace")) // 2
