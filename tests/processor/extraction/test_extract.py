"""What holds of every article: evidence to the letter, no exception, the same answer every time."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Article, PlacePrecision, Report, Responsibility, SpeakerRole, Whose
from services.cli.explain import all_evidence
from services.processor.extraction.extract import extract, extract_all
from services.shared import garbage
from tests.processor.extraction.reading_table import PUBLISHED, read

TWO_INCIDENTS = (
    "Fighters stormed an army base in Boulkessi, Mali, on Sunday, killing at least 60 soldiers and wounding about 40, "
    "military sources said. Around 280 soldiers were stationed there. Some soldiers were taken prisoner. "
    "The al-Qaida-linked group JNIM claimed responsibility for the attack.\n"
    "On Monday gunmen attacked an army camp in Timbuktu. The army said it repelled the assault and killed 13 jihadists."
)

PIECES = st.sampled_from(
    [
        "Gunmen killed 12 people in Gao, Mali, on Sunday.",
        "At least “sixty” soldiers were killed\u00a0in Kano.",
        "<p>The toll rose from 3 to 5.</p>",
        "&quot;Dozens&quot; were wounded, the army said.",
        "JNIM claimed responsibility for the attack.",
        "5 5 5 killed and and killed",
        "the death toll of of",
        "12,000,000,000,000",
        "- 7 dead",
        "KILLED",
        "İstanbul",
        "between 5 and",
        "no one",
        "’s killed ’s",
        "a couple of",
        "\x00",
        "\u2028",
        "\n\n",
        " ",
        "(",
        ")",
    ]
)


def the_words_are_there(article: Article, report: Report) -> bool:
    return all(article.text_of(e.field)[e.start : e.end] == e.quote for e in all_evidence(report))


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=12), max_size=14), st.text(max_size=30), st.lists(PIECES, max_size=3))
def test_evidence_quotes_the_article_to_the_letter(pieces: list[str], title: str, highlights: list[str]) -> None:
    article = Article(
        article_id="a", title=title, highlights=tuple(highlights), body=" ".join(pieces), published_at=PUBLISHED
    )

    reports = extract(article)

    assert all(the_words_are_there(article, report) for report in reports)
    assert extract(article) == reports


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=6).map(" ".join), max_size=6), st.integers(1, 64))
def test_articles_read_side_by_side_tell_what_each_tells_alone(bodies: list[str], copies: int) -> None:
    articles = [
        Article(article_id=f"{copy}-{at}", body=body, published_at=PUBLISHED)
        for copy in range(copies)
        for at, body in enumerate((TWO_INCIDENTS, *bodies))
    ][:40]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.processor.extraction.extract.SIDE_BY_SIDE", 32)
        assert extract_all(articles) == [extract(article) for article in articles]


def test_reading_leaves_nothing_that_only_a_search_for_garbage_finds() -> None:
    article = Article(article_id="a", title="Dozens of soldiers killed in Mali", body=TWO_INCIDENTS)
    extract_all([article])
    gc.collect()
    with garbage.loading():
        assert all(extract_all([article] * 4))
        assert gc.collect() == 0


def test_two_attacks_in_one_article_are_two_incidents_each_with_its_own_toll() -> None:
    first, second = read(TWO_INCIDENTS, title="Dozens of soldiers killed in Mali")

    assert (first.place and first.place.name, second.place and second.place.name) == ("Boulkessi", "Timbuktu")
    assert first.toll.killed is not None
    assert (first.toll.killed.low, first.toll.killed.high, first.toll.killed_attackers) == (60, None, None)
    assert first.toll.wounded is not None
    assert first.toll.wounded.best == 40
    assert first.toll.abducted is not None
    assert first.toll.abducted.best is None
    assert second.toll.killed == second.toll.killed_attackers
    assert second.toll.killed is not None
    assert second.toll.killed.best == 13


def test_a_place_that_no_gazetteer_of_cities_has_is_still_put_into_its_country() -> None:
    (report,) = read("Bandits killed nine people in the village of Kurmuk Gaba in Niger on Sunday.")

    assert report.place is not None
    assert report.place.country == "NE"
    assert report.place.precision is not PlacePrecision.EXACT


def test_who_claimed_an_attack_is_its_perpetrator() -> None:
    first, _ = read(TWO_INCIDENTS)

    claimed = [p for p in first.perpetrators if p.responsibility is Responsibility.CLAIMED_OR_ADMITTED]

    assert [p.name for p in claimed] == ["Jamaat Nusrat al-Islam wal-Muslimin"]


def test_a_claim_in_a_sentence_that_names_another_place_as_its_reason_is_of_the_attack_told_before() -> None:
    (report,) = read(
        "A suicide bomber struck the consulate in Mazar-i-Sharif on Sunday, killing four people. The Taliban claimed "
        "responsibility and said that the attack was in retaliation for operations in Kunduz."
    )

    assert [p.name for p in report.perpetrators] == ["Taliban"]


def test_who_did_a_deed_of_the_past_is_not_who_did_the_one_told_before_it() -> None:
    reports = read(
        "A bomb killed four people in Kano on Sunday. In 2014 the Taliban killed 140 pupils in a school in Peshawar."
    )

    assert [p.name for report in reports for p in report.perpetrators] == []


def test_an_air_strike_puts_no_place_into_the_country_of_those_who_flew_it() -> None:
    (report,) = read("Three guards were killed in Russian airstrikes in Tamanazza on Sunday.")

    assert report.place is None or report.place.country is None


def test_an_army_that_counts_its_enemys_dead_speaks_as_a_party() -> None:
    _, second = read(TWO_INCIDENTS)

    claim = next(claim for claim in second.claims if claim.best == 13)

    assert claim.whose is Whose.ATTACKERS
    assert claim.speaker is not None
    assert claim.speaker.role is SpeakerRole.PARTY


def test_incidents_are_numbered_from_the_deadliest() -> None:
    reports = read("A bomb killed two people in Kabul. Meanwhile in Herat, gunmen killed nine people.")

    assert [(r.ordinal, r.toll.killed and r.toll.killed.best) for r in reports] == [(0, 9), (1, 2)]
    assert [r.report_id for r in reports] == ["a#0", "a#1"]


def test_a_text_without_harm_tells_of_no_incident() -> None:
    assert read("Profits at the company rose by 12 percent, and 40 people were hired in Lagos.") == ()
    assert read("") == ()
