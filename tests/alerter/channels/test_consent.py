"""An endpoint that has not agreed is sent nothing; one that has is asked once."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from schemas import DeliveryOutcome, WebhookChannel
from services.alerter.channels.webhook import WebhookSender
from services.alerter.consents import Consents
from tests.alerter.channels.messages import message

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
ORIGIN = "alerts.desk.example"


@dataclass
class Endpoint:
    """What a real server on loopback was asked and sent, and how it answers OPTIONS."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    taken: int = 0

    async def options(self, request: web.Request) -> web.Response:
        self.asked.append(request.headers.get("WebHook-Request-Origin", ""))
        return web.Response(status=self.status, headers=self.headers)

    async def post(self, request: web.Request) -> web.Response:
        self.taken += 1
        return web.Response(status=204)


@asynccontextmanager
async def sender_to(endpoint: Endpoint, consent: str = "ask") -> AsyncIterator[WebhookSender]:
    app = web.Application()
    app.router.add_route("OPTIONS", "/hook", endpoint.options)
    app.router.add_post("/hook", endpoint.post)
    async with TestServer(app) as running:
        channel = WebhookChannel.model_validate(
            {
                "name": "a",
                "kind": "webhook",
                "url": str(running.make_url("/hook")),
                "secret_env": "SECRET",
                "allow_private_address": True,
                "consent": consent,
                "origin": ORIGIN,
            }
        )
        sender = WebhookSender(channel, SecretStr(SECRET), lambda: datetime.now(UTC))
        try:
            yield sender
        finally:
            await sender.close()


@pytest.mark.parametrize("allowed", ["*", ORIGIN, ORIGIN.upper()])
async def test_an_endpoint_that_agrees_is_asked_once_and_told(allowed: str) -> None:
    endpoint = Endpoint(headers={"WebHook-Allowed-Origin": allowed})
    async with sender_to(endpoint) as sender:
        answers = [await sender.send(message()) for _ in range(2)]
    assert [answer.outcome for answer in answers] == [DeliveryOutcome.ACCEPTED] * 2
    assert (endpoint.asked, endpoint.taken) == ([ORIGIN], 2)


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (200, {}, "answered 200 without WebHook-Allowed-Origin: alerts.desk.example"),
        (200, {"WebHook-Allowed-Origin": "other.example"}, "answered 200 without WebHook-Allowed-Origin"),
        (405, {}, "answered 405"),
        (302, {"Location": "/elsewhere", "WebHook-Allowed-Origin": "*"}, "answered 302, a redirect"),
        (500, {"WebHook-Allowed-Origin": "*"}, "answered 500"),
    ],
)
async def test_an_endpoint_that_does_not_agree_is_sent_nothing_and_asked_again(
    status: int, headers: dict[str, str], said: str
) -> None:
    endpoint = Endpoint(status, headers)
    async with sender_to(endpoint) as sender:
        answer = await sender.send(message())
        assert answer.outcome is DeliveryOutcome.RETRY
        assert said in answer.reason
        endpoint.status, endpoint.headers = 200, {"WebHook-Allowed-Origin": "*"}
        assert (await sender.send(message(2))).outcome is DeliveryOutcome.ACCEPTED
    assert (len(endpoint.asked), endpoint.taken) == (2, 1)


async def test_an_endpoint_that_is_gone_says_so() -> None:
    endpoint = Endpoint(410)
    async with sender_to(endpoint) as sender:
        answer = await sender.send(message())
    assert answer.gone
    assert endpoint.taken == 0


async def test_where_consent_is_given_nobody_is_asked() -> None:
    endpoint = Endpoint(405)
    async with sender_to(endpoint, consent="given") as sender:
        assert (await sender.send(message())).outcome is DeliveryOutcome.ACCEPTED
    assert endpoint.asked == []


async def test_an_endpoint_that_does_not_answer_the_question_was_sent_nothing() -> None:
    channel = WebhookChannel(
        name="a",
        kind="webhook",
        url="http://127.0.0.1:9/hook",
        secret_env="SECRET",
        allow_private_address=True,
        consent="ask",
    )
    sender = WebhookSender(channel, SecretStr(SECRET), lambda: datetime.now(UTC))
    answer = await sender.send(message())
    await sender.close()
    assert answer.outcome is DeliveryOutcome.RETRY
    assert answer.reason.startswith("Not asked for consent: ")


async def test_whoever_has_not_agreed_is_known_before_there_is_anything_to_tell() -> None:
    refusing, agreeing = Endpoint(405), Endpoint(headers={"WebHook-Allowed-Origin": "*"})
    counts: list[int] = []
    async with sender_to(refusing) as one, sender_to(agreeing) as other, sender_to(Endpoint(405), "given") as unasked:
        consents = Consents({"a": one, "b": other, "c": unasked}, counts.append)
        with structlog.testing.capture_logs() as logs:
            await consents.once()
            await consents.once()
            refusing.status, refusing.headers = 200, {"WebHook-Allowed-Origin": "*"}
            await consents.once()
    assert counts == [1, 1, 0]
    assert [(one["event"], one["channel"]) for one in logs] == [("consent_missing", "a"), ("consent_given", "a")]
    assert "answered 405" in logs[0]["reason"]
    assert (refusing.taken, len(agreeing.asked)) == (0, 1)
