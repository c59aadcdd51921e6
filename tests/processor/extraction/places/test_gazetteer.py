"""What the gazetteer that comes with the package holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import PlacePrecision
from services.processor.extraction.places import gazetteer, layout
from services.processor.extraction.places.cues import read_rows
from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.gazetteer import Gazetteer
from services.processor.extraction.places.model import Location


def the(name: str, country: str | None = None) -> Location:
    """The likeliest place of that name, in that country if one is given."""
    return next(place for place in gazetteer().lookup(fold(name))[0] if country in (None, place.country))


def test_a_country_has_its_codes_capital_people_regions_and_neighbours() -> None:
    mali = gazetteer().countries["ML"]
    assert (mali.name, mali.alpha3, mali.numeric, mali.capital) == ("Mali", "MLI", "466", "Bamako")
    assert "Malian" in mali.demonyms
    assert ("011", "Western Africa") in mali.regions
    assert mali.neighbours == {"BF", "CI", "DZ", "GN", "MR", "NE", "SN"}


def test_every_country_has_codes_of_the_right_form_and_a_place_in_m49() -> None:
    countries = gazetteer().countries
    assert len(countries) >= 249
    for code, country in countries.items():
        assert re.fullmatch("[A-Z]{2}", code)
        assert re.fullmatch("[A-Z]{3}", country.alpha3)
        assert re.fullmatch("[0-9]{3}", country.numeric)
        if code not in ("AQ", "XK"):
            assert country.regions, code


def test_a_settlement_has_its_divisions_coordinates_and_geonames_id() -> None:
    djibo = the("Djibo")
    assert (djibo.country, djibo.admin1, djibo.admin1_code, djibo.admin2) == ("BF", "Sahel", "BF-12", "Soum")
    assert djibo.precision is PlacePrecision.EXACT
    assert djibo.geonames_id == 2361177
    assert djibo.lat == pytest.approx(14.1, abs=0.05)
    assert djibo.lon == pytest.approx(-1.63, abs=0.05)


@pytest.mark.parametrize(
    ("spelling", "country"),
    [
        ("Boulikessi", "ML"),
        ("Barsalogo", "BF"),
        ("Inates", "NE"),
        ("Chinagodrar", "NE"),
        ("Solhan", "BF"),
        ("Ogossagou", "ML"),
        ("Moura", "ML"),
        ("Kotorkoshi", "NG"),
        ("Kitchanga", "CD"),
        ("Bula Marer", "SO"),
        ("Khan Sheikhoun", "SY"),
        ("Deir Ezzor", "SY"),
        ("Khan Younis", "PS"),
        ("Bakhmut", "UA"),
        ("Artemivsk", "UA"),
        ("El Mozote", "SV"),
        ("Uchiza", "PE"),
        ("Saigon", "VN"),
        ("Bombay", "IN"),
        ("Kyiv", "UA"),
        ("Kiev", "UA"),
        ("Pul-i-Khumri", "AF"),
        ("Khyber Pakhtunkhwa", "PK"),
        ("North Kivu", "CD"),
        ("Mount Everest", "NP"),
        ("Lake Victoria", "UG"),
    ],
)
def test_places_of_the_news_are_known_by_the_spellings_of_the_news(spelling: str, country: str) -> None:
    assert the(spelling, country).known


def test_names_that_mean_several_places_give_them_all_likeliest_first() -> None:
    tripoli = gazetteer().lookup("tripoli")[0]
    assert [place.country for place in tripoli][:2] == ["LY", "LB"]
    assert [place.prior for place in tripoli] == sorted((place.prior for place in tripoli), reverse=True)
    congolese, demonym = gazetteer().lookup("congolese")
    assert demonym
    assert {place.country for place in congolese} == {"CD", "CG"}
    assert gazetteer().lookup("no such name") == ((), False)


def test_the_supplement_adds_hundreds_of_places_that_no_package_has() -> None:
    rows = list(read_rows("places_supplement.tsv"))
    assert len(rows) >= 300
    for name, _others, country, _division, _lat, _lon, _kind, note in rows:
        assert the(name, country)
        assert note


def test_a_place_without_known_coordinates_is_only_as_exact_as_its_division() -> None:
    unlocated = [row for row in read_rows("places_supplement.tsv") if not row[4] and row[3] and row[6] == "settlement"]
    assert unlocated
    for name, _others, country, *_ in unlocated:
        assert the(name, country).precision is not PlacePrecision.COUNTRY
    moura = the("Moura", "ML")
    assert (moura.admin1, moura.admin2) == ("Mopti", "Djenne Cercle")
    assert moura.precision is PlacePrecision.DIVISION  # the district has no reference point


def test_a_part_of_the_world_has_neither_country_nor_coordinates() -> None:
    africa = the("West Africa")
    assert (africa.country, africa.lat, africa.kind) == (None, None, "region")


def test_every_location_lies_on_the_globe_in_a_country_that_exists() -> None:
    known = gazetteer()
    for number in range(0, known.size, 97):
        place = known.location(number, False)
        assert place.country is None or place.country in known.countries
        assert (place.lat is None) == (place.lon is None)
        assert place.lat is None or (-90 <= place.lat <= 90 and -180 <= (place.lon or 0.0) <= 180)
        assert place.name


@given(
    st.integers(0, 2**24 - 1),
    st.integers(0, 2**20 - 1),
    st.integers(0, layout.NO_PARENT),
    st.sampled_from(layout.KINDS),
    st.none() | st.tuples(st.integers(-90_000, 90_000), st.integers(-180_000, 180_000)),
    st.integers(0, layout.MAX_POPULATION),
)
def test_a_record_reads_back_as_it_was_written(
    geonames_id: int, spelling: int, parent: int, kind: layout.Kind, point: tuple[int, int] | None, population: int
) -> None:
    lat, lon = point if point else (None, None)
    record = layout.Record(geonames_id, spelling, parent, kind, lat, lon, population)
    packed = layout.pack(record)
    assert len(packed) == layout.RECORD.size
    assert layout.unpack(packed, 0) == record


def test_files_of_another_layout_are_refused_with_what_to_do(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import marisa_trie

    marisa_trie.Trie(["a"]).save(str(tmp_path / layout.NAMES_FILE))
    marisa_trie.Trie(["A"]).save(str(tmp_path / layout.SPELLINGS_FILE))
    (tmp_path / layout.LOCATIONS_FILE).write_bytes(layout.HEADER.pack(b"OTHERxxx", 1, 0, 0, 0))
    with pytest.raises(ValueError, match="make gazetteer"):
        Gazetteer(tmp_path)
