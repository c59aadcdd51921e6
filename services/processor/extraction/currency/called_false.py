"""Claims that an article repeats only to call them false: "A post claims that 40 died. This is false."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.drafts import Draft
from services.processor.extraction.reading import FieldReading

_FALSE = re.compile(
    r"\W*(?:this|that|it|they|these claims|"
    r"the (?:claims?|story|rumou?rs?|video|clip|posts?|reports?|messages?|photos?|images?))"
    r"\s(?:is|are|was|were)\s(?:simply\s|completely\s|entirely\s|all\s)?"
    r"(?:false|untrue|fake|not true|a hoax|a lie|wrong|misleading|fabricated|invented|nonsense)\W*",
    re.IGNORECASE,
)
"""A whole sentence: one that goes on ("That is false, the rebels said") tells who denies it."""


def called_false(readings: Sequence[FieldReading]) -> Iterator[tuple[Draft, Reason]]:
    """The claims of sentences that the next sentence calls false in the article's own voice, with its words."""
    for reading in readings:
        if not any(statement.drafts for statement in reading.statements):
            continue
        verdicts = {
            sentence.index - 1: reading.view[sentence.start : sentence.end]
            for sentence in reading.sentences
            if sentence.index and _FALSE.fullmatch(reading.view, sentence.start, sentence.end) is not None
        }
        for statement in reading.statements:
            said = verdicts.get(statement.sentence.index)
            if said is not None:
                yield from ((draft, Reason("withdrawn", said.strip(" .!").lower())) for draft in statement.drafts)
