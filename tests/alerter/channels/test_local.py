"""The channels on this machine: terminal and file."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Alert, DeliveryOutcome
from services.alerter.channels.file import FileSender
from services.alerter.channels.terminal import TerminalSender, layout
from tests.alerter.channels.messages import message


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_an_alert_is_written_whole_and_flushed_with_its_indents() -> None:
    stream = io.StringIO()
    sender = TerminalSender(stream)
    answer = await sender.send(message())
    await sender.close()
    assert answer.outcome is DeliveryOutcome.ACCEPTED
    assert stream.getvalue() == (
        "─" * 78 + "\n"
        "At least 60 soldiers killed in Koru, Mali\n\nKilled: at least 60\n  by the army's word\n"
        "Alert alert_5c66, number 1.\n\n"
    )


async def test_a_repeat_says_that_it_is_one() -> None:
    assert "Sent again (attempt 3): you may have seen this before." in layout(message(3), colour=False)


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal, pipe, plain = Terminal(), io.StringIO(), Terminal()
    asyncio.run(_send(terminal))
    asyncio.run(_send(pipe))
    monkeypatch.setenv("NO_COLOR", "1")
    asyncio.run(_send(plain))
    assert "\x1b[1;31mAt least 60" in terminal.getvalue()
    assert "\x1b" not in pipe.getvalue() + plain.getvalue()


async def _send(stream: io.StringIO) -> None:
    sender = TerminalSender(stream)
    await sender.send(message())
    await sender.close()


@given(st.text(st.sampled_from("ab \x1b[31m]0;\x07\r\n\u202e\x9b"), max_size=80))
def test_nothing_in_an_alert_commands_the_terminal(hostile: str) -> None:
    shown = layout(message(headline=hostile, body=hostile + "\n" + hostile, alert_id="x" + hostile), colour=False)
    assert not set(shown) & set("\x1b\x07\r\u202e\x9b")


async def test_alerts_sent_at_once_do_not_mix() -> None:
    stream = io.StringIO()
    sender = TerminalSender(stream)
    await asyncio.gather(*(sender.send(message(sequence=number, body="x" * 500)) for number in range(1, 30)))
    await sender.close()
    parts = stream.getvalue().split("─" * 78 + "\n")[1:]
    assert [part.strip().rpartition(" ")[2] for part in parts] == [f"{number}." for number in range(1, 30)]


class Blocked(io.StringIO):
    """A terminal that nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = threading.Event()

    def write(self, text: str) -> int:
        self.reader.wait(30)
        return super().write(text)


async def test_a_terminal_that_nobody_reads_blocks_neither_the_loop_nor_other_threads() -> None:
    stream = Blocked()
    sender = TerminalSender(stream)
    waiting = [asyncio.create_task(sender.send(message(sequence=number))) for number in range(1, 41)]
    await asyncio.sleep(0.01)
    assert await asyncio.to_thread(lambda: "other threads run") == "other threads run"
    assert not any(task.done() for task in waiting)
    for task in waiting[1:]:
        task.cancel()
    await asyncio.gather(*waiting[1:], return_exceptions=True)
    stream.reader.set()
    assert (await waiting[0]).outcome is DeliveryOutcome.ACCEPTED
    await sender.close()
    assert stream.getvalue().count("number") == 1


async def test_a_closed_standard_output_is_tried_again() -> None:
    stream = io.StringIO()
    stream.close()
    sender = TerminalSender(stream)
    answer = await sender.send(message())
    await sender.close()
    assert answer.outcome is DeliveryOutcome.RETRY
    assert "Standard output cannot be written to" in answer.reason


async def test_each_alert_is_a_line_of_json_in_a_file_whose_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "alerts.jsonl"
    sender = FileSender(path)
    for number in (1, 2):
        assert (await sender.send(message(sequence=number, headline="two\nlines"))).outcome is DeliveryOutcome.ACCEPTED
    await sender.close()
    lines = path.read_text().splitlines()
    assert [Alert.model_validate_json(line) for line in lines] == [
        message(sequence=number, headline="two\nlines").alert for number in (1, 2)
    ]


async def test_a_line_that_a_crash_cut_short_stays_alone(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"alert_id": "cut sh')
    sender = FileSender(path)
    await sender.send(message())
    await sender.close()
    first, second = path.read_text().splitlines()
    assert first == '{"alert_id": "cut sh'
    assert json.loads(second)["alert_id"] == "alert_5c66"


async def test_a_file_that_cannot_be_written_is_tried_again_and_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    sender = FileSender(tmp_path / "taken" / "alerts.jsonl")
    answer = await sender.send(message())
    await sender.close()
    assert answer.outcome is DeliveryOutcome.RETRY
    assert "alerts.jsonl cannot be written to" in answer.reason
