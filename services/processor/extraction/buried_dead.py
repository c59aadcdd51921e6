"""Bodies told of after the dead were counted: those buried, identified or handed over are among them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas import ClaimKind
from services.processor.extraction.drafts import Statement

_BURIED = re.compile(
    r"\b(?:bod(?:y|ies)|remains|corpses?|coffins?|victims?|dead)\b[^.;:]{0,60}\b(?:were|was|been|be|are|is)\s(?:\w+\s)?"
    r"(?:buried|laid\sto\srest|cremated|interred|identified|handed\s(?:over|to)|released\sto|returned\sto)\b",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(r"\b(?:separate(?:ly)?|another|different|unrelated|earlier|second)\b", re.IGNORECASE)
"""With one of these the bodies may be those of another incident."""
_AMONG = "buried or identified: among the dead told of before"


def set_buried_aside(statements: Sequence[Statement]) -> None:
    """Set aside, in the order of the text, the bodies that were buried where more dead have been counted before.

    In "The fire killed 30. Eleven unidentified bodies were buried in a mass grave at Luna on Wednesday" nobody died
    in Luna on Wednesday.
    """
    most = 0
    for statement in statements:
        dead = [d for d in statement.drafts if d.kind is ClaimKind.KILLED and d.background is None and d.best]
        buried = _BURIED.search(statement.text) is not None and _OF_ANOTHER.search(statement.text) is None
        if most and dead and buried and all(d.voice == "noun" for d in dead):
            for draft in dead:
                if (draft.best or 0) < most and not draft.total:
                    draft.background = _AMONG
                    draft.reasoning.append(f"not counted: {_AMONG}")
            continue
        most = max([most, *(draft.best or 0 for draft in dead)])
