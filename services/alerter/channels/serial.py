"""Blocking writes in a thread of their own, one after another."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable

Job = tuple[Callable[[], None], asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class SerialThread:
    """Runs blocking calls in order.

    asyncio's own threads are few and shared with name resolution: a terminal that nobody reads would take them one by
    one. This thread is a daemon, so that a call which never returns does not keep the process from ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, call: Callable[[], None]) -> None:
        """Run `call` after those before it and raise what it raises; one cancelled before its turn is not run."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._jobs.put((call, loop, done))
        await done

    def close(self) -> None:
        """End the thread after the calls that wait."""
        self._jobs.put(None)
        self._thread = None

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            call, loop, done = job
            if done.cancelled():
                continue
            error: BaseException | None = None
            try:
                call()
            except BaseException as raised:  # noqa: BLE001 - handed to the one who waits
                error = raised
            # Nobody waits any more where the loop has ended.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_finish, done, error)


def _finish(done: asyncio.Future[None], error: BaseException | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
