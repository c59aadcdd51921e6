"""Alerts in a file, one JSON line each."""

from __future__ import annotations

import os
from pathlib import Path

from schemas import DeliveryOutcome
from services.alerter.channels.contract import ACCEPTED, LOCAL_TIMEOUT_SECONDS, ChannelAnswer, OutgoingMessage
from services.alerter.channels.serial import SerialThread


class FileSender:
    """Appends each alert as one line of JSON (schemas.Alert) and waits until the disk has it."""

    kind = "file"
    timeout_seconds = LOCAL_TIMEOUT_SECONDS
    concurrency = 1

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = SerialThread(f"file {path.name}")

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Append and fsync. A line that a crash cut short stays a line of its own."""
        try:
            line = message.alert.to_bytes() + b"\n"
            await self._thread.run(lambda: self._append(line))
        except OSError as error:
            return ChannelAnswer(DeliveryOutcome.RETRY, f"{self._path} cannot be written to ({error.strerror}).")
        return ACCEPTED

    async def close(self) -> None:
        """End the thread that writes; the file itself is open only while a line is written, and may be moved away."""
        self._thread.close()

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line
            while line:
                line = line[os.write(descriptor, line) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
