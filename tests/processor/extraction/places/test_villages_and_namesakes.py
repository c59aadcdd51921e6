"""Villages that no gazetteer has, towns of one name, and lands that are only neighbours of where something happened."""

from __future__ import annotations

import pytest

from schemas import PlacePrecision
from tests.processor.extraction.reading_table import read

ROWS = [
    (
        "a village of a common name lies where all the other places do",
        "Fire near Sertã",
        "Nine people died on Sunday between Várzea and Oleiros, where a forest fire had begun.",
        ("PT", "Castelo Branco"),
    ),
    (
        "a town of two countries that the title names too",
        "Fire in Gaya",
        "Nine people died on Sunday in a fire in Gaya. The Nigerien army pulled out three.",
        ("NE", "Dosso"),
    ),
    (
        "where a survivor lies in a ward",
        "",
        "Nine people died on Sunday in a blast at a mill in Arkansas. Two remain in a burn unit in Memphis.",
        ("US", "Arkansas"),
    ),
    (
        "where the owner lives",
        "",
        "Nine people died on Sunday in the collapse of a flat in Lebanon. The owner of the house lives in Sydney.",
        ("LB", None),
    ),
    (
        "where the firm is at home",
        "",
        "Nine people died on Sunday in a blast at a mill in Arkansas. Its owner is a Memphis holding company.",
        ("US", "Arkansas"),
    ),
    (
        "where people fled to",
        "",
        "Nine people died on Sunday in an attack in Haiti.\n\nThousands of people have fled towards Saint-Marc.",
        ("HT", None),
    ),
    (
        "the post of whoever speaks",
        "",
        "Nine people were shot dead on Sunday in the Vangaindrano district, says the commander at Toliara.",
        ("MG", "Atsimo-Atsinanana"),
    ),
    (
        "lives lost",
        "",
        "A blast cost nine people their lives in Sydney on Sunday.",
        ("AU", "New South Wales"),
    ),
    (
        "a quarter of a town that English news means without more",
        "Nine die in fire at home",
        "Nine people died on Sunday in a fire at a home in the Patraix district of Valencia.",
        ("ES", "Valenciana, Comunidad"),
    ),
    (
        "a division in brackets after a valley that no gazetteer has",
        "",
        "Seven people died on Sunday in an avalanche in the Grosse Ahntal (Vorarlberg).",
        ("AT", "Vorarlberg"),
    ),
    (
        "a division by its provincial office",
        "",
        "The Morobe Provincial Office says nine people died on Sunday in a landslip at Kemari, most of them from Wau.",
        ("PG", None),
    ),
    (
        "a Portuguese family called like a town",
        "Twelfth victim of bus crash dies in Recife",
        "Ana Maria do Carmo, a cook, died on Sunday in Pernambuco. She is the twelfth victim of Friday's bus crash.",
        ("BR", "Pernambuco"),
    ),
    (
        "a gang that one country alone has",
        "",
        "Men of the Gran Grif gang killed nine people on Sunday in the second section of Petite-Rivière.",
        ("HT", "Artibonite"),
    ),
    (
        "what happened next door is no sign of where something happened",
        "Vanuatu toll jumps to nine",
        "A cyclone killed nine people on Sunday in a church at Ranmuhu. In neighbouring New Caledonia it rained.",
        ("VU", None),
    ),
    (
        "whose helicopter came is no sign of where it came to",
        "Vanuatu toll jumps to nine",
        "An Australian helicopter reached Ranmuhu, where nine people died on Sunday in a cyclone.",
        ("VU", None),
    ),
    (
        "an embassy speaks for those who are abroad",
        "",
        "Nine people died on Sunday in a forest fire near Faro. The British embassy knows of three British guests.",
        ("PT", "Faro"),
    ),
    (
        "the morgues to which the dead were brought",
        "",
        "An ambush in Jiwaka killed nine men on Sunday. Their bodies are at the Mount Hagen and Kudjip morgues.",
        ("PG", "Jiwaka"),
    ),
    (
        "a part of the land in a division",
        "",
        "A wall of a gold mine fell on Sunday in the jungle of Venezuela's Bolivar state, and nine people died.",
        ("VE", "Bolívar"),
    ),
    (
        "the few of all the dead who are told of elsewhere",
        "Heat deaths in Sonora rise to 61",
        "Heat in the Mexican state of Sonora has killed 61 people since Sunday. Two of them died near Sasabe.",
        ("MX", "Sonora"),
    ),
    (
        "the town in which one of the hurt died days later",
        "Eleventh victim dies",
        "A welder from Batangas died in Szeged on Sunday. He is the eleventh victim of Friday's collision.",
        ("HU", "Csongrád-Csanád"),
    ),
    (
        "a title that names no place",
        "53 slaughtered across the border",
        "Gunmen killed 53 people on Sunday in Peru's Loreto region. Police in Tabatinga will watch the river.",
        ("PE", "Loreto"),
    ),
]


@pytest.mark.parametrize(("what", "title", "body", "where"), ROWS, ids=[row[0] for row in ROWS])
def test_where_it_happened(what: str, title: str, body: str, where: tuple[str, str | None]) -> None:
    place = read(body, title)[0].place

    assert place is not None, what
    assert (place.country, place.admin1) == where, what


@pytest.mark.parametrize(
    "body",
    [
        "A welder from Batangas died in Szeged on Sunday. He is the eleventh victim of Friday's collision.",
        "In the Emergency Centre in Szeged, one of the nine people shot at a wedding on Friday died on Sunday.",
    ],
)
def test_of_the_town_where_the_hurt_die_no_more_is_known_than_its_division(body: str) -> None:
    place = read(body, "Eleventh victim dies")[0].place

    assert place is not None
    assert place.precision is PlacePrecision.DIVISION


def test_a_hospital_called_after_a_devotion_is_not_the_town_of_that_name() -> None:
    (report,) = read("The dead of Saturday's blast are 63, with a boy who died at La Margarita hospital on Sunday.")

    assert report.place is None


def test_the_hospital_of_a_town_of_some_size_says_where_it_happened() -> None:
    (report,) = read("Nine people were wounded on Sunday when shells hit the Las Anod General Hospital.")

    assert report.place is not None
    assert report.place.country == "SO"


def test_whoever_reports_it_at_the_end_of_the_sentence_is_no_place() -> None:
    (report,) = read("Two of those injured in Sunday's bus crash died at the Bermejo hospital, Sedes reported.")

    assert report.place is None


def test_the_towns_of_a_country_that_the_text_names_are_taken_before_those_that_news_means_without_more() -> None:
    (report,) = read("A fire killed nine people on Sunday in Valencia, Venezuela.")

    assert report.place is not None
    assert report.place.country == "VE"


def test_where_those_who_fled_are_caught_is_no_scene() -> None:
    (report,) = read("A rebellion of prisoners cost nine lives on Sunday. Two were recaptured on the Kibuye road.")
    assert report.place is None or report.place.name != "Kibuye"
