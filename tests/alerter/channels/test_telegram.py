"""Telegram against a server that holds to the documented contract of sendMessage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from schemas import DeliveryOutcome, TelegramChannel
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.channels.http_client import Reply
from services.alerter.channels.telegram import MOST_UNITS, TelegramSender, telegram_answer, telegram_message
from tests.alerter.channels.messages import message

TOKEN = "123:made-up"


class FakeTelegram:
    """Refuses what the documentation says is refused, and keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

    async def send_message(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return self._refuse(401, "Unauthorized")
        said = await request.json()
        if said["chat_id"] != "-100":
            return self._refuse(400, "Bad Request: chat not found")
        if not 1 <= len(said["text"].encode("utf-16-le")) // 2 <= MOST_UNITS:
            return self._refuse(400, "Bad Request: message is too long")
        self.taken.append(said)
        return web.json_response({"ok": True, "result": {"message_id": 40 + len(self.taken)}})

    def _refuse(self, status: int, description: str) -> web.Response:
        said = {"ok": False, "error_code": status, "description": description}
        return web.json_response(said, status=status)


def sender_to(url: str, token: str = TOKEN, chat: str = "-100") -> TelegramSender:
    channel = TelegramChannel(
        name="desk",
        kind="telegram",
        token_env="TOKEN",
        chat=chat,
        api_url=url,
        allow_private_address=True,
        timeout_seconds=5,
    )
    return TelegramSender(channel, SecretStr(token), lambda: datetime.now(UTC))


@asynccontextmanager
async def telegram(**options: str) -> AsyncIterator[tuple[FakeTelegram, TelegramSender]]:
    fake = FakeTelegram()
    app = web.Application()
    app.router.add_post("/bot{token}/sendMessage", fake.send_message)
    async with TestServer(app) as running:
        sender = sender_to(str(running.make_url("")), **options)
        try:
            yield fake, sender
        finally:
            await sender.close()


async def test_the_first_message_is_replied_to_by_the_next() -> None:
    async with telegram() as (fake, sender):
        first = await sender.send(message())
        assert (first.outcome, first.receipt) == (DeliveryOutcome.ACCEPTED, "41")
        one = message(sequence=2)
        await sender.send(OutgoingMessage(one.alert, one.decided_at, 1, first.receipt))
    assert "reply_parameters" not in fake.taken[0]
    assert fake.taken[1]["reply_parameters"] == {"message_id": 41, "allow_sending_without_reply": True}
    assert fake.taken[0]["text"].startswith("At least 60 soldiers killed in Koru, Mali\n\nKilled: at least 60")


@pytest.mark.parametrize(
    ("options", "outcome", "said"),
    [
        # A token is changed within the hour; a chat that is not there refuses this message for ever.
        ({"token": "9:other"}, DeliveryOutcome.RETRY, "Unauthorized"),
        ({"chat": "-200"}, DeliveryOutcome.DEAD, "chat not found"),
    ],
)
async def test_a_token_that_is_refused_may_be_changed_and_a_chat_that_is_not_there_is_given_up(
    options: dict[str, str], outcome: DeliveryOutcome, said: str
) -> None:
    async with telegram(**options) as (_, sender):
        answer = await sender.send(message())
    assert answer.outcome is outcome
    assert said in answer.reason


async def test_the_token_in_the_address_is_never_in_a_reason() -> None:
    for url in (f"http://127.0.0.1:{unused_port()}", "http://no-such-host.invalid"):
        sender = sender_to(url)
        answer = await sender.send(message())
        await sender.close()
        assert answer.outcome is DeliveryOutcome.RETRY
        assert TOKEN not in answer.reason


@pytest.mark.parametrize(
    ("reply", "outcome", "wait", "said"),
    [
        (
            Reply(429, '{"ok": false, "description": "Too Many Requests", "parameters": {"retry_after": 7}}'),
            DeliveryOutcome.RETRY,
            7.0,
            "Too Many Requests",
        ),
        (
            Reply(400, '{"ok": false, "description": "upgraded", "parameters": {"migrate_to_chat_id": -1005}}'),
            DeliveryOutcome.DEAD,
            None,
            "-1005",
        ),
        (Reply(502, "<html>bad gateway</html>"), DeliveryOutcome.RETRY, None, "502"),
        (Reply(500, '{"ok": false, "description": 5, "parameters": []}'), DeliveryOutcome.RETRY, None, "500"),
    ],
)
def test_an_answer_is_read_as_the_documentation_has_it(
    reply: Reply, outcome: DeliveryOutcome, wait: float | None, said: str
) -> None:
    answer = telegram_answer(reply)
    assert (answer.outcome, answer.retry_after) == (outcome, wait)
    assert said in answer.reason


@given(st.text(st.sampled_from("a\n😀é\u202e"), max_size=6000))
def test_any_text_fits_into_telegrams_limit(body: str) -> None:
    text = telegram_message(message(2, body=body), "-100")["text"]
    assert len(text.encode("utf-16-le")) // 2 <= MOST_UNITS
    assert "Sent again (attempt 2)" in text
