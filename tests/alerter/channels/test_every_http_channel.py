"""What a server may do to any channel that speaks HTTP: one table of faults for all of them, over real connections.

What is asked again must not have been taken; what may have been taken is said to be unknown, and never to be delivered.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr, TypeAdapter

from schemas import Channel, DeliveryOutcome
from services.alerter.channels.apprise import AppriseSender
from services.alerter.channels.contract import ChannelAnswer, ChannelSender
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.channels.http_process import HttpProcess
from services.alerter.channels.pagerduty import PagerDutySender
from services.alerter.channels.slack import SlackSender
from services.alerter.channels.teams import TeamsSender
from services.alerter.channels.telegram import TelegramSender
from services.alerter.channels.webhook import WebhookSender
from tests.alerter.channels.listening import Behaviour, listening, read_request
from tests.alerter.channels.messages import message

ACCEPTED, RETRY, UNKNOWN, DEAD, _ = DeliveryOutcome
CHANNEL: TypeAdapter[Channel] = TypeAdapter(Channel)
SECRET = "whsec_s3cr3t0123s3cr3t0123s3cr3t01"
"""Serves every kind: the key of a webhook, a token, the last part of an address."""
KINDS = ("webhook", "webhook by a process of its own", "slack", "telegram", "teams", "pagerduty", "apprise")
BODY_DECIDES = frozenset({"slack"})
"""It says in the body whether it took the message, and answers 200 to all; elsewhere the status says it."""
NO_WHY = frozenset({"apprise"})
"""The library says that it could not hand the message over, and not how far it came. It is asked again."""


def now() -> datetime:
    return datetime.now(UTC)


def sender_of(kind: str, port: int, timeout_seconds: float, requests: HttpTransport | None = None) -> ChannelSender:
    url = f"http://127.0.0.1:{port}"
    kind = kind.partition(" ")[0]
    slots = {"name": "desk", "kind": kind, "timeout_seconds": timeout_seconds, "allow_private_address": True}
    secret = SecretStr(SECRET)
    match kind:
        case "webhook":
            return WebhookSender(
                CHANNEL.validate_python(slots | {"url": url, "secret_env": "S"}), secret, now, None, requests
            )  # type: ignore[arg-type]
        case "slack":
            own = {"token_env": "S", "conversation": "C0123", "api_url": url}
            return SlackSender(CHANNEL.validate_python(slots | own), secret, now)  # type: ignore[arg-type]
        case "telegram":
            own = {"token_env": "S", "chat": "-100", "api_url": url}
            return TelegramSender(CHANNEL.validate_python(slots | own), secret, now)  # type: ignore[arg-type]
        case "teams":
            return TeamsSender(CHANNEL.validate_python(slots | {"url_env": "S"}), SecretStr(f"{url}/{SECRET}"), now)  # type: ignore[arg-type]
        case "pagerduty":
            own = {"routing_key_env": "S", "api_url": url}
            return PagerDutySender(CHANNEL.validate_python(slots | own), secret, now)  # type: ignore[arg-type]
        case _:
            own = {name: slots[name] for name in ("name", "kind", "timeout_seconds")} | {"url_env": "S"}
            return AppriseSender(CHANNEL.validate_python(own), SecretStr(f"json://127.0.0.1:{port}/{SECRET}"))  # type: ignore[arg-type]


async def send(kind: str, behave: Behaviour, timeout_seconds: float = 5) -> ChannelAnswer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await behave(reader, writer)

    async with listening(answer) as port, AsyncExitStack() as stack:
        requests = None
        if "process" in kind:
            requests = HttpProcess()
            stack.push_async_callback(requests.close)
            await requests.start()
        sender = sender_of(kind, port, timeout_seconds, requests)
        stack.push_async_callback(sender.close)
        return await sender.send(message())


def answering(raw: bytes) -> Behaviour:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return answer


def status(line: str, *headers: str, body: str = "no") -> Behaviour:
    head = "\r\n".join([f"HTTP/1.1 {line}", *headers, f"Content-Length: {len(body)}", "Connection: close"])
    return answering(f"{head}\r\n\r\n{body}".encode())


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("line", ["500 Oops", "502 Bad Gateway", "503 Busy", "504 Late"])
async def test_a_server_in_trouble_is_asked_again(kind: str, line: str) -> None:
    assert (await send(kind, status(line))).outcome is RETRY


async def test_a_server_that_asks_for_patience_is_asked_again_when_it_says(kind: str) -> None:
    answer = await send(kind, status("429 Too Many Requests", "Retry-After: 30"))
    assert answer.outcome is RETRY
    # Apprise keeps the header to itself.
    assert answer.retry_after == (None if kind == "apprise" else 30.0)


async def test_a_redirect_is_a_failure_and_is_not_followed(kind: str) -> None:
    asked = 0

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await status("307 Elsewhere", "Location: /other")(reader, writer)

    answer = await send(kind, elsewhere)
    assert answer.outcome in {RETRY, DEAD}
    assert asked == 1


async def test_who_does_not_answer_in_time_may_have_it(kind: str) -> None:
    answer = await send(kind, silence, timeout_seconds=0.3)
    assert answer.outcome is UNKNOWN


@pytest.mark.parametrize("raw", [b"", b"\x00\xff nonsense\r\n\r\n"], ids=["nothing", "no HTTP"])
async def test_who_hangs_up_before_an_answer_may_have_it(kind: str, raw: bytes) -> None:
    assert (await send(kind, answering(raw))).outcome is (RETRY if kind in NO_WHY else UNKNOWN)


async def test_who_closes_one_half_of_the_connection_before_an_answer_may_have_it(kind: str) -> None:
    async def half_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        await reader.read()

    assert (await send(kind, half_close)).outcome is (RETRY if kind in NO_WHY else UNKNOWN)


async def test_who_hangs_up_in_the_middle_of_an_answer_may_have_it(kind: str) -> None:
    answer = await send(kind, answering(b"HTTP/1.1 200 OK\r\nContent-"))
    # The library takes the status, which has come, for the answer.
    assert answer.outcome is (ACCEPTED if kind in NO_WHY else UNKNOWN)


async def test_a_body_that_breaks_off_says_nothing_where_the_body_decides(kind: str) -> None:
    answer = await send(kind, answering(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"ok": tr'))
    assert answer.outcome is (RETRY if kind in NO_WHY else UNKNOWN if kind in BODY_DECIDES else ACCEPTED)


async def test_a_body_that_trickles_in_holds_nobody_up(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.alerter.channels.http_exchange.BODY_SECONDS", 0.1)
    answer = await send(kind, trickle, timeout_seconds=1)
    assert answer.outcome is (UNKNOWN if kind in BODY_DECIDES | NO_WHY else ACCEPTED)


async def test_no_reason_repeats_a_secret(kind: str) -> None:
    for behave in (status("500 Oops", body=SECRET), status("403 No", body=f"who is {SECRET}?"), answering(b"")):
        assert SECRET not in (await send(kind, behave)).reason
