"""How accounts of attacks, clashes and riots word their tolls: what counts, what is a part, what is of earlier days."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read, shown

TOLLS = [
    (
        "Rebels shelled Dori, Burkina Faso, on Friday, setting off a battle in which a guard and two cooks died.",
        "3",
        "",
    ),
    (
        (
            "Three hikers were killed by a mine at Gao, Mali, on Friday. The battle of Gao, in which 400 "
            "fell, was long ago."
        ),
        "3",
        "",
    ),
    (
        "Gunmen killed two teachers in Gao, Mali, on Friday. It followed a month in which 31 mayors were murdered.",
        "2",
        "",
    ),
    (
        (
            "Six convicts died in a riot in a jail in Kano, Nigeria, on Friday. The riot was the latest "
            "violence in the state's jails, where at least 15 other convicts have been killed by guards."
        ),
        "6",
        "",
    ),
    (
        "JOS, Nigeria\u2014At least 30 herders, a chief among them, were killed in two raids in Jos on Friday.",
        "30-",
        "",
    ),
    ("Nine guards\u2014all of them recruits\u2014were killed in Jos, Nigeria, on Friday.", "9", ""),
    (
        (
            "Militants killed seven soldiers in Gao, Mali, on Friday. They then fired on the soldiers' truck, "
            "killing seven of them."
        ),
        "7",
        "",
    ),
    ("A guard was shot dead in Gao, Mali, on Friday. The robbers then killed two clerks.", "3", ""),
    (
        (
            "At least 16 people, mostly traders, were killed in two bomb attacks on Friday in Kano, Nigeria. "
            '"We have nine people killed in the first blast," an officer said. The second bomb left at least '
            "seven civilians dead."
        ),
        "16-",
        "",
    ),
    (
        (
            "A bomb went off in a market in Jos, Nigeria, on Friday, killing 12 people and injuring scores of "
            'others. "It was loud," said Musa Bello, 40, a butcher who was injured in the leg.'
        ),
        "12",
        "40?",
    ),
    ("Police found five men in a house in Jos, Nigeria, on Friday, three were dead.", "3", ""),
    ("Five nuns, one guard and two cooks were killed in Jos, Nigeria, on Friday.", "8", ""),
    (
        (
            "A trooper was injured in Jos, Nigeria, on Friday. Two guards were killed in the blast while one other "
            "trooper was injured."
        ),
        "2",
        "1",
    ),
    ("One shopper was injured in a market in Jos, Nigeria, on Friday.", "", "1"),
    ("Five pupils aged 11-13 were injured by a man with a knife in Jos, Nigeria, on Friday.", "", "5"),
    ("Villagers caught a thief in Jos, Nigeria, on Friday and thrashed him to death.", "1", ""),
]


@pytest.mark.parametrize(("text", "killed", "wounded"), TOLLS)
def test_an_account_of_an_attack_gives_the_toll_that_it_tells(text: str, killed: str, wounded: str) -> None:
    toll = read(text)[0].toll

    assert (shown(toll.killed), shown(toll.wounded)) == (killed, wounded)


@pytest.mark.parametrize(
    ("title", "text", "killed", "attackers"),
    [
        (
            "Troops kill 30 in Jolo",
            "At least 30 rebels were killed in Jolo, Philippines, on Friday, the military said. A soldier also died.",
            "31-",
            "30-",
        ),
        ("Troops kill 30 in Jolo", "At least 30 rebels were killed in Jolo, Philippines, on Friday.", "30-", "30-"),
        ("", "Gunmen of the ELN killed three former guerrillas in Cali, Colombia, on Friday.", "3", ""),
        ("", "Soldiers killed three guerrillas in Cali, Colombia, on Friday.", "3", "3"),
    ],
)
def test_the_sides_of_a_fight_are_told_apart(title: str, text: str, killed: str, attackers: str) -> None:
    toll = read(text, title)[0].toll

    assert (shown(toll.killed), shown(toll.killed_attackers)) == (killed, attackers)


@pytest.mark.parametrize(
    ("text", "name", "division"),
    [
        ("QUETTA, Pakistan - Gunmen attacked a bank here on Sunday, killing two guards.", "Quetta", "Balochistan"),
        ("QUETTA, Pakistan - A mine killed two herders near here on Sunday.", "Quetta", "Balochistan"),
        ('QUETTA, Pakistan - "I was born here," said Ali. A mine killed two in Sibi on Sunday.', "Sibi", "Balochistan"),
        ("A mine killed two herders here on Sunday in Sibi, Pakistan.", "Sibi", "Balochistan"),
        ("Two inmates were killed at Marion Correctional Facility in Ohio on Sunday.", "Marion", "Ohio"),
        ("Two inmates were killed at Lee Correctional Institution in Florida on Sunday.", "Lee", "Florida"),
    ],
)
def test_here_is_the_town_of_the_dateline_and_a_jail_is_in_its_state(text: str, name: str, division: str) -> None:
    place = read(text)[0].place

    assert place is not None
    assert (place.name, place.admin1) == (name, division)


def test_who_is_killed_near_a_country_is_not_killed_in_it() -> None:
    place = read("At least 12 herders died on Thursday in northern Burkina Faso.", "12 herders killed near Mali")[
        0
    ].place

    assert place is not None
    assert place.country == "BF"


def test_a_vehicle_rammed_into_what_guards_a_place_is_no_accident() -> None:
    reports = read(
        "Suicide attackers struck a hotel in Mogadishu, Somalia, on Sunday, killing 15 people. One of the vehicles "
        "rammed into a security wall and exploded. About 20 people had been injured."
    )

    assert [(report.type, shown(report.toll.wounded)) for report in reports] == [("suicide_bombing", "~20")]
