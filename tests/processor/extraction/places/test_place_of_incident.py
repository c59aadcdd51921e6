"""Where a thing happened, rather than where it was reported or whence its people came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Place, PlacePrecision
from services.processor.extraction.places import (
    choose,
    find_places,
    mentions_of_incident,
    place_of_incident,
    resolve_places,
    to_place,
    with_lists,
)
from tests.processor.extraction.reading_table import read


def place_of(text: str, words: str) -> Place | None:
    """The place of what `words` of `text` tell."""
    start = text.index(words)
    places = with_lists(resolve_places(find_places(text)), text)
    return place_of_incident(places, (start, start + len(words)), text)


BOULKESSI = (
    "BAMAKO, June 2 (Agency) - Gunmen killed at least 30 soldiers in an attack on a military base in Boulkessi, in "
    "central Mali near the border with Burkina Faso, an officer said in Paris. Officials in Bamako confirmed it. "
    "It was the deadliest attack this year. Some 280 men were stationed there."
)


@pytest.mark.parametrize(
    ("text", "name", "country", "precision"),
    [
        (
            "NAIROBI, May 5 (Xyz) - Raiders killed 12 people in South Sudan.",
            "South Sudan",
            "SS",
            PlacePrecision.COUNTRY,
        ),
        ("BAMAKO - Raiders killed seven in the West African country's north.", "Mali", "ML", PlacePrecision.COUNTRY),
        ("Kabul said that raiders killed 14 policemen in Helmand.", "Helmand", "AF", PlacePrecision.DIVISION),
        (
            "Speaking in Geneva, the UN said that raiders killed 30 in El Fasher.",
            "El Fasher",
            "SD",
            PlacePrecision.EXACT,
        ),
        ("Islamabad condemned the raiders who killed 20 people in Quetta.", "Quetta", "PK", PlacePrecision.EXACT),
        ("Raiders killed a German nurse in Kunduz city.", "Kunduz", "AF", PlacePrecision.EXACT),
        (
            "Raiders killed three in the village of Qarvandu in Faryab province.",
            "Qarvandu",
            "AF",
            PlacePrecision.DIVISION,
        ),
        ("Raiders killed three in the village of Qarvandu, Afghanistan.", "Qarvandu", "AF", PlacePrecision.COUNTRY),
        ("Raiders killed two guards of the Somali Red Crescent.", "Somalia", "SO", PlacePrecision.COUNTRY),
        (
            "Raiders who killed a guard fought the Tigray People's Liberation Front.",
            "Ethiopia",
            "ET",
            PlacePrecision.COUNTRY,
        ),
        (
            "Raiders who killed a guard were held by Afghan National Police.",
            "Afghanistan",
            "AF",
            PlacePrecision.COUNTRY,
        ),
    ],
)
def test_it_happened_where_the_text_says_and_not_where_it_was_told(
    text: str, name: str, country: str, precision: PlacePrecision
) -> None:
    place = place_of(text, "killed")
    assert place is not None
    assert (place.name, place.country, place.precision) == (name, country, precision)


@pytest.mark.parametrize("words", ["killed at least 30", "deadliest attack", "280 men"])
def test_the_village_is_the_place_wherever_the_article_speaks_of_the_attack(words: str) -> None:
    place = place_of(BOULKESSI, words)
    assert place is not None
    assert (place.name, place.country, place.admin1, place.precision) == (
        "Boulkessi",
        "ML",
        "Mopti",
        PlacePrecision.EXACT,
    )
    assert place.lat == pytest.approx(14.9, abs=0.1)


@pytest.mark.parametrize(
    ("text", "words", "name", "country", "precision"),
    [
        # where it was reported is not where it happened
        ("ABUJA, May 3 (Agency) - Ten men were killed in Zamfara State.", "killed", "Zamfara State", "NG", "division"),
        ("Twelve people died in Gao, a spokesman said in Geneva.", "died", "Gao", "ML", "exact"),
        ("Two drivers were killed in an ambush 25 km outside of Kapoeta.", "killed", "Kapoeta", "SS", "exact"),
        ("A nurse was killed at her clinic 38km SW of Bankass.", "killed", "Bankass", "ML", "exact"),
        ("A guard was killed during a robbery in Jawzjan.", "killed", "Jawzjan", "AF", "division"),
        ("A guard was killed in S. Sudan.", "killed", "South Sudan", "SS", "country"),
        ("Gunmen killed Jose Maria Martinez in Ocos, Guatemala.", "killed", "Ocos", "GT", "exact"),
        ("Rebels killed nine. Kinshasa said it would answer in Goma.", "killed", "Goma", "CD", "exact"),
        # nothing but a dateline: its part of the country for a town, the country for a capital
        ("LAHORE, Pakistan (Agency) - A bomb on a bus killed nine.", "killed", "Lahore", "PK", "division"),
        ("BAMAKO (Agency) - A bomb on a bus killed nine.", "killed", "Mali", "ML", "country"),
        # peoples, governments and groups speak for a country when no place does
        ("Malian soldiers shot nine men.", "shot", "Mali", "ML", "country"),
        ("Kabul said nine men were shot.", "shot", "Afghanistan", "AF", "country"),
        ("Boko Haram fighters shot nine men.", "shot", "Nigeria", "NG", "country"),
        # the nearest of several places
        ("Five were shot in Mosul. Later three were stabbed in Basra.", "stabbed", "Basra", "IQ", "exact"),
        ("Five were shot in Mosul. Later three were stabbed in Basra.", "shot", "Mosul", "IQ", "exact"),
        # a sentence that begins with its dead
        ("Two were killed in Lagos. Three died in another attack in Ibadan.", "Three died", "Ibadan", "NG", "exact"),
        # whose soldiers they were is not where they were
        ("Two United States soldiers were hurt in a blast in Behsud, Afghanistan.", "hurt", "Behsud", "AF", "exact"),
        # an island or a range has no towns that are known to lie in it
        ("A ferry sank off Bohol, drowning nine. A quake shook Davao.", "drowning", "Bohol", "PH", "division"),
        # from earlier sentences
        ("Fighting shook Djibo at dawn. At least 40 were killed.", "killed", "Djibo", "BF", "exact"),
        # directions
        ("Nine were killed in northern Mali.", "killed", "northern Mali", "ML", "country"),
        # the smallest of what holds each other
        ("Nine were killed in Mangu, Plateau State, Nigeria.", "killed", "Mangu", "NG", "exact"),
        ("Nine were killed in the Xorvik area of Rutshuru territory, North Kivu.", "killed", "Xorvik", "CD", None),
        # capitals
        ("SAN SALVADOR, 3 JAN 90 -- [TEXT] FIVE SOLDIERS WERE KILLED IN PERQUIN.", "KILLED", "Perquin", "SV", "exact"),
        # no country's waters
        ("Fifty migrants drowned in the Mediterranean.", "drowned", "Mediterranean", None, "division"),
        # nothing happened where a feature, a body, helpers or a hospital has its name from
        (
            "GENEVA/PORT-AU-PRINCE - Raiders killed 12 people in the department of Artibonite.",
            "killed",
            "Artibonite",
            "HT",
            "division",
        ),
        ("A crash in the Northwest Territories killed 12.", "killed", "Northwest Territories", "CA", "division"),
        ("A bus fell into the Victoria River in Zambia and 12 drowned.", "drowned", "Zambia", "ZM", "country"),
        ("A fire in Lusaka killed 12, the Cathedral of the Holy Cross said.", "killed", "Lusaka", "ZM", "exact"),
        ("In Kenya 12 people died, the consul in Vigo told a newspaper.", "died", "Kenya", "KE", "country"),
        ("Firefighters from Porto came to Spain, where 12 people died.", "died", "Spain", "ES", "country"),
        ("The owner went to Malaysia. The boat in which 12 died lies at Munshiganj.", "died", "Munshiganj", "BD", None),
        ("Men hurt near Gao died at the Central Hospital, Segou.", "died", "Gao", "ML", "exact"),
    ],
)  # fmt: skip
def test_the_place_is_where_it_happened(
    text: str, words: str, name: str, country: str | None, precision: str | None
) -> None:
    place = place_of(text, words)
    assert place is not None
    assert (place.name, place.country) == (name, country)
    assert precision in (None, place.precision.value)


@pytest.mark.parametrize(
    "text",
    [
        "Nine people were killed.",
        "Two Italian doctors were killed.",
        "Nine people were killed, West Africa's leaders heard.",
        "",
    ],
)
def test_where_no_place_is_said_there_is_none(text: str) -> None:
    assert place_of_incident(resolve_places(find_places(text)), (0, len(text)), text) is None


def test_an_unknown_village_has_its_name_and_no_coordinates_of_its_own() -> None:
    place = place_of("Nine were killed in the village of Xorvik in Yagha province, Burkina Faso.", "killed")
    assert place is not None
    assert (place.name, place.admin1, place.geonames_id) == ("Xorvik", "Sahel", None)
    assert place.precision is PlacePrecision.DISTRICT


def test_the_mentions_of_an_incident_begin_with_the_most_exact() -> None:
    text = "Nine were killed in Mangu, Plateau State, Nigeria."
    chosen = mentions_of_incident(resolve_places(find_places(text)), (5, 16), text)
    assert [found.mention.text for found in chosen] == ["Mangu", "Plateau State", "Nigeria"]
    assert to_place(chosen, text) == place_of(text, "killed")
    assert to_place([], text) is None


@given(
    st.lists(
        st.sampled_from(["Mali", " in ", "Gao", ", ", ". ", "killed", "KABUL: ", "Malian", "the ", "Lake Chad", "\n"]),
        max_size=30,
    ).map("".join),
    st.integers(0, 60),
    st.integers(0, 60),
)  # fmt: skip
def test_any_span_of_any_text_has_a_place_that_its_mentions_name_or_none(text: str, one: int, other: int) -> None:
    mentions = resolve_places(find_places(text))
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    place = place_of_incident(mentions, (start, end), text)
    countries = {found.location.country for found in mentions if found.location is not None}
    assert place is None or place.country in countries


def test_where_the_hurt_were_brought_is_known_to_the_division_only() -> None:
    (report,) = read(
        "Two of the inmates who were hurt in Saturday's riot have died in the central hospital in La Ceiba."
    )
    assert report.place is not None
    assert (report.place.name, report.place.precision) == ("Atlántida", PlacePrecision.DIVISION)
    assert report.place.country == "HN"
    assert report.place.lat != 15.76, "not the town's own coordinates"


@pytest.mark.parametrize(
    "text",
    [
        "Corporal Diaz did not survive the surgery he underwent in Pasto and is the fourth victim of Friday's raid.",
        "She survived the crash on Friday in which 60 people died, and is now in the central hospital in Pasto.",
        "A woman who survived the crash of the bus on Friday, in which 15 people died, was awake since Pasto.",
    ],
)
def test_where_somebody_was_operated_on_or_came_from_is_known_to_the_division_only(text: str) -> None:
    (report,) = read(text)

    assert report.place is None or (report.place.name, report.place.precision) == ("Nariño", PlacePrecision.DIVISION)


def test_where_a_cargo_was_bound_for_nothing_happened() -> None:
    (report,) = read("Two dockers were killed in Monday's strike. The grain that burned had been bound for Egypt.")

    assert report.place is None


@pytest.mark.parametrize(
    "lands",
    [
        "Western Europe and the United States",
        "Spain, Italy and Greece",
        "Germany or northern Italy",
        "the Middle East and Canada",
    ],
)
def test_lands_named_in_one_breath_give_way_to_a_town_one_sentence_before(lands: str) -> None:
    text = f"A lorry ploughed into a crowd in Lyon. The deed killed at least 20, in a year of such attacks in {lands}."

    place = place_of(text, "killed at least 20")

    assert place is not None
    assert (place.name, place.country) == ("Lyon", "FR")


def test_of_lands_named_in_one_breath_and_nothing_else_one_is_taken() -> None:
    place = place_of("Floods killed at least 20 people in Ghana and Togo.", "killed at least 20")

    assert place is not None
    assert place.country in ("GH", "TG")


SENTENCE_PIECES = st.sampled_from(
    ["Gunmen came", "they left", ".", "!", "?", " ", "  ", "\n", "\n\n", "\n \n", '"', "'", ")", "(", "12", "x" * 400]
)


@given(st.lists(SENTENCE_PIECES, min_size=1, max_size=24).map("".join), st.data())
def test_the_sentence_of_a_span_is_that_which_a_search_around_it_finds(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = (start, data.draw(st.integers(start + 1, len(text))))

    assert choose._sentence(text, span) == choose._looked_up(text, span)


def test_a_hospital_called_after_one_town_and_lying_in_another_puts_nothing_in_the_first() -> None:
    (report,) = read("A girl of 16 died at Miami Valley Hospital in Dayton after Saturday's blast at the rink.")

    assert report.place is None or report.place.admin1 != "Florida"
