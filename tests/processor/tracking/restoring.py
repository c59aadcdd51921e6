"""The open incidents as another worker finds them."""

from __future__ import annotations

from collections.abc import Iterable

from services.processor.tracking.changelog import Changelog, Written
from services.processor.tracking.open_incidents import OpenIncidents


def stand(table: dict[str, bytes], written: Iterable[Written]) -> None:
    """Bring a table up to date with what was written."""
    for key, value in written:
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value


def restored(state: OpenIncidents) -> OpenIncidents:
    """`state`, written to the changelog and read from there."""
    table: dict[str, bytes] = {}
    stand(table, Changelog().writes(state, ()))
    return OpenIncidents(Changelog().restore(table).entries, state.rules)
