"""Those who were taken for dead and live are no toll; those who are feared dead are one."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read, shown, toll

ALIVE = [
    "Seventeen recruits who had been counted as dead have come back to Kidal.",
    "Nine miners listed as dead were found alive near Kidal, Mali, on Sunday.",
    "Nine miners presumed dead after Sunday's collapse of a mine in Kidal, Mali, walked out on Monday.",
    "Three traders who were thought to have died in Sunday's blast in Kidal, Mali, are alive.",
    "Two boys wrongly reported killed in Sunday's blast in Kidal, Mali, are in hospital.",
    "A woman declared dead after Sunday's blast in Kidal, Mali, woke up in the morgue.",
    "Three hostages feared killed in Sunday's raid in Kidal, Mali, have returned home.",
    "The 12 fishermen given up for dead after Sunday's shipwreck off Dakar, Senegal, came back on a trawler.",
    "Rescuers in Durban, South Africa, are in contact with 11 workers buried alive when a building fell on Sunday.",
    "The dead of Sunday's crash in Kidal, Mali, are mannequins.",
    'The "forty dead" were students who took part in a drill in Kidal, Mali, on Sunday.',
    "The doctor said on Sunday that the figure of 34 deaths in the blast in Kidal, Mali, was wrong.",
    "Families came on Sunday to the mine in Kidal, Mali, believing their sons had perished.",
    "Twenty sailors feared drowned when a trawler sank off Dakar, Senegal, on Sunday are safe and well.",
]


@pytest.mark.parametrize("sentence", ALIVE)
def test_who_was_taken_for_dead_and_lives_is_in_no_toll(sentence: str) -> None:
    assert all(claim.kind != "killed" for report in read(sentence) for claim in report.claims)


FEARED = [
    ("Eleven villagers were buried alive by Sunday's landslide near Kidal, Mali.", "11"),
    ("Nine miners are presumed dead after Sunday's collapse of a mine in Kidal, Mali.", "9"),
    ("Six traders were declared dead at the scene after Sunday's blast in Kidal, Mali.", "6"),
    ("Twelve traders are feared dead in Sunday's blast in Kidal, Mali, and nobody was found alive.", "12"),
    ("Twelve traders are feared dead in Sunday's blast in Kidal, Mali, though two were pulled out alive.", "12"),
    ("Twelve traders were declared dead after Sunday's blast in Kidal, Mali, and four survived with burns.", "12"),
    ("Twelve traders died in Sunday's blast in Kidal, Mali. The dead were volunteers of the market guard.", "12"),
    ("Twelve traders were reported dead in Sunday's blast in Kidal, Mali; the mayor is safe.", "12"),
    (
        "Twenty sailors are feared drowned after a trawler sank off Dakar, Senegal, on Sunday. The captain is safe.",
        "20",
    ),
    ("Twelve traders believed to have been killed in Sunday's blast in Kidal, Mali, have been identified.", "12"),
]


@pytest.mark.parametrize(("sentence", "killed"), FEARED)
def test_who_is_feared_dead_is_in_the_toll_whoever_else_is_alive(sentence: str, killed: str) -> None:
    assert shown(toll(sentence).killed) == killed
