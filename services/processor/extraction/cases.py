"""Cases that are counted beside the dead, as only news of an epidemic does."""

from __future__ import annotations

import re

from services.processor.extraction.drafts import Statement

_CASES = re.compile(r"\d\s(?:(?:suspected|confirmed|new|reported|cumulative|probable)\s)?cases\b")


def counts_cases(statement: Statement) -> bool:
    """Whether a statement counts cases: "412 suspected cases and 18 deaths"."""
    return _CASES.search(statement.text) is not None
