"""Asking an endpoint whether it wants to be told, before anything is sent to it.

This is the validation handshake of CloudEvents' HTTP webhooks (https://github.com/cloudevents/spec, http-webhook.md):
an OPTIONS request says who would send, and an endpoint that agrees answers with `WebHook-Allowed-Origin`. So an address
that somebody mistyped, or wrote to annoy its owner, is never flooded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from schemas import DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.channels.http_client import HttpClient, answer_for

NOT_AGREED = "The endpoint has not agreed to be told"


class Consent:
    """Whether one endpoint has agreed. Asked anew by each process, since an endpoint may change its mind."""

    def __init__(self, client: HttpClient, url: str, origin: str) -> None:
        """`origin` is who asks: the DNS name that the operator's messages come from."""
        self._client = client
        self._url = url
        self._origin = origin
        self._given = False
        self._asking = asyncio.Lock()

    async def missing(self) -> ChannelAnswer | None:
        """None where the endpoint has agreed; else why nothing is sent to it now. It is asked again each time."""
        async with self._asking:
            if self._given:
                return None
            headers = {"webhook-request-origin": self._origin, "user-agent": "Tocsin"}
            reply = await self._client.request(self._url, b"", headers, method="OPTIONS")
            if isinstance(reply, ChannelAnswer):
                # The message itself did not go out, however much of the question did.
                outcome = reply.outcome if reply.outcome is DeliveryOutcome.DEAD else DeliveryOutcome.RETRY
                return ChannelAnswer(outcome, f"Not asked for consent: {reply.reason}", retry_after=reply.retry_after)
            if 200 <= reply.status < 300 and agrees(reply.headers, self._origin):
                self._given = True
                return None
            answer = answer_for(reply)
            if 200 <= reply.status < 300:
                said = f"answered {reply.status} without WebHook-Allowed-Origin: {self._origin}"
            else:
                said = answer.reason[:1].lower() + answer.reason[1:]
            reason = f"{NOT_AGREED}: to OPTIONS it {said}"
            return ChannelAnswer(
                DeliveryOutcome.RETRY, reason, reply.status, answer.retry_after or reply.retry_after, gone=answer.gone
            )


def agrees(headers: Mapping[str, str], origin: str) -> bool:
    """Whether an answer allows `origin`: `*` or the very name. Pure."""
    allowed = headers.get("WebHook-Allowed-Origin", "").strip()
    return allowed == "*" or allowed.casefold() == origin.casefold()
