"""A stream of bytes, line by line, each with its number and place so that what is wrong in it can be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from services.producer.bad_input import UnreadableError
from services.shared.topics import MAX_MESSAGE_BYTES

MAX_TEXT_BYTES = MAX_MESSAGE_BYTES
"""The longest line, and the longest seed text, that is read: no article beyond it would fit onto a topic."""
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a stream, its line feed included."""

    number: int
    """Counts from 1."""
    offset: int
    """Bytes of the stream before it."""
    raw: bytes
    too_long: bool = False
    """It is longer than MAX_TEXT_BYTES, and `raw` holds only its beginning."""

    @property
    def is_blank(self) -> bool:
        """It holds nothing but white space and a byte order mark."""
        return not self.too_long and not self.content

    @property
    def content(self) -> bytes:
        """The bytes without byte order mark and surrounding white space."""
        return self.raw.removeprefix(_BOM).strip()


def read_lines(stream: IO[bytes], count: Callable[[int], None]) -> Iterator[Line]:
    """The lines of `stream`; `count` is told the bytes of each. Never holds more than MAX_TEXT_BYTES of it.

    Raises OSError where the stream cannot be read further.
    """
    number = offset = 0
    while raw := stream.readline(MAX_TEXT_BYTES + 1):
        number += 1
        size = len(raw)
        count(size)
        if size <= MAX_TEXT_BYTES:
            yield Line(number, offset, raw)
        else:
            beginning = raw[:_SHOWN]
            while not raw.endswith(b"\n") and (raw := stream.readline(MAX_TEXT_BYTES)):
                size += len(raw)
                count(len(raw))
            yield Line(number, offset, beginning, too_long=True)
        offset += size


def text_of(line: Line, read_rest: Callable[[int], bytes] | None = None) -> str:
    """The text of `line`, and of what follows it where `read_rest(at most so many bytes)` reads that, without a byte
    order mark at its start.

    Raises UnreadableError where a byte is not UTF-8, naming its offset in the stream, and where the text is too long;
    OSError where the rest cannot be read.
    """
    raw = line.raw
    if read_rest is not None and not line.too_long:
        raw += read_rest(MAX_TEXT_BYTES + 1 - len(raw))
    if line.too_long or len(raw) > MAX_TEXT_BYTES:
        raise UnreadableError(
            f"longer than {MAX_TEXT_BYTES // 2**20} MiB, more than a message may hold; shorten the article"
        )
    try:
        return raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        at = error.start + (len(_BOM) if raw.startswith(_BOM) else 0)
        rather = "UTF-16, it seems" if raw.startswith(_UTF_16) else "another encoding"
        raise UnreadableError(
            f"byte {line.offset + at} (0x{raw[at]:02x}) is not UTF-8 but {rather}; save the text as UTF-8"
        ) from error
