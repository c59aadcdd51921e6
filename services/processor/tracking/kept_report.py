"""A report as it stands in the tracker's table: written out and compressed once, however often it is put down."""

from __future__ import annotations

import zlib

from schemas import Report

_COMPRESSION = 1
"""zlib's fastest."""


class KeptReport:
    """A condensed report and its line of an entry."""

    __slots__ = ("line", "report")

    def __init__(self, report: Report) -> None:
        self.report = report
        self.line: bytes | None = None
        """What `to_line` gives, once it was asked for and until the report stands on a page."""

    def to_line(self) -> bytes:
        """A line break and the report as JSON, compressed."""
        if self.line is None:
            self.line = compressed(b"\n" + self.report.model_dump_json(exclude_defaults=True).encode())
        return self.line


def compressed(text: bytes) -> bytes:
    """One piece of an entry."""
    return zlib.compress(text, _COMPRESSION)


def decompressed(value: bytes) -> bytes:
    """The text of an entry, which was compressed piece by piece. Raises zlib.error where it is broken or breaks off."""
    pieces = []
    while value:
        piece = zlib.decompressobj()
        pieces.append(piece.decompress(value))
        if not piece.eof:
            raise zlib.error("it breaks off")
        value = piece.unused_data
    return b"".join(pieces)
