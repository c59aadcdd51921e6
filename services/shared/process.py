"""How a service lives: one event loop, signals that ask it to stop, an exit code that says how it went."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import structlog

from services.shared.errors import UserError
from services.shared.event_loops import loop_factory

log = structlog.get_logger()

Service = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set, then finishes what it holds and returns. Raises UserError for what a person can mend."""


def run_service(service: Service, stop_timeout_seconds: float, *, with_parent: bool = False) -> int:
    """Run `service` until SIGTERM or SIGINT, on uvloop where it is installed: the exit code.

    0 where it stopped as asked, 1 where it failed. When it has not stopped `stop_timeout_seconds` after it was asked,
    or is interrupted twice, the process ends at once: what was not acknowledged is read again. Where `with_parent`, the
    end of standard input asks it to stop too: so a child does not outlive a parent that was killed.
    """
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(_supervise(service, stop_timeout_seconds, with_parent))


async def _supervise(service: Service, stop_timeout_seconds: float, with_parent: bool) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(reason: str) -> None:
        if not stop.is_set():
            log.info("stop_asked", reason=reason)
            stop.set()
            loop.call_later(stop_timeout_seconds, _overdue, stop_timeout_seconds)
        elif reason == signal.SIGINT.name:
            log.warning("stopped_at_once", reason=reason)
            _exit_now()

    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, ask, signal_number.name)
    if with_parent:
        await loop.connect_read_pipe(lambda: _EndOfInput(lambda: ask("parent ended")), sys.stdin)
    try:
        await service(stop)
    except UserError as error:
        log.error("service_failed", reason=str(error))
        return 1
    except asyncio.CancelledError:
        # aiokafka cancels its own closing when the broker is gone by then.
        log.warning("stopped_without_its_broker")
        return 1
    return 0


class _EndOfInput(asyncio.Protocol):
    """Calls back when the pipe that it reads is closed."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended()


def _overdue(seconds: float) -> None:
    log.error("stop_timed_out", seconds=seconds)
    _exit_now()


def _exit_now() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)
