"""The build of the gazetteer: same input, same bytes; a wrong line of a lexicon is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.processor.extraction.places.gazetteer import Gazetteer
from services.processor.extraction.places.layout import FILES
from tools.gazetteer import supplement, tables
from tools.gazetteer.names import alternates, variants, without_type
from tools.gazetteer.world import CountryFacts, Node, World


def small_world() -> World:
    """A country with one province and two towns of one name."""
    land = Node("Landia", "country", "LD", geonames_id=1, lat=10.0, lon=20.0, code="LD", names={"landia"})
    land.demonyms = {"landian"}
    north = Node("North", "division", "LD", land, 2, 11.0, 20.0, 5000, {"north"}, code="LD-N")
    north.titles = {"north"}
    towns = [
        Node("Ford", "settlement", "LD", north, 3, 11.123, 20.456, 4000, {"ford"}, {"fjord"}),
        Node("Ford", "settlement", "LD", land, 4, 9.0, 20.0, 70_000, {"ford"}),
    ]
    facts = CountryFacts("LND", "999", "Ford", [("002", "Africa")], ["Landian"], ["XX"])
    return World({"LD": land}, {"LD": facts}, [north], towns)


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    tables.write(small_world(), tmp_path)
    gazetteer = Gazetteer(tmp_path)
    larger, smaller = gazetteer.lookup("ford")[0]
    assert (larger.population, larger.admin1, larger.geonames_id) == (70_000, None, 4)
    assert (smaller.admin1, smaller.admin1_code, smaller.lat, smaller.lon) == ("North", "LD-N", 11.123, 20.456)
    assert gazetteer.lookup("fjord")[0][0].prior < smaller.prior
    assert gazetteer.lookup("landian") == (gazetteer.lookup("landia")[0], True)
    assert gazetteer.countries["LD"].neighbours == {"XX"}


def test_two_builds_of_one_world_are_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        world = small_world()
        if folder is other:
            world.places.reverse()
        tables.write(world, folder)
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in FILES)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("Xorvik\t\tLD\tNorth\t11\t20\tsettlement", "7 columns"),
        ("Xorvik\t\tZZ\tNorth\t11\t20\tsettlement\tknown", "'ZZ' is no country"),
        ("Xorvik\t\tLD\tSouth\t11\t20\tsettlement\tknown", "no division 'South'"),
        ("Xorvik\t\tLD\tNorth\televen\t20\tsettlement\tknown", "'eleven' is no coordinate"),
        ("Xorvik\t\tLD\tNorth\t111\t20\tsettlement\tknown", "beyond 90"),
        ("Xorvik\t\tLD\tNorth\t11\t20\thamlet\tknown", "'hamlet' is no kind"),
    ],
)
def test_a_wrong_line_of_the_supplement_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "places_supplement.tsv"
    path.write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=complaint) as error:
        supplement.add_places(small_world(), path)
    assert "places_supplement.tsv: 'Xorvik'" in str(error.value)


def test_a_place_of_several_countries_is_one_in_each_and_one_in_none(tmp_path: Path) -> None:
    world = small_world()
    world.countries["XX"] = Node("Xland", "country", "XX")
    path = tmp_path / "places_features.tsv"
    path.write_text("Long Lake\tThe Lake\tLD,XX\t\t10.5\t21\tregion\tlake\n", encoding="utf-8")
    supplement.add_places(world, path)
    assert [node.country for node in world.places if "long lake" in node.names] == ["LD", "XX", None]


def test_spellings_are_added_to_the_settlement_of_that_division(tmp_path: Path) -> None:
    world = small_world()
    path = tmp_path / "places_spellings.tsv"
    path.write_text("LD\tFord\tNorth\tFörde\n", encoding="utf-8")
    supplement.add_spellings(world, path)
    assert [node.geonames_id for node in world.places if "forde" in node.names] == [3]
    path.write_text("LD\tFurt\tNorth\tFörde\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"places_spellings.tsv: LD has no settlement 'Furt' in 'North'"):
        supplement.add_spellings(world, path)


@pytest.mark.parametrize(
    ("key", "stem"),
    [
        ("kunduz province", "kunduz"),
        ("province du soum", "soum"),
        ("departamento de san miguel", "san miguel"),
        ("harare", None),
    ],
)
def test_a_division_is_known_without_its_word_for_what_it_is(key: str, stem: str | None) -> None:
    assert without_type(key) == stem


def test_only_names_that_english_news_can_use_are_kept() -> None:
    given = ["Bamako", "BKO", "ba ma ke", "Бамако", "Bamakas", "Bamaco", "Bammako, Mali", "Bam4ko"]
    assert alternates("Bamako", given) == {"bamaco"}


def test_names_are_known_in_the_forms_that_news_writes() -> None:
    assert set(variants("al hasakah", "SY")) == {"el hasakah", "hasakah"}
    assert {"puli khumri", "pul khumri"} <= set(variants("pul e khumri", "AF"))
    assert set(variants("saint louis", "SN")) == {"st louis"}
    assert not set(variants("gao", "ML"))
