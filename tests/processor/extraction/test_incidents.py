"""Which sentences of an article tell of one incident and which of another."""

from __future__ import annotations

import pytest

from schemas import IncidentType, Stage
from tests.processor.extraction.reading_table import read, shown

ROWS = [
    (
        "a second place, a second incident",
        "A bomb killed six people in Kandahar on Sunday. In Herat, gunmen shot dead two policemen.",
        [("Kandahar", "6"), ("Herat", "2")],
    ),
    (
        "the same place told again",
        "A bomb killed six people in Kandahar on Sunday. Officials in Kandahar said four of the wounded were children.",
        [("Kandahar", "6")],
    ),
    (
        "what the day before befell another town than any told of",
        (
            "Three workers died when a fireworks store exploded on Sunday. The previous day, a truck blew up in "
            "Huaral, Peru, killing five workers. The store stood in Pisco."
        ),
        [("Huaral", "5"), ("Pisco", "3")],
    ),
    (
        "bodies found the day before",
        "Five people died in a fire in Huaral, Peru, on Sunday. The previous day, police found three more bodies.",
        [("Huaral", "5")],
    ),
    (
        "a separate avalanche",
        (
            "An avalanche near Cusco, Peru, killed two skiers on Sunday. Three other people were killed in a separate "
            "avalanche in Puno."
        ),
        [("Puno", "3"), ("Cusco", "2")],
    ),
    (
        "a sentence that names no place goes on about the last",
        "Gunmen raided a camp in Djibo on Sunday. Eleven soldiers were killed.",
        [("Djibo", "11")],
    ),
    (
        "a number said again elsewhere is the same incident",
        "A ferry capsized off Zanzibar on Sunday, killing 31 people. Relatives in Dar es Salaam wept for the 31 dead.",
        [("Zanzibar", "31")],
    ),
    (
        "a disaster over several places is one incident",
        "Floods killed 20 people in Pakistan on Sunday. In Swat, rescuers searched for survivors of the floods.",
        [(None, "20")],
    ),
    (
        "another kind of event is another incident",
        "A bus crash killed nine people in Kenya on Sunday. Cholera broke out there and killed three people.",
        [("Kenya", "9"), (None, "3")],
    ),
]


@pytest.mark.parametrize(("what", "body", "expected"), ROWS)
def test_incidents_are_told_apart(what: str, body: str, expected: list[tuple[str | None, str]]) -> None:
    reports = read(body)

    tolls = [shown(report.toll.killed) for report in reports]
    places = [report.place.name if report.place is not None else None for report in reports]

    assert tolls == [toll for _, toll in expected], what
    assert all(want in (None, got) for (want, _), got in zip(expected, places, strict=True)), places


SENSES = [
    ("Both sides agreed to a cease-fire in Bogota. Two men were killed on Sunday.", IncidentType.KILLING),
    ("The president declared a state of siege in Bogota. Two men were killed on Sunday.", IncidentType.KILLING),
    ("The crates held rocket launchers. Two men were killed in Bogota on Sunday.", IncidentType.KILLING),
    ("Fire department sources said that soldiers shot dead nine peasants in Coban on Sunday.", IncidentType.SHOOTING),
    ("Fighting erupted in Coban on Sunday and nine guests were killed.", IncidentType.ARMED_CLASH),
    ("An outbreak of fighting in Coban on Sunday killed nine guests.", IncidentType.ARMED_CLASH),
    ("A fire at a hotel in Coban killed nine guests on Sunday, the fire department said.", IncidentType.FIRE),
    ("A volcano erupted in Coban on Sunday and nine guests were killed.", IncidentType.VOLCANIC_ERUPTION),
    ("An outbreak of cholera in Coban killed nine people on Sunday.", IncidentType.EPIDEMIC),
    ("An avalanche in Coban killed nine people on Sunday.", IncidentType.AVALANCHE),
    ("Hostages were held in a siege in Coban on Sunday and nine were killed.", IncidentType.HOSTAGE_TAKING),
]


@pytest.mark.parametrize(("body", "kind"), SENSES)
def test_a_word_of_another_sense_tells_no_type(body: str, kind: IncidentType) -> None:
    assert [report.type for report in read(body)] == [kind]


