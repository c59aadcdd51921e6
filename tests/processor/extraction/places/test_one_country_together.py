"""Names that only together tell of one country, and names of towns beside seas, mines, clinics and airports."""

from __future__ import annotations

import pytest

from schemas import PlacePrecision
from services.processor.extraction.places import find_places, resolve_places
from tests.processor.extraction.reading_table import read


def countries(text: str) -> dict[str, str | None]:
    """The country of each name of a text; the last one where a name occurs twice."""
    found = resolve_places(find_places(text))
    return {one.mention.text: one.location.country if one.location is not None else None for one in found}


TOGETHER = [
    ("Nine died in a landslide in San Isidro on Sunday. The mayor of Cabanatuan wept.", "San Isidro", "PH"),
    ("Nine died in Victoria on Sunday, the mayor of Roxas said.", "Victoria", "PH"),
    # A country that is named decides.
    ("Nine died in San Isidro in Peru on Sunday. The mayor of Cabanatuan wept.", "San Isidro", "PE"),
    # A lesser name of a small town abroad.
    ("Nine people died in Grajc on Sunday.", "Grajc", None),
    ("Nine people died in Grajc on Sunday, police in Germany said.", "Grajc", "DE"),
    # One of many villages of a name over the border.
    ("Police in Papua New Guinea said nine men were killed between Sukorejo and Mendi.", "Sukorejo", "PG"),
    ("Police in Papua New Guinea said nine men were killed between Jayapura and Mendi.", "Jayapura", "ID"),
    # A mine or a church that is named before its town.
    ("An explosion killed nine at the Sofiyivka mine, Prokopyevsk, on Sunday.", "Sofiyivka", "RU"),
]


@pytest.mark.parametrize(("text", "name", "country"), TOGETHER)
def test_the_names_of_an_article_tell_each_others_country(text: str, name: str, country: str | None) -> None:
    assert countries(text)[name] == country


PLACES = [
    ("A drone killed four dockers in the Black Sea port of Odesa on Sunday.", "Odesa", PlacePrecision.EXACT),
    ("A bomb killed four in the Red Sea port of Hodeidah on Sunday.", "Hodeidah", PlacePrecision.EXACT),
    ("A ferry sank on Sunday and 12 died in the Volga town of Saratov.", "Saratov", PlacePrecision.EXACT),
    (
        "Gunmen stormed Pala on Sunday and killed 12. At the clinic of the nuns in Moundou, Chad, they treated nine.",
        "Pala",
        PlacePrecision.EXACT,
    ),
    (
        "Two who had checked in at Irkutsk live. Forty-eight were killed in Sunday's crash near Bodaybo, Russia.",
        "Bodaybo",
        PlacePrecision.EXACT,
    ),
    (
        "A trawler had put to sea from Agadir on Sunday, and 12 fishermen drowned off Dakhla.",
        "Dakhla",
        PlacePrecision.EXACT,
    ),
    (
        "BOGOTA, June 1 (XYZ) - Rescuers at a Colombian coal mine found nine bodies after Sunday's blast.",
        "Colombia",
        PlacePrecision.COUNTRY,
    ),
    (
        "ULAANBAATAR, June 1 (XYZ) - Rescuers at a Mongolian coal mine found nine bodies after Sunday's blast.",
        "Mongolia",
        PlacePrecision.COUNTRY,
    ),
]


@pytest.mark.parametrize(("body", "name", "precision"), PLACES)
def test_the_place_is_the_town_where_it_happened(body: str, name: str, precision: PlacePrecision) -> None:
    place = read(body)[0].place

    assert place is not None
    assert (place.name, place.precision) == (name, precision)


def test_who_lost_his_life_at_the_hospital_of_a_town_was_hurt_elsewhere() -> None:
    (report,) = read("Two of those hurt in Sunday's attack lost their lives at the hospital of Iguala, Mexico.")

    assert report.place is not None
    assert (report.place.country, report.place.precision) == ("MX", PlacePrecision.DIVISION)


def test_where_a_journey_began_says_no_more_than_the_country() -> None:
    (report,) = read("Passengers had boarded at Antsirabe on Sunday. Nine died when the bus fell into a ravine.")

    assert report.place is not None
    assert (report.place.country, report.place.precision) == ("MG", PlacePrecision.COUNTRY)


SPELLINGS = [
    ("Nine people were killed in Koroba, Papua New Guinea, on Sunday.", "PG"),
    ("Nine people were killed in Savanette on Sunday.", "HT"),
    ("Nine miners were killed in Las Claritas on Sunday.", "VE"),
]


@pytest.mark.parametrize(("body", "country"), SPELLINGS)
def test_towns_that_no_package_has_under_their_name_are_known(body: str, country: str) -> None:
    place = read(body)[0].place

    assert place is not None
    assert (place.country, place.precision) == (country, PlacePrecision.EXACT)
