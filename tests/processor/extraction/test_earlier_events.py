"""What an article tells of besides its news: earlier incidents, which are none of its own, and what only sounds so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import ClaimKind
from tests.processor.extraction.reading_table import read, shown


def test_what_happened_earlier_in_the_month_is_no_news_beyond_the_lead() -> None:
    reports = read(
        "Gunmen killed four men in Kano on Thursday. The police are looking for them. Two are known by name. Earlier "
        "this month, commandos stormed a hotel in Kano and killed two militants. A cook and a guard also died there.",
        published_at=datetime(2025, 6, 20, 12, tzinfo=UTC),
    )

    assert [shown(report.toll.killed) for report in reports] == ["4"]


def test_earlier_in_the_month_is_news_in_the_lead() -> None:
    reports = read(
        "Gunmen killed four men in Kano earlier this month, it has emerged.",
        published_at=datetime(2025, 6, 20, 12, tzinfo=UTC),
    )

    assert [shown(report.toll.killed) for report in reports] == ["4"]


@pytest.mark.parametrize(
    "passing",
    ["A helicopter crashed at Iten on Thursday.", "The crash comes weeks after a helicopter crashed at Iten."],
)
def test_an_earlier_event_without_a_toll_is_no_incident_beside_one_with_a_toll(passing: str) -> None:
    reports = read(f"A light aircraft crashed at Lodwar in Kenya on Sunday. All nine aboard were killed. {passing}")

    assert [(report.place and report.place.name, shown(report.toll.killed)) for report in reports] == [("Lodwar", "9")]


def test_what_befell_the_same_scene_earlier_in_the_week_is_no_toll_of_the_news() -> None:
    reports = read(
        "A bomber struck on Friday in the same bazaar in Quetta where 23 people were killed earlier in the week. "
        "Police said 14 people had been killed.",
        published_at=datetime(2025, 6, 20, 12, tzinfo=UTC),
    )

    assert [shown(report.toll.killed) for report in reports] == ["14"]


def test_graves_beside_which_those_found_after_many_years_are_laid_are_no_toll() -> None:
    assert read("Seven coffins were lowered beside 6,700 graves, thirty years after the genocide in Srebrenica.") == ()


def test_deaths_that_were_not_added_say_nothing_of_how_many_died() -> None:
    reports = read("A fire on Friday hit the jail of Jambi and killed nine. No deaths have been added since Saturday.")

    assert [shown(report.toll.killed) for report in reports] == ["9"]


NEWS = "Ten people died when a light aircraft crashed near Iten, Kenya, on Sunday, police said. Crews went there. "


@pytest.mark.parametrize(
    "older",
    [
        "On May 22 a jet hit a hill near Mombasa, killing 67 people. Two days later a plane crashed, killing six.",
        "The latest crash comes as pilots call for rules after the collision in Mombasa that killed 67 people.",
    ],
)
def test_what_was_news_days_before_is_no_incident_of_an_article_on_another(older: str) -> None:
    reports = read(NEWS + older)

    assert [shown(report.toll.killed) for report in reports] == ["10"]


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        # the incident itself, told with its day after the newest of its dead
        ("Two more victims of the Iten crash died on Sunday. On May 22 an airliner hit a hill there, killing 67.", 67),
        # told of in the lead
        ("An airliner hit a hill near Iten, Kenya, on May 22, killing 67 people. Ten bodies were found on Sunday.", 67),
        # hours before
        (NEWS + "On Saturday an airliner hit a hill near Mombasa, killing 67 people.", 67),
    ],
)
def test_the_news_itself_is_no_older_incident(text: str, killed: int) -> None:
    assert max(report.toll.minimum(ClaimKind.KILLED) for report in read(text)) == killed


@pytest.mark.parametrize(
    "after",
    [
        "The attack follows other recent stabbings in Germany, including one in Ulm that killed four people.",
        "It comes after a series of deadly attacks in which nine people have been killed.",
        "The stabbing was the latest in a string of knife attacks that have killed nine people.",
        "A leader of the gang, Jan Brock, was recently killed in Bonn.",
        "A week before that, militants killed four soldiers and nine more men in another ambush in Bonn.",
        "The attack in the far north comes less than a week after a bomb ripped through a market, killing 20 people.",
        "A suicide attack in Bonn last week killed 21 people and injured 60 others.",
        "Over the past six weeks, several storms have struck Vietnam. At least 159 people died and 70 were missing.",
    ],
)
def test_other_attacks_that_it_follows_are_no_incidents_of_an_article(after: str) -> None:
    reports = read(f"A man stabbed two people to death in Kiel, Germany, on Sunday. He was arrested at once. {after}")

    assert [(report.place and report.place.name, shown(report.toll.killed)) for report in reports] == [("Kiel", "2")]


def test_what_it_came_barely_a_week_after_is_no_incident_of_an_article() -> None:
    reports = read(
        "The heatwave killed 12 people in Spain on Sunday. The heat came barely a week after 31 people died in floods."
    )

    assert [(report.type.value, shown(report.toll.killed)) for report in reports] == [("extreme_temperature", "12")]


def test_what_followed_days_of_something_is_the_news() -> None:
    (report,) = read("The clashes in Jos on Sunday, which followed several days of tension, killed 30 people.")

    assert shown(report.toll.killed) == "30"


def test_fires_of_other_years_in_a_list_are_not_where_the_news_was() -> None:
    reports = read(
        "Prosecutors are at work after a fire that killed at least 54 people in southern Brazil early on Sunday. Some "
        "fires of the past:\n\n- A 2009 fire in a club in Perm, Russia, killed 156 people.\n\n- A 2004 fire in a club "
        "in Buenos Aires, Argentina, killed 194 people.",
        "What came of fires in clubs",
    )

    assert [(report.place and report.place.country, shown(report.toll.killed)) for report in reports] == [("BR", "54-")]


def test_who_was_told_of_in_an_earlier_incident_is_no_toll_of_the_news() -> None:
    reports = read(
        "A bomber killed 59 people in a mosque in Peshawar, Pakistan, on Sunday. The roof fell in. In March, a gunman "
        "of the same group shot dead two officers in Multan. The gunman was killed in a shootout on Saturday."
    )

    assert shown(reports[0].toll.killed) == "59"


@pytest.mark.parametrize(
    "older",
    [
        "Dozens are missing after a missile hit a mall in Sumy two days ago and killed at least 18 people.",
        "The city is on alert after a blast on May 20 killed more than 300 people in Karada.",
    ],
)
def test_what_was_told_days_ago_is_no_toll_of_the_news(older: str) -> None:
    reports = read(
        f"At least three people were killed and dozens more wounded by a missile in Mykolaiv, Ukraine. Rescuers came. "
        f"They were still at work at noon. {older}"
    )

    assert [shown(report.toll.killed) for report in reports if report.toll.killed is not None] == ["3-"]


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("At least 57 people were killed in Kutum on Sunday, days after 38 people died in a raid on Mellit.", "57-"),
        ("At least 57 people died in Kutum on Sunday, four days after 38 people died in a raid on Mellit.", "57-"),
        ("Three more bodies were found on Sunday, two days after 38 people died in a raid on Mellit.", "38"),
        ("Sunday's bomb in Mellit killed 28. With the 15 who died at a tea shop days before, 43 have died.", "28"),
        (
            "Eleven people died in a second raid on Mellit on Sunday. The first attack, on Friday, killed 61 people.",
            "11",
        ),
        ("Two blasts in Mellit have taken 43 lives. Sunday's truck bomb killed 28 people.", "28"),
        ("Two blasts in Mellit on Sunday killed 43 people.", "43"),
        ("A lorry blew up at the same junction in Mellit where a bomb killed 15 men earlier this week; 22 died.", "22"),
    ],
)
def test_the_dead_of_another_day_are_not_added(text: str, killed: str) -> None:
    assert shown(read(text)[0].toll.killed) == killed
