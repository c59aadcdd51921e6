"""What every message has in common: it never changes once made, and both older and newer code can read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("needs a time zone, such as 2025-06-02T09:00:00Z")
    return value


Timestamp = Annotated[datetime, AfterValidator(_aware)]
"""A moment with its UTC offset. Naive times are refused: a toll dated in an unknown time zone cannot be ordered."""


class Message(BaseModel):
    """A frozen value on the stream.

    Unknown fields are ignored on read, so that a service may be older than the one that wrote the message. Fields are
    only ever added, with a default; a field is never renamed or given another meaning.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    def to_bytes(self) -> bytes:
        """This message as UTF-8 JSON, the value that goes onto a topic."""
        return self.model_dump_json().encode()

    @classmethod
    def from_bytes(cls, value: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises pydantic.ValidationError, naming each field that is wrong, when `value` is not such a message.
        """
        return cls.model_validate_json(value)
