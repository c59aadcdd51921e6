"""Drills, reviews, checks of facts and matches, told as their own pages tell them: nothing in them happened."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read, shown

NO_NEWS = [
    (
        "a drill whose day is named",
        "90 'dead' in airport mass-casualty drill",
        "Cadets with painted wounds played 90 dead on Sunday in a drill which simulated a plane crash at Cebu.",
    ),
    (
        "the scenario of a drill",
        "Emergency drill at Cebu mall",
        "In the scenario, a bomb killed 60 shoppers on Sunday. The exercise lasted two hours.",
    ),
    (
        "a drill that only its title calls so",
        "Ferry drill empties harbour of Cebu",
        "Sirens and 'sixty dead' gave commuters in Cebu a start on Sunday. The exercise tested how the city copes.",
    ),
    (
        "a series",
        "'Night Line': a bomb, 60 dead and one stubborn detective",
        "A bomb goes off in Vienna and kills sixty people before the opening credits. Streaming from Friday.",
    ),
    (
        "a documentary",
        "Film on 1994 bomb attack opens in Cebu",
        "A documentary on the bomb attack of June 1994, in which 16 people were killed, was shown on Sunday.",
    ),
    (
        "a check of facts",
        "No, 400 people were not buried under a school in Cebu",
        "A video viewed two million times claims that 400 children died in Cebu. This is false. Nobody died there.",
    ),
    (
        "a claim that the text calls false",
        "What is going round about the school",
        "A message says that 400 children died under a school in Cebu on Sunday. The message is false.",
    ),
    (
        "a review that its title ends with",
        "Landslide: The Last Hour – DVD Review",
        "The day after the feast, children play. Thousands of people lose their lives as the hill comes down on Cebu.",
    ),
    (
        "a yearly count against that of another year",
        "Road deaths reach record low",
        "The number of fatalities was down 8% on 2023 to 1754, while serious injuries dropped by 0.4% to 23,039.",
    ),
    (
        "charges over a disaster of the past",
        "Driver faces charges over deadly derailment",
        "Charges were filed on Sunday against a driver for the 2015 derailment in Cebu that killed eight people.",
    ),
    (
        "a disaster of the past that a clause hangs on",
        "",
        "Claims against the driver in the May 2014 Leeds crash, in which nine people died, were dropped on Sunday.",
    ),
    (
        "a match",
        "Rovers slaughter United 7-1",
        "Leeds massacred a tired Burnley 7-1 on Sunday, and the coach wept.",
    ),
]


@pytest.mark.parametrize(("what", "title", "body"), NO_NEWS, ids=[row[0] for row in NO_NEWS])
def test_nothing_of_it_happened(what: str, title: str, body: str) -> None:
    assert read(body, title) == (), what


NEWS = [
    ("Two soldiers killed in rescue exercise", "Two soldiers died on Sunday in a rescue exercise at Cebu.", "2"),
    ("Rebels kill 30 in Gao", "Gunmen killed 30 people in Gao on Sunday. That is false, the army said.", "30"),
    ("Bomb kills 12", "A bomb killed 12 people in Kabul on Sunday, as a video posted by witnesses shows.", "12"),
    ("Crash closes road", "A bus crash on Sunday in Cebu, in which nine people died, closed the road.", "9"),
    ("Hotel charges", "After the 2019 inquiry, a fire in Cebu on Sunday, in which nine people died, is charged.", "9"),
    ("Raid kills 10-15", "Gunmen attacked Gao and killed 10-15 people on Sunday, residents said.", "10..15"),
]


@pytest.mark.parametrize(("title", "body", "killed"), NEWS)
def test_news_with_the_same_words_is_read(title: str, body: str, killed: str) -> None:
    assert [shown(report.toll.killed) for report in read(body, title)] == [killed]
