"""Figures in the words of those who said them."""

from __future__ import annotations

import pytest

from schemas import Evidence, Figure, SourcedClaim
from schemas.vocabulary import ClaimKind, Modifier
from services.conditions.figures import claim_words, told_figure
from tests.conditions.incidents import incident


def said(quote: str, figure: Figure) -> SourcedClaim:
    evidence = Evidence(slot="claim", start=0, end=len(quote), quote=quote)
    return SourcedClaim(
        kind=ClaimKind.KILLED, article_id="a1", report_id="a1#0", evidence=(evidence,), **figure.model_dump()
    )


VAGUE_TWO = Figure(low=2, best=2, modifier=Modifier.VAGUE)


@pytest.mark.parametrize(
    ("quote", "figure", "words"),
    [
        ("many soldiers died", VAGUE_TWO, "many (at least 2)"),
        ("Dozens were killed", Figure(low=24, best=24, modifier=Modifier.VAGUE), "dozens (at least 24)"),
        ("the soldiers killed", Figure(modifier=Modifier.VAGUE), "an unknown number"),
        ("at least 60 died", Figure(low=60, best=60, modifier=Modifier.AT_LEAST), "at least 60"),
        ("none of the many guests died", Figure(low=0, best=0, high=0), "none"),
    ],
)
def test_the_figure_of_a_claim_stands_in_its_own_words(quote: str, figure: Figure, words: str) -> None:
    assert claim_words(said(quote, figure)) == words


def test_a_vague_figure_of_the_toll_is_told_with_the_word_of_the_claim_behind_it() -> None:
    assert told_figure(incident(killed=VAGUE_TWO, claims=(said("many died", VAGUE_TWO),)), "killed").words == "many"
    assert told_figure(incident(killed=VAGUE_TWO), "killed").words == "at least 2"
    assert told_figure(incident(), "killed").words == "no"
