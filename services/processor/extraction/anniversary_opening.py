"""Articles that open with how many years ago their incident was: "Two years after the fire at the market of Luri"."""

from __future__ import annotations

import re
from functools import cache

from services.processor.extraction.currency.patterns import number_words
from services.processor.extraction.reading import FieldReading


def opens_years_after(reading: FieldReading) -> bool:
    """Whether a body opens with how many years ago its incident was: "Two years after the fire at the market".

    Not where the sentence counts people itself, as news of a day does: "Two years after the coup, a bomb killed 12".
    """
    if reading.where != "body" or _years_after().match(reading.view) is None:
        return False
    return not any(statement.drafts for statement in reading.statements if statement.sentence.index == 0)


@cache
def _years_after() -> re.Pattern[str]:
    return re.compile(
        rf"\W{{0,3}}(?:[A-Z][A-Z' ]+[-–:,]\s)?(?:(?:more|less|almost|nearly|exactly|over|just|about)\s(?:than\s)?)?"
        rf"(?:an?|{number_words()})\s(?:[\w-]+\s){{0,2}}?(?:years?|decades?)(?:\sand\sa\shalf)?\s"
        r"(?:after|on\sfrom|since)\s(?:the|a|an|his|her)\b",
        re.IGNORECASE,
    )
