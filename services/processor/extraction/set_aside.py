"""What of an article was read and not counted, and why: for whoever asks how it was read."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import Article, Evidence
from services.processor.extraction.currency import mark_not_current
from services.processor.extraction.drafts import FIELD_STEP, evidence_of
from services.processor.extraction.events.mentions import find_events, keep_attempts, read_events
from services.processor.extraction.extract import FIELDS
from services.processor.extraction.field_scan import scan_field
from services.processor.extraction.reading import read_scanned
from services.processor.extraction.when import date_statements


@dataclass(frozen=True, slots=True)
class SetAside:
    """Words that tell of harm, but not of harm in a current incident."""

    kind: str
    """The kind of claim that they would have been: `killed`."""
    evidence: Evidence
    reason: str
    """Such as `happened in the past ("last year")`."""


def set_aside(article: Article) -> tuple[SetAside, ...]:
    """The numbers and statements of harm of `article` that `extract` counts in no incident, in order of the text.

    Pure; never raises, whatever the text.
    """
    texts = {name: article.text_of(name) for name in FIELDS}
    readings = [read_scanned(scan_field(name, texts[name]), at * FIELD_STEP) for at, name in enumerate(FIELDS)]
    statements = [statement for reading in readings for statement in reading.statements]
    find_events(readings)
    date_statements(readings, article.published_at)
    read_events(readings)
    mark_not_current(readings, article.published_at)
    keep_attempts(statements)
    return tuple(
        SetAside(
            draft.kind.value, evidence_of("claim", s.where, texts[s.where], draft.start, draft.end), draft.background
        )
        for s in statements
        for draft in s.drafts
        if draft.background is not None
    )
