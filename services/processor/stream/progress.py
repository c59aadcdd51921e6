"""How far a partition may be committed: to the first offset that was handed over and is not yet acknowledged."""

from __future__ import annotations


class Progress:
    """The offsets of one partition between handing over and commit.

    Only what was handed over counts. An offset that never was, because the topic was compacted or its messages have
    expired, holds nothing up; one that was handed over holds the commit until it is acknowledged, whatever is
    acknowledged behind it.
    """

    __slots__ = ("_handed", "_safe")

    def __init__(self) -> None:
        self._handed: dict[int, bool] = {}
        """Offset, in rising order: whether it is acknowledged."""
        self._safe: int | None = None

    def hand(self, offset: int) -> None:
        """`offset` is being handed over. Offsets come in rising order."""
        self._handed[offset] = False

    def take_back(self, offset: int) -> None:
        """`offset` was not handed over after all; it will be once more."""
        self._handed.pop(offset, None)

    def ack(self, offset: int) -> None:
        """Everything that `offset` gave rise to is safe. One that was not handed over changes nothing."""
        if offset in self._handed:
            self._handed[offset] = True

    def committable(self) -> int | None:
        """The offset to commit, that of the next message to read; None where nothing is safe yet."""
        while self._handed:
            offset = next(iter(self._handed))
            if not self._handed[offset]:
                break
            del self._handed[offset]
            self._safe = offset + 1
        return self._safe
