"""Figures that contradict each other: the toll holds both, and every claim keeps who said it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import SpeakerRole
from tests.processor.extraction.reading_table import read, shown, toll

PARTIES = "The army said 20, the rebels claimed 60 soldiers were killed in the ambush near Gao, Mali, on Sunday."

ROWS = [
    (
        'a party that "it" stands for, and others',
        (
            "Militants raided a base near Gao, Mali, on Sunday. The Gao Front said it had lost nobody. It put the "
            "army's toll at 85. The ministry said 14 soldiers were killed."
        ),
        "14",
    ),
    (
        'who "it" is: the last who could have spoken',
        (
            "Rebels said they killed 30 soldiers near Gao, Mali, on Sunday. The army rejected that. It said three "
            "soldiers died."
        ),
        "3",
    ),
    (
        'two numbers of one who is meant by "he"',
        "The mayor of Lagos said 20 people died in Sunday's blast. He said on Monday that the number of dead was 25.",
        "25",
    ),
    (
        "some of the dead, told of by another, contradict nobody",
        "Clashes left at least eight dead, the ministry said. The army said four soldiers were killed near Gao, Mali.",
        "8-",
    ),
    (
        "two sources, two sentences",
        "The mayor said 20 soldiers were killed in Sunday's ambush near Gao, Mali. Medics said 60 soldiers died.",
        "20..60",
    ),
    (
        "two sources, one sentence",
        "The mayor said 20, medics said 60 soldiers were killed in the ambush near Gao, Mali, on Sunday.",
        "20..60",
    ),
    (
        "one who puts a toll at a number and one who says another",
        "Police put the death toll in Lagos at 12 but hospital sources said 19 people were killed on Sunday.",
        "12..19",
    ),
    (
        "one who puts the figure at another number",
        "Officials said 12 people died in Lagos on Sunday while residents put the figure at 30.",
        "12..30",
    ),
    (
        "what is said officially, and by those who were there",
        (
            "Officially, 34 people were killed in the raid on Dori on Sunday, but two aid workers who reached the town "
            "say that at least 51 people died."
        ),
        "34..None",
    ),
    (
        "a number that is held against somebody's own",
        (
            "A teacher in Lagos said the number of deaths in Sunday's blast was between 60 and 80, far higher than the "
            "government's toll of 41."
        ),
        "41..80",
    ),
    (
        "a number that is more than the official one",
        "The opposition said 40 people died in Sunday's crush in Lagos, more than the official toll of 12.",
        "12..40",
    ),
    ("what an armed group says of its enemy's dead stands back", PARTIES, "20"),
    (
        "an office and witnesses",
        "Police said 12 people died in the crush in Lagos on Sunday while hospital sources spoke of 31 dead.",
        "12..31",
    ),
    (
        "the enemy's dead and one's own",
        "The army said it killed 30 militants near Gao, Mali, on Sunday. A rebel leader said only five fighters died.",
        "5..30",
    ),
    (
        "feared and confirmed",
        (
            "Nineteen people are feared dead after floods in Antibes, France, on Sunday. The mayor confirmed that 16 "
            "people had died."
        ),
        "16..19",
    ),
    (
        "feared, and bodies that were counted",
        "More than 40 people are feared dead at Rubaya, DR Congo, said a nurse, who had counted 21 bodies on Friday.",
        "21..40",
    ),
    (
        "feared, and far fewer found",
        "Some 300 people are feared dead and six bodies have been found after a boat sank off Goma on Sunday.",
        "6..300",
    ),
    (
        "feared, and far fewer found while the search goes on",
        "Some 300 people are feared dead after a boat sank off Goma on Sunday. Six bodies have been found so far.",
        "~300",
    ),
    (
        "feared, and nobody found",
        "Some 300 people are feared dead after a boat sank off Goma on Sunday. No bodies have been found.",
        "~300",
    ),
    (
        "what a party says beside what others say",
        "The rebels said only five of their fighters died near Gao, Mali, on Sunday. Medics said 14 fighters died.",
        "14",
    ),
    ("feared by all", "Six people are feared dead after floods in Antibes, France, on Sunday.", "6"),
    (
        "one figure brings the other up to date",
        (
            "Police initially said 12 people died in the crush in Lagos on Sunday. The governor later said 31 people "
            "were killed."
        ),
        "31",
    ),
    (
        "different people",
        "Police said three officers were killed in Lagos on Sunday and the hospital said two civilians died.",
        "5",
    ),
    (
        "a round bound, and the number that it rounds",
        (
            "Officials said more than 300 people died of the heat in Multan, Pakistan, on Sunday. The health director "
            "confirmed at least 318 deaths."
        ),
        "318-",
    ),
    (
        "a round bound, and a number far above it",
        (
            "Officials said more than 300 people died of the heat in Multan, Pakistan, on Sunday. The health director "
            "confirmed at least 460 deaths."
        ),
        "300..None",
    ),
    (
        "the dead of two countries",
        (
            "A quake shook the border of Ecuador and Peru on Sunday, killing 180 people in Ecuador alone, state radio "
            "said. The quake killed at least nine people in Peru, Peruvian police said."
        ),
        "180",
    ),
    (
        "a toll told with those who brought it there, and some of them",
        (
            "The heatwave in Chad claimed 40 more lives, raising the death toll to at least 95, officials said on "
            "Sunday. Thirty people died in Abeche, a newspaper said."
        ),
        "95-",
    ),
    (
        "a whole is no more exact than its parts",
        (
            "Floods killed 8 people in Ghana this week. At least 6 people died in Tamale on Sunday. In Yendi, floods "
            "killed 2 people."
        ),
        "8-",
    ),
]


@pytest.mark.parametrize(("what", "body", "killed"), ROWS)
def test_the_toll_holds_both_figures_where_two_contradict_each_other(what: str, body: str, killed: str) -> None:
    assert shown(toll(body).killed) == killed, what


def test_the_losing_figure_stays_a_claim_with_its_speaker_and_role_and_the_words_that_name_it() -> None:
    (report,) = read(PARTIES)

    said = {(claim.best, claim.speaker.name, claim.speaker.role) for claim in report.claims if claim.speaker}
    assert said == {(20, "The army", SpeakerRole.PARTY), (60, "the rebels", SpeakerRole.PARTY)}
    assert {e.quote for claim in report.claims for e in claim.evidence if e.slot == "speaker"} == {
        "The army",
        "the rebels",
    }


@given(st.integers(2, 400), st.integers(2, 400))
def test_whichever_speaker_comes_first_the_lower_figure_is_the_best_one(one: int, other: int) -> None:
    figure = toll(
        f"The mayor said {one} people were killed in the blast in Lagos on Sunday. "
        f"The hospital said {other} people were killed."
    ).killed

    assert figure is not None
    assert (figure.low, figure.best, figure.high) == (min(one, other), min(one, other), max(one, other))


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("Nearly 100 dead in ferry disaster", "A ferry sank off Mozambique on Sunday, killing 96 people.", "96"),
        ("About 60 killed in Mopti raid", "A raid on Mopti, Mali, killed at least 58 people on Sunday.", "58-"),
        ("About 60 killed in Mopti raid", "A raid on Mopti, Mali, killed 40 people on Sunday.", "~60"),
        ("60 killed in Mopti raid", "A raid on Mopti, Mali, killed about 60 people on Sunday.", "~60"),
    ],
)
def test_a_title_that_rounds_gives_way_to_the_number_that_it_rounds(title: str, body: str, expected: str) -> None:
    assert shown(toll(body, title).killed) == expected
