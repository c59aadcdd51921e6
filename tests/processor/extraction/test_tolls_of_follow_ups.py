"""How later articles tell of a toll: one row is a sentence that follows the lead below, and the dead that it counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import Article
from services.processor.extraction.extract import extract

LEAD = "A fire swept through a hotel in Batumi, Georgia, on Monday. "
ROWS = [
    # by the number in the row of the dead
    ("He is the sixteenth victim of the fire.", 16),
    ("She became the twelfth person to die of the fire.", 12),
    ("A seventh victim died in hospital on Tuesday.", 7),
    ("A ninth body was pulled from the ruins on Wednesday.", 9),
    ("The 23rd victim, a nurse, died on Sunday.", 23),
    ("They were the twelfth and thirteenth victims.", 13),
    ("A cook was the fifth and last person to die in the fire.", 5),
    ("The fire has claimed its tenth life.", 10),
    ("A porter died on Tuesday at the city hospital, the tenth.", 10),
    ("A porter died at the city hospital on Tuesday, the tenth.", 1),
    ("A porter was the tenth person to lose his life in the fire.", 10),
    ("He is the 23rd victim of fires this year.", None),
    # bodies, coffins, graves
    ("Six bodies had been taken out by noon, the commissioner said.", 6),
    ("Fourteen bodies have been laid out at the port.", 14),
    ("Nineteen coffins stood in a row in the gymnasium.", 19),
    ("They buried 31 people in a single trench.", 31),
    ("Twenty-seven people were buried on Sunday evening after the fire.", 27),
    ("The 31 victims will be buried on Friday.", 31),
    ("Thirty-one people were buried under rubble on Sunday.", None),
    ("The bishop was buried on Friday in the cemetery of Batumi.", None),
    ("Nineteen people have been washed up dead since.", 19),
    # verbs that count
    ("The dead now number 44.", 44),
    ("Deaths rose to 31.", 31),
    ("The toll increased to 31 on Tuesday. It had been cut to 28; the toll was earlier put at 40.", 31),
    ("Confirmed fatalities stand at 31.", 31),
    ("The confirmed dead stand at 31.", 31),
    ("The list of victims now runs to 44.", 44),
    ("Her death brings the number of those who perished to 14.", 14),
    # wholes beside further dead
    ("Five more bodies were recovered, so that eleven men are now known to have died.", 11),
    ("Two of the wounded have died since, making 31 in all.", 31),
    ("Three of the injured have since died, which puts the number of victims at 31.", 31),
    ("With two drivers who were shot, that brings the dead in the case to three.", 3),
    ("Two cooks with severe burns died in hospital, so that thirteen men have been killed in the fire.", 13),
    ("The 31 who died were remembered on Sunday.", 31),
    # by those who lived
    ("None of the sixteen people in the taxi survived.", 16),
    ("Only 17 of the 61 people on board survived.", 44),
    ("Seventeen of the 61 firms survived.", None),
    ("Two more guests died. The official figure rose to 33.", 33),
    ("Two more guests died. With them the tally closed at 33.", 33),
    ("Two more guests died, bringing the number of visitors dead to 33.", 33),
    ("Twelve bodies were inside the cellar, the mayor said, and the official count now stands at 33.", 33),
    ("Two guests died. Police made more arrests and the figure rose to 330.", 2),
    ("Two guests died. The hotel held 900 guests; the official number is now 500.", 2),
    ("Two guests died. The count of votes stands at 330.", 2),
    ("A guest died on Tuesday, so that those killed at the hotel now number 21.", 21),
    # those who were hurt before
    ("Two of those injured in Monday's fire died in Tbilisi.", 2),
    ("Three of those burned and wounded on Monday were flown to Tbilisi.", None),
    ("Two of those hurt in the fire at the hotel have died.", 2),
    # deaths with their cause before the verb
    ("Deaths from the fire in Batumi rise to 30.", 30),
    ("Deaths from drug overdoses rose to 4,500 in Georgia.", None),
    # elsewhere than on the spot
    ("Thirty-one died at the scene and two in hospital.", 33),
    ("Three people died at the scene and a fourth in hospital.", 4),
    # numbers and people of something else
    ("Three passengers who had been in intensive care since the accident at kilometre 78 have died.", 3),
    ("The fire killed 40 people, two residents who helped to bury them told the Wire.", 40),
    ("The coach, eight players and the driver were killed.", 10),
]


@pytest.mark.parametrize(("sentence", "dead"), ROWS)
def test_a_follow_up_tells_the_toll_in_its_own_way(sentence: str, dead: int | None) -> None:
    article = Article(
        article_id="a",
        title="Batumi hotel fire",
        body=LEAD + sentence,
        source="Adjara Post",
        published_at=datetime(2025, 2, 20, 12, tzinfo=UTC),
    )

    counted = [report.toll.killed.best for report in extract(article) if report.toll.killed is not None]

    assert max((best for best in counted if best), default=None) == dead


def test_the_final_count_of_an_incident_of_last_month_is_news() -> None:
    article = Article(
        article_id="a",
        title="Ministry corrects flood toll: 189 died, not 214",
        body="The final number of deaths in last month's floods on the Tana River in Kenya is 189, the ministry said.",
        source="Nairobi Post",
        published_at=datetime(2025, 3, 17, 12, tzinfo=UTC),
    )

    (report,) = extract(article)

    assert report.toll.killed is not None
    assert report.toll.killed.best == 189
    assert report.outdated == (214,)


def test_the_place_where_the_hurt_are_treated_is_not_that_of_the_incident() -> None:
    article = Article(
        article_id="a",
        title="Two prisoners die",
        body="Two prisoners hurt in Saturday's riot in Tela, Honduras, have died in a hospital in La Ceiba.",
        source="Costa Post",
        published_at=datetime(2025, 2, 12, 12, tzinfo=UTC),
    )

    (report,) = extract(article)

    assert report.place is not None
    assert report.place.name == "Tela"


def test_the_day_of_the_wreaths_is_not_that_of_the_dead() -> None:
    article = Article(
        article_id="a",
        title="Dead of the liner remembered at Cobh",
        body="Wreaths were laid at Cobh on Saturday for the more than 1,500 who died in the Titanic, 113 years ago.",
        source="Cork Post",
        published_at=datetime(2025, 4, 12, 12, tzinfo=UTC),
    )

    assert extract(article) == ()


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("The definitive toll of the cyclone is 94, the agency told the council of ministers on Wednesday.", None),
        ("The seven men who had been missing were found dead on Thursday in a side tunnel.", None),
        ("A student hurt in Monday's hostel fire died on Thursday night.", 17),
        ("A student who had been in hospital since Monday's hostel fire died on Thursday night.", 17),
    ],
)
def test_what_follows_an_incident_does_not_date_it(sentence: str, day: int | None) -> None:
    article = Article(
        article_id="a", title="Kota", body=sentence, source="Post", published_at=datetime(2025, 2, 21, 12, tzinfo=UTC)
    )

    (report,) = extract(article)

    told = report.occurred.start if report.occurred is not None else None
    assert (told.day if told is not None else None) == day


def test_the_place_before_a_crash_of_a_bus_or_a_plane_is_where_it_was() -> None:
    article = Article(
        article_id="a",
        title="Costa Rica plane crash leaves 12 dead",
        body=(
            "A rabbi says five victims were members of a temple in Scarsdale, New York. Relatives are mourning the "
            "deaths of 10 Americans killed in Sunday's plane crash in Costa Rica."
        ),
        source="Post",
        published_at=datetime(2018, 1, 1, 12, tzinfo=UTC),
    )

    (report,) = extract(article)

    assert report.place is not None
    assert report.place.country == "CR"


def test_two_attacks_in_one_province_are_told_apart_where_the_article_says_that_they_are_two() -> None:
    article = Article(
        article_id="a",
        title="Forty dead in two attacks on one day in Zamfara",
        body=(
            "Two attacks by armed gangs in Nigeria's Zamfara state left 40 people dead on Tuesday. In Tsafe, 23 people "
            "were killed on a market. In Maradun, 17 worshippers were killed in a mosque."
        ),
        source="Abuja Post",
        published_at=datetime(2025, 2, 12, 12, tzinfo=UTC),
    )

    told = {
        report.place.name: report.toll.killed.best
        for report in extract(article)
        if report.place is not None and report.toll.killed is not None
    }

    assert told == {"Tsafe": 23, "Maradun": 17}
