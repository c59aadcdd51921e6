"""Slack against a server that holds to the documented contract of chat.postMessage."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from schemas import DeliveryOutcome, SlackChannel
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.channels.http_client import Reply
from services.alerter.channels.slack import MOST_BLOCKS, MOST_SECTION, SlackSender, slack_answer, slack_message
from tests.alerter.channels.messages import message

TOKEN = "xoxb-made-up"


class FakeSlack:
    """Refuses what the documentation says is refused, and keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.fails: web.Response | None = None

    async def post_message(self, request: web.Request) -> web.Response:
        if self.fails is not None:
            return self.fails
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if not request.content_type.startswith("application/json") or request.charset != "utf-8":
            return web.json_response({"ok": False, "error": "invalid_post_type"})
        said = await request.json()
        if said.get("channel") != "C0123":
            return web.json_response({"ok": False, "error": "channel_not_found"})
        if not said.get("text"):
            return web.json_response({"ok": False, "error": "no_text"})
        for block in said.get("blocks", ()):
            if block["type"] == "section" and not 1 <= len(block["text"]["text"]) <= MOST_SECTION:
                return web.json_response({"ok": False, "error": "invalid_blocks"})
        self.taken.append(said)
        return web.json_response({"ok": True, "channel": "C0123", "ts": f"17.{len(self.taken):04d}", "message": said})


@asynccontextmanager
async def slack(token: str = TOKEN, conversation: str = "C0123") -> AsyncIterator[tuple[FakeSlack, SlackSender]]:
    fake = FakeSlack()
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", fake.post_message)
    async with TestServer(app) as running:
        channel = SlackChannel(
            name="desk",
            kind="slack",
            token_env="TOKEN",
            conversation=conversation,
            api_url=str(running.make_url("/api")),
            allow_private_address=True,
            timeout_seconds=5,
        )
        sender = SlackSender(channel, SecretStr(token), lambda: datetime.now(UTC))
        try:
            yield fake, sender
        finally:
            await sender.close()


async def test_the_first_message_starts_a_thread_and_the_next_replies_to_it_for_all_to_see() -> None:
    async with slack() as (fake, sender):
        first = await sender.send(message())
        assert (first.outcome, first.receipt) == (DeliveryOutcome.ACCEPTED, "17.0001")
        one = message(sequence=2)
        await sender.send(OutgoingMessage(one.alert, one.decided_at, 1, first.receipt))
    assert "thread_ts" not in fake.taken[0]
    assert (fake.taken[1]["thread_ts"], fake.taken[1]["reply_broadcast"]) == ("17.0001", True)


@pytest.mark.parametrize(
    ("token", "conversation", "error"), [("xoxb-other", "C0123", "invalid_auth"), (TOKEN, "C9", "channel_not_found")]
)
async def test_what_only_a_person_can_mend_is_given_up_with_slacks_own_word(
    token: str, conversation: str, error: str
) -> None:
    async with slack(token, conversation) as (_, sender):
        answer = await sender.send(message())
    assert (answer.outcome, answer.reason) == (DeliveryOutcome.DEAD, f"Slack refused it: {error}")


async def test_a_429_waits_for_as_long_as_it_says() -> None:
    async with slack() as (fake, sender):
        fake.fails = web.Response(status=429, headers={"Retry-After": "30"})
        answer = await sender.send(message())
    assert (answer.outcome, answer.retry_after) == (DeliveryOutcome.RETRY, 30.0)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(200, '{"ok": false, "error": "internal_error"}'), DeliveryOutcome.RETRY),
        (Reply(200, '{"ok": false, "error": "is_archived"}'), DeliveryOutcome.DEAD),
        (Reply(200, "<html>"), DeliveryOutcome.SENT_UNKNOWN),
        (Reply(200, "[]"), DeliveryOutcome.SENT_UNKNOWN),
        (Reply(200, '{"ok": true}'), DeliveryOutcome.ACCEPTED),
        (Reply(503, ""), DeliveryOutcome.RETRY),
    ],
)
def test_the_answer_is_read_from_the_body_and_not_from_the_status_alone(reply: Reply, outcome: DeliveryOutcome) -> None:
    assert slack_answer(reply).outcome is outcome


def test_what_slack_takes_for_commands_is_written_as_text() -> None:
    body = "<!channel> & <https://evil.example|click>"
    made = json.dumps(slack_message(message(headline="<!here> dead", body=f"<!here> dead\n\n{body}"), "C1"))
    assert "<!" not in made
    assert "&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;" in made


@given(st.text(max_size=300), st.integers(1, 200))
def test_any_text_fits_into_slacks_limits(line: str, times: int) -> None:
    made = slack_message(message(body="\n".join([line] * times)), "C1")
    assert len(made["blocks"]) <= MOST_BLOCKS
    for block in made["blocks"][:-1]:
        assert 1 <= len(block["text"]["text"]) <= MOST_SECTION
