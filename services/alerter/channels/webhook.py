"""Alerts to an HTTP endpoint, signed as Standard Webhooks 1.0 has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from schemas import DeliveryOutcome, WebhookChannel
from services.alerter.cap.writing import Sender
from services.alerter.channels.consent import Consent
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.http_client import HttpClient, answer_for
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.channels.webhook_payload import CAP_TYPE, body_of, cap_body, signed

CONCURRENCY = 32
"""Requests to one endpoint at once."""


class WebhookSender:
    """Sends to one endpoint. Create it within a running event loop."""

    kind = "webhook"
    concurrency = CONCURRENCY

    def __init__(
        self,
        channel: WebhookChannel,
        secret: SecretStr,
        now: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
        connections: HttpTransport | None = None,
    ) -> None:
        """`connections` are its own where None, with `resolver`, or aiohttp's own where that is None."""
        self.timeout_seconds = channel.timeout_seconds
        self._url = channel.url
        self._keys = secret
        self._now = now
        self._client = HttpClient(
            channel.timeout_seconds,
            now,
            allow_private_address=channel.allow_private_address,
            resolver=resolver,
            connections=connections,
            secrets=(secret,),
        )
        self._cap_sender = Sender(channel.cap_sender) if channel.format == "cap" and channel.cap_sender else None
        self._consent = Consent(self._client, channel.url, channel.origin) if channel.consent == "ask" else None

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """POST once, to an endpoint that has agreed where that is asked; a redirect is not followed. Only a 2xx is
        accepted."""
        if self._consent is not None and (missing := await self._consent.missing()) is not None:
            return missing
        keys = self._keys.get_secret_value().split()
        if self._cap_sender is None:
            request = signed(message, keys, self._now(), body_of(message))
        else:
            try:
                body = cap_body(message, self._cap_sender)
            except ValueError as error:
                return ChannelAnswer(DeliveryOutcome.DEAD, f"It cannot be said in CAP: {error}")
            request = signed(message, keys, self._now(), body, CAP_TYPE)
        reply = await self._client.request(self._url, request.body, request.headers)
        return reply if isinstance(reply, ChannelAnswer) else answer_for(reply)

    @property
    def asks(self) -> bool:
        """Whether nothing is sent before the endpoint has agreed."""
        return self._consent is not None

    async def consent_missing(self) -> ChannelAnswer | None:
        """Why nothing would be sent now for want of consent; None where nothing stands in the way."""
        return None if self._consent is None else await self._consent.missing()

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()
