from __future__ import annotations

import re

import pytest

from services.regions.m49 import countries, ids_of, m49_ids, m49_regions

REGIONS_OF_THE_WORLD = {"002": 60, "019": 57, "142": 51, "150": 52, "009": 29}
"""Countries and areas in each region of the M49 overview; Taiwan and Kosovo are ours in Asia and Europe."""


def test_every_country_and_area_of_m49_is_there_in_its_region() -> None:
    counted = {code: sum(code in country.regions for country in countries().values()) for code in REGIONS_OF_THE_WORLD}
    assert counted == REGIONS_OF_THE_WORLD
    assert sum(REGIONS_OF_THE_WORLD.values()) + 1 == len(countries()) == 250
    assert m49_ids("AQ") == ()


def test_codes_are_two_capitals_and_every_region_named_is_known() -> None:
    for code, country in countries().items():
        assert re.fullmatch("[A-Z]{2}", code)
        assert country.name
        assert set(country.regions) <= m49_regions().keys()
    used = {region for country in countries().values() for region in country.regions}
    assert used == m49_regions().keys()


def test_every_region_has_one_id_by_code_and_one_by_name() -> None:
    ids = [region_id for code in m49_regions() for region_id in ids_of(code)]
    assert len(set(ids)) == len(ids) == 2 * len(m49_regions())
    assert ids_of("419") == ("m49:419", "latin-america-and-the-caribbean")


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("ML", ("africa", "sub-saharan-africa", "western-africa")),
        ("SD", ("africa", "northern-africa")),
        ("NE", ("africa", "sub-saharan-africa", "western-africa")),
        ("MX", ("americas", "latin-america-and-the-caribbean", "central-america")),
        ("US", ("americas", "northern-america")),
        ("IR", ("asia", "southern-asia")),
        ("CY", ("asia", "western-asia")),
        ("RU", ("europe", "eastern-europe")),
        ("NO", ("europe", "northern-europe")),
        ("TL", ("asia", "south-eastern-asia")),
        ("PG", ("oceania", "melanesia")),
    ],
)
def test_a_country_is_in_the_regions_that_the_un_puts_it_in(country: str, names: tuple[str, ...]) -> None:
    assert m49_ids(country)[1::2] == names


def test_what_is_no_country_is_in_no_region() -> None:
    assert m49_ids("ZZ") == ()
