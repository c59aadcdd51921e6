"""Figures in words: `at least 60`, `about 40`, `between 3 and 5`, `dozens of`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemas import Figure, Incident, SourcedClaim
from schemas.vocabulary import ClaimKind, Modifier, Stance

_VAGUE = re.compile(
    r"\b(tens of thousands|hundreds of thousands|thousands|hundreds|scores|dozens"
    r"|several|many|numerous|a handful|a few)\b",
    re.IGNORECASE,
)
_TAKES_NO_OF = frozenset({"several", "many", "numerous", "a few"})


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure in words that a noun can follow."""

    words: str
    """Such as `at least 60`, in lower case."""
    one: bool
    """The noun is to be in the singular."""


def counted(figure: Figure, vague_word: str | None = None) -> Counted:
    """`figure` in words before a noun; `vague_word` is the word that it stands for, where it is vague (`dozens`)."""
    low, best, high = figure.low, figure.best, figure.high
    match figure.modifier:
        case Modifier.VAGUE if vague_word is not None:
            return Counted(vague_word if vague_word in _TAKES_NO_OF else f"{vague_word} of", False)
        case Modifier.AT_MOST if high:
            return _qualified("up to", high)
        case Modifier.RANGE if low is not None and high is not None and low != high:
            return Counted(f"between {_number(low)} and {_number(high)}", False)
        case Modifier.APPROXIMATELY if best or low or high:
            return _qualified("about", best or low or high or 0)
        case Modifier.EXACT | Modifier.RANGE if best is not None or low is not None:
            return _exactly(best if best is not None else low or 0)
    if low:
        return _qualified("at least", low)
    if high:
        return _qualified("up to", high)
    return Counted("an unknown number of", False) if high is None else _exactly(0)


def figure_words(figure: Figure | None) -> str:
    """`figure` in words that stand alone; `none` where nothing is said."""
    if figure is None:
        return "none"
    words = counted(figure).words
    return "an unknown number" if words.endswith(" of") else "none" if words == "no" else words


def claim_words(claim: SourcedClaim) -> str:
    """The figure of `claim` in words that stand alone; a vague one with what it stands for: `many (at least 2)`."""
    words = figure_words(claim)
    vague = _vague_word_in(claim) if claim.modifier is Modifier.VAGUE else None
    return words if vague is None else f"{vague} ({words})"


def told_figure(incident: Incident, name: str) -> Counted:
    """The figure `name` of the toll (`killed`, `killed_attackers`, ...) in the words of those who say it."""
    figure: Figure | None = getattr(incident.toll, name)
    if figure is None:
        return _exactly(0)
    kind = ClaimKind.KILLED if name == "killed_attackers" else ClaimKind(name)
    return counted(figure, vague_word_of(figure, kind, incident.claims))


def vague_word_of(figure: Figure, kind: ClaimKind, claims: Iterable[SourcedClaim]) -> str | None:
    """The vague word in the evidence of the claim that gives `figure` for `kind`, in lower case."""
    if figure.modifier is not Modifier.VAGUE:
        return None
    return next(filter(None, map(_vague_word_in, claims_behind(figure, kind, claims))), None)


def claims_behind(figure: Figure, kind: ClaimKind, claims: Iterable[SourcedClaim]) -> list[SourcedClaim]:
    """The claims that say just what `figure` says of `kind`, denials and parts of a total left out."""
    said = (figure.low, figure.best, figure.high, figure.modifier)
    return [
        claim
        for claim in claims
        if claim.kind is kind
        and claim.stance is Stance.ASSERTED
        and not claim.part_of_total
        and (claim.low, claim.best, claim.high, claim.modifier) == said
    ]


def _vague_word_in(claim: SourcedClaim) -> str | None:
    found = (_VAGUE.search(evidence.quote[:2000]) for evidence in claim.evidence)
    return next((match[1].lower() for match in found if match), None)


def _exactly(number: int) -> Counted:
    return Counted("no" if number == 0 else _number(number), number == 1)


def _qualified(qualifier: str, number: int) -> Counted:
    return Counted(f"{qualifier} {_number(number)}", number == 1)


def _number(number: int) -> str:
    return "one" if number == 1 else f"{number:,}"
