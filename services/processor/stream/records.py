"""What a stage takes in and gives out: plain values, so that a stage can be run without Kafka."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.shared.topic_writer import Outgoing
from services.shared.topics import INCIDENTS, MAX_MESSAGE_BYTES

ROOM_FOR_HEADERS = 64 * 1024
"""Bytes of a message's limit that its key and headers may take."""


@dataclass(frozen=True, slots=True)
class Record:
    """One message as it was read from a topic."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a stage makes of one record."""

    outputs: tuple[Outgoing, ...] = ()
    state: tuple[Outgoing, ...] = ()
    """Changelog entries. They are written once `outputs` are acknowledged: a crash in between reads the record again
    with the state of before, and makes the same outputs. The other way round, they would be lost."""


class PoisonError(Exception):
    """A record that no retry can mend. Its text says what is wrong with it and what to do."""


class TransientError(Exception):
    """A failure that may pass: the record is tried again, a bounded number of times."""


Stage = Callable[[Record], Result]
"""A step of the stream. Raises PoisonError or TransientError; anything else that it raises is taken for a fault of
ours, and the record goes to the dead letters all the same."""


def refuse_oversized(result: Result) -> None:
    """Raises PoisonError where a message of `result` is larger than any topic takes."""
    for output in (*result.outputs, *result.state):
        size = len(output.value or b"")
        if size > MAX_MESSAGE_BYTES - ROOM_FOR_HEADERS:
            # A revision carries what all reports of its incident claim: no one article is too long then.
            of_story = output.topic.endswith(INCIDENTS)
            mend = "split the incident (tocsin incidents split) and redrive" if of_story else "shorten the article"
            raise PoisonError(
                f"what it gives rise to on {output.topic} takes {size} bytes, and a message may take "
                f"{MAX_MESSAGE_BYTES - ROOM_FOR_HEADERS}: {mend}"
            )
