"""Stories that are hard to link: two of a kind near each other, and one told in many ways."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import (
    Incident,
    IncidentStatus,
    IncidentType,
    Place,
    PlacePrecision,
    Report,
    Revises,
    Toll,
    Wording,
    name_key,
)
from services.processor.tracking.open_incident import OpenIncident
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from tests.processor.tracking.reports import MALI, MOPTI, TIMBUKTU, at_least, exactly, report
from tests.processor.tracking.restoring import restored

SOKOLO = Place(name="Sokolo", country="ML", admin1="Segou", lat=14.73, lon=-6.12, precision=PlacePrecision.EXACT)
NAMPALA = Place(name="Nampala", country="ML", admin1="Segou", lat=15.28, lon=-5.55, precision=PlacePrecision.EXACT)
SEGOU = Place(name="Segou", country="ML", admin1="Segou", precision=PlacePrecision.DIVISION)
CONVOY = ("sokolo", "fuel", "niono", "traore", "tanker")
VILLAGE = ("nampala", "herders", "millet", "dogofry", "coulibaly")


def told(name: str, names: tuple[str, ...] = (), *, sketch: tuple[int, ...] = (), **values: object) -> Report:
    """A report whose text holds `names`."""
    base = report(name, **values)  # type: ignore[arg-type]
    return base.model_copy(update={"wording": Wording(names=names, words=("road", "river"), sketch=sketch)})


def state_of(reports: list[Report]) -> OpenIncidents:
    state = OpenIncidents()
    for item in reports:
        track(item, state)
    return state


def groups(*reports: Report) -> set[frozenset[str]]:
    return {frozenset(entry.incident.article_ids) for entry in state_of(list(reports))}


def one_incident(*reports: Report) -> Incident:
    (entry,) = state_of(list(reports))
    return entry.incident


def test_two_attacks_in_one_province_on_one_day_are_two() -> None:
    convoy = told("convoy", CONVOY, place=SOKOLO, killed=exactly(17))
    village = told("village", VILLAGE, place=NAMPALA, killed=exactly(29))
    follow = told("follow-up", CONVOY[:3], place=SEGOU, killed=exactly(18), hours=40)
    assert groups(convoy, village, follow) == {frozenset({"convoy", "follow-up"}), frozenset({"village"})}


def test_an_attack_told_of_with_the_village_the_division_or_the_country_is_one() -> None:
    village = told("village", VILLAGE, place=NAMPALA, killed=at_least(29))
    division = told("division", VILLAGE[:2], place=SEGOU, killed=exactly(29))
    country = told("country", VILLAGE[1:3], place=MALI, killed=exactly(29))
    assert len(groups(village, division, country)) == 1


def test_a_follow_up_without_a_place_is_known_by_its_words() -> None:
    first = told("first", CONVOY, place=SOKOLO, killed=exactly(17))
    later = told("later", (*CONVOY[1:], "union"), place=None, day=None, hours=60, killed=exactly(18))
    assert len(groups(first, later, told("other", VILLAGE, place=NAMPALA))) == 2


def test_of_a_round_up_each_report_goes_to_its_own_incident() -> None:
    convoy = told("convoy", CONVOY, place=SOKOLO, killed=exactly(17))
    village = told("village", VILLAGE, place=NAMPALA, killed=exactly(29))
    round_up = [
        told("round-up", VILLAGE[:2], place=NAMPALA, killed=exactly(29), hours=20),
        told("round-up", CONVOY[:2], place=SOKOLO, killed=exactly(17), hours=20, ordinal=1),
    ]
    assert groups(convoy, village, *round_up) == {frozenset({"convoy", "round-up"}), frozenset({"village", "round-up"})}


def test_a_toll_that_grows_tenfold_in_a_week_stays_one_incident() -> None:
    story = [
        told(f"day-{n}", CONVOY, place=SOKOLO, killed=exactly(3 * 2**n), hours=12 + 24 * n, source="wire")
        for n in range(6)
    ]
    incident = one_incident(*story)
    assert incident.toll.killed == exactly(96)
    assert len(incident.history) == 6


def test_the_same_wire_story_in_twelve_outlets_is_one_source() -> None:
    sketch = tuple(range(100, 132))
    copies = [
        told(f"outlet-{n}", CONVOY, place=SOKOLO, killed=exactly(17), sketch=sketch, hours=10 + n) for n in range(12)
    ]
    incident = one_incident(*copies)
    assert len(incident.sources) == 12
    assert incident.independent_sources == 1
    assert incident.revision == 1


def test_an_old_article_arriving_late_takes_nothing_back() -> None:
    first = told("first", CONVOY, place=SOKOLO, killed=exactly(17), hours=10)
    newest = told("newest", CONVOY, place=SOKOLO, killed=exactly(31), hours=70, source="b")
    late = told("late", CONVOY, place=SOKOLO, killed=exactly(19), hours=20, source="c")
    assert one_incident(first, newest, late).toll.killed == exactly(31)


def test_a_second_blast_at_one_place_two_days_later_is_another_incident() -> None:
    first = told("first", CONVOY, place=SOKOLO, kind=IncidentType.BOMBING, killed=exactly(19))
    second = told("second", CONVOY, place=SOKOLO, kind=IncidentType.BOMBING, killed=exactly(28), day=2, hours=60)
    assert len(groups(first, second)) == 2


def test_two_towns_of_one_name_are_two() -> None:
    india = Place(name="Hyderabad", country="IN", lat=17.4, lon=78.5, precision=PlacePrecision.EXACT)
    pakistan = Place(name="Hyderabad", country="PK", lat=25.4, lon=68.4, precision=PlacePrecision.EXACT)
    assert len(groups(told("a", CONVOY, place=india), told("b", VILLAGE, place=pakistan))) == 2


def test_a_follow_up_that_puts_the_scene_where_another_text_only_passes_is_linked_by_its_words() -> None:
    first = told("first", (*CONVOY, name_key("nampala")), place=SOKOLO, killed=exactly(17))
    astray = told("astray", CONVOY, place=NAMPALA, killed=exactly(18), hours=40)
    assert len(groups(first, astray)) == 1


def test_the_day_of_the_finds_parts_no_follow_up_that_says_by_how_much_the_number_grew() -> None:
    first = told("first", CONVOY, place=SOKOLO, killed=exactly(12), kind=IncidentType.MARITIME_ACCIDENT)
    later = told("later", CONVOY, place=None, killed=exactly(53), day=2, hours=60, kind=IncidentType.MARITIME_ACCIDENT)
    assert len(groups(first, later)) == 2
    assert len(groups(first, later.model_copy(update={"outdated": (12,)}))) == 1


def test_attacks_of_one_night_told_of_as_one_and_one_by_one_are_one_and_nothing_is_added() -> None:
    first = told("first", CONVOY, place=SOKOLO, killed=exactly(17))
    second = told("second", VILLAGE, place=NAMPALA, killed=exactly(29))
    night = told("night", (*CONVOY[:3], *VILLAGE[:3]), place=SEGOU, killed=exactly(46))
    assert len(groups(first, second)) == 2
    assert one_incident(first, second, night).toll.killed == exactly(46)
    assert one_incident(night, second, first).toll.killed == exactly(46)


def test_two_towns_of_one_name_that_both_texts_name_are_two() -> None:
    libya = Place(name="Tripoli", country="LY", lat=32.9, lon=13.2, precision=PlacePrecision.EXACT)
    lebanon = Place(name="Tripoli", country="LB", lat=34.4, lon=35.8, precision=PlacePrecision.EXACT)
    bomb = told("bomb", ("tripl", "~trpl", "maghreb"), place=libya, kind=IncidentType.BOMBING, killed=exactly(9))
    fire = told("fire", ("tripl", "~trpl", "levant"), place=lebanon, kind=IncidentType.FIRE, killed=exactly(8))
    assert len(groups(bomb, fire)) == 2


def test_missing_people_who_are_declared_dead_are_missing_no_more() -> None:
    def boat(name: str, dead: int, lost: int, hours: float) -> Report:
        base = told(name, CONVOY, place=SOKOLO, killed=exactly(dead), hours=hours, kind=IncidentType.MARITIME_ACCIDENT)
        return base.model_copy(update={"toll": Toll(killed=exactly(dead), missing=exactly(lost))})

    incident = one_incident(boat("a", 49, 10, 10), boat("b", 59, 10, 90))
    assert incident.toll.killed == exactly(59)
    assert incident.toll.missing == exactly(0)


def test_the_wounded_who_die_may_no_longer_be_among_the_wounded() -> None:
    first = told("a", CONVOY, place=SOKOLO, killed=exactly(16), wounded=exactly(41))
    incident = one_incident(first, told("b", CONVOY, place=SOKOLO, killed=exactly(19), hours=30))
    assert incident.toll.wounded is not None
    assert (incident.toll.wounded.low, incident.toll.wounded.high) == (38, 41)


def test_a_count_corrected_by_its_article_falls_whoever_said_more() -> None:
    told_first = told("a", CONVOY, place=SOKOLO, killed=exactly(61))
    also = told("b", CONVOY, place=SOKOLO, killed=at_least(61), hours=14)
    correction = told("c", CONVOY, place=SOKOLO, killed=exactly(39), hours=60)
    correction = correction.model_copy(update={"revises": Revises.CORRECTED, "outdated": (61,)})
    reprint = told("d", CONVOY, place=SOKOLO, killed=exactly(61), hours=70)
    assert one_incident(told_first, also, correction, reprint).toll.killed == exactly(39)


def test_two_who_died_since_are_not_the_toll() -> None:
    first = told("a", CONVOY, place=SOKOLO, killed=exactly(46), source="wire")
    later = told("b", CONVOY, place=SOKOLO, killed=exactly(2), source="wire", hours=60)
    assert one_incident(first, later).toll.killed == exactly(46)


def test_what_its_own_outlet_takes_back_is_retracted() -> None:
    false = told("a", CONVOY, place=SOKOLO, killed=at_least(54), source="courier")
    copied = told("b", CONVOY, place=SOKOLO, killed=at_least(54), source="live", hours=13)
    copied = copied.model_copy(update={"wording": Wording(names=CONVOY, words=("road",), credits=("courier",))})
    back = told("c", CONVOY, place=SOKOLO, source="courier", day=None, hours=15)
    back = back.model_copy(update={"revises": Revises.RETRACTED})
    incident = one_incident(false, copied, back)
    assert incident.status is IncidentStatus.RETRACTED
    assert incident.toll == Toll()
    assert incident.certainty.value == "unlikely"


def test_whoever_says_that_nobody_was_harmed_does_not_stand_up_for_what_was_taken_back() -> None:
    false = told("a", CONVOY, place=SOKOLO, killed=at_least(54), source="courier")
    other = told("b", CONVOY, place=SOKOLO, killed=at_least(54), source="live", hours=5)
    denied = told("c", CONVOY, place=SOKOLO, killed=exactly(0), source="gazette", hours=9)
    back = told("d", CONVOY, place=SOKOLO, source="courier", day=None, hours=15)
    back = back.model_copy(update={"revises": Revises.RETRACTED})
    assert one_incident(false, other, denied, back).status is IncidentStatus.RETRACTED
    third = told("c", CONVOY, place=SOKOLO, killed=exactly(52), source="gazette", hours=9)
    assert one_incident(false, other, third, back).status is IncidentStatus.OPEN


def test_two_incidents_that_a_later_report_shows_to_be_one_are_merged_and_both_ids_resolve() -> None:
    state = OpenIncidents()
    first = track(told("a", ("sokolo", "niono", "traore"), place=SOKOLO, killed=exactly(17)), state)
    second = track(told("b", ("ferme", "keita", "diabaly"), place=None, day=None), state)
    assert second.entry.incident.incident_id != first.entry.incident.incident_id
    bridge = told("c", ("sokolo", "niono", "traore", "ferme", "keita", "diabaly"), place=SOKOLO, killed=exactly(17))
    tracked = track(bridge, state)
    assert [incident.status for incident in tracked.merged] == [IncidentStatus.MERGED]
    (gone,) = tracked.merged
    assert gone.merged_into == tracked.entry.incident.incident_id
    assert gone.revision == 2
    assert [one.incident_id for one in tracked.entry.absorbed] == [gone.incident_id]
    assert gone in tracked.revisions


STORY = [
    told("c1", CONVOY, place=SOKOLO, killed=exactly(17), hours=10),
    told("c2", CONVOY[:3], place=SEGOU, killed=exactly(18), hours=40),
    told("c3", (*CONVOY[1:], "union"), place=None, day=None, killed=exactly(18), hours=60),
    told("v1", VILLAGE, place=NAMPALA, killed=at_least(29), hours=11),
    told("v2", VILLAGE[:3], place=MALI, killed=exactly(33), hours=50),
    told("both", VILLAGE[:2], place=NAMPALA, killed=exactly(33), hours=70),
    told("both", CONVOY[:2], place=SOKOLO, killed=exactly(18), hours=70, ordinal=1),
    told("far", ("tessalit", "azawad", "patrol"), place=TIMBUKTU, killed=exactly(5), hours=12),
    told("vague", ("patrol", "azawad"), place=MOPTI, killed=exactly(4), hours=30),
]


def facts(entry: OpenIncident) -> dict[str, object]:
    differing = {"incident_id", "revision", "history", "changed"}
    return entry.incident.model_dump(exclude=differing)


@settings(max_examples=60, deadline=None)
@given(st.permutations(STORY), st.lists(st.integers(0, len(STORY) - 1), max_size=6))
def test_the_same_reports_end_in_the_same_incidents_in_any_order_and_however_often(
    story: list[Report], repeats: list[int]
) -> None:
    expected = sorted(map(facts, state_of(STORY)), key=lambda item: str(item["report_ids"]))
    found = sorted(
        map(facts, state_of([*story, *(story[n] for n in repeats)])), key=lambda item: str(item["report_ids"])
    )
    assert found == expected


@settings(max_examples=40, deadline=None)
@given(st.permutations(STORY))
def test_the_revisions_of_each_incident_count_up_by_one(story: list[Report]) -> None:
    state, seen = OpenIncidents(), {}
    for item in story:
        for incident in track(item, state).revisions:
            assert incident.revision == seen.get(incident.incident_id, 0) + 1
            seen[incident.incident_id] = incident.revision


@pytest.mark.parametrize("cut", range(1, len(STORY)))
def test_what_was_restored_goes_on_as_if_nothing_had_happened(cut: int) -> None:
    state = state_of(STORY[:cut])
    other = restored(state)
    for item in STORY[cut:]:
        track(item, state)
        track(item, other)
    assert sorted(e.incident.article_ids for e in other) == sorted(e.incident.article_ids for e in state)
