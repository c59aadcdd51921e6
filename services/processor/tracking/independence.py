"""Which reports speak for themselves: copies of one text are one source, and who credits another repeats it."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Report, Toll
from services.processor.tracking.telling import folded

LOOKED_UP = 8
"""Hashes of a sketch, the smallest, by which texts are looked up: nine of ten copies that share a quarter share one."""
COPY_SHARE = 4
"""A copy shares at least a quarter of the smaller sketch."""


def voices_of(reports: Sequence[Report]) -> list[str | None]:
    """For each of `reports`, in order of publication, the source that speaks; None for a copy of an earlier text.

    A text that was copied and brought up to date (other figures) speaks for its outlet.
    """
    heard = Voices()
    return [heard.hear(report) for report in reports]


class Voices:
    """The sources of an incident as report after report is heard, in order of publication."""

    __slots__ = ("_alone", "_crediting", "_originals")

    def __init__(self) -> None:
        self._originals: dict[int, list[tuple[frozenset[int], Toll]]] = {}
        self._alone: set[str] = set()
        self._crediting: dict[str, list[frozenset[str]]] = {}

    def hear(self, report: Report) -> str | None:
        """The source that speaks in `report`; None for a copy of a text heard before."""
        numbers = report.wording.sketch if report.wording else ()
        keys, mine = numbers[:LOOKED_UP], None
        for original, toll in {id(o): o for n in keys for o in self._originals.get(n, ())}.values():
            mine = mine or frozenset(numbers)
            if COPY_SHARE * len(mine & original) >= min(len(mine), len(original)) and toll == report.toll:
                return None
        if keys:
            told = (mine or frozenset(numbers), report.toll)
            for number in keys:
                self._originals.setdefault(number, []).append(told)
        voice = folded(report.article.source) or report.article.article_id
        credited = frozenset(map(folded, report.wording.credits)) - {voice} if report.wording else None
        if credited:
            self._crediting.setdefault(voice, []).append(credited)
        else:
            self._alone.add(voice)
        return voice

    @property
    def independent(self) -> int:
        """How many sources tell of it on their own: neither copies, nor outlets that credit another of them."""
        voices = self._alone | self._crediting.keys()
        own = sum(
            voice not in self._alone and any(credited.isdisjoint(voices) for credited in texts)
            for voice, texts in self._crediting.items()
        )
        return max(len(self._alone) + own, 1)
