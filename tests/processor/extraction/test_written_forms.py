"""The same news in every way in which a feed may write it: capitals, markup, bullets, labels, bylines, odd blanks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Article
from services.processor.extraction.extract import extract
from services.processor.extraction.wordlists import read_rows
from tests.processor.extraction.reading_table import shown, toll

NEWS = "Gunmen attacked a village near Gao, Mali, on Sunday, killing 14 people and wounding six, officials said."

FORMS = [
    ("capitals only", NEWS.upper()),
    ("byline and dateline", f"By Awa Diallo and John Smith | Updated 12:44 GMT\nBAMAKO, June 2 (Reuters) - {NEWS}"),
    ("agency's tail", f"BAMAKO, Mali, June 2, 2025 (AFP) - {NEWS}\nad/ms/kb"),
    ("caption before it", f"[1/4] Soldiers patrol in Gao, Mali, May 3, 2020. AGENCY/A. Name/File Photo\n{NEWS}"),
    ("bullets", "• 14 people killed\n• Six wounded\n• Village near Gao, Mali, attacked on Sunday"),
    ("hyphens for bullets", "- 14 killed in attack near Gao, Mali\n- Six injured\n- Nobody claimed it"),
    ("labels", "Killed: 14\nWounded: 6\nLocation: Gao, Mali\nDate: 1 June 2025"),
    ("labels in a line", "Mali: attack on village. Fatalities: 14. Injuries: 6. Location: Gao, Mali."),
    ("tags", f"<p>{NEWS.replace('14 people', '<b>14 people</b>')}</p><br/><a href='https://a.b/killed-99'>More</a>"),
    ("entities", NEWS.replace("14 people and", "14&nbsp;people &amp;").replace("officials", "&ldquo;officials&rdquo;")),
    ("odd blanks", NEWS.replace("14 people", "14\u202fpeople").replace("wounding six", "wounding\u00a0six")),
    ("unseen marks in words", NEWS.replace("people", "peo\u200bple").replace("wounding", "wound\u00ading")),
    ("full-width digits", NEWS.replace("14", "１４")),
    ("hard line ends", NEWS.replace("14 people", "14\npeople").replace("wounding six", "wounding\nsix")),
    ("Windows line ends", NEWS.replace("14 people", "14\r\npeople").replace("wounding six", "wounding\r\nsix")),
    ("blanks before marks", NEWS.replace(",", " ,").replace(" ", "  ")),
    ("cut short", f"{NEWS} The attack was the dead... [+2312 chars]"),
    ("another language beside it", f"{NEWS} « Ils sont venus à l'aube », a dit un témoin du village."),
]


@pytest.mark.parametrize(("form", "body"), FORMS, ids=[form for form, _ in FORMS])
def test_the_toll_is_the_same_in_every_written_form(form: str, body: str) -> None:
    found = toll(body)

    assert (shown(found.killed), shown(found.wounded)) == ("14", "6")


def test_a_live_blog_gives_its_highest_toll() -> None:
    found = toll(
        "14:32 GMT\nDeath toll rises to 14 in Gao attack\n13:10 GMT\nAt least nine killed near Gao, Mali\n12:02 GMT\n"
        "Gunfire heard in village"
    )

    assert shown(found.killed) == "14"


def test_a_name_after_a_label_is_no_number() -> None:
    assert shown(toll("Killed: a driver from Gao and two guards.").killed) != "2"


def _phrases() -> list[str]:
    """Phrases of the lexicons by which the reader works, and the marks between them."""
    phrases = [word for row in read_rows("harm.tsv") for word in row[2:]]
    phrases += [word for row in read_rows("grammar.tsv") for word in row[1].split()]
    phrases += [word.replace("/", " ") for row in read_rows("people.tsv") for word in row[1].split()[:12]]
    phrases += [row[2] for row in read_rows("quantifiers.tsv")] + [row[0] for row in read_rows("vague_numbers.tsv")]
    phrases += [
        "12",
        "1,204",
        "1.5 million",
        "two",
        "Gao",
        "Mali",
        "John Smith",
        "JNIM",
        "Sunday",
        "2016",
        "5 May 2019",
    ]
    return phrases + [", ", ". ", "\n", '"', "(", ")", ":", " - ", "'s", "&nbsp;", "<b>", "%", "$", "\u200b"] * 6


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_phrases()), max_size=60), st.sampled_from(["", "12 killed in Gao", "KILLED"]))
def test_any_string_of_the_words_that_it_knows_is_read_without_an_exception(words: list[str], title: str) -> None:
    body = " ".join(words)

    for report in extract(Article(article_id="a", title=title, body=body)):
        for evidence in report.evidence:
            field = title if evidence.field == "title" else body
            assert field[evidence.start : evidence.end] == evidence.quote
