"""Tolls told beside other numbers: those of rivals, of years before, of the buried, and of those hurt first."""

from __future__ import annotations

import pytest

from schemas import Revises
from tests.processor.extraction.reading_table import read, shown, toll

KILLED = [
    ("Raiders overran the camp at Terekeka on Sunday, leaving behind 44 bodies, the commissioner said.", "44"),
    ("The merger left three public bodies in charge of roads near Terekeka.", ""),
    ("Rebels fled Djugu on Sunday; 44 bodies of rebels were left on the field and three soldiers died.", "47"),
    ("The ferry sank on Sunday. The final list of the dead has 44 names.", "44"),
    ("The ferry sank on Sunday. The ministry's list of those killed contains 44 names.", "44"),
    ("A drone struck Nyala on Sunday. Verified dead: 44.", "44"),
    ("Fumes killed between 30 (the minister) and 44 (hospitals) people in Patna on Sunday.", "30..44"),
    ("With the 30 bodies found up to now, the disaster at the bend has taken 44 lives.", "44"),
    ("A drone struck Nyala on Sunday, killing 17. Taken together with Friday's, the two have cost 44 lives.", "17"),
    ("The ferry sank on Sunday. The final count given by the province is 44 dead, with nine unaccounted for.", "44"),
    ("The ferry sank on Sunday. Four more bodies floated up, and the total number recovered is 44.", "44"),
    (
        "Police said 19 people were killed in Djibo, a figure disputed by the council, which said 44 had been killed.",
        "19..44",
    ),
    ("The general said three of the wounded had died and that 44 soldiers had given their lives on Sunday.", "44"),
    (
        "Nine people have died since Friday after drinking bad liquor in Una. In March 2019, hooch killed 44 here.",
        "9",
    ),
    ("Cholera has killed 44 people in Beira since 20 May.", "44"),
    ("Cumulative figures of the cholera outbreak in Beira: 1,700 cases, 44 deaths (CFR 2.6 per cent).", "44"),
    ("Road accidents killed 44 people during the seven days of the holiday, May 25 to 31, the ministry said.", ""),
    ("Two lorries collided near Tororo on Sunday. The road accident killed 44 people.", "44"),
    ("Two kebeles were carried off when the dam burst above Sawula on Sunday, killing 44 people.", "44"),
    ("Police held three men over two bombings in Kohat that have killed 44 people. Nine died in Sunday's blast.", "9"),
    ("Divers found the last of the missing, Ali Noor. With him, 44 people died in Sunday's flood in Kasese.", "44"),
    ("Since the alert of 24 April in the camp at Kerfi, 412 cholera cases and 44 deaths have been notified.", "44"),
    ("Cholera in Sila: the cumulative figures since 24 April are 1,714 cases and 44 deaths (case fatality 3%).", "44"),
    ("Two years after the fire at the market of Luri, nobody has been judged. The authorities counted 44 dead.", ""),
    ("Two years after the invasion, missiles killed 12 people in Kharkiv. By the evening 13 were dead.", "13"),
    (
        "Two years after the coup, rebels advance. At least 40 soldiers died on Sunday in Djibo. Later 44 were dead.",
        "44",
    ),
    ("Two days after the fire at the market of Luri, nobody is held. The authorities counted 44 dead.", "44"),
    ("Hospital sources: 44 bodies brought in after Sunday's strike on Nyala.", "44"),
    ("The prosecutor said that 44 bodies from Sunday's shipwreck off Mahdia had been examined.", "44"),
    ("The ferry sank on Sunday off Bali. This brings to 44 the number of those who perished in the boat.", "44"),
    ("A man was killed in Oyo on Sunday. This brings to 44 the number of people killed in the state this year.", "1"),
    ("The flood killed 44 (police) in Kasese on Sunday.", "44"),
]


@pytest.mark.parametrize(("body", "killed"), KILLED)
def test_the_toll_is_told_from_the_numbers_beside_it(body: str, killed: str) -> None:
    assert shown(toll(body).killed) == killed


def test_rebels_left_on_the_field_are_attackers() -> None:
    found = toll("Rebels fled Djugu on Sunday; 44 bodies of rebels were left on the field and three soldiers died.")
    assert shown(found.killed_attackers) == "44"


def test_nobody_is_carried_off_with_a_district() -> None:
    assert toll("Two kebeles were carried off when the dam burst above Sawula on Sunday.").abducted is None


def test_the_dead_who_are_buried_are_no_second_incident() -> None:
    (found,) = read(
        "The number of people killed by Sunday's fire in Tororo has risen to 37. Twenty-one unidentified bodies were "
        "buried in a mass grave at Mbale on Monday."
    )
    assert shown(found.toll.killed) == "37"
    assert found.place is not None
    assert found.place.name == "Tororo"


@pytest.mark.parametrize(
    "body",
    [
        "The fire in the hospital at Kut was on Sunday. DNA analysis fixes the number of dead at 44.",
        "Five men who had been shown as dead are alive, and the number of dead of Sunday's fire in Kut is 44.",
        "The number of deaths in Sunday's fire in Kut is 44, and figures that some media circulate are incorrect.",
        "Forty-four people died in Sunday's fire in Kut; three names had been written twice.",
    ],
)
def test_whoever_counts_anew_corrects(body: str) -> None:
    (found,) = read(body)
    assert shown(found.toll.killed) == "44"
    assert found.revises is Revises.CORRECTED


@pytest.mark.parametrize(
    "body",
    [
        "DNA analysis has identified 12 of the 44 people who died in Sunday's fire in Kut.",
        "A boy was found alive among the dead of Sunday's fire in Kut, which killed 44.",
        "The rebels killed 44 soldiers in Djibo on Sunday; the army's figures are wrong, they said.",
    ],
)
def test_whoever_names_the_dead_corrects_nobody(body: str) -> None:
    (found,) = read(body)
    assert found.revises is None


def test_people_killed_in_a_cattle_raid_are_no_cattle() -> None:
    title, body = (
        "44 killed in cattle raid in Rumbek",
        "Armed youth attacked a camp in Rumbek on Sunday, killing 44 people.",
    )
    assert shown(toll(body, title).killed) == "44"
    assert (
        shown(toll("44 cattle were killed by lightning in Rumbek on Sunday.", "44 cattle killed in Rumbek").killed)
        == ""
    )


def test_those_of_the_dead_who_came_from_a_region_are_at_least_so_many_and_died_elsewhere() -> None:
    (found,) = read(
        "At least 19 of the people drowned off Sicily on Sunday came from the region of Kindia, parents said."
    )
    assert shown(found.toll.killed) == "19-"
    assert found.place is not None
    assert found.place.country == "IT"


def test_bodies_of_a_separate_attack_that_are_buried_are_those_of_another_incident() -> None:
    found = read(
        "Gunmen killed 30 people in Djibo on Sunday. In Dori, 12 bodies were buried on Monday after a separate attack."
    )
    assert sorted(shown(report.toll.killed) for report in found) == ["12", "30"]
