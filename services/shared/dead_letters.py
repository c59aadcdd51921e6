"""Dead letters: a message that could not be processed goes to its topic's twin, byte for byte, with the reason.

The key, value and headers are the original's; what went wrong stands in headers of its own, all beginning `dead-`. So
a redrive is a copy back without them, and a message of any size still fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.shared.envelope import Headers

PREFIX = "dead-"
MAX_REASON = 4000
"""Characters of a reason that are kept: enough for every field that a message got wrong."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What went wrong with one message of one topic."""

    stage: str
    """The step that gave up: `extract`, `track`, `decide`, `deliver`."""
    topic: str
    partition: int
    offset: int
    error: str
    """The kind of error: the exception's class name."""
    reason: str
    """What is wrong and what to do, for a person."""
    attempts: int
    failed_at: datetime


def dead_headers(letter: DeadLetter, original: Iterable[tuple[str, bytes]] = ()) -> Headers:
    """Headers of the dead letter: the original's without those of an earlier dead letter, and the reason."""
    values = {
        "stage": letter.stage,
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
        "error": letter.error,
        "reason": letter.reason[:MAX_REASON],
        "attempts": str(letter.attempts),
        "at": letter.failed_at.astimezone(UTC).isoformat(),
    }
    return [*alive_headers(original), *((PREFIX + name, value.encode()) for name, value in values.items())]


def alive_headers(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """`headers` without what a dead letter added: what a redriven message carries."""
    return [(name, value) for name, value in headers if not name.startswith(PREFIX)]


def read_dead(headers: Iterable[tuple[str, bytes]]) -> DeadLetter:
    """What `dead_headers` wrote. Raises ValueError naming the header that is missing or wrong."""
    found = {
        name.removeprefix(PREFIX): value.decode(errors="replace") for name, value in headers if name.startswith(PREFIX)
    }
    try:
        return DeadLetter(
            stage=found["stage"],
            topic=found["topic"],
            partition=int(found["partition"]),
            offset=int(found["offset"]),
            error=found["error"],
            reason=found["reason"],
            attempts=int(found["attempts"]),
            failed_at=datetime.fromisoformat(found["at"]),
        )
    except KeyError as error:
        raise ValueError(f"no header {PREFIX}{error.args[0]}: this message is not a dead letter") from error
