"""What the lead of an article says of the rest: where it is no news, neither is the title or what follows undated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from schemas import ClaimKind
from services.processor.extraction.currency.article_view import ArticleView
from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.currency.verdict import (
    LEAD_SENTENCES,
    event_not_current,
    has_day,
    span_of,
    tells_its_day,
)
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.when import PAST

_GOVERNING = frozenset(
    ("court", "memorial", "history", "running", "statistic", "week", "fiction", "drill", "withdrawn", "past")
)
"""Reasons that hold for an article where its lead is set aside for them."""
_TITLED = frozenset(("memorial", "court", "fiction", "drill", "withdrawn", "statistic", "week"))
"""Reasons that a title can give by itself, without a claim of its own."""
STORIES = frozenset(("fiction", "drill"))
"""Reasons that hold from the first claim on, whatever day is named: what such an article tells did not happen."""
_BEFORE_A_COURT = re.compile(r"\b(?:heard|hears|told|sentenced|convicted|jailed|guilty|acquitted|indicted)\b")
"""Words of a cue that say what a court did, and not only that there is one: "A court heard how the nurse chose"."""
_OF_THEM = re.compile(r"\W{0,2}(?:they|these|those|(?:together|in all|all told|combined),?\s(?:they|these))\b")
_SEVERAL = re.compile(r"\b(?:incidents|attacks|events|episodes|clashes|cases)\b")
_NOTICE = re.compile(
    r"(?:hands[- ]on|(?:(?:film|movie|tv|book|theatre|theater|album|game|stage|opera|podcast)\s)?(?:review|preview)|"
    r"play-?test|walkthrough)\s?:"
)
"""Opens the title of a piece on a work of art or a game."""
_NOTICE_ENDS = re.compile(
    r"[-–—|:(]\s?(?:(?:dvd|blu-ray|film|movie|tv|book|theatre|theater|album|game|stage|opera|podcast)\s)"
    r"(?:review|preview)\W{0,2}\Z"
)
"""Ends such a title: "Landslide: The Last Hour - DVD review"."""
_WORDS = re.compile(r'"([^"]+)"')

_Reasons = Mapping[int, Reason | None]


def lead_reason(view: ArticleView, statements: Sequence[Statement], reasons: _Reasons) -> Reason | None:
    """Why the first claims of the body's lead are no news, hence nothing without a day of its own; None if they are.

    `reasons` are those of the claims by id. The title is asked, too: with a number that the lead does not set aside, it
    tells news.
    """
    first: Reason | None = None
    numbers: set[tuple[ClaimKind, int | None]] = set()
    opening: int | None = None
    if is_notice(view):
        return _titled(view)
    titled = _titled(view) or _opened(view, statements)
    if titled is not None and (titled.code in STORIES or not _opens_with_news(view, statements, reasons)):
        first = titled
    for statement, draft, known in _told(statements, reasons, "body") if first is None else ():
        opening = statement.order if opening is None else opening
        if statement.order != opening:
            break
        if known is None or known.code not in _GOVERNING:
            return None
        first = first or known
        numbers.add((draft.kind, draft.best))
        if known.code in STORIES:
            return known
    if first is None:
        return None
    for statement, draft, known in _told(statements, reasons, "title"):
        told = draft.best is not None and (draft.kind, draft.best) not in numbers
        if known is None and (told or has_day(view, statement, span_of(statement, draft))):
            return None
    return first


def is_notice(view: ArticleView) -> bool:
    """Whether the title says that an article is on a work of art or a game: "Review: The Ferry drowns 300"."""
    return _notice(view.text("title").folded) is not None


def _notice(title: str) -> re.Match[str] | None:
    return _NOTICE.match(title) or (_NOTICE_ENDS.search(title) if "view" in title else None)


def _titled(view: ArticleView) -> Reason | None:
    """That a title says of an article that it is no news of harm: "Thirty years on", "Trial of general opens"."""
    title = view.text("title")
    notice = _notice(title.folded)
    if notice is not None:
        return Reason("fiction", notice[0])
    for cue in title.within(0, len(title.folded), (0, len(title.folded))):
        if cue.category in _TITLED or (cue.category == "history" and cue.scope == "sentence"):
            return Reason(cue.category, title.folded[cue.start : cue.end].strip())
    return None


def _opened(view: ArticleView, statements: Sequence[Statement]) -> Reason | None:
    """That the first sentence of a body, which counts nobody, tells of a court, a work of art or an exercise."""
    if not view.sentences or any(s.drafts for s in statements if s.where == "body" and s.sentence.index == 0):
        return None
    body, first = view.text("body"), (view.sentences[0].start, view.sentences[0].end)
    for cue in body.within(*first, first):
        words = body.folded[cue.start : cue.end].strip()
        if cue.category in STORIES and cue.scope == "sentence":
            return Reason(cue.category, words)
        if cue.category == "court" and _BEFORE_A_COURT.search(words) is not None:
            return Reason(cue.category, words)
    return None


def carried_on(view: ArticleView, statements: Sequence[Statement], reasons: _Reasons) -> dict[int, Reason]:
    """Reasons for claims of what the sentence before counts, by id: "187 incidents were coded. They left 402 dead"."""
    found: dict[int, Reason] = {}
    for statement, draft, known in _told(statements, reasons, "body", whole=True):
        at = statement.sentence.index
        if known is not None or not 0 < at < len(view.sentences):
            continue
        body = view.text("body")
        if _OF_THEM.match(body.folded, statement.sentence.start) is None:
            continue
        before = (view.sentences[at - 1].start, view.sentences[at - 1].end)
        for cue in body.within(*before, before):
            words = body.folded[cue.start : cue.end].strip()
            if cue.category == "statistic" and _SEVERAL.search(words) is not None:
                found[id(draft)] = Reason(cue.category, words)
    return found


def _opens_with_news(view: ArticleView, statements: Sequence[Statement], reasons: _Reasons) -> bool:
    """Whether the first sentence of the body counts the harmed: "12 were shot dead as they marked the anniversary".

    Or tells of an incident and its day, and not a word of the courts: "Gunmen attacked the courthouse on Sunday".
    """
    told = _told(statements, reasons, "body")
    if any(s.sentence.index == 0 and known is None and draft.best for s, draft, known in told):
        return True
    first = [s for s in statements if s.where == "body" and s.sentence.index == 0 and s.event and not s.drafts]
    return any(
        tells_its_day(view, s) and event_not_current(view, s) is None and not _of_the_courts(view, s) for s in first
    )


def _of_the_courts(view: ArticleView, statement: Statement) -> bool:
    sentence, topics = statement.sentence, view.text(statement.where).topics
    return any(topic.genre == "court" and sentence.start <= topic.start < sentence.end for topic in topics)


def title_reasons(view: ArticleView, statements: Sequence[Statement], reasons: _Reasons) -> dict[int, Reason]:
    """Reasons for claims of the title, by id: a title has no tense, and its body says that the number is no news.

    Only where no number of the body stands, and the title's is one of the body's or the sum of a sentence's.
    """
    told: dict[tuple[ClaimKind, int], Reason] = {}
    current: set[ClaimKind] = set()
    sums: dict[tuple[ClaimKind, int], int] = {}
    for statement, draft, known in _told(statements, reasons, "highlights", "body", whole=True):
        if known is None:
            current.update([draft.kind] if draft.best else [])
        elif draft.best is not None and known.code in _GOVERNING:
            place = (draft.kind, statement.order)
            sums[place] = sums.get(place, 0) + draft.best
            told.setdefault((draft.kind, draft.best), known)
            told.setdefault((draft.kind, sums[place]), known)
    found: dict[int, Reason] = {}
    for statement, draft, known in _told(statements, reasons, "title"):
        reason = told.get((draft.kind, draft.best or 0))
        if known is not None or reason is None or draft.kind in current:
            continue
        if not has_day(view, statement, span_of(statement, draft)):
            found[id(draft)] = reason
    return found


def _told(
    statements: Sequence[Statement], reasons: _Reasons, *fields: str, whole: bool = False
) -> Iterator[tuple[Statement, Draft, Reason | None]]:
    """The claims of fields with what is known of them; of a body only those of its lead, unless `whole`."""
    for statement in statements:
        if statement.where in fields and (
            whole or statement.where != "body" or statement.sentence.index < LEAD_SENTENCES
        ):
            for draft in statement.drafts:
                yield statement, draft, _reason(draft, reasons)


def _reason(draft: Draft, reasons: _Reasons) -> Reason | None:
    if draft.background is None:
        return reasons.get(id(draft))
    words = _WORDS.search(draft.background)
    return Reason("past" if draft.background.startswith(PAST) else "unreal", words[1] if words is not None else "")
