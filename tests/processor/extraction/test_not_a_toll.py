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
    ("statistic", "The service keeps a list, 2016 heat-related fatalities, on its pages."),
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
    ("statistic", "Police counted 31 deaths on the federal highway network over the holidays."),
    ("statistic", "The holidays ended with 31 dead on the country's highways, the police said on Sunday."),
    ("statistic", "On average 12 people are killed each month."),
    ("statistic", "Avalanches and falls kill some 90 people in these mountains in an average winter."),
    (
        "statistic",
        "The country's roads claimed 118 lives in the Eid holidays, from May 24 to 31, the police said on Sunday.",
    ),
    ("statistic", "There were 640 accidents, in which 702 people were hurt and 55 people killed."),
    ("statistic", "The worst day was Sunday, when 31 people died."),
    ("history", "Chroniclers wrote of 12,000 dead in the town."),
    (
        "history",
        "The derailment outside Sarn, at Easter 2019, remains the deadliest of recent years: 85 people died in it.",
    ),
    (
        "history",
        "On October 3, 2021, dozens of strikers were shot in the same square; the ministry admitted to 61 deaths.",
    ),
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


def test_what_a_crossing_has_cost_in_that_time_is_no_toll_of_the_boat_that_sank_on_it() -> None:
    body = (
        "At least nine migrants drowned when a dinghy sank off Zarzis on Sunday, the navy said. A trawler saved four. "
        "The crossing is busy: some 8,000 people landed since the spring. A charity says that 600 lost their lives on "
        "the way in that time."
    )

    assert [shown(report.toll.killed) for report in read(body)] == ["9-"]


@pytest.mark.parametrize(
    "title",
    [
        'Review: "The Barge" drowns 400 and bores the rest',
        'Hands on: "Salt Front" lets you die 80 times in an afternoon',
    ],
)
def test_the_title_of_a_review_tells_of_nobody(title: str) -> None:
    body = (
        "A barge goes down off Rotterdam on an August night. The captain drinks, the cook is noble, the band plays on."
    )

    assert not read(body, title)


def test_what_a_past_day_at_the_head_of_a_sentence_holds_ends_with_the_next_time() -> None:
    body = "On October 3, 2021, dozens of strikers were shot in Gao; on Sunday 14 more were killed by soldiers."

    assert shown(toll(body).killed) == "14"


def test_the_sum_of_two_places_hours_apart_is_the_toll_of_neither() -> None:
    body = (
        "Flags flew for 41: thirty herders of Bala, cut down on Tuesday, and eleven drivers who died a few hours "
        "later between Tominian and San."
    )

    assert "41" not in {shown(report.toll.killed) for report in read(body, "Forty-one dead in a day")}


def test_those_of_one_incident_who_die_hours_later_are_added_up() -> None:
    body = "Twenty died in a fire in Goma: eight on Sunday, and 12 hours later in Goma hospital."

    assert shown(toll(body).killed) == "20"


def test_a_correction_counts_the_dead_of_a_place() -> None:
    body = "On Saturday we wrote that thirty-four inmates had died in the mutiny at Esmeraldas. We regret the error."

    assert shown(toll(body, "Correction: the dead of the prison are 29, not 34").killed) == "29"


def test_a_hot_spell_of_some_weeks_is_one_incident() -> None:
    body = (
        "At least 38 people have died of the heat in Chad since a hot spell settled on it in early May, officials said."
    )

    (report,) = read(body)

    assert (report.type.value, shown(report.toll.killed)) == ("extreme_temperature", "38-")


def test_bodies_that_are_picked_up_are_counted() -> None:
    assert (
        shown(toll("A canoe sank off Mbour on Sunday. The guards have now picked up nineteen bodies.").killed) == "19"
    )
