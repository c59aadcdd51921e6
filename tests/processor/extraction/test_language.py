"""Articles in other languages are set aside with a reason; English is read however it is written."""

from __future__ import annotations

import pytest

from schemas import Article
from services.processor.extraction.extract import extract
from services.processor.extraction.language import unread_reason

OTHERS = [
    ("fr", "Des hommes armés ont tué douze personnes dimanche dans un village du nord, selon des sources locales."),
    ("es", "Hombres armados mataron a doce personas el domingo en una aldea del norte, dijeron fuentes locales."),
    ("ar", "قتل اثنا عشر شخصا يوم الأحد في هجوم شنه مسلحون على قرية في شمال البلاد حسب مصادر محلية"),
    ("de", "Bewaffnete Männer haben am Sonntag in einem Dorf im Norden zwölf Menschen getötet, sagten Bewohner."),
]


@pytest.mark.parametrize(("language", "body"), OTHERS)
def test_another_language_is_set_aside_with_its_name(language: str, body: str) -> None:
    article = Article(article_id="a", body=body)

    assert unread_reason(article) == f"it is in another language ({language})"
    assert extract(article) == ()


@pytest.mark.parametrize(
    "body",
    [
        "Gunmen killed twelve people in a village in the north on Sunday, residents said.",
        "GUNMEN KILLED TWELVE PEOPLE IN A VILLAGE IN THE NORTH ON SUNDAY, RESIDENTS SAID.",
        "12 killed in Gao",
    ],
)
def test_english_is_read_in_capitals_too_and_when_it_is_only_a_headline(body: str) -> None:
    assert unread_reason(Article(article_id="a", body=body)) is None


def test_an_article_without_text_says_so() -> None:
    assert unread_reason(Article(article_id="a", body=" \n")) == "it has no text"
