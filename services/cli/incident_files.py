"""Revisions of incidents from a file, as `tocsin incidents` prints them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from schemas import Incident
from services.shared.errors import UserError


def read_incidents(path: Path) -> Iterator[Incident]:
    """Incidents of a file of JSON lines, `-` being standard input. Raises UserError naming the line that is none."""
    name = "standard input" if str(path) == "-" else str(path)
    try:
        lines = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}.") from error
    for number, line in enumerate(lines.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield Incident.from_bytes(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            raise UserError(f"{name}:{number}: not an incident ({where}: {first['msg']}).") from error
