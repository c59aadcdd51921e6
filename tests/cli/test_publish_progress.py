from __future__ import annotations

import asyncio
import io
import logging
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.cli import publish_progress
from services.cli.publish_progress import Progress, show_progress
from services.producer.readers import read_articles


async def until(condition: object) -> None:
    while not condition():  # type: ignore[operator]
        await asyncio.sleep(0.001)


def test_what_is_read_comes_to_the_total_that_was_announced(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "a"}\n{bad\n')
    (tmp_path / "deep" / "b.txt").write_bytes(b"\nTitle\nBody.\n")
    (tmp_path / "README.md").write_bytes(b"not read")
    paths = [tmp_path, tmp_path / "README.md", tmp_path / "none.txt"]
    progress = Progress(paths)
    list(read_articles(paths, on_bytes=progress.read))
    assert progress.read_bytes == progress.total_bytes == 19 + 13 + 8


def test_the_total_of_a_pipe_is_not_known(tmp_path: Path) -> None:
    assert Progress([Path("-")]).total_bytes is None
    assert Progress([tmp_path, Path("/dev/null")]).total_bytes is None


async def test_without_a_terminal_a_log_line_comes_now_and_then(tmp_path: Path) -> None:
    progress = Progress([tmp_path])
    progress.sent(100)
    progress.sent(50)
    with capture_logs() as logs:
        async with show_progress(progress, every_seconds=0):
            await until(lambda: len(logs) >= 2)
    assert logs[0]["event"] == "publish_progress"
    assert (logs[0]["sent"], logs[0]["bytes"], logs[0]["total_bytes"]) == (2, 150, 0)


async def test_on_a_terminal_a_bar_is_drawn_and_log_lines_stay_whole_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    handler = logging.StreamHandler(terminal)
    # Alone: handlers that earlier tests have left write to streams that are closed by now.
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    monkeypatch.setattr(publish_progress, "DRAW_SECONDS", 0)
    async with show_progress(Progress([tmp_path])):
        await until(lambda: "0 articles sent" in terminal.getvalue())
        logging.getLogger("test").warning("a line that stays whole")
        assert handler.stream is not terminal
    assert handler.stream is terminal
    assert "a line that stays whole\n" in terminal.getvalue()
