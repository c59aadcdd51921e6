from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Place, PlacePrecision
from services.regions.regions import (
    Regions,
    build_regions,
    country_codes,
    explain_unknown_region,
    known_region_ids,
    regions_of,
)
from services.regions.written import WrittenRegions

SQUARE = [[0, 0], [0, 10], [10, 10], [10, 0]]


def regions(**written: Any) -> Regions:
    return build_regions(WrittenRegions.model_validate({"regions": {k: {"name": k, **v} for k, v in written.items()}}))


def place(precision: PlacePrecision = PlacePrecision.EXACT, **slots: Any) -> Place:
    return Place(**{"name": "here", "country": "ML", "precision": precision, **slots})


KNOWN = regions(
    sahel={"countries": ["ML", "NE"]},
    coded={"divisions": ["ML-5"]},
    named={"divisions": ["ML Ménaka Region"]},
    plain={"divisions": ["GH District"]},
    both={"divisions": ["UA-14 Donetsk"]},
    square={"polygons": [SQUARE]},
    mixed={"countries": ["TD"], "divisions": ["ML-7"], "polygons": [[[20, 20], [20, 30], [30, 30]]]},
)


def named(where: Place | None) -> set[str]:
    """The ids found that are of KNOWN and not of the UN."""
    return set(regions_of(where, KNOWN)) & {"sahel", "coded", "named", "both", "square", "mixed", "plain"}


def test_no_place_is_in_no_region() -> None:
    assert regions_of(None, KNOWN) == ()


def test_a_country_is_in_its_named_regions_and_in_those_of_the_un_by_both_ids() -> None:
    found = regions_of(place(PlacePrecision.COUNTRY), KNOWN)
    assert found == (
        "africa",
        "m49:002",
        "m49:011",
        "m49:202",
        "sahel",
        "sub-saharan-africa",
        "western-africa",
    )


@pytest.mark.parametrize(
    ("slots", "found"),
    [
        ({"admin1_code": "ML-5"}, {"sahel", "coded"}),
        ({"admin1": "Ménaka"}, {"sahel", "named"}),
        ({"admin1": "menaka"}, {"sahel", "named"}),
        ({"admin1": "Mopti"}, {"sahel"}),
        ({"country": "NE", "admin1": "Ménaka"}, {"sahel"}),
        ({"country": "UA", "admin1_code": "UA-14"}, {"both"}),
        ({"country": "UA", "admin1": "Donetsk Oblast"}, {"both"}),
        ({"country": "UA", "admin1": "Oblast"}, set()),
        ({"country": "TD"}, {"mixed"}),
        ({"admin1_code": "ML-7"}, {"sahel", "mixed"}),
        ({"country": "GH", "admin1": "District"}, {"plain"}),
        ({"country": "GH", "admin1": "Province"}, set()),
    ],
)
@pytest.mark.parametrize("precision", [PlacePrecision.EXACT, PlacePrecision.DISTRICT, PlacePrecision.DIVISION])
def test_a_division_is_known_by_code_or_by_name_whatever_its_accents(
    precision: PlacePrecision, slots: dict[str, str], found: set[str]
) -> None:
    assert named(place(precision, **slots)) == found


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [(5, 5, True), (0, 5, True), (10, 10, True), (5, 10.001, False), (-1, 5, False), (5, -5, False)],
)
def test_a_polygon_holds_what_is_in_it_and_on_its_border(lat: float, lon: float, inside: bool) -> None:
    assert ("square" in named(place(lat=lat, lon=lon))) is inside


def test_latitude_comes_first_in_a_polygon() -> None:
    wide = regions(wide={"polygons": [[[0, 0], [0, 50], [10, 50], [10, 0]]]})
    assert "wide" in regions_of(place(lat=5, lon=45), wide)
    assert "wide" not in regions_of(place(lat=45, lon=5), wide)


@pytest.mark.parametrize("precision", [PlacePrecision.COUNTRY, PlacePrecision.DIVISION])
def test_a_reference_point_does_not_put_a_wide_place_into_a_polygon(precision: PlacePrecision) -> None:
    assert "square" not in named(place(precision, lat=5, lon=5))


def test_a_place_of_which_only_the_country_is_known_is_in_no_division() -> None:
    assert named(place(PlacePrecision.COUNTRY, admin1="Ménaka", admin1_code="ML-5", lat=5, lon=5)) == {"sahel"}


def test_a_place_at_sea_without_a_country_can_be_in_a_polygon() -> None:
    assert named(place(country=None, lat=5, lon=5)) == {"square"}


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(PlacePrecision), st.sampled_from(["ML", "ZZ", None]))
def test_what_is_found_is_known_sorted_and_said_once(
    lat: float, lon: float, precision: PlacePrecision, country: str | None
) -> None:
    found = regions_of(place(precision, country=country, lat=lat, lon=lon), KNOWN)
    assert list(found) == sorted(set(found))
    assert set(found) <= known_region_ids(KNOWN)


def test_two_polygons_on_both_sides_of_the_180th_meridian_make_one_region() -> None:
    fiji = regions(
        fiji={"polygons": [[[-20, 176], [-20, 180], [-12, 180], [-12, 176]], [[-20, -180], [-20, -177], [-12, -180]]]}
    )
    for lon in (177, 180, -180, -179.9):
        assert "fiji" in regions_of(place(country="FJ", lat=-18, lon=lon), fiji)
    assert "fiji" not in regions_of(place(country="FJ", lat=-18, lon=0), fiji)


@pytest.mark.parametrize("written", ["sahel", "africa", "m49:011", "ML", "XK", "AQ", "ML-5", "ML Ménaka"])
def test_a_region_or_country_that_exists_is_known(written: str) -> None:
    assert explain_unknown_region(written, KNOWN) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Sahel", "did you mean sahel?"),
        ("sahell", "did you mean sahel?"),
        ("west africa", "did you mean western-africa?"),
        ("ml", "in capitals: ML"),
        ("UK", "write GB"),
        ("ZZ", '"ZZ" is no ISO 3166-1 alpha-2'),
        ("Mali", "did you mean ML?"),
        ("002", "write m49:002 or africa"),
        ("ZZ-5", "no ISO 3166-1 alpha-2 country code"),
        ("ML ", "names no division"),
        ("qqqqqq", "name one of rules/regions.yaml"),
    ],
)
def test_an_unknown_region_is_explained_with_what_to_write(written: str, said: str) -> None:
    explained = explain_unknown_region(written, KNOWN)
    assert explained is not None
    assert said in explained


def test_country_codes_are_those_of_iso_3166_1_with_kosovo() -> None:
    assert {"ML", "NO", "TW", "SS", "XK"} <= country_codes()
    assert not {"UK", "ZZ", "SU", "EU"} & country_codes()
