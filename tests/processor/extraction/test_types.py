"""The type of an incident from the words of the news: of those for what happened, and of the things at the scene."""

from __future__ import annotations

import pytest

from schemas import IncidentType as Type
from tests.processor.extraction.reading_table import read

WORDS = [
    ("A school bus went into a ravine near Huaral on Sunday and nine pupils died.", Type.ROAD_ACCIDENT),
    ("Nine people died on Sunday when a van lost its brakes on the descent to Huaral.", Type.ROAD_ACCIDENT),
    ("Nine people died on Sunday when a jeep fell 150 metres off the road near Huaral.", Type.ROAD_ACCIDENT),
    ("Nine killed on Sunday in Huaral jeep accident.", Type.ROAD_ACCIDENT),
    ("Nine dead in coach smash outside Huaral on Sunday.", Type.ROAD_ACCIDENT),
    ("Nine people drowned on Sunday when a launch was run down by a barge off Huaral.", Type.MARITIME_ACCIDENT),
    ("A charter boat flipped off Huaral on Sunday and nine anglers died.", Type.MARITIME_ACCIDENT),
    ("Nine died on a riverboat near Huaral on Sunday.", Type.MARITIME_ACCIDENT),
    ("A cayuco with nine dead was towed into Huaral on Sunday.", Type.MARITIME_ACCIDENT),
    ("Nine pilgrims crushed on Sunday: nine dead at the shrine of Huaral.", Type.CROWD_CRUSH),
    ("Nine people are dead after the crush at the shrine of Huaral on Sunday.", Type.CROWD_CRUSH),
    ("Rescuers broke into the collapsed gallery on Sunday and found nine dead in Huaral.", Type.MINE_ACCIDENT),
    ("Nine drivers of trucks died of sunstroke in a queue at Huaral on Sunday.", Type.EXTREME_TEMPERATURE),
    ("Rival militias fought through the night in Huaral, and nine people were killed on Sunday.", Type.ARMED_CLASH),
    ("Nine bodies lay in the rubble of a block that fell in Huaral on Sunday.", Type.BUILDING_COLLAPSE),
    (
        "Nine miners are trapped: a copper mine near Huaral fell in on Sunday, and nine workers died.",
        Type.MINE_ACCIDENT,
    ),
    ("A mountainside came down on Huaral on Sunday and nine people died.", Type.LANDSLIDE),
    ("Lahars from the volcano reached Huaral on Sunday and nine people died.", Type.LANDSLIDE),
    ("The wreckage of the plane was found near Huaral on Sunday, and all nine aboard died.", Type.AIR_ACCIDENT),
    ("Nine people died on Sunday near Huaral; a survivor sat in the tail section of the An-24.", Type.AIR_ACCIDENT),
    ("Nine traders died in Sunday's boat mishap near Huaral, in which two villages lost sons.", Type.MARITIME_ACCIDENT),
    ("Nine people died of the heat in Huaral on Sunday.", Type.EXTREME_TEMPERATURE),
    (
        "Nine people died in a strike by drones on Huaral on Sunday and were buried because of the heat.",
        Type.AIR_STRIKE,
    ),
    ("A tour helicopter that crashed and killed all nine aboard hit a ridge near Huaral on Sunday.", Type.AIR_ACCIDENT),
    ("Nine people were killed in a lightning strike in Huaral on Sunday.", Type.STORM),
    ("Fires killed nine people near Huaral on Sunday. The flames of the bushfires took 200 homes.", Type.WILDFIRE),
    ("Nine people died on Sunday in a strike by drones on a cafe in Huaral.", Type.AIR_STRIKE),
    ("Nine people died in Sunday's tanker explosion near Huaral; six are fighting for life.", Type.ROAD_ACCIDENT),
    (
        "Methane exploded in a coal mine near Huaral on Sunday: nine died, six have injuries and gas poisoning.",
        Type.MINE_ACCIDENT,
    ),
    ("A fighter jet dropped its load on a school in Huaral on Sunday, and nine people died.", Type.AIR_STRIKE),
    ("Nine people died on Sunday when soldiers cleared the blockade at Huaral.", Type.PROTEST_VIOLENCE),
    ("Armed men carried off nine people in Huaral on Sunday. No shot was fired.", Type.ABDUCTION),
    ("A hotel under construction in Huaral came down on Sunday, killing nine workers.", Type.BUILDING_COLLAPSE),
    ("Nine dead as unfinished hotel falls down in Huaral on Sunday.", Type.BUILDING_COLLAPSE),
    ("Nine died when a missing charter plane hit a ridge near Huaral on Sunday.", Type.AIR_ACCIDENT),
    ("Nine vigilantes died in a bombing near Huaral on Sunday.", Type.BOMBING),
    ("The morgue of Huaral received nine bodies from the combats of Sunday.", Type.ARMED_CLASH),
]


@pytest.mark.parametrize(("body", "kind"), WORDS)
def test_a_word_of_the_news_tells_the_type(body: str, kind: Type) -> None:
    assert [report.type for report in read(body)] == [kind]


SCENES = [
    (
        "Nine of our people are buried as of Sunday. How does a boat for sixty leave the quay with double?",
        Type.MARITIME_ACCIDENT,
    ),
    ("Nine died in Huaral on Sunday. The bus had been fined for bald tyres.", Type.ROAD_ACCIDENT),
    (
        "The manifest listed four names. Nine have died since Sunday, and the harbour was closed.",
        Type.MARITIME_ACCIDENT,
    ),
    (
        "Nine of those aboard died on Sunday. The aircraft was delivered in 1981 and the airline is small.",
        Type.AIR_ACCIDENT,
    ),
    ("An explosion killed nine men on Sunday. The miners worked in a seam 850 metres down.", Type.MINE_ACCIDENT),
    (
        "Nine people died in a fire on Sunday. It jumped the river at noon, and 900 hectares of forest are black.",
        Type.WILDFIRE,
    ),
    ("Nine bodies were found in the mud since Sunday. Three pigs were killed at the edge.", Type.LANDSLIDE),
    ("CASUALTIES: 9 dead, 14 injured as of Sunday. Effects of TC OBET in the province.", Type.STORM),
    (
        "The twin-engine turboprop came down in forest near Huaral on Sunday. The nine occupants died.",
        Type.AIR_ACCIDENT,
    ),
]


@pytest.mark.parametrize(("body", "kind"), SCENES)
def test_where_no_word_for_the_incident_does_the_things_at_its_scene_tell_the_type(body: str, kind: Type) -> None:
    assert [report.type for report in read(body)] == [kind]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Gunmen killed nine people in Huaral on Sunday. They fled on a bus.", Type.ARMED_ATTACK),
        ("Nine people were killed in Huaral on Sunday. The bus was stolen.", Type.KILLING),
        ("An explosion killed nine men in Huaral on Sunday. One was a miner.", Type.EXPLOSION),
    ],
)
def test_things_at_the_scene_do_not_outweigh_what_is_said_to_have_happened(body: str, kind: Type) -> None:
    assert [report.type for report in read(body)] == [kind]
