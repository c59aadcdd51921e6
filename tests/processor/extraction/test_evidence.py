"""Every slot that an article fills has its words: exact offsets into the text, for every slot of every incident."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Article, IncidentType, Report
from services.cli.explain import all_evidence
from services.processor.extraction.extract import extract
from services.processor.extraction.set_aside import set_aside
from tests.processor.extraction.reading_table import PUBLISHED

WHO = st.sampled_from(
    ["Gunmen", "Boko Haram fighters", "Suspected JNIM militants", "The Nigerian army", "A mob", "Rival gangs"]
)
DID = st.sampled_from(
    [
        "killed 12 people", "shot dead at least three policemen", "kidnapped “nine” pupils",
        "wounded dozens of traders",
        "set fire to a church, killing seven", "detonated a car bomb that killed scores", "hacked a farmer to death",
    ]
)  # fmt: skip
AT = st.sampled_from(["at a market", "at an army base", "outside a mosque", "on a bus", "", "at\u00a0a school"])
WHERE = st.sampled_from(["in Gao, Mali", "in Kano", "near Maiduguri, Nigeria", "in Nghdar, Iraq", "", "in Lyon"])
WHEN = st.sampled_from(["on Sunday", "overnight", "on 2 June", "last week", "in 2019", "late on Monday", ""])
MORE = st.sampled_from(
    [
        "", "Al-Shabaab claimed responsibility.", "Police blamed the PKK.", "Two of the attackers died, the army said.",
        "<p>Around 200 soldiers were stationed there.</p>", "Last year 30 people died in the same street.",
        "No group has claimed the attack.", "&quot;They came at night&quot;, a witness said.", "\n\n", "• 4 wounded",
        "The gunman, Omar Diallo, 31, was arrested in connection with the attack.", "A swastika was found on a wall.",
    ]
)  # fmt: skip


@st.composite
def articles(draw: st.DrawFn) -> Article:
    def sentence() -> str:
        words = [draw(part) for part in (WHO, DID, AT, WHERE, WHEN)]
        told = " ".join(word for word in words if word) + "."
        return told.upper() if draw(st.integers(0, 9)) == 0 else told

    body = " ".join(f"{sentence()} {draw(MORE)}" for _ in range(draw(st.integers(1, 4))))
    highlights = tuple(sentence() for _ in range(draw(st.integers(0, 2))))
    published = draw(st.sampled_from([PUBLISHED, None]))
    title = sentence() if draw(st.booleans()) else ""
    return Article(article_id="a", title=title, highlights=highlights, body=body, published_at=published)


def slots_without_words(report: Report) -> list[str]:
    """The slots of a report that are filled and have no evidence."""
    has = {piece.slot for piece in report.evidence}
    filled = {
        "type": report.type is not IncidentType.OTHER,
        "place": report.place is not None,
        "occurred": report.occurred is not None,
        "perpetrator": bool(report.perpetrators),
        "target": bool(report.targets),
        "weapon": bool(report.weapons),
    }
    missing = [slot for slot, is_filled in filled.items() if is_filled and slot not in has]
    return missing + ["claim" for claim in report.claims if not any(e.slot == "claim" for e in claim.evidence)]


@settings(max_examples=250, deadline=None)
@given(articles())
def test_every_filled_slot_is_quoted_to_the_letter(article: Article) -> None:
    for report in extract(article):
        pieces = list(all_evidence(report))
        assert [p for p in pieces if article.text_of(p.field)[p.start : p.end] != p.quote] == []
        assert all(p.quote for p in pieces)
        assert slots_without_words(report) == []
        told = " ".join(p.quote for p in report.evidence if p.slot in ("target", "weapon"))
        assert all(thing.text in told for thing in (*report.targets, *report.weapons))


@settings(max_examples=150, deadline=None)
@given(articles())
def test_what_is_not_counted_is_quoted_too_with_its_reason(article: Article) -> None:
    for one in set_aside(article):
        assert article.text_of(one.evidence.field)[one.evidence.start : one.evidence.end] == one.evidence.quote
        assert one.reason


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_nothing_that_is_no_article_stops_the_telling_of_what_was_set_aside(text: str) -> None:
    set_aside(Article(article_id="a", title=text[:40], body=text))


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("A bombing in the same street killed 25 people in 2009.", "killed", "in 2009"),
        ("On average six people died on the road each day.", "killed", "statistic"),
        ("In the drill, 40 passengers were killed by a mock bomb.", "killed", "exercise"),
    ],
)
def test_the_reason_says_which_words_decide(text: str, kind: str, reason: str) -> None:
    (one,) = set_aside(Article(article_id="a", body=text, published_at=PUBLISHED))
    assert one.kind == kind
    assert reason in one.reason
