"""Responsibility: whether a sentence makes a mention the one who did it, and how firmly.

The values are those of MUC-4's PERPETRATOR CONFIDENCE (template-doc-part1.v7, 1992), and denial. Each is decided by a
stated cue: a verb after the mention, the word before it, or what the mention itself is part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.agent import before_phrase, is_object, read_left
from services.processor.extraction.actors.cues import Verdict, authority_speaks, believers, is_background
from services.processor.extraction.actors.line import Line
from services.processor.extraction.actors.mentions import ActorMention
from services.processor.extraction.actors.subject import read_modifier, read_subject
from services.processor.extraction.ascii_view import ascii_view

_GUILT = frozenset(
    ("responsible", "behind", "guilty", "accused", "blamed", "accountable", "denied", "denies", "admitted")
)
_ORDER = (
    Responsibility.POSSIBLE,
    Responsibility.SUSPECTED,
    Responsibility.DENIED,
    Responsibility.SUSPECTED_BY_AUTHORITIES,
    Responsibility.REPORTED_AS_FACT,
    Responsibility.CLAIMED_OR_ADMITTED,
)


def strongest(values: Iterable[Responsibility]) -> Responsibility | None:
    """The value that stands when several are said of one actor; None where there is none.

    A claim of one's own outranks what others report, a report outranks an accusation, and an accusation by authorities
    outranks any other. A denial outranks unattributed suspicion only: the accusation by authorities, the report and the
    claim stand in spite of it, and the denial stays in the evidence.
    """
    return max(values, key=_ORDER.index, default=None)


def judge(line: Line, index: int) -> Verdict | None:
    """Whether the mention at `index` of a sentence did it, and how firmly that is said.

    None where the sentence names it otherwise: as victim, target, speaker, negotiator or history.
    Raises ValueError where no mention stands at `index`.
    """
    mention = line.mention(index)
    if mention is None:
        raise ValueError(f"place {index} of the sentence is no mention")
    found = read_left(line, index)
    if found is None:
        subject = not is_object(line, index) or _has_relative_clause(line, index)
        found = read_subject(line, index) if subject else read_modifier(line, index)
        if found is not None and mention.kind == "government" and not _is_guilt(line, found):
            found = None
    if found is None or is_background(line, found):
        return None
    believed = believers(line, before_phrase(line, index))
    if believed is not None and found.responsibility is Responsibility.REPORTED_AS_FACT:
        return found._replace(responsibility=believed)
    if mention.doubted and found.responsibility is Responsibility.REPORTED_AS_FACT:
        by_authorities = authority_speaks(line)
        value = Responsibility.SUSPECTED_BY_AUTHORITIES if by_authorities else Responsibility.SUSPECTED
        return found._replace(responsibility=value)
    return found


def _is_guilt(line: Line, found: Verdict) -> bool:
    """Whether a government is said to be responsible; its attacks on inflation and its strikes are not of our kind."""
    return line.word(line.place(found.start)) in _GUILT


def _has_relative_clause(line: Line, index: int) -> bool:
    """ "a raid on militants who attacked ...": an object here, and the subject of the relative clause."""
    at = index + 2 if line.word(index + 1) == "," else index + 1
    return line.word(at) in ("who", "which", "that")


def responsibility_of(
    mention: ActorMention, text: str, sentence: tuple[int, int], others: Sequence[ActorMention] = ()
) -> Responsibility | None:
    """What the sentence `text[start:end]` says of one mention in it; None: named, but not as the one who did it.

    `others` are the other mentions of the sentence, in order; a reader who has them judges better.
    """
    start, end = sentence
    inside = sorted({*others, mention}, key=lambda one: one.left)
    line = Line(ascii_view(text), start, end, [one for one in inside if start <= one.left and one.end <= end])
    if mention not in line.mentions:
        return None
    found = judge(line, line.mentions.index(mention))
    return found.responsibility if found is not None else None
