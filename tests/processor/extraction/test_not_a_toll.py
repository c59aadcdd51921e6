"""A number that is no toll of a current incident: a new cue is one row here, with the reason."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read, shown, toll

ROWS = [
    ("strength", "About 280 soldiers were stationed at the camp when it was attacked on Sunday."),
    ("history", "A bombing in the same street killed 25 people in 2009."),
    ("history", "Last year 40 worshippers were murdered in the town."),
    ("anniversary", "Survivors gathered for the tenth anniversary of the ferry disaster that killed 300 people."),
    (
        "anniversary",
        "Eleven years after the mill collapsed outside Dhaka, killing 1,100 workers, survivors met to lay flowers.",
    ),
    ("trial", "The nurse was cleared on Sunday of murdering seven newborns."),
    ("running total", "More than 20,000 people have been killed since the insurgency began in 2009."),
    ("running total", "The conflict has killed thousands of people over the past decade."),
    ("running total", "Ten years of armed conflict that killed 40,000 people are over, the president said."),
    ("running total", "The talks should end a war that has lasted a decade and left 70,000 people dead."),
    (
        "running total",
        "After the six-week war, which killed more than 900 people, the two countries opened consulates.",
    ),
    ("statistic", "Road accidents kill about 5,000 people every year, according to the ministry."),
    ("statistic", "On average 12 people are killed each month."),
    ("trial", "A court sentenced him to life in prison for murdering three women."),
    ("trial", "He pleaded guilty to killing two officers."),
    ("possibility", "A stronger quake could kill 10,000 people, scientists warn."),
    ("threat", "The group threatened to kill 12 captives unless it was paid."),
    ("intention", "They planned to kill 50 worshippers."),
    ("condition", "If 20 soldiers are killed, the mission will end."),
    ("negation", "The guards did not kill the two men."),
    ("drill", "In the drill, 40 passengers were killed by a mock bomb."),
    ("animals", "The fire killed 300 cows and 20 horses."),
    ("property", "The storm destroyed 250 houses and damaged 12 schools."),
    ("money", "Ransom worth $400,000 was paid, officials said, and nobody knows who killed the deal."),
    ("age", "Maria Lopez, 84, said her house was destroyed by the storm."),
    ("office", "The governor, in 2004, was shot dead in Medellin."),
    ("metaphor", "The minister killed the bill and buried 12 amendments."),
]


@pytest.mark.parametrize(("what", "sentence"), ROWS)
def test_a_number_of_another_kind_is_no_toll(what: str, sentence: str) -> None:
    found = toll(sentence)

    assert found.killed is None, f"{what} was read as a toll"


def test_a_full_date_deep_in_an_undated_text_that_tells_of_today_is_history() -> None:
    text = (
        "The council met today to discuss the future of the old harbour, and most of those who came to speak had lived "
        "beside it for all of their lives. They asked for lamps, for a wall and for a path that a child can walk. "
        "The mayor listened, took notes, thanked them and promised to come back with an answer within a few weeks. "
        "Nobody in the hall needed to be told why the wall matters to the people of the lower town.\n\n"
        "A ferry sank off the quay on March 3rd, 1987, and 190 people drowned."
    )
    assert all(report.toll.killed is None for report in read(text, published_at=None))


def test_one_person_killed_in_a_year_is_no_sum_over_it() -> None:
    assert shown(toll("One health worker was killed in Syria in 2025, a monitoring office says.").killed) == "1"
    assert toll("In explosions of fuel trucks 306 people were killed in 2025.").killed is None