@pytest.mark.parametrize(
    "body",
    [
        "He fled from the garrison in Lagos on Sunday.",
        "Students burned eight flags in Lagos on Sunday.",
    ],
)
def test_what_harms_nobody_is_no_incident(body: str) -> None:
    assert read(body) == ()


ROUND_UP = (
    "HONDURAS. The army patrols the prison at Las Lomas after Sunday's riot, in which 19 inmates died.\n\n"
    "BOLIVIA. Mourning in Oruro for the victims of Sunday's bus accident. Twenty-six people have died so far.\n\n"
    "HAITI. Still no news of the 80 passengers kidnapped on Sunday outside Ti Rivye."
)


def test_each_paragraph_of_a_round_up_tells_of_its_own_incident() -> None:
    found = {report.place.country: report for report in read(ROUND_UP, "In brief") if report.place is not None}

    assert set(found) == {"HN", "BO", "HT"}
    assert (shown(found["HN"].toll.killed), shown(found["HN"].toll.abducted)) == ("19", "")
    assert shown(found["BO"].toll.killed) == "26"
    assert (shown(found["HT"].toll.killed), shown(found["HT"].toll.abducted)) == ("", "80")


def test_two_attacks_told_of_under_their_places_are_two_and_their_sum_is_neither() -> None:
    reports = read(
        "OVERVIEW. Two attacks on Sunday cut off the province of Soum in Burkina Faso.\n\n"
        "Djibo: armed men entered the town in the evening. Residents report 33 people killed.\n\n"
        "Tanwaka: a convoy was ambushed in the morning. Eighteen people died.\n\n"
        "The two attacks together cost 51 lives."
    )

    assert [(r.place.name if r.place else None, shown(r.toll.killed)) for r in reports] == [
        ("Djibo", "33"),
        ("Tanwaka", "18"),
    ]


def test_the_day_on_which_more_were_found_is_no_other_incident() -> None:
    (report,) = read(
        "Forensic teams found eleven more bodies in the drains of the jail on Monday. "
        "The massacre of Saturday has thus cost 29 lives."
    )

    assert shown(report.toll.killed) == "29"
    assert report.occurred is not None
    assert report.occurred.start is not None
    assert report.occurred.start.day == 31


def test_a_dateline_makes_no_round_up() -> None:
    (report,) = read("BAMAKO: Gunmen killed nine herders near Gao on Sunday.\n\nThe army said nothing of it.")

    assert report.place is not None
    assert report.place.name == "Gao"


def test_where_a_speaker_is_tells_of_no_other_incident() -> None:
    (report,) = read(
        "Rebels attacked a camp at Lere in Mali's Timbuktu region on Sunday, killing dozens of soldiers. "
        "The general staff in Bamako said that 23 soldiers died."
    )

    assert shown(report.toll.killed) == "23"
    assert report.place is not None
    assert report.place.name != "Bamako"


def test_a_toll_for_several_attacks_together_is_shared_among_them_and_the_claim_keeps_its_words() -> None:
    (report,) = read(
        "Militants attacked a post in Gao, Mali, on Sunday. This was one of four attacks that night. "
        "Twelve soldiers were killed across the attacks."
    )

    assert report.toll.killed is not None
    assert (report.toll.killed.best, report.toll.killed.high) == (3, 12)
    assert [claim.best for claim in report.claims] == [12]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("", "At least 191 people were killed across five attacks in Plateau State, Nigeria, on Sunday night."),
        (
            "",
            (
                "At least 191 people were killed in attacks in Plateau State, Nigeria, on Sunday night. "
                "The raid on Bokkos was one of five attacks."
            ),
        ),
        (
            "Attacks in Nigeria kill at least 191",
            (
                "Gunmen stormed Bokkos in Plateau State, Nigeria, on Sunday night. It was one of five attacks. "
                "At least 191 people were killed across the attacks."
            ),
        ),
        (
            "",
            (
                "Suicide bombers struck in Jos and Bokkos, Nigeria, on Sunday. In all, at least 191 people were killed "
                "in a wave of bombings that lasted an hour."
            ),
        ),
    ],
)
def test_a_series_of_attacks_told_as_one_is_one_incident_with_its_whole_toll(title: str, body: str) -> None:
    (report,) = read(body, title)

    assert shown(report.toll.killed) == "191-"


