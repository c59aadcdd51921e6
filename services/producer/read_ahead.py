"""Taking items from a blocking iterable without blocking the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
V = TypeVar("V")

AHEAD = 16
"""Items that are read before they are asked for: enough to keep both sides busy, few enough to hold in memory."""


async def read_ahead(items: Iterable[T], stop: asyncio.Event) -> AsyncGenerator[T, None]:
    """`items` in their order, read in a thread of their own: a slow disk or a quiet pipe holds up nothing else.

    Ends when `stop` is set, even while the thread waits for input; what was read and not yielded is then dropped.
    Raises what the iterable raises, after the items before it.
    """
    loop = asyncio.get_running_loop()
    ready: deque[T] = deque()
    ended: list[BaseException | None] = []
    changed = asyncio.Event()
    places = threading.Semaphore(AHEAD)
    closed = threading.Event()

    def in_loop(function: Callable[[V], None], value: V) -> None:
        # The loop may close between any check and this call; nobody is left to tell then.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(function, value)

    def tell(item: T) -> None:
        ready.append(item)
        changed.set()

    def end(error: BaseException | None) -> None:
        ended.append(error)
        changed.set()

    def read() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                places.acquire()
                if closed.is_set():
                    return
                in_loop(tell, item)
        except BaseException as raised:  # noqa: BLE001 - raised again in the event loop
            error = raised
        in_loop(end, error)

    async def wake() -> None:
        await stop.wait()
        changed.set()

    waker = asyncio.create_task(wake())
    # A daemon: one that waits for a pipe must not keep the process alive.
    # It reads within a copy of this context, so that its log lines carry what is bound here.
    threading.Thread(target=contextvars.copy_context().run, args=(read,), name="read-ahead", daemon=True).start()
    try:
        while not stop.is_set():
            if ready:
                places.release()
                yield ready.popleft()
            elif ended:
                if ended[0] is not None:
                    raise ended[0]
                return
            else:
                changed.clear()
                await changed.wait()
    finally:
        closed.set()
        places.release()
        waker.cancel()
