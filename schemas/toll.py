"""Figures and tolls: numbers of people with how sure they are."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from schemas.base import Message
from schemas.vocabulary import ClaimKind, FigureEnd, Modifier


class Figure(Message):
    """A number of people as an interval with the words that qualified it.

    All three numbers are null where people were harmed and the text gives no number ("others were taken prisoner").
    A low is never raised by guessing: vague words take their low from one table (services/processor/extraction).
    """

    low: int | None = Field(default=None, ge=0)
    """People, the fewest that the words allow."""
    best: int | None = Field(default=None, ge=0)
    """People, the single figure that the words give; for vague words, the low."""
    high: int | None = Field(default=None, ge=0)
    """People, the most that the words allow; null where open-ended ("at least 60")."""
    modifier: Modifier = Modifier.EXACT

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        known = [value for value in (self.low, self.best, self.high) if value is not None]
        if known != sorted(known):
            raise ValueError(f"low {self.low}, best {self.best}, high {self.high} are not in ascending order")
        return self

    @property
    def minimum(self) -> int:
        """The fewest people: `low`, or 1 where people were harmed and no number is given."""
        return 1 if self.low is None else self.low

    def at(self, end: FigureEnd) -> int:
        """The number at `end` of the interval; what is not given is never guessed, and stands at the next lower one."""
        best = self.minimum if self.best is None else self.best
        match end:
            case FigureEnd.LOW:
                return self.minimum
            case FigureEnd.BEST:
                return best
        return best if self.high is None else self.high


class Toll(Message):
    """How many people were harmed, by kind. Null where nothing is said of that kind; zero only where zero is said."""

    killed: Figure | None = None
    """Everyone who died in the incident, attackers included (the GTD convention)."""
    killed_attackers: Figure | None = None
    """The part of `killed` that attacked."""
    wounded: Figure | None = None
    missing: Figure | None = None
    abducted: Figure | None = None
    displaced: Figure | None = None

    def of(self, kind: ClaimKind) -> Figure | None:
        """The figure for `kind`, or None where nothing is said of it."""
        figure: Figure | None = getattr(self, kind.value)
        return figure

    def minimum(self, kind: ClaimKind) -> int:
        """The fewest people harmed in that way; 0 where nothing is said of it."""
        return self.people(kind, FigureEnd.LOW)

    def people(self, kind: ClaimKind, end: FigureEnd) -> int:
        """The number of people harmed in that way at `end` of the interval; 0 where nothing is said of it."""
        figure = self.of(kind)
        return 0 if figure is None else figure.at(end)
