"""Which types of incident the sentences on one incident may show, and which part two incidents."""

from __future__ import annotations

from functools import cache

from services.processor.extraction.drafts import Statement
from services.processor.extraction.wordlists import read_rows


def types_of(statement: Statement) -> frozenset[str]:
    """The types that a statement's words tell; words that only hint at a type do not count."""
    return frozenset(hit.entry.value for hit in statement.hits if hit.entry.table == "type" and hit.entry.weight > 1)


@cache
def _together() -> frozenset[tuple[str, str]]:
    """All pairs of types that one incident may show, both ways round."""
    pairs: set[tuple[str, str]] = set()
    for kind, *columns in read_rows("type_groups.tsv"):
        if kind == "clique":
            members = columns[0].split()
            pairs.update((one, other) for one in members for other in members)
        else:
            main, companions = columns
            pairs.update((main, companion) for companion in companions.split())
            pairs.update((companion, main) for companion in companions.split())
    return frozenset(pairs)


def go_together(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of types may be of one incident; a set that tells none goes with all."""
    if not one or not other or one & other:
        return True
    pairs = _together()
    return any((a, b) in pairs for a in one for b in other)
