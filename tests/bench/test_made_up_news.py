"""The texts that reading is measured on are what their names say."""

from __future__ import annotations

import pytest

from bench.made_up_news import made_up
from schemas import Article
from services.processor.extraction.extract import extract

NUMBER = 12


def told(text: str) -> bool:
    title, _, body = text.partition("\n")
    return bool(extract(Article(article_id="a", title=title, body=body)))


@pytest.mark.parametrize("kind", ["incident articles", "notes"])
def test_texts_on_incidents_tell_of_some(kind: str) -> None:
    assert all(map(told, made_up(NUMBER)[kind]))


def test_quiet_articles_tell_of_none() -> None:
    assert not any(map(told, made_up(NUMBER)["quiet articles"]))


def test_the_same_seed_makes_the_same_texts() -> None:
    assert made_up(NUMBER, seed=3) == made_up(NUMBER, seed=3)
    assert made_up(NUMBER, seed=3) != made_up(NUMBER, seed=4)
