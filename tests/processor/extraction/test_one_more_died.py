"""The dead who are told of one by one, and what the toll was before them; numbers that were given at first."""

from __future__ import annotations

import pytest

from schemas import Revises
from tests.processor.extraction.reading_table import read, shown, toll

KILLED = [
    ("A 14th person has died of burns from Sunday's fire in Plovdiv, Bulgaria.", "14"),
    ("A third person died on Monday after Sunday's shooting in Plovdiv, Bulgaria, in which four were hurt.", "3"),
    ("A twelfth victim of Sunday's shooting in Plovdiv, Bulgaria, has died.", "12"),
    ("A guard died of injuries suffered in last week's rail accident near Lodz, making her its third fatality.", "3"),
    # Those before him were hurt otherwise, or told of in numbers of their own.
    ("Two people were wounded and a third person was killed in Sunday's raid in Kidal, Mali.", "1"),
    ("Four people died at once in Sunday's fire in Plovdiv, and a fifth person died in hospital.", "5"),
    ("A second soldier was killed in Djibo, Burkina Faso, on Sunday.", "1"),
    ("A 14th person has died on the roads of Bulgaria this year.", ""),
]


@pytest.mark.parametrize(("body", "killed"), KILLED)
def test_the_last_who_died_tells_how_many_have(body: str, killed: str) -> None:
    assert shown(toll(body).killed) == killed


OUTDATED = [
    ("A 14th person has died of burns from Sunday's fire in Plovdiv, Bulgaria.", (13,), None),
    ("A guard died of injuries from last week's rail accident near Lodz, making her its third fatality.", (2,), None),
    ("A clerk died in hospital on Sunday, the 21st victim of the tornado that hit Joplin.", (20,), None),
    (
        "Teams recorded 412 deaths of the quake in Herat. The figure of 500 that was given early on was an estimate.",
        (500,),
        Revises.CORRECTED,
    ),
    (
        "Officers verified 47 deaths in the raid on Mirebalais. A union which had counted 54 accepts the number.",
        (54,),
        Revises.CORRECTED,
    ),
    (
        "Two who were listed dead in Sunday's crash near Bodaybo are alive. That leaves 31 killed.",
        (),
        Revises.CORRECTED,
    ),
    (
        "The figure of 500 euros that was given first is paid for each of 47 dead in Sunday's fire in Herat.",
        (),
        None,
    ),
]


@pytest.mark.parametrize(("body", "outdated", "revises"), OUTDATED)
def test_what_was_told_before_is_outdated(body: str, outdated: tuple[int, ...], revises: Revises | None) -> None:
    (report,) = read(body)

    assert (report.outdated, report.revises) == (outdated, revises)


ALL_LIVE = [
    "All 14 missing climbers were found alive on Sunday above Chamonix, France.",
    "All 14 pupils who had been given up for dead in the caves of Sagada returned home on Sunday.",
    "The navy said on Sunday that all of the 14 who had been feared drowned off Lihir are safe.",
]


@pytest.mark.parametrize("body", ALL_LIVE)
def test_all_who_were_missed_and_live_take_their_number_back(body: str) -> None:
    (report,) = read(body)

    assert (report.revises, report.outdated) == (Revises.CORRECTED, (14,))
    assert (shown(report.toll.killed), shown(report.toll.missing)) == ("0", "0")


SOME_LIVE = [
    "Nine of the 14 missing climbers were found alive above Chamonix on Sunday.",
    "All 14 players walked out of the hall in Madrid on Sunday.",
    "All 14 pages of the missing script were found in Madrid on Sunday.",
]


@pytest.mark.parametrize("body", SOME_LIVE)
def test_others_take_no_number_back(body: str) -> None:
    assert all(report.revises is None for report in read(body))


UNDATED = [
    "The bomb killed nine guards in Quetta at the same crossroads where Saturday's was.",
    "At six this morning the rescuers in Durban went home, and nine masons did not survive the fall of the tower.",
]


@pytest.mark.parametrize("body", UNDATED)
def test_a_day_of_something_else_does_not_date_the_incident(body: str) -> None:
    assert [report.occurred for report in read(body)] == [None]


def test_a_boat_that_broke_up_on_the_rocks_was_wrecked() -> None:
    (report,) = read("Forty bodies lay on the beach of Crotone on Sunday. A boat had broken up on the rocks.")

    assert report.type == "maritime_accident"
