"""What could not be taken in, and why: it is told to whoever sent it, and the rest goes on."""

from __future__ import annotations

from dataclasses import dataclass

STANDARD_INPUT = "standard input"


@dataclass(frozen=True, slots=True)
class BadInput:
    """One file, line or field that could not be read."""

    file: str
    """The path as it was given or found, or `standard input`."""
    line: int | None
    """Counts from 1; null where the whole file is meant."""
    reason: str
    """What is wrong and what to do."""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.reason}"


class UnreadableError(Exception):
    """Why bytes, a text or a value hold no article, and what to do: the reason of a BadInput without its place."""
