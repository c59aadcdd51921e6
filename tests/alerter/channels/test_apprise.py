"""Apprise against a real server on loopback: what it reports is what we say, and its secrets stay inside."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from schemas import AppriseChannel, DeliveryOutcome
from services.alerter.channels.apprise import AppriseSender, url_fault
from services.alerter.channels.contract import ChannelAnswer
from tests.alerter.channels.messages import message

TOKEN = "s3cr3t-token-0123"
ROOT = Path(__file__).parents[3]
Handler = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def server(handler: Handler) -> AsyncIterator[str]:
    """A server that Apprise's `json://` posts to: its Apprise URL, with a token in the path."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with TestServer(app) as running:
        yield f"json://{running.host}:{running.port}/{TOKEN}"


async def send(url: str, **options: Any) -> ChannelAnswer:
    channel = AppriseChannel(name="a", kind="apprise", url_env="URL", **options)
    sender = AppriseSender(channel, SecretStr(url))
    try:
        return await sender.send(message())
    finally:
        await sender.close()


async def test_a_service_that_takes_it_has_headline_and_text() -> None:
    taken: list[dict[str, Any]] = []

    async def accept(request: web.Request) -> web.Response:
        taken.append(await request.json())
        return web.Response(status=200)

    async with server(accept) as url:
        assert (await send(url)).outcome is DeliveryOutcome.ACCEPTED
    (body,) = taken
    assert body["title"] == "At least 60 soldiers killed in Koru, Mali"
    assert body["message"].startswith("Killed: at least 60")
    assert body["type"] == "warning"


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
async def test_a_failure_is_tried_again_once_by_us_and_not_by_apprise(status: int) -> None:
    asked = 0

    async def refuse(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(status=status, text=TOKEN)

    async with server(refuse) as url:
        answer = await send(url)
    assert answer.outcome is DeliveryOutcome.RETRY
    assert answer.reason.startswith("Apprise could not hand it over")
    assert TOKEN not in answer.reason
    assert asked == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_a_failure_and_its_target_is_not_visited(status: int) -> None:
    visited: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        visited.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with server(redirect) as url:
        assert (await send(url)).outcome is DeliveryOutcome.RETRY
    assert visited == [f"/{TOKEN}"]


async def test_a_service_that_does_not_answer_in_time_may_have_taken_it() -> None:
    release = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    async with server(hang) as url:
        answer = await send(url, timeout_seconds=0.5)
        release.set()
    assert answer.outcome in {DeliveryOutcome.SENT_UNKNOWN, DeliveryOutcome.RETRY}
    assert TOKEN not in answer.reason


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("json://desk.example/path", None),
        ("ntfy://topic", None),
        ("desk.example", "must be an Apprise URL, such as ntfy://TOPIC"),
        ("nosuch://x", "is no URL that Apprise knows; https://github.com/caronc/apprise/wiki lists them"),
    ],
)
def test_a_url_that_apprise_cannot_use_is_said_without_repeating_it(url: str, fault: str | None) -> None:
    assert url_fault(url) == fault


CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from pydantic import SecretStr
from schemas import AppriseChannel
from services.alerter.channels.apprise import AppriseSender
from services.shared.logs import configure_logs
from services.shared.settings import load_settings
from tests.alerter.channels.messages import message

configure_logs(load_settings(), "test")
channel = AppriseChannel(name="a", kind="apprise", url_env="URL", timeout_seconds=5)
answer = asyncio.run(AppriseSender(channel, SecretStr(sys.argv[1])).send(message()))
print(answer.outcome, file=sys.stderr)
"""


async def test_what_the_libraries_log_of_the_address_is_in_no_log(tmp_path: Path) -> None:
    """They log it whole at debug level, and at any level where an answer is not whole."""

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 500 Oops\r\nContent-")
        writer.close()

    running = await asyncio.start_server(half, "127.0.0.1", 0)
    url = f"json://127.0.0.1:{running.sockets[0].getsockname()[1]}/{TOKEN}"
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD, url),
        cwd=ROOT,
        env=os.environ | {"TOCSIN_LOG_LEVEL": "debug", "TOCSIN_STATE": str(tmp_path)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await child.communicate()
    running.close()
    await running.wait_closed()
    assert b"retry" in said
    assert TOKEN.encode() not in said
