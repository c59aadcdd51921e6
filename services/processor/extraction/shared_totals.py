"""Numbers that a text gives for several attacks together, when it tells of one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.numbers import read_quantity
from services.processor.extraction.text import tokenise
from services.processor.extraction.wordlists import word_set

_ONE_OF = re.compile(r"\bone of (?=(?:at least )?(\w+))", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:across|in|over|during|throughout) (?:the |both |all |these |those |all of the |the two |the three )?"
    r"(?:\w+ ){0,3}(?:" + "|".join(sorted(word_set("attacks"))) + r")\b|\bacross both\b|\bin both\b",
    re.IGNORECASE,
)
_MOST = 20
_ATTACKS = word_set("attacks")


def share_totals(statements: Sequence[Statement]) -> None:
    """Divide evenly what is said of all attacks together, once a sentence has said that this is "one of five attacks".

    The convention is the GTD codebook's for linked incidents with one common toll. A number so divided is open above:
    all may have died in this one. A text that tells the number of all before it picks out one of them, as headlines
    and leads do, is about the series, which is then one incident with its whole toll.
    """
    numbers = ((at, n) for at, s in enumerate(statements) if (n := _number_of_attacks(s)) is not None)
    first, number = next(numbers, (0, None))
    if number is None:
        return
    for statement in statements[first:]:
        if not _TOGETHER.search(statement.text):
            continue
        for draft in statement.drafts:
            _share(draft, number)


def _number_of_attacks(statement: Statement) -> int | None:
    match = _ONE_OF.search(statement.text) if "one of " in statement.text.lower() else None
    if match is None:
        return None
    tokens = tokenise(statement.text, match.end(), min(len(statement.text), match.end() + 80))
    quantity = read_quantity(tokens.lower, tokens.classes, 0) if tokens.lower else None
    after = tokens.lower[quantity.end : quantity.end + 4] if quantity is not None else []
    if quantity is None or not 2 <= quantity.best <= _MOST or not _ATTACKS.intersection(after):
        return None
    return quantity.best


def _share(draft: Draft, number: int) -> None:
    if draft.best is None or draft.best < 2 or draft.background is not None:
        return
    draft.shared_by = number
    draft.reasoning.append(f"{draft.best} in {number} attacks together: an even share counts for this one")