def test_attacks_whose_tolls_are_told_one_by_one_are_incidents_of_their_own() -> None:
    tolls = [
        shown(report.toll.killed)
        for report in read(
            "Gunmen killed 30 people in Bokkos, Nigeria, on Sunday. In Mangu, 12 people died in a separate attack."
        )
    ]

    assert tolls == ["30", "12"]


def test_an_attack_that_was_repelled_without_harm_was_attempted() -> None:
    (report,) = read("Militants attacked an army base in Gao, Mali, on Sunday, but the attack was repelled.")

    assert report.stage is Stage.ATTEMPTED


def test_an_attack_that_harmed_nobody_is_told_of_all_the_same() -> None:
    (report,) = read("A bomb exploded outside a bank in Medellin, Colombia, on Sunday. There were no casualties.")

    assert report.type is IncidentType.BOMBING
    assert shown(report.toll.killed) == "0"


TYPES = [
    ("A suicide bomber blew himself up in a market in Kano, killing eight people.", IncidentType.SUICIDE_BOMBING),
    ("Gunmen kidnapped 20 pupils from a school in Kaduna on Sunday.", IncidentType.ABDUCTION),
    ("An earthquake killed 40 people in Nepal on Sunday.", IncidentType.EARTHQUAKE),
    ("A ferry capsized off Zanzibar, killing 31 people.", IncidentType.MARITIME_ACCIDENT),
    ("Floods killed nine people in Kenya on Sunday.", IncidentType.FLOOD),
    ("An air strike killed seven people in Idlib, Syria, on Sunday.", IncidentType.AIR_STRIKE),
    ("A landmine killed three farmers in Angola on Sunday.", IncidentType.LANDMINE),
    ("A man drove his car into people at a sports centre in Lille, killing five.", IncidentType.VEHICLE_ATTACK),
    ("A ballistic missile slammed into a block of flats, killing 11 people.", IncidentType.SHELLING),
    ("Guided bombs killed four people in Sumy on Sunday.", IncidentType.AIR_STRIKE),
    ("Two trains collided near Tanta, killing ten people.", IncidentType.RAIL_ACCIDENT),
    ("Five people died when a makeshift boat sank near Miches.", IncidentType.MARITIME_ACCIDENT),
    ("Fourteen people died when a jeepney veered off the road.", IncidentType.ROAD_ACCIDENT),
    ("Eleven pupils died when the roof of a gymnasium caved in.", IncidentType.BUILDING_COLLAPSE),
    ("Two miners were killed by firedamp at a coal pit near Zonguldak.", IncidentType.MINE_ACCIDENT),
    ("Gunmen attacked Karachi airport on Sunday, killing 11 guards.", IncidentType.ARMED_ATTACK),
    ("Drones struck the airport of Port Sudan on Sunday, killing six people.", IncidentType.AIR_STRIKE),
    ("A jet overshot the runway of an airport near Lima, killing six people.", IncidentType.AIR_ACCIDENT),
    ("An unidentified disease has killed 53 people in two weeks.", IncidentType.EPIDEMIC),
    ("Bootleg liquor killed 23 people in Pskov.", IncidentType.POISONING),
    ("Thirty inmates were killed in a prison clash in Machala on Sunday.", IncidentType.PRISON_VIOLENCE),
    ("A tribal feud left 12 people dead in Dhi Qar.", IncidentType.MOB_VIOLENCE),
]


@pytest.mark.parametrize(("body", "kind"), TYPES)
def test_the_words_tell_the_type(body: str, kind: IncidentType) -> None:
    assert [report.type for report in read(body)] == [kind]


def test_targets_and_weapons_are_named_by_class_with_the_words_of_the_text() -> None:
    (report,) = read("Fighters armed with machine guns stormed a military base in Gao, Mali, killing five soldiers.")

    assert [(t.kind, t.text) for t in report.targets] == [("military", "military base")]
    assert ("firearm", "machine guns") in [(w.kind, w.text) for w in report.weapons]
