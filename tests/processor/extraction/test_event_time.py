"""Which of the days that an article names is that of the incident."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import Occurred
from services.processor.extraction.reading import read_field
from services.processor.extraction.when import date_statements, occurred_at

FRIDAY = datetime(2025, 10, 17, 15, tzinfo=UTC)


def occurred(text: str) -> Occurred | None:
    reading = read_field("body", text, 0)
    date_statements([reading], FRIDAY)
    found = occurred_at(reading.statements, FRIDAY)
    return found[0].occurred if found is not None else None


def day(text: str) -> int | None:
    found = occurred(text)
    return found.start.day if found is not None and found.start is not None else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The clashes on Tuesday cost nine lives, the ministry said in a final account on Thursday.", 14),
        ("On Thursday, the army confirmed that nine people were killed in an ambush near Lashkar Gah on Tuesday.", 14),
        ("Nine people were killed on Tuesday when a bomb exploded in Lashkar Gah, police said on Thursday.", 14),
        (
            "A gunman on Tuesday opened fire in a bar in Lashkar Gah and killed nine people, police said on Thursday.",
            14,
        ),
        ("Nine people were left dead at a bar in Lashkar Gah on Tuesday, the third attacked this year.", 14),
        ("The plane crashed and caught fire on Tuesday in Lashkar Gah, and nine people were killed.", 14),
        ("The death toll from the collapse of a school in Lashkar Gah on Tuesday has risen to nine.", 14),
        ("A boat sank off Lashkar Gah. Nine people drowned. The accident happened late on Tuesday.", 14),
        ("Nine people drowned when a boat sank on Tuesday, four who reached the shore told rescuers.", 14),
        ("The number of people killed when a man drove into a crowd in Lashkar Gah on Tuesday rose to nine.", 14),
        ("Nine people died in a fire late Tuesday at a detention center in Lashkar Gah.", 14),
        ("Police said on Thursday that nine people were killed in Tuesday's bombing in Lashkar Gah.", 14),
        ("A lorry blew up on Tuesday and killed nine people at the site of Sunday's blast in Lashkar Gah.", 14),
        ("On Friday six men of one street were buried. They died in the bombing on Tuesday in Lashkar Gah.", 14),
        ("Divers worked off Cebu until Thursday. The ferry sank on Tuesday, and nine people drowned.", 14),
        ("Two days after it put the toll of the crush on Tuesday at 12, the council Thursday revised it to nine.", 14),
        ("A drone again struck the market of Lashkar Gah on Tuesday, six days after the massacre, killing nine.", 14),
        ("Nine people were killed on Tuesday after the blast at a mill in Lashkar Gah.", 14),
        ("Soldiers were on Friday combing the hills of Helmand for nine people abducted on Tuesday.", 14),
        ("Flowers were laid on Friday at the scene of Tuesday's blast in Lashkar Gah, where nine people died.", 14),
        ("As of Friday nine people are known to have been killed in the bombing on Tuesday.", 14),
        ("A court spokesman on Thursday said that a bomb killed nine people on Tuesday.", 14),
        ("Two men were arrested on Thursday over Tuesday's attack, in which nine people were killed.", 14),
        ("The death toll from Tuesday's bombing rose to nine on Friday.", 14),
        ("The toll rose to nine on Friday after the blast of 14 October killed eight people at once.", 14),
        ("Officials on Thursday cut the death toll of Tuesday's landslide from 14 to 9.", 14),
        ("LASHKAR GAH, Afghanistan, Oct 16 (Helmand Press) - A bomb killed nine people on Tuesday.", 14),
        ("A bus that had left Herat on Sunday was bombed on Tuesday, and nine people were killed.", 14),
        ("Nine people were buried on Thursday. They were killed in an attack on Tuesday.", 14),
        ("Landslides buried several hamlets near Lashkar Gah on Tuesday, killing nine people.", 14),
        ("Nine people died after they were buried under rubble in Lashkar Gah on Tuesday.", 14),
        ("A bomb went off on Friday in the bazaar, killing nine people.", 17),
        ("Nine people were killed when a bomb exploded at 10:20 a.m. Tuesday in Lashkar Gah.", 14),
        ("Nine people died on Tuesday when police cleared a bridge in Lashkar Gah, the minister said.", 14),
        ("A girl was found alive on Thursday beside the plane, two days after the crash that killed nine people.", 14),
        ("Nine people, most of them mourning those killed in Sunday's bombing, died on Tuesday in Lashkar Gah.", 14),
        ("The skipper was held on Friday, three days after the sinking in which nine people died.", 14),
        ("Police named two suspects on Thursday. A bomb killed nine people on Tuesday.", 14),
        ("The crane sounded on Thursday as the two men killed on Tuesday night were carried past the gate.", 14),
        ("The first bomb (14 October, in the bazaar) killed nine people in the week to 16 October.", 14),
        ("Salem (Helmand), Oct 16 - A committee said that nine people were killed in a fire on Tuesday.", 14),
        ("The body of a ninth man was brought up on Thursday, a day after it happened.", 15),
    ],
)
def test_the_day_of_the_incident_is_told_from_those_of_what_followed(text: str, expected: int) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nine people were killed in a bombing in Lashkar Gah, police said on Thursday.",
        "Rescuers broke through on Thursday to the level where eight miners had been and found three of them dead.",
        "Rescuers in Herat on Thursday found the body of a teacher, the last of the missing in an avalanche.",
        "Helicopters took down eleven injured on Thursday. An avalanche had killed nine people.",
        "Police on Thursday named the warden a suspect over the blaze that killed nine people.",
        "The number of dead in the landslides in Lashkar Gah, in Helmand, went up to nine this Thursday.",
        "Salem (Helmand), Oct 16 - A committee said that nine people had died of the heat.",
        "Nine people died in a bombing in Lashkar Gah, and the crane comes tomorrow.",
        "The search for the nine victims of the landslide at Lashkar Gah was concluded on Thursday.",
        "Teams were pulled out of Lashkar Gah, Helmand on Thursday, after a typhoon that killed nine people.",
        "Rescuers found two bodies after a ship hauled the wreck up early Thursday, taking the death toll to nine.",
        "Soldiers landed in Lashkar Gah on Thursday to help police after the massacre in which nine people died.",
        "The last of those killed in the bombing of Lashkar Gah were cremated on Thursday evening.",
        "The bodies of the nine guides were found by a team of eleven climbers on Thursday.",
        "Until Thursday at noon the number of people killed by the bomb in Lashkar Gah was nine.",
        "The liquor had claimed nine lives till Thursday evening in Lashkar Gah.",
        "Lashkar Gah, Afghanistan, October 16, 2025 (GGP) - The number of people killed by a bomb has risen to nine.",
        "A boy who was in hospital with burns since the strike died on the night of October 16, doctors said.",
        "The nine who were killed by a landslide in Lashkar Gah were buried on Thursday.",
        "Police on Thursday announced that nine people were killed by a bomb in Lashkar Gah.",
        "The search in Lashkar Gah was over on Thursday, 53 hours after the strike that killed nine people.",
        "Nine deaths and 31 injured after the earthquake in Lashkar Gah (HDMA, 15 October).",
        "Nine people drowned when a boat sank off Lashkar Gah; ten were still missing on Thursday night.",
        "HDMA Situation Update No. 6, Lashkar Gah Earthquake, 16 October 2025. Dead: 9.",
        "The number of dead in the Lashkar Gah landslide has reached nine as of 5 p.m. Thursday.",
        "One of those wounded in the bombing died of his injuries in hospital on Thursday, which makes nine dead.",
        "A ceasefire took hold in Lashkar Gah on Thursday after two days of street battles that killed nine people.",
        "Shops opened on Thursday after a week of fighting in which nine people were killed in Lashkar Gah.",
    ],
)
def test_no_day_is_better_than_that_of_something_else(text: str) -> None:
    assert day(text) is None


def test_of_equally_likely_days_the_first_told_is_taken() -> None:
    assert day("A bomb killed four people on Tuesday. Gunmen killed five people at the same post on Wednesday.") == 14


def test_what_is_dated_days_after_publication_did_not_happen_then() -> None:
    assert occurred("Nine people were killed by a bomb in Lashkar Gah, the paper of 30 November 2025 said.") is None


def test_what_is_asked_for_tomorrow_dates_no_incident() -> None:
    assert day("A hall was bombed in Lashkar Gah. Nine are dead. Be silent for a minute at 9:40 tomorrow.") is None


def test_a_day_on_which_nobody_was_harmed_is_not_that_on_which_others_died() -> None:
    deaths = "120 deaths and 868 injuries were confirmed in Helmand. Nine camps were cut off. "
    assert day(deaths + "Drivers need an escort after the incident of Tuesday (no injuries).") is None
    assert day(deaths + "No injuries were reported at the airport when the earthquake struck on Tuesday.") == 14
