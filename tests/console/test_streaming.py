"""Server-sent events, over a real connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from services.console import streaming
from services.console.waking import MOST_NAMES, Listener, TooManyListenersError, Waking
from tests.alerter.incidents import subscription
from tests.alerter.outboxes import rising
from tests.console.conftest import Console, Serving

DESK = subscription(killed_at_least=1)
STREAM = "/api/v1/subscriptions/desk/alerts/stream"


@asynccontextmanager
async def events_of(
    address: str, last: str | None = None, path: str = STREAM
) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """The events of a stream, and its comments as events with the field `comment`."""
    headers = {} if last is None else {"Last-Event-ID": last}
    async with (
        httpx.AsyncClient(base_url=address, timeout=20) as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")

        async def read() -> AsyncIterator[dict[str, str]]:
            event: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line.startswith(":"):
                    yield {"comment": line[1:].strip()}
                elif line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif "event" in event:
                    yield event
                    event = {}
                else:
                    event = {}

        yield read()


async def next_alerts(events: AsyncIterator[dict[str, str]], count: int) -> list[tuple[int, str]]:
    """The next `count` alerts: number and alert id."""
    found: list[tuple[int, str]] = []
    async for event in events:
        if event.get("event") == "alert":
            found.append((int(event["id"]), json.loads(event["data"])["alert"]["alert_id"]))
            if len(found) == count:
                break
    return found


async def test_a_stream_begins_with_what_there_is_and_goes_on_with_what_comes(
    console: Console, serving: Serving
) -> None:
    pushed = await console.tell(DESK, *rising("inc-1", 2))
    async with serving() as address, events_of(address) as events:
        assert await next_alerts(events, 2) == [(1, pushed[0].alert_id), (2, pushed[1].alert_id)]
        (third,) = await console.tell(DESK, *rising("inc-2", 1))
        assert await next_alerts(events, 1) == [(3, third.alert_id)]


async def test_a_reader_that_comes_back_misses_nothing_and_hears_nothing_twice(
    console: Console, serving: Serving
) -> None:
    await console.tell(DESK, *rising("inc-1", 3))
    async with serving() as address:
        async with events_of(address) as events:
            (last, _) = (await next_alerts(events, 2))[-1]
        await console.tell(DESK, *rising("inc-2", 2))
        async with events_of(address, last=str(last)) as events:
            assert [number for number, _ in await next_alerts(events, 3)] == [3, 4, 5]
        async with events_of(address, path=f"{STREAM}?after=4") as events:
            assert [number for number, _ in await next_alerts(events, 1)] == [5]


async def test_what_nobody_announced_is_found_all_the_same(
    console: Console, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LOOK_SECONDS", 0.05)
    await console.tell(DESK, *rising("inc-1", 1))
    async with serving() as address, events_of(address) as events:
        await next_alerts(events, 1)
        listeners = console.parts.waking._listeners.copy()
        console.parts.waking._listeners.clear()
        await console.tell(DESK, *rising("inc-2", 1))
        assert [number for number, _ in await next_alerts(events, 1)] == [2]
        console.parts.waking._listeners |= listeners


async def test_a_quiet_stream_says_that_it_lives(
    console: Console, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.05)
    await console.tell(DESK)
    async with serving() as address, events_of(address) as events:
        comments = [event["comment"] async for event in _first(events, 3)]
    assert all(comments)


async def _first(events: AsyncIterator[dict[str, str]], count: int) -> AsyncIterator[dict[str, str]]:
    async for event in events:
        yield event
        count -= 1
        if not count:
            return


async def test_a_number_that_is_none_or_was_never_given_is_refused(console: Console, client: httpx.AsyncClient) -> None:
    await console.tell(DESK, *rising("inc-1", 1))
    for last, status in (("two", 422), ("-1", 422), ("9", 409), (str(2**80), 422)):
        answer = await client.get(STREAM, headers={"Last-Event-ID": last})
        assert answer.status_code == status, last
    assert (await client.get("/api/v1/subscriptions/nobody/alerts/stream")).status_code == 404


async def test_a_listener_too_many_is_told_to_come_later(console: Console, client: httpx.AsyncClient) -> None:
    console.parts.waking.most_listeners = 0
    await console.tell(DESK)
    for path in (STREAM, "/live"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


async def test_an_open_page_is_told_what_kind_of_thing_is_new(console: Console, serving: Serving) -> None:
    async with serving() as address, events_of(address, path="/live") as events:
        assert (await anext(aiter(events)))["event"] == "open"
        console.parts.waking.tell("alerts/desk")
        console.parts.waking.tell("incident")
        news = [event async for event in _first(events, 1)]
        assert news[0]["data"] in {"alerts incident", "alerts"}


async def test_streams_end_when_the_console_stops(console: Console, serving: Serving) -> None:
    await console.tell(DESK, *rising("inc-1", 1))
    async with serving() as address:
        opened = events_of(address)
        events = await opened.__aenter__()
        await next_alerts(events, 1)
    assert [event async for event in events if "event" in event] == []
    await opened.__aexit__(None, None, None)
    assert not console.parts.waking._listeners


async def test_a_listener_that_is_slow_keeps_names_and_not_a_backlog() -> None:
    waking = Waking(most_listeners=1)
    with waking.listener() as listener:
        for _ in range(10_000):
            waking.tell("incident")
        assert await listener.wait(1) == {"incident"}
        assert await listener.wait(0.01) == frozenset()
        for number in range(MOST_NAMES * 3):
            waking.tell(f"alerts/{number}")
        assert len(listener._news) <= MOST_NAMES
        assert await listener.wait(1) is None, "too much to name: look at everything"
        with pytest.raises(TooManyListenersError), waking.listener():
            pass
    with waking.listener():
        pass


async def test_whoever_waits_is_woken_at_once() -> None:
    listener = Listener()
    waiting = asyncio.create_task(listener.wait(60))
    await asyncio.sleep(0)
    listener.tell("incident")
    assert await waiting == {"incident"}
