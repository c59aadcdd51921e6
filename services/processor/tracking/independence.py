"""Which reports speak for themselves: copies of one text are one source, and who credits another repeats it."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Report
from services.processor.tracking.telling import folded

LOOKED_UP = 8
"""Hashes of a sketch, the smallest, by which texts are looked up: nine of ten copies that share a quarter share one."""
COPY_SHARE = 4
"""A copy shares at least a quarter of the smaller sketch."""


def voices_of(reports: Sequence[Report]) -> list[str | None]:
    """For each of `reports`, in order of publication, the source that speaks; None for a copy of an earlier text.

    A text that was copied and brought up to date (other figures) speaks for its outlet.
    """
    voices: list[str | None] = []
    originals: dict[int, list[int]] = {}
    for at, report in enumerate(reports):
        sketch = report.wording.sketch if report.wording else ()
        near = {original for number in sketch[:LOOKED_UP] for original in originals.get(number, ())}
        copied = any(_is_copy(report, reports[original]) for original in near)
        voices.append(None if copied else folded(report.article.source) or report.article.article_id)
        if not copied:
            for number in sketch[:LOOKED_UP]:
                originals.setdefault(number, []).append(at)
    return voices


def _is_copy(report: Report, original: Report) -> bool:
    if report.wording is None or original.wording is None or report.toll != original.toll:
        return False
    mine, other = set(report.wording.sketch), set(original.wording.sketch)
    return COPY_SHARE * len(mine & other) >= min(len(mine), len(other))


def independent_sources(reports: Sequence[Report], voices: Sequence[str | None] | None = None) -> int:
    """How many sources tell of an incident on their own: neither copies, nor outlets that credit another of them.

    `voices` are those of `reports`, where at hand.
    """
    voices = voices_of(reports) if voices is None else voices
    sources = {voice for voice in voices if voice is not None}
    own = {
        voice
        for report, voice in zip(reports, voices, strict=True)
        if voice is not None and not _credited(report) & (sources - {voice})
    }
    return max(len(own), 1)


def _credited(report: Report) -> set[str]:
    return {folded(name) for name in report.wording.credits} if report.wording else set()
