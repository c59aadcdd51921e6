"""A sentence as the reading of responsibility sees it: words, and mentions in their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.processor.extraction.actors.mentions import ActorMention

_TOKEN = re.compile(r"[a-z0-9_$%]+(?:\.[a-z0-9]+)*(?:n't)?|'s\b|[.,;:!?]")


@dataclass(frozen=True, slots=True)
class Item:
    """One word, one mark, or one mention with its noun phrase."""

    word: str
    """Flat word; for a mention its head."""
    start: int
    end: int
    mention: ActorMention | None = None


def items_of(view: str, start: int, end: int, mentions: Sequence[ActorMention]) -> list[Item]:
    """The items of `view[start:end]`, with each of `mentions` (in order, all inside) as one item."""
    items: list[Item] = []
    at = start
    for mention in mentions:
        if mention.left < at:
            continue
        _words(view, at, mention.left, items)
        items.append(Item(mention.head, mention.start, mention.end, mention))
        at = mention.end
    _words(view, at, end, items)
    return items


def _words(view: str, start: int, end: int, items: list[Item]) -> None:
    for match in _TOKEN.finditer(view, start, end):
        items.append(Item(match[0], match.start(), match.end()))
