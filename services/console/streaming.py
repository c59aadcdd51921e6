"""Server-sent events: a subscription's alerts in the order of their numbers, and a word to open pages.

Nothing is queued for a reader: each takes from the store what comes after the number that it has, so a slow one costs
no memory and misses nothing. One that takes nothing for SEND_SECONDS is cut off, and reads on from its last number.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent

from services.console.desk import UnavailableError
from services.console.parts import Parts
from services.console.waking import Listener

HEARTBEAT_SECONDS = 15
"""A comment goes out so often, so that neither proxy nor reader takes a quiet stream for a dead one."""
SEND_SECONDS = 30.0
LOOK_SECONDS = 5.0
"""How often the store is looked at even where nobody has said that something is new."""
AT_ONCE = 20
RETRY_MS = 3000


def alert_stream(parts: Parts, subscription: str, after: int) -> EventSourceResponse:
    """The alerts of `subscription` after the number `after`, those to come too.

    Raises TooManyListenersError.
    """
    parts.waking.make_sure_of_room()
    return _response(_alert_events(parts, subscription, after))


def news_stream(parts: Parts) -> EventSourceResponse:
    """What is new, by name only, for a page that then looks itself. Raises TooManyListenersError."""
    parts.waking.make_sure_of_room()
    return _response(_news_events(parts))


async def _news_events(parts: Parts) -> AsyncIterator[ServerSentEvent]:
    with parts.waking.listener() as listener:
        yield ServerSentEvent(event="open", data="", retry=RETRY_MS)
        while not parts.waking.closed:
            news = await listener.wait(LOOK_SECONDS)
            kinds = {"incident", "alerts", "delivery"} if news is None else {name.split("/")[0] for name in news}
            if kinds and not parts.waking.closed:
                yield ServerSentEvent(event="news", data=" ".join(sorted(kinds)))


async def _alert_events(parts: Parts, subscription: str, after: int) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment=f"alerts of {subscription} after {after}", retry=RETRY_MS)
    mine = f"alerts/{subscription}"
    with parts.waking.listener() as listener:
        while not parts.waking.closed:
            try:
                found = await parts.desk.alerts_after(subscription, after, AT_ONCE)
            except UnavailableError:
                found = []
            for record in found:
                yield ServerSentEvent(id=str(record.number), event="alert", data=record.model_dump_json())
                after = record.number
            if len(found) < AT_ONCE:
                await _news_for(listener, mine)


async def _news_for(listener: Listener, name: str) -> None:
    """Return when `name` may be new, or it is time to look whatever was said."""
    news: frozenset[str] | None = await listener.wait(LOOK_SECONDS)
    while news and not news & {name, "closed"}:
        news = await listener.wait(LOOK_SECONDS)


def _response(events: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    return EventSourceResponse(
        events,
        ping=HEARTBEAT_SECONDS,
        send_timeout=SEND_SECONDS,
        sep="\n",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
