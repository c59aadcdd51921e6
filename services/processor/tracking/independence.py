"""Which reports speak for themselves: copies of one text are one source, and who credits another repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas import Report, Toll
from services.processor.tracking.telling import folded, share_copy

LOOKED_UP = 8
"""Hashes of a sketch, the smallest, by which texts are looked up: nine of ten copies that share a quarter share one."""


def voices_of(reports: Sequence[Report]) -> list[str | None]:
    """For each of `reports`, in order of publication, the source that speaks; None for a copy of an earlier text.

    A text that was copied and brought up to date (other figures) speaks for its outlet.
    """
    heard = Voices()
    return [heard.hear(report) for report in reports]


class _Original(NamedTuple):
    """A text that is no copy of another."""

    sketch: tuple[int, ...]
    toll: Toll


class Voices:
    """The sources of an incident as report after report is heard, in order of publication: each takes the same time."""

    __slots__ = ("_alone", "_crediting", "_originals", "_own_texts", "_waiting")

    def __init__(self) -> None:
        self._originals: dict[int, tuple[_Original, ...]] = {}
        self._alone: set[str] = set()
        self._crediting: set[str] = set()
        self._own_texts: dict[str, set[frozenset[str]]] = {}
        """Of each source that credits others in all it writes: whom it credits in texts that credit none of those
        heard, so that it still speaks for itself."""
        self._waiting: dict[str, list[tuple[str, frozenset[str]]]] = {}
        """By a source that is credited and was not heard yet: what is no source's own text any more once it is."""

    def hear(self, report: Report) -> str | None:
        """The source that speaks in `report`; None for a copy of a text heard before."""
        sketch = report.wording.sketch if report.wording else ()
        keys = sketch[:LOOKED_UP]
        for original in {id(o): o for n in keys for o in self._originals.get(n, ())}.values():
            if original.toll == report.toll and share_copy(original.sketch, sketch):
                return None
        if keys:
            told = _Original(sketch, report.toll)
            for number in keys:
                self._originals[number] = (*self._originals.get(number, ()), told)
        voice = folded(report.article.source) or report.article.article_id
        credited = frozenset(map(folded, report.wording.credits)) - {voice} if report.wording else None
        self._speak(voice, credited or frozenset())
        return voice

    def _speak(self, voice: str, credited: frozenset[str]) -> None:
        """Take in one text of a source, and whom it credits."""
        if voice not in self._alone and voice not in self._crediting:
            for other, text in self._waiting.pop(voice, ()):
                self._disown(other, text)
        if not credited:
            self._alone.add(voice)
            self._crediting.discard(voice)
            self._own_texts.pop(voice, None)
        elif voice not in self._alone:
            self._crediting.add(voice)
            own = self._own_texts.get(voice, ())
            if credited not in own and credited.isdisjoint(self._alone) and credited.isdisjoint(self._crediting):
                self._own_texts.setdefault(voice, set()).add(credited)
                for name in credited:
                    self._waiting.setdefault(name, []).append((voice, credited))

    def _disown(self, voice: str, text: frozenset[str]) -> None:
        own = self._own_texts.get(voice)
        if own is not None:
            own.discard(text)
            if not own:
                del self._own_texts[voice]

    @property
    def independent(self) -> int:
        """How many sources tell of it on their own: neither copies, nor outlets that credit another of them."""
        return max(len(self._alone) + len(self._own_texts), 1)
