"""Alerts as CAP 1.2 by webhook: sound by the schema and beyond it, chained by their references, signed as ever."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import SecretStr
from standardwebhooks import Webhook

from schemas import AlertKind, DeliveryOutcome, WebhookChannel
from schemas.vocabulary import DecisionReason
from services.alerter.cap.checking import check
from services.alerter.cap.writing import Sender
from services.alerter.channels.contract import ChannelAnswer, EarlierMessage, OutgoingMessage
from services.alerter.channels.webhook import WebhookSender
from services.alerter.channels.webhook_payload import MOST_BYTES, cap_body
from tests.alerter.channels.messages import message
from tests.alerter.incidents import NOON

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
SENDER = Sender("alerts@desk.example")
EARLIER = (EarlierMessage("alert_1", NOON - timedelta(hours=2)), EarlierMessage("alert_2", NOON - timedelta(hours=1)))
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def follow_up(earlier: tuple[EarlierMessage, ...], **slots: Any) -> OutgoingMessage:
    one = message(**({"kind": AlertKind.UPDATE, "reason": DecisionReason.TOLL_ROSE, "sequence": 3} | slots))
    return OutgoingMessage(one.alert, one.decided_at, 1, None, earlier)


def text_of(body: bytes, tag: str) -> str:
    return etree.fromstring(body).findtext(f".//{CAP}{tag}") or ""


@asynccontextmanager
async def receiver() -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    taken: list[tuple[dict[str, str], bytes]] = []

    async def accept(request: web.Request) -> web.Response:
        taken.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/hook", accept)
    async with TestServer(app) as running:
        yield str(running.make_url("/hook")), taken


async def send(url: str, outgoing: OutgoingMessage) -> ChannelAnswer:
    channel = WebhookChannel(
        name="a",
        kind="webhook",
        url=url,
        secret_env="SECRET",
        allow_private_address=True,
        format="cap",
        cap_sender=SENDER.identity,
    )
    sender = WebhookSender(channel, SecretStr(SECRET), lambda: datetime.now(UTC))
    try:
        return await sender.send(outgoing)
    finally:
        await sender.close()


async def test_an_alert_arrives_as_a_sound_message_that_its_receiver_can_verify() -> None:
    async with receiver() as (url, taken):
        answer = await send(url, message())
    assert answer.outcome is DeliveryOutcome.ACCEPTED
    ((headers, body),) = taken
    assert headers["content-type"] == "application/cap+xml"
    assert [finding for finding in check(body) if finding.error] == []
    assert text_of(body, "msgType") == "Alert"
    # The library reads the body as JSON once the signature holds.
    with pytest.raises(ValueError, match="Expecting value"):
        Webhook(SECRET).verify(body, headers)


def test_an_update_names_every_message_before_it() -> None:
    body = cap_body(follow_up(EARLIER), SENDER)
    assert [finding for finding in check(body) if finding.error] == []
    assert text_of(body, "msgType") == "Update"
    assert text_of(body, "references").split() == [
        "alerts@desk.example,alert_1,2031-05-04T10:00:00-00:00",
        "alerts@desk.example,alert_2,2031-05-04T11:00:00-00:00",
    ]


async def test_a_cancel_of_what_nobody_was_told_is_not_sent() -> None:
    cancel = follow_up((), kind=AlertKind.CANCEL, reason=DecisionReason.RETRACTED)
    async with receiver() as (url, taken):
        answer = await send(url, cancel)
    assert (answer.outcome, taken) == (DeliveryOutcome.DEAD, [])
    assert answer.reason.startswith("It cannot be said in CAP: ")


@given(st.text(st.sampled_from("aß&<>'\"\n—\U0001f514"), min_size=3_000, max_size=4_000).map(lambda part: part * 12))
def test_however_long_the_text_is_the_message_fits_and_stays_sound(text: str) -> None:
    body = cap_body(message(body=text), SENDER)
    assert len(body) <= MOST_BYTES
    assert [finding for finding in check(body) if finding.error] == []
    assert "…" in text_of(body, "description")


def test_a_message_that_follows_hundreds_fits_and_names_the_newest_of_them() -> None:
    earlier = tuple(
        EarlierMessage(f"alert_{number:032}", NOON - timedelta(minutes=number)) for number in range(500, 0, -1)
    )
    body = cap_body(follow_up(earlier), SENDER)
    assert len(body) <= MOST_BYTES
    assert [finding for finding in check(body) if finding.error] == []
    named = [one.split(",")[1] for one in text_of(body, "references").split()]
    assert len(named) > 100
    assert named == [one.alert_id for one in earlier[-len(named) :]]
    few = cap_body(follow_up(earlier[-40:]), SENDER)
    assert len(text_of(few, "references").split()) == 40
