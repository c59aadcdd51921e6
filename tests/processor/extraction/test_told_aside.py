"""Places and days that stand beside what happened: of those who set out, keep silent, mourn or are counted."""

from __future__ import annotations

import pytest

from schemas import IncidentType
from tests.processor.extraction.reading_table import read

PLACES = [
    ("Twelve bodies lay on the beach of Godoria, north of Obock, on Sunday. They had left Yemen in a boat.", "DJ"),
    ("Rescuers found 16 bodies, some of them in India's Bihar state, after a bus fell into a river in Nepal.", "NP"),
    ("Shells killed nine people in El Fasher on Sunday. There was no comment in Nairobi.", "SD"),
    ("Shells killed nine people in El Fasher on Sunday. Without a word from Cairo, aid stopped.", "SD"),
    ("The blast left Mogadishu without power on Sunday and killed nine people.", "SO"),
    ("Nine people died when a tanker blew up near Tepeji on Sunday. Its owner was before a judge in Madrid.", "MX"),
    ("A bomb killed nine people in Bali on Sunday.", "ID"),
    ("A flood killed nine people in Bali, West Bengal, on Sunday.", "IN"),
    ("A mine fell in at Kayes on Sunday: 44 dead. A Danish and a Polish delegation brought condolences.", "ML"),
    ("Gunmen killed a judge in Kabul on Sunday.", "AF"),
    ("Nine people drowned off Java on Sunday. The owner was put in the prison of Manila.", "ID"),
    ("A riot killed nine inmates in the jail of Manila on Sunday.", "PH"),
    ("A quake killed nine people in Ghor, said the minister, Ali Noor, at Moscow on Sunday.", "AF"),
    ("Mombasa street in Kampala was shut on Sunday as a house fell down, killing 23 people.", "UG"),
    ("A bomb killed nine people on a Haifa street on Sunday.", "IL"),
    ("A landslide on the slopes of Elgon killed 44 people in Uganda on Sunday.", "UG"),
]
DAYS = [
    (
        "A drone returned to Nyala on Friday and hit the tent of mourning for the dead of Tuesday's raid, killing 17.",
        30,
    ),
    ("On Friday a bomb hit a vigil for the victims of last Tuesday's blast in Quetta, killing 12.", 30),
    ("Friday's funerals of those killed in last Tuesday's raid in Djibo, which left 12 dead, were quiet.", 27),
    ("The dead of the cyclone in Angoche are 94, according to data to which we had access on Sunday.", None),
    ("The quake in Nuristan has killed 189 people. An aftershock on Friday caused no casualties.", None),
    ("Nine people died in the quake in Ghor, said the minister, Ali Noor, at Kabul on Sunday.", None),
    ("As of 8:00 on 1 June, the search at the site of the blast at Shangli is over. It has killed 21 people.", None),
    ("The river gave back six bodies, the last of them on Friday, and the ferry's dead are 44.", None),
    ("Nine people died, according to police, in a blast in Kabul on Friday.", 30),
    ("Nine people died, said doctors, when a blast hit Kabul on Friday.", 30),
    ("Four more bodies floated up on Sunday off Bhola, where the ferry sank, and the total is 44 dead.", None),
]


@pytest.mark.parametrize(("body", "country"), PLACES)
def test_the_country_is_that_where_it_happened(body: str, country: str) -> None:
    (found,) = read(body)
    assert found.place is not None
    assert found.place.country == country


@pytest.mark.parametrize(("body", "day"), DAYS)
def test_the_day_is_that_of_the_harm(body: str, day: int | None) -> None:
    found = read(body)[0].occurred
    start = found.start if found is not None else None
    assert (start.day if start is not None else None) == day


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Armed men overran the camp at Terekeka on Sunday, leaving 44 bodies.", IncidentType.ARMED_ATTACK),
        (
            "A gallery collapsed on Sunday at the gold site of Kayes, killing 43. In May 2024 a landslide killed ten.",
            IncidentType.MINE_ACCIDENT,
        ),
        (
            "A storehouse was hit in Kayes on Sunday and 43 died. In May 2024 a landslide killed ten.",
            IncidentType.OTHER,
        ),
        ("Autopsies confirm 27 sunstroke deaths in Sundargarh since Friday.", IncidentType.EXTREME_TEMPERATURE),
    ],
)
def test_the_kind_is_told_by_what_was_done(body: str, kind: IncidentType) -> None:
    assert read(body)[0].type is kind


def test_a_street_is_no_country_and_no_town() -> None:
    assert read("A bomb exploded on Palestine Street on Sunday, killing nine people.")[0].place is None
    place = read("A bomb killed nine people on a Haifa street on Sunday.")[0].place
    assert place is not None
    assert place.name == "Haifa"
