"""One Kafka that stays up for a developer: started once, found again, stopped."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.kafka_server.broker import Broker, answers, start_broker, stop_broker
from tools.kafka_server.libraries import CHECKOUT

HOME = CHECKOUT / ".tocsin" / "kafka"
"""What `up` remembers: `server.json`, and beside it the broker's folder, which `down` removes."""


@dataclass(frozen=True, slots=True)
class Up:
    """What `up` came to."""

    broker: Broker
    started: bool
    """False where it was running already."""


def up(home: Path = HOME) -> Up:
    """The background broker of `home`, started unless it runs and answers already.

    Raises KafkaUnavailableError where it cannot be started.
    """
    with _held(home):
        running = _recorded(home)
        if running is not None:
            if answers(running.bootstrap, timeout_seconds=15):
                return Up(running, started=False)
            _forget(home, running)
        broker = start_broker(Path(tempfile.mkdtemp(dir=home, prefix="broker-")))
        record = {
            "bootstrap": broker.bootstrap,
            "version": broker.version,
            "pid": broker.pid,
            "folder": str(broker.folder),
        }
        _record_path(home).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        return Up(broker, started=True)


def down(home: Path = HOME) -> Broker | None:
    """Stop the background broker of `home` and remove what it wrote; None where there is none."""
    with _held(home):
        running = _recorded(home)
        if running is not None:
            _forget(home, running)
        return running


def current(home: Path = HOME) -> Broker | None:
    """The background broker of `home` if its process runs."""
    with _held(home):
        return _recorded(home)


def _recorded(home: Path) -> Broker | None:
    """What is recorded, unless its process has ended; then the record is cleared."""
    path = _record_path(home)
    if not path.is_file():
        return None
    record = json.loads(path.read_text(encoding="utf-8"))
    folder = Path(record["folder"])
    if _is_locked(folder / "data" / ".lock"):
        return Broker(record["bootstrap"], record["version"], int(record["pid"]), folder)
    path.unlink()
    return None


def _forget(home: Path, broker: Broker) -> None:
    stop_broker(broker)
    _record_path(home).unlink(missing_ok=True)


def _is_locked(path: Path) -> bool:
    """Whether a living process holds Kafka's lock file: a sign that, unlike a process id, cannot be reused."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def _held(home: Path) -> Iterator[None]:
    """Hold `home` for this process, so that two callers at once do not start two brokers."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "held").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _record_path(home: Path) -> Path:
    return home / "server.json"
