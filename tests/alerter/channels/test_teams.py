"""Teams: a card that a workflow takes, at any length of text."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from schemas import DeliveryOutcome, TeamsChannel
from services.alerter.channels.teams import MOST_BYTES, TeamsSender, teams_body
from tests.alerter.channels.messages import message


def sender_to(url: str) -> TeamsSender:
    channel = TeamsChannel(
        name="desk", kind="teams", url_env="TEAMS_URL", allow_private_address=True, timeout_seconds=5
    )
    return TeamsSender(channel, SecretStr(url), lambda: datetime.now(UTC))


@asynccontextmanager
async def workflow(status: int) -> AsyncIterator[tuple[list[bytes], TeamsSender]]:
    taken: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        taken.append(await request.read())
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/workflows/secret", take)
    async with TestServer(app) as running:
        sender = sender_to(str(running.make_url("/workflows/secret")))
        try:
            yield taken, sender
        finally:
            await sender.close()


async def test_a_card_with_the_headline_and_the_text_is_posted() -> None:
    async with workflow(202) as (taken, sender):
        assert (await sender.send(message())).outcome is DeliveryOutcome.ACCEPTED
    (attachment,) = json.loads(taken[0])["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    texts = [block["inlines"][0]["text"] for block in attachment["content"]["body"]]
    assert texts[0] == "At least 60 soldiers killed in Koru, Mali"
    assert texts[1].startswith("Killed: at least 60")


async def test_the_address_is_a_secret_and_in_no_reason() -> None:
    url = f"http://127.0.0.1:{unused_port()}/workflows/secret"
    sender = sender_to(url)
    answer = await sender.send(message())
    await sender.close()
    assert answer.outcome is DeliveryOutcome.RETRY
    assert "secret" not in answer.reason


async def test_a_throttled_workflow_is_tried_again() -> None:
    async with workflow(429) as (_, sender):
        assert (await sender.send(message())).outcome is DeliveryOutcome.RETRY


@pytest.mark.parametrize("length", range(MOST_BYTES - 800, MOST_BYTES, 7))
def test_a_card_is_never_larger_for_its_ellipsis(length: int) -> None:
    assert len(teams_body(message(body="a" * length))) <= MOST_BYTES


@given(st.text(st.sampled_from('ab"\\\né😀'), min_size=1, max_size=400), st.integers(1, 300))
def test_any_text_fits_and_as_much_of_it_as_can_be_is_shown(line: str, times: int) -> None:
    body = "\n".join(["start", *[line] * times])
    made = teams_body(message(body=body))
    assert len(made) <= MOST_BYTES
    json.loads(made)
    if "…".encode() in made:
        # A character takes twelve bytes at the most: two escapes of six.
        assert len(made) > MOST_BYTES - 16
    if len(body.encode()) < 5000:
        assert b"\xe2\x80\xa6" not in made
