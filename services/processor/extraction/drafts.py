"""What is read out of one sentence, before it is known to which incident it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas import Claim, ClaimKind, Evidence, Modifier, Speaker, Stance, Whose
from schemas.article import ArticleField
from services.processor.extraction.claims.person import People
from services.processor.extraction.events.model import EventMention
from services.processor.extraction.events.realis import Realis
from services.processor.extraction.events.triggers import Found
from services.processor.extraction.scan import Hit
from services.processor.extraction.text import Sentence, Tokens
from services.processor.extraction.times import TimeMention

FIELD_STEP = 1_000_000
"""Sentences are numbered over the whole article, each field from a multiple of this; no field has so many."""


@dataclass(slots=True)
class Draft:
    """One number of people harmed in one way, or the statement that some were, as a sentence gives it."""

    kind: ClaimKind
    low: int | None
    best: int | None
    high: int | None
    modifier: Modifier
    whose: Whose
    people: str
    form: str
    """A value of claims.people.Form."""
    voice: str
    group: tuple[int, int]
    """Sentence and harm word: the members of one list share it, and add up."""
    start: int
    end: int
    """Offsets of the words that say it, into the field."""
    more: bool = False
    total: bool = False
    general: bool = False
    """Counted as people in general, so that those named later are most likely among them."""
    part: bool = False
    among: bool = False
    """Some of the dead: "six children are among the dead"."""
    casualties: bool = False
    """Counted as casualties, who may be hurt and not dead."""
    feared: bool = False
    """Not known to be dead yet: "19 feared dead"."""
    so_far: bool = False
    """Counted while more are looked for: "eight bodies have been found so far"."""
    update: bool = False
    """Told as newer or older than another number: "later put at 30", "earlier said"."""
    definite: bool = False
    """Counted as already known: "the 180 dead"."""
    firm: bool = True
    """Told as having happened to these people; false for talk of harm in general without a number."""
    nth: int = 0
    """Which of the harmed this one is: 5 for "a fifth victim"; 0 where that is not said."""
    shared_by: int = 1
    """Incidents that the number is said of together; an even share of it counts for this one."""
    country: str | None = None
    """Where it is said to have happened, where the incident is one of several countries (ISO 3166-1 alpha-2)."""
    speaker: Speaker | None = None
    speaker_at: tuple[int, int] | None = None
    """Offsets of the words that name the speaker."""
    stance: Stance = Stance.ASSERTED
    background: str | None = None
    """Why it is no toll of a current incident; null where it is one."""
    reasoning: list[str] = field(default_factory=list)

    def claim(self, where: ArticleField, text: str) -> Claim:
        """This as the claim of a report, with the words of `text` that make it."""
        evidence = [evidence_of("claim", where, text, self.start, self.end)]
        if self.speaker is not None and self.speaker_at is not None:
            evidence.append(evidence_of("speaker", where, text, *self.speaker_at))
        return Claim(
            kind=self.kind, low=self.low, best=self.best, high=self.high, modifier=self.modifier, stance=self.stance,
            whose=self.whose, people=self.people, part_of_total=self.part, speaker=self.speaker,
            evidence=tuple(evidence), reasoning=tuple(self.reasoning),
        )  # fmt: skip


def evidence_of(slot: str, where: ArticleField, text: str, start: int, end: int) -> Evidence:
    """The words `text[start:end]` as evidence for a slot."""
    return Evidence(slot=slot, field=where, start=start, end=end, quote=text[start:end])


@dataclass(slots=True)
class Statement:
    """One sentence that speaks of harm or of an incident."""

    order: int
    """Place among the article's sentences: title, highlights, body."""
    where: ArticleField
    sentence: Sentence
    drafts: list[Draft]
    hits: list[Hit]
    """Lexicon phrases in it."""
    text: str
    speaker_at: tuple[int, int] | None = None
    event: bool = False
    """Says that an incident took place, whether or not anybody was harmed."""
    mentions: list[EventMention] = field(default_factory=list)
    """The words by which it says so, and those by which it speaks of events otherwise."""
    times: list[TimeMention] = field(default_factory=list)
    """When it says that something happened."""
    real: Sequence[tuple[Found, Realis]] = ()
    """The words by which it says that an incident took place, was tried or was threatened, with which of these."""
    tokens: Tokens | None = None
    """Its words, once somebody has read them."""
    people: Sequence[People] | None = None
    """The people it speaks of, once somebody has looked for them."""


def counts(statement: Statement) -> bool:
    """Whether anything that a statement says of the harmed is of what the article tells, and not of its background."""
    return any(draft.background is None for draft in statement.drafts)


def of_no_harm(statement: Statement) -> bool:
    """Whether a statement says that nobody was harmed, and not in what: "the incident of Friday (no injuries)"."""
    if not statement.drafts or any(draft.best != 0 for draft in statement.drafts):
        return False
    return not any(one.concrete for one in statement.mentions) and not any(
        hit.entry.table == "type" for hit in statement.hits
    )
