"""What texts on one incident have in common, and what those on different incidents do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Article, IncidentType, Report, Wording, name_key
from services.processor.extraction.extract import extract
from services.processor.extraction.wording import MAX_NAMES, MAX_WORDS, SKETCH_SIZE, sketch_of, with_wording

FERRY = (
    "TARUNA, Oct 3 (Moluccas Press) - The wooden ferry Cahaya Abadi overturned in a squall off the Talisei lighthouse "
    "on Friday, killing eleven people, the harbour master said. Villagers in outriggers pulled twenty survivors from "
    "the water and laid them under the breadfruit trees. The hull was still afloat at nightfall, bottom up, and divers "
    "from Manado were on their way with cutting gear to look for the engineer and his two mates."
)


def wording(text: str, title: str = "", **values: str) -> Wording:
    article = Article(article_id="a", title=title, body=text, **values)
    bare = Report(report_id="a#0", article=article.ref(), ordinal=0, type=IncidentType.OTHER)
    (report,) = with_wording(article, [bare])
    assert report.wording is not None
    return report.wording


def test_names_and_rare_words_are_kept_and_what_every_such_text_says_is_not() -> None:
    found = wording(FERRY)
    assert {name_key("talisei"), name_key("cahaya"), "abadi", name_key("manado")} <= set(found.names)
    assert not {"killing", "people", "said", "friday", "survivors"} & {*found.names, *found.words}
    assert {"harbour", "lighthouse"} & set(found.words)


def test_the_place_that_a_text_was_written_at_is_no_word_of_the_incident() -> None:
    assert name_key("taruna") not in wording(FERRY).names


def test_names_of_countries_weigh_no_more_than_words() -> None:
    found = wording("A mine caved in near Oruro in Bolivia, and Bolivian engineers went down to the pump house.")
    assert "bolivia" in found.words
    assert "oruro" in found.names


@pytest.mark.parametrize(
    ("one", "other"),
    [("ruwaba", "rawaba"), ("boulkessi", "boulikessi"), ("mouhamed", "muhammad"), ("yaounde", "yaunde")],
)
def test_transcriptions_of_one_name_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("dori", "daru"), ("boulkessi", "boulsa"), ("kasese", "kabarole")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_copy_with_another_title_and_a_cut_end_shares_most_of_its_sketch() -> None:
    copy = FERRY.rpartition("The hull")[0]
    shared = set(sketch_of(FERRY)) & set(sketch_of(copy))
    assert len(shared) >= SKETCH_SIZE // 2


def test_another_text_on_the_same_incident_shares_none_of_its_sketch() -> None:
    other = (
        "Eleven people drowned on Friday when the Cahaya Abadi, a wooden ferry, went over near Talisei in bad weather."
    )
    assert not set(sketch_of(FERRY)) & set(sketch_of(other))


def test_who_reported_it_first_is_credited() -> None:
    assert "moluccas press" in wording(FERRY).credits
    assert "black reef courier" in wording("A pier fell down, according to the Black Reef Courier, and 5 died.").credits


def test_of_a_round_up_each_incident_has_the_words_of_its_own_passage() -> None:
    text = (
        "In Peru, fourteen people died on Tuesday when a coach plunged into the Apurimac gorge. A guardrail at Cunyac "
        "had been stolen. In Nepal, nine people were killed on Tuesday in a fire at a carpet workshop in Bhaktapur. "
        "Dye drums had blocked the staircase."
    )
    article = Article(article_id="a", title="The day in brief", body=text)
    reports = extract(article)
    assert len(reports) == 2
    by_country = {report.place.country: report.wording for report in reports if report.place and report.wording}
    assert name_key("apurimac") in by_country["PE"].names
    assert name_key("apurimac") not in by_country["NP"].names
    assert {"staircase", "drum"} & set(by_country["NP"].words)
    assert not {"staircase", "drum"} & set(by_country["PE"].words)


@given(st.text(max_size=400), st.text(max_size=60))
def test_no_text_breaks_it_and_it_stays_small(text: str, title: str) -> None:
    found = wording(text, title)
    assert len(found.names) <= MAX_NAMES
    assert len(found.words) <= MAX_WORDS
    assert len(found.sketch) <= SKETCH_SIZE
    assert list(found.sketch) == sorted(set(found.sketch))


def test_a_long_body_takes_no_longer_than_its_head() -> None:
    head = wording(FERRY * 100)
    assert wording(FERRY * 100 + "Zanzibar Kilifi Lindi " * 100_000) == head
