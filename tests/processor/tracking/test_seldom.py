"""Reports that are of one incident since so much harm is seldom done twice at one time, and bulletins that are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Figure, IncidentType, Place, PlacePrecision, Report, Toll, Wording
from services.processor.tracking.index import Index
from services.processor.tracking.linking import link
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.seldom import MOST_TENFOLDS, mass_points
from services.processor.tracking.telling import telling_of
from tests.processor.tracking.reports import MALI, MOPTI, TIMBUKTU, at_least, exactly, report

RULES = LinkingRules()
BUS = IncidentType.ROAD_ACCIDENT
YORO = Place(name="Yoro", country="HN", admin1="Yoro", lat=15.1, lon=-87.1, precision=PlacePrecision.EXACT)
HONDURAS = Place(name="Honduras", country="HN", precision=PlacePrecision.COUNTRY)
CHIMBU = Place(name="Chimbu", country="PG", admin1="Chimbu", geonames_id=7, precision=PlacePrecision.DIVISION)
HAMLET = Place(name="Dirima", country="PG", admin1="Chimbu", precision=PlacePrecision.DIVISION)
OTHER_HAMLET = Place(name="Omkolai", country="PG", admin1="Chimbu", precision=PlacePrecision.DIVISION)
NOBODY_CLAIMED = tuple(range(500, 516))
"""The hashes of sentences that an agency ends each of its notes with."""


def points(one: Report, other: Report) -> float:
    return sum(value for _, value in link(telling_of(one), telling_of(other), RULES))


def linked(one: Report, other: Report) -> bool:
    return points(one, other) >= RULES.link_at


def test_a_bus_disaster_told_of_with_the_country_alone_is_that_of_the_day() -> None:
    first = report("first", place=YORO, kind=BUS, killed=exactly(22))
    later = report("later", place=HONDURAS, kind=BUS, killed=exactly(26), hours=36)
    assert linked(first, later)


@pytest.mark.parametrize(
    "other",
    [
        report("few", place=HONDURAS, kind=BUS, killed=exactly(2), hours=36),
        report("fewer", place=HONDURAS, kind=BUS, killed=exactly(15), hours=36),
        report("many more", place=HONDURAS, kind=BUS, killed=exactly(120), hours=36),
        report("another day", place=HONDURAS, kind=BUS, killed=exactly(26), hours=60, day=2),
        report("elsewhere", place=TIMBUKTU, kind=BUS, killed=exactly(26), hours=36),
        report("flood", place=HONDURAS, kind=IncidentType.FLOOD, killed=exactly(26), hours=36),
    ],
    ids=lambda one: one.article.article_id,
)
def test_what_contradicts_it_or_harmed_few_is_not(other: Report) -> None:
    assert not linked(report("first", place=YORO, kind=BUS, killed=exactly(22)), other)


@given(before=st.integers(0, 5_000), after=st.integers(0, 5_000))
def test_scale_gives_more_the_more_died_and_never_more_than_is_stated(before: int, after: int) -> None:
    first, later = report("a", killed=at_least(before)), report("b", killed=at_least(after), hours=30)
    given_points = mass_points(telling_of(first), telling_of(later), RULES)
    assert 0 <= given_points <= MOST_TENFOLDS * RULES.mass
    assert given_points == mass_points(telling_of(later), telling_of(first), RULES)
    if min(before, after) < RULES.mass_from:
        assert given_points == 0


def test_the_missing_who_are_found_dead_link_the_last_count_to_the_first() -> None:
    def ferry(name: str, killed: int, missing: int | None, hours: float) -> Report:
        toll = Toll(killed=exactly(killed), missing=None if missing is None else exactly(missing))
        base = report(name, place=None, kind=IncidentType.MARITIME_ACCIDENT, hours=hours, killed=exactly(killed))
        return base.model_copy(update={"toll": toll})

    first, later = ferry("first", 15, 24, 12), ferry("later", 23, 16, 40)
    other = ferry("other", 23, 9, 40)
    assert points(first, later) == points(first, other) + RULES.tolls.outdated_number
    assert points(first, ferry("last", 39, None, 60)) > points(first, ferry("else", 38, None, 60))


def bulletin(name: str, **values: object) -> Report:
    """A note in the words that its agency has for all of them."""
    wording = Wording(names=(f"of {name}", f"at {name}", "watch"), words=("note", "claim"), sketch=NOBODY_CLAIMED)
    return report(name, **values).model_copy(update={"wording": wording})  # type: ignore[arg-type]


def test_bulletins_that_end_alike_are_no_copies_where_they_tell_of_other_places_or_days() -> None:
    here = bulletin("here", killed=exactly(4))
    assert linked(here, bulletin("again", killed=exactly(4), hours=20))
    assert not linked(here, bulletin("there", place=YORO, killed=exactly(4), hours=20))
    assert not linked(here, bulletin("in the north", place=TIMBUKTU, killed=exactly(6), hours=20))
    assert not linked(here, bulletin("then", killed=exactly(6), day=3, hours=90))


def test_a_copy_is_known_where_one_outlet_names_the_country_alone() -> None:
    assert linked(bulletin("here", killed=exactly(4)), bulletin("copy", place=MALI, killed=exactly(4), hours=20))


def test_a_village_that_no_gazetteer_has_may_lie_in_its_division_but_is_no_other_village() -> None:
    slide = IncidentType.LANDSLIDE
    village = report("village", place=HAMLET, kind=slide, day=None)
    assert points(village, report("division", place=CHIMBU, kind=slide, day=None)) > 0
    assert points(village, report("another", place=OTHER_HAMLET, kind=slide, day=None)) < 0


def test_a_rare_kind_is_known_within_the_week_though_no_day_is_given() -> None:
    crush = IncidentType.CROWD_CRUSH
    first = report("first", place=YORO, kind=crush, killed=exactly(3))
    soon = report("soon", place=HONDURAS, kind=crush, killed=exactly(4), day=None, hours=120)
    late = report("late", place=HONDURAS, kind=crush, killed=exactly(4), day=None, hours=400)
    assert points(first, soon) >= points(first, late) + RULES.rare_kind


def test_what_harmed_many_is_found_a_week_later_by_those_who_give_neither_its_day_nor_its_town() -> None:
    index = Index()
    index.add(telling_of(report("first", place=YORO, kind=BUS, killed=exactly(22))), "inc-1")
    late = report("late", place=HONDURAS, kind=BUS, killed=exactly(26), day=None, hours=190)
    assert index.candidates(telling_of(late)) == ["inc-1"]
    few = report("few", place=HONDURAS, kind=BUS, killed=exactly(2), day=None, hours=190)
    assert index.candidates(telling_of(few)) == []


def test_who_gives_the_others_number_as_outdated_may_name_another_division() -> None:
    plane = IncidentType.AIR_ACCIDENT
    first = report("first", place=TIMBUKTU, kind=plane, killed=exactly(19))
    later = report("later", place=MOPTI, kind=plane, killed=exactly(18), hours=36)
    assert not linked(first, later)
    assert linked(first, later.model_copy(update={"outdated": (19,)}))


def test_two_names_of_one_part_of_a_country_are_one_place() -> None:
    def isles(name: str, lat: float) -> Place:
        return Place(name=name, country="ES", lat=lat, lon=-15.8, precision=PlacePrecision.DIVISION)

    boat = IncidentType.MARITIME_ACCIDENT
    first = report("first", place=isles("Canaries", 28.3), kind=boat, day=None)
    assert points(first, report("later", place=isles("Canary Islands", 28.3), kind=boat, day=None)) > RULES.places.same
    assert points(first, report("else", place=isles("Balearic Islands", 39.6), kind=boat, day=None)) < RULES.places.same


def test_two_blasts_at_one_place_that_are_dated_two_days_apart_are_two_though_one_text_is_late() -> None:
    bombing = IncidentType.BOMBING
    first = report("first", kind=bombing, killed=exactly(12), hours=44)
    second = report("second", kind=bombing, killed=exactly(31), day=2, hours=104)
    assert not linked(first, second)


def test_figure_of_a_report_without_dead_counts_as_none() -> None:
    assert telling_of(report("a")).dead == 0
    assert telling_of(report("a", killed=Figure())).dead == 0
