"""PagerDuty against a server that holds to the documented contract of the Events API v2."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from pydantic import SecretStr

from schemas import Alert, AlertKind, DecisionReason, DeliveryOutcome, PagerDutyChannel
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.channels.pagerduty import MOST_SUMMARY, PagerDutySender, pagerduty_event
from tests.alerter.channels.messages import message
from tests.alerter.incidents import NOON
from tests.strategies import values_of

KEY = "a1b2c3d4" * 4


class FakePagerDuty:
    """Refuses what the documentation says is refused, and keeps the incidents that are open."""

    def __init__(self) -> None:
        self.open: dict[str, list[str]] = {}
        self.throttled = False

    async def enqueue(self, request: web.Request) -> web.Response:
        if self.throttled:
            return web.Response(status=429)
        event: dict[str, Any] = await request.json()
        faults = [name for name in ("routing_key", "event_action", "dedup_key") if not event.get(name)]
        if event.get("routing_key") != KEY:
            faults.append("routing_key")
        if event.get("event_action") == "trigger":
            payload = event.get("payload", {})
            faults += [name for name in ("summary", "source", "severity") if not payload.get(name)]
            if payload.get("severity") not in {"critical", "error", "warning", "info"}:
                faults.append("severity")
        if faults:
            return web.json_response({"status": "invalid event", "errors": faults}, status=400)
        summaries = self.open.setdefault(event["dedup_key"], [])
        if event["event_action"] == "resolve":
            del self.open[event["dedup_key"]]
        else:
            summaries.append(event["payload"]["summary"])
        return web.json_response({"status": "success", "dedup_key": event["dedup_key"]}, status=202)


@asynccontextmanager
async def pagerduty(key: str = KEY) -> AsyncIterator[tuple[FakePagerDuty, PagerDutySender]]:
    fake = FakePagerDuty()
    app = web.Application()
    app.router.add_post("/v2/enqueue", fake.enqueue)
    async with TestServer(app) as running:
        channel = PagerDutyChannel(
            name="desk",
            kind="pagerduty",
            routing_key_env="KEY",
            api_url=str(running.make_url("")),
            allow_private_address=True,
            timeout_seconds=5,
        )
        sender = PagerDutySender(channel, SecretStr(key), lambda: datetime.now(UTC))
        try:
            yield fake, sender
        finally:
            await sender.close()


async def test_an_update_changes_the_incident_that_the_alert_opened_and_a_cancel_resolves_it() -> None:
    async with pagerduty() as (fake, sender):
        for kind in (AlertKind.ALERT, AlertKind.UPDATE):
            assert (await sender.send(message(kind=kind))).outcome is DeliveryOutcome.ACCEPTED
        assert [len(summaries) for summaries in fake.open.values()] == [2]
        await sender.send(message(kind=AlertKind.CANCEL, reason=DecisionReason.RETRACTED))
    assert fake.open == {}


async def test_a_toll_that_fell_below_the_threshold_resolves_it() -> None:
    event = pagerduty_event(message(kind=AlertKind.CORRECTION, reason=DecisionReason.BELOW_THRESHOLD))
    assert event["event_action"] == "resolve"


async def test_two_subscriptions_have_an_incident_each() -> None:
    assert len({pagerduty_event(message(subscription=name))["dedup_key"] for name in ("a", "b")}) == 2


async def test_a_wrong_key_is_given_up_and_not_repeated() -> None:
    async with pagerduty("z" * 32) as (_, sender):
        answer = await sender.send(message())
    assert answer.outcome is DeliveryOutcome.DEAD
    assert "z" * 32 not in answer.reason


async def test_a_429_is_tried_again() -> None:
    async with pagerduty() as (fake, sender):
        fake.throttled = True
        assert (await sender.send(message())).outcome is DeliveryOutcome.RETRY


@given(values_of(Alert))
def test_every_alert_makes_an_event_that_pagerduty_takes(alert: Alert) -> None:
    event = pagerduty_event(OutgoingMessage(alert, NOON, 1))
    assert len(event["dedup_key"]) <= 255
    assert len(event["payload"]["summary"]) <= MOST_SUMMARY
    assert event["payload"]["severity"] in {"critical", "error", "warning", "info"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example/a"])
def test_only_addresses_of_web_pages_become_links(url: str) -> None:
    one = message().alert
    source = one.incident.sources[0].model_copy(update={"url": url})
    incident = one.incident.model_copy(update={"sources": (source,)})
    assert "links" not in pagerduty_event(message(incident=incident))
