from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas import Place, PlacePrecision
from services.regions.regions import build_regions, regions_of
from services.regions.written import WrittenRegions, division_parts
from services.shared.rules_files import RulesError, load_yaml

SHIPPED = Path(__file__).parents[2] / "rules" / "regions.yaml"


def validate(region_id: str = "here", **region: Any) -> WrittenRegions:
    return WrittenRegions.model_validate({"regions": {region_id: {"name": "Here", **region}}})


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ({}, "the region holds no place"),
        ({"countries": []}, "the region holds no place"),
        ({"countries": ["Mali"]}, "write ML for Mali"),
        ({"countries": ["uk"]}, "write GB"),
        ({"countries": ["ml"]}, "write the country code ml in capitals: ML"),
        ({"countries": ["ZZ"]}, '"ZZ" is no ISO 3166-1 alpha-2 country code'),
        ({"divisions": ["ML5"]}, '"ML5" names no division'),
        ({"divisions": ["ML"]}, '"ML" names no division'),
        ({"divisions": ["ml-5"]}, '"ml-5" names no division'),
        ({"divisions": ["ZZ-1"]}, '"ZZ" is no ISO 3166-1'),
        ({"polygons": [[[5, 1], [5, 2], [5, 1]]]}, "at least three different points"),
        (
            {"polygons": [[[100, 1], [1, 1], [2, 2]]]},
            "latitude 100.0 is beyond 90 degrees; write [latitude, longitude]",
        ),
        ({"polygons": [[[1, 200], [1, 1], [2, 2]]]}, "longitude 200.0 is beyond 180 degrees"),
        ({"polygons": [[[1, 170], [1, -170], [5, -175]]]}, "write two polygons, one on each side"),
        ({"polygons": [[[0, 0], [1, 1], [0, 1], [1, 0]]]}, "do not make a polygon: self-intersection"),
        ({"polygons": [[[0, 0], [1, 1], [2, 2]]]}, "not all on one line"),
        ({"polygons": [[[0, float("nan")], [1, 1], [2, 2]]]}, "finite number"),
        ({"name": "", "countries": ["ML"]}, "at least 1 character"),
    ],
)
def test_a_faulty_region_is_refused_with_what_to_write(region: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        validate(**region)
    assert said in str(raised.value)


@pytest.mark.parametrize("region_id", ["africa", "m49:002", "western-africa", "Sahel", "the sahel"])
def test_an_id_is_a_lower_case_name_that_the_un_does_not_use(region_id: str) -> None:
    with pytest.raises(ValidationError):
        validate(region_id, countries=["ML"])


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("ML-5", ("ML", "ML-5", None)),
        ("ML-5 Mopti", ("ML", "ML-5", "Mopti")),
        ("ML Mopti", ("ML", None, "Mopti")),
        ("IN-JK Jammu and Kashmir", ("IN", "IN-JK", "Jammu and Kashmir")),
    ],
)
def test_a_division_is_a_code_a_name_or_both(written: str, parts: tuple[str, str | None, str | None]) -> None:
    assert validate(divisions=[written]).regions["here"].divisions == (written,)
    assert division_parts(written) == parts


def test_a_fault_in_the_file_is_named_by_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "regions.yaml"
    path.write_text(
        "regions:\n  sahel:\n    name: Sahel\n    countries:\n      - ML\n      - Chadd\n"
        "  asia:\n    name: Asia\n    countries: [CN]\n"
    )
    with pytest.raises(RulesError) as raised:
        load_yaml(path, WrittenRegions)
    assert [(problem.line, problem.field) for problem in raised.value.problems] == [
        (6, "regions.sahel.countries[1]"),
        (7, "regions.asia"),
    ]
    assert "write TD for Chad" in str(raised.value)


def test_norway_is_a_country_and_not_false(tmp_path: Path) -> None:
    path = tmp_path / "regions.yaml"
    path.write_text("regions:\n  north:\n    name: North\n    countries: [NO, SE]\n")
    assert load_yaml(path, WrittenRegions).regions["north"].countries == ("NO", "SE")


@pytest.mark.parametrize(
    ("slots", "inside", "outside"),
    [
        (
            {"name": "Boulkessi", "country": "ML", "admin1": "Mopti", "admin1_code": "ML-5"},
            {"sahel", "liptako-gourma"},
            {"lake-chad-basin"},
        ),
        (
            {"name": "Maiduguri", "country": "NG", "admin1": "Borno", "admin1_code": "NG-BO"},
            {"sahel", "lake-chad-basin", "gulf-of-guinea"},
            {"liptako-gourma"},
        ),
        ({"name": "Lagos", "country": "NG", "admin1": "Lagos"}, {"gulf-of-guinea"}, {"sahel", "lake-chad-basin"}),
        ({"name": "Bakhmut", "country": "UA", "admin1": "Donetsk"}, {"donbas"}, {"crimea"}),
        ({"name": "Goma", "country": "CD", "admin1": "North Kivu"}, {"eastern-congo", "african-great-lakes"}, set()),
        ({"name": "Khan Yunis", "country": "PS", "admin1": "Gaza Strip"}, {"gaza-strip", "levant"}, {"west-bank"}),
        ({"name": "off Hudaydah", "country": None, "lat": 14.8, "lon": 42.3}, {"red-sea-and-gulf-of-aden"}, set()),
        ({"name": "Jeddah", "country": "SA", "lat": 21.5, "lon": 39.18}, {"gulf"}, {"red-sea-and-gulf-of-aden"}),
        ({"name": "Metetí", "country": "PA", "lat": 8.5, "lon": -77.98}, {"darien-gap"}, {"andes"}),
        ({"name": "Panama City", "country": "PA", "lat": 8.98, "lon": -79.52}, set(), {"darien-gap"}),
        ({"name": "Scarborough Shoal", "country": None, "lat": 15.15, "lon": 117.75}, {"south-china-sea"}, set()),
        ({"name": "Manila", "country": "PH", "lat": 14.6, "lon": 120.98}, set(), {"south-china-sea", "mindanao"}),
        ({"name": "Muscat", "country": "OM", "lat": 23.6, "lon": 58.5}, {"gulf"}, {"strait-of-hormuz"}),
    ],
)
def test_the_regions_that_ship_hold_what_their_names_promise(
    slots: dict[str, Any], inside: set[str], outside: set[str]
) -> None:
    regions = build_regions(load_yaml(SHIPPED, WrittenRegions))
    found = set(regions_of(Place(precision=PlacePrecision.EXACT, **slots), regions))
    assert inside <= found
    assert not outside & found
