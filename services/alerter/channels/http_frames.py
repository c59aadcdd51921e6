"""How the alerter and its process for requests speak: frames of a JSON object and a body of bytes, over a socket pair.

JSON and not pickled objects: what comes from the process that reads strangers' answers can then be nothing but values.
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable
from typing import Any, cast

_LENGTHS = struct.Struct(">II")
"""Bytes of the object and of the body that follow."""

Frame = tuple[dict[str, Any], bytes]


def packed(values: dict[str, Any], body: bytes = b"") -> bytes:
    """`values`, which JSON can say, and `body` as one frame."""
    said = json.dumps(values, separators=(",", ":")).encode()
    return b"".join((_LENGTHS.pack(len(said), len(body)), said, body))


class Unpacking:
    """Gives the frames of a stream as its bytes come."""

    def __init__(self) -> None:
        self._held = bytearray()

    def __call__(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes."""
        self._held += data
        found: list[Frame] = []
        start = 0
        while len(self._held) - start >= _LENGTHS.size:
            of_object, of_body = _LENGTHS.unpack_from(self._held, start)
            first = start + _LENGTHS.size
            end = first + of_object + of_body
            if len(self._held) < end:
                break
            body = bytes(self._held[first + of_object : end])
            found.append((json.loads(self._held[first : first + of_object]), body))
            start = end
        del self._held[:start]
        return found


class Peer(asyncio.Protocol):
    """One end of the socket pair."""

    def __init__(self, came: Callable[[dict[str, Any], bytes], None], ended: Callable[[], None]) -> None:
        """`came` is told of each frame, `ended` when the other end has closed."""
        self._came, self._ended = came, ended
        self._unpacking = Unpacking()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The pair is ready."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Some of the stream came."""
        for values, body in self._unpacking(data):
            self._came(values, body)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other end is gone."""
        self._transport = None
        self._ended()

    def send(self, values: dict[str, Any], body: bytes = b"") -> None:
        """Send one frame; nothing where the other end is gone, which `ended` tells.

        What the socket does not take at once is held: the attempts that are under way at once bound it.
        """
        if self._transport is not None:
            self._transport.write(packed(values, body))

    def close(self) -> None:
        """Close this end."""
        if self._transport is not None:
            self._transport.close()
