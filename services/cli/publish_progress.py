"""How far publishing has come: a bar on a terminal, a log line now and then where there is none."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import rich.progress
import structlog
from rich.console import Console

from services.producer.readers import STANDARD_INPUT_PATH, article_files

log = structlog.get_logger()

LOG_SECONDS = 10.0
DRAW_SECONDS = 0.2


class Progress:
    """Bytes read of the input, articles sent. `read` may be called from another thread."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.total_bytes = _size_of(paths)
        """Of the whole input; None where that is not known (a pipe)."""
        self.read_bytes = 0
        self.sent_articles = 0
        self.sent_bytes = 0
        self.started = time.monotonic()

    def read(self, size: int) -> None:
        """So many bytes more of the input were read."""
        self.read_bytes += size

    def sent(self, size: int) -> None:
        """One article more, of so many bytes, was sent and acknowledged."""
        self.sent_articles += 1
        self.sent_bytes += size

    @property
    def rate(self) -> float:
        """Articles a second since the start."""
        return self.sent_articles / max(time.monotonic() - self.started, 0.001)


@asynccontextmanager
async def show_progress(progress: Progress, every_seconds: float = LOG_SECONDS) -> AsyncIterator[None]:
    """Show `progress` on standard error while the block runs."""
    console = Console(stderr=True)
    shown = asyncio.create_task(_draw(progress, console) if console.is_terminal else _log(progress, every_seconds))
    try:
        yield
    finally:
        shown.cancel()
        with suppress(asyncio.CancelledError):
            await shown


async def _log(progress: Progress, every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        log.info(
            "publish_progress",
            sent=progress.sent_articles,
            bytes=progress.sent_bytes,
            read_bytes=progress.read_bytes,
            total_bytes=progress.total_bytes,
            rate=round(progress.rate, 1),
        )


async def _draw(progress: Progress, console: Console) -> None:
    columns = (
        rich.progress.BarColumn(),
        rich.progress.DownloadColumn(),
        rich.progress.TextColumn("{task.description}"),
        rich.progress.TimeRemainingColumn(),
    )
    with rich.progress.Progress(*columns, console=console, auto_refresh=False, transient=True) as bar, _logs_above():
        task = bar.add_task("", total=progress.total_bytes)
        while True:
            words = f"{progress.sent_articles:,} articles sent, {progress.rate:,.0f} a second"
            bar.update(task, completed=progress.read_bytes, description=words, refresh=True)
            await asyncio.sleep(DRAW_SECONDS)


@contextmanager
def _logs_above() -> Iterator[None]:
    """Log lines go through rich's standard error, which keeps them above the bar."""
    handlers = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    before = [handler.setStream(sys.stderr) for handler in handlers]
    try:
        yield
    finally:
        for handler, stream in zip(handlers, before, strict=True):
            if stream is not None:
                handler.setStream(stream)


def _size_of(paths: Sequence[Path]) -> int | None:
    """Bytes of all files that will be read; None where one is a pipe or a device. A missing file has none."""
    total = 0
    for path in paths:
        for file in article_files(path) if path.is_dir() else (path,):
            if file == STANDARD_INPUT_PATH or (file.exists() and not file.is_file()):
                return None
            with suppress(OSError):
                total += file.stat().st_size
    return total
