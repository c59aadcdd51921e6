"""DeadLetter: a message that could not be processed, kept whole with the reason so that it can be redriven."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from schemas.base import Message, Timestamp


class DeadLetter(Message):
    """What went wrong with one message of one topic. The message itself is kept byte for byte."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    stage: str
    """The step that gave up: `extract`, `track`, `decide`, `deliver`."""
    topic: str
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)
    key: bytes | None = None
    """The message's key, base64 in JSON."""
    value: bytes | None = None
    """The message's value, base64 in JSON."""
    headers: tuple[tuple[str, bytes], ...] = ()
    error: str
    """The kind of error: the exception's class name."""
    reason: str
    """What is wrong and what to do, for a person."""
    attempts: int = Field(ge=1)
    failed_at: Timestamp
