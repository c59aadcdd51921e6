"""What was said or left at an attack says what may have moved those who did it; what was attacked does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import Article
from schemas.vocabulary import Responsibility
from services.processor.extraction.extract import extract

R = Responsibility


def listed(text: str, year: int = 2025) -> list[tuple[str, Responsibility]]:
    article = Article(article_id="a", title="", body=text, published_at=datetime(year, 6, 3, 10, tzinfo=UTC))
    return [(who.name, who.responsibility) for report in extract(article) for who in report.perpetrators]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "A bomb went off in Ohio on Sunday. Police said it was fuelled by anti-government sentiment.",
            "anti-government extremists",
        ),
        (
            "Shots were fired at a shop in Ohio on Sunday, wounding two. The man told police that he hated Jews.",
            "anti-Semitic extremists",
        ),
        ("A bomb killed two in Ohio on Sunday. A swastika was found on the wall.", "white supremacists"),
    ],
)
def test_what_was_said_points_to_those_who_may_have_done_it(text: str, name: str) -> None:
    assert (name, R.POSSIBLE) in listed(text)


@pytest.mark.parametrize(
    "text",
    [
        "A suicide bomber killed nine people at a mosque in Kabul, Afghanistan, on Sunday.",
        "A bus crashed into a mosque in Leeds, England, on Sunday, killing two people.",
        "A man was shot dead outside a gay bar in Miami on Sunday.",
        "Police shot a man near a mosque in Leeds, England, on Sunday. He died.",
        "An earthquake damaged a synagogue in Athens, Greece, on Sunday and killed two people.",
        "Islamic State claimed a bombing of a synagogue in Paris, France, that killed two on Sunday.",
        "A bomb killed two people at the University of Ohio on Sunday.",
        "Somebody set fire to a mosque in Leeds, England, on Sunday. Nobody was hurt.",
        "A bomb exploded outside a synagogue in Paris, France, on Sunday, wounding two.",
        "A Planned Parenthood clinic in Ohio was firebombed on Sunday.",
    ],
)
def test_nothing_is_made_of_what_was_attacked(text: str) -> None:
    assert not any("extremists" in name or "radicals" in name for name, _ in listed(text))


def test_a_person_is_named_beside_the_motive() -> None:
    text = (
        "A gunman who hated Jews opened fire in Berlin, Germany, on Sunday and killed two people. "
        "Jonas Reuter, 31, was charged with murder."
    )
    assert [name for name, _ in listed(text)] == ["Jonas Reuter", "anti-Semitic extremists"]
