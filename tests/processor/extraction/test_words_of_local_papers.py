"""Tolls in words of local papers and translators: throats cut, bodies raised from a mine, "that makes fifteen"."""

from __future__ import annotations

import pytest

from schemas import IncidentType
from tests.processor.extraction.reading_table import read, shown, toll

KILLED = [
    ("Fourteen porters had their throats cut on Saturday evening near Butembo in DR Congo.", "14"),
    ("Gunmen slit the throats of 11 herders in Katsina on Sunday.", "11"),
    ("Five shepherds were found with their throats slit near Djibo on Sunday.", "5"),
    ("A driver had his throat cut by bandits near Djibo on Sunday.", "1"),
    ("Forty-four guests expired after drinking spurious liquor at a feast in Aligarh on Sunday.", "44"),
    ("A nurse breathed her last on Sunday after the fire in Plovdiv.", "1"),
    ("Fire swept through a hostel in Plovdiv on Sunday. Nine lodgers did not get out alive.", "9"),
    ("Fire swept through a hostel in Plovdiv on Sunday. Nine lodgers did not make it out.", "9"),
    ("Twenty-two bodies have been raised from the mine at Vorkuta after Sunday's explosion.", "22"),
    ("A tanker exploded near Kumasi on Sunday, and 23 bodies were on the floor of the clinic by evening.", "23"),
    ("Fire killed 11 in Plovdiv on Saturday. Another two patients died on Sunday. That makes thirteen.", "13"),
    ("Fire killed 11 in Plovdiv on Saturday. Two more patients died on Sunday, which makes 13.", "13"),
    ("Fire killed 11 in Plovdiv on Saturday. Another two patients died. That makes 13 dead.", "13"),
    ("Fire killed 11 in Plovdiv on Sunday. That makes 13 fires this year.", "11"),
    ("The number of lives that the epidemic has cost in Malawi is now 45.", "45"),
    ("Two of the wounded died, so that the dead of Sunday's attack in Iguala, Mexico, are now 12.", "12"),
    ("A clerk of 80 died in hospital on Sunday, the 21st victim of the tornado that hit Joplin.", "21"),
    ("Thirty-one fishermen were lost when the trawler sank off Agadir on Sunday.", "31"),
    ("Three of the day shift were killed when a boiler burst in Lodz on Sunday.", "3"),
    ("Five of the second night shift at Terminal 4 were killed when a drone hit Berdyansk on Sunday.", "5"),
    ("Four of the patrol were killed by a bomb in Quetta on Sunday.", "4"),
    ("A welder who had been in hospital since May 20 died on Sunday of burns from the fire in Plovdiv.", "1"),
]


@pytest.mark.parametrize(("body", "killed"), KILLED)
def test_the_dead_are_counted(body: str, killed: str) -> None:
    assert shown(toll(body).killed) == killed


NOBODY_DIED = [
    "The border measure expires today in Doha.",
    "The visas of 300 workers expired in Doha on Sunday after the fire.",
    "They drifted off Gizo, Solomon Islands, when one engine died on Sunday.",
    "After Sunday's strike on Sumy they took away 1,200 tonnes of rubble.",
    "The number of lives saved by the vaccine in the epidemic in Malawi is now 45.",
]


@pytest.mark.parametrize("body", NOBODY_DIED)
def test_no_dead_are_counted(body: str) -> None:
    assert shown(toll(body).killed) == ""


MISSING = [
    ("After an explosion at a mine near Vorkuta on Sunday contact was lost with 17 miners.", "17"),
    ("The base lost contact with 17 soldiers near Vorkuta on Sunday.", ""),
    (
        "Fourteen people are feared drowned off Lihir, Papua New Guinea, after two small boats disappeared on Sunday.",
        "",
    ),
    ("Fourteen people are feared drowned in Papua New Guinea after two small craft disappeared on Sunday.", ""),
]


@pytest.mark.parametrize(("body", "missing"), MISSING)
def test_the_missing_are_people(body: str, missing: str) -> None:
    assert shown(toll(body).missing) == missing


def test_who_is_led_away_by_attackers_is_abducted() -> None:
    found = toll("Rebels burned a lorry near Gao on Sunday. Nine traders were led away by the gunmen.")

    assert shown(found.abducted) == "9"


ALIVE = [
    "Seven inmates thought dead were found hiding in the kitchen of the jail at Riobamba on Sunday.",
    "Seven inmates believed dead were found on Sunday in the next block of the jail at Riobamba.",
]


@pytest.mark.parametrize("body", ALIVE)
def test_whoever_was_thought_dead_and_is_found_lives(body: str) -> None:
    assert all(claim.kind != "killed" for report in read(body) for claim in report.claims)


LAY_DEAD = [
    ("Seven inmates believed dead were found buried under the wall of the jail at Riobamba on Sunday.", "7"),
    ("Seven inmates are presumed dead and were found missing after a fire at the jail of Riobamba on Sunday.", "7"),
]


@pytest.mark.parametrize(("body", "killed"), LAY_DEAD)
def test_whoever_lay_dead_is_in_the_toll(body: str, killed: str) -> None:
    assert shown(toll(body).killed) == killed


TYPES = [
    (
        "The president flew to Petropolis in a helicopter. The number of deaths caused by the rains is now 72.",
        IncidentType.FLOOD,
    ),
    ("Methane exploded in the Zapadnaya mine near Vorkuta on Sunday, and nine died of gas poisoning.",
     IncidentType.MINE_ACCIDENT),
    ("Nine travellers had their throats cut near Butembo on Sunday.", IncidentType.KILLING),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), TYPES)
def test_the_type_is_that_of_what_happened(body: str, kind: IncidentType) -> None:
    assert [report.type for report in read(body)] == [kind]


def test_who_comes_out_by_canoe_tells_of_no_shipwreck() -> None:
    (report,) = read(
        "A gold mine collapsed on Sunday in Oruro. Miners came by canoe and say that the army has found three bodies."
    )

    assert (report.type, shown(report.toll.killed)) == (IncidentType.MINE_ACCIDENT, "3")


EVENTS = [
    ("A large tornado plowed through the town of Greenfield on Sunday.", IncidentType.STORM),
    ("Rescuers on Sunday reached the hamlet in Rasuwa, Nepal, that was buried by a landslide.", IncidentType.LANDSLIDE),
    ("Fourteen houses were swept away by the flood in Sylhet on Sunday.", IncidentType.FLOOD),
]


@pytest.mark.parametrize(("body", "kind"), EVENTS)
def test_a_disaster_that_struck_took_place(body: str, kind: IncidentType) -> None:
    assert [report.type for report in read(body)] == [kind]


def test_politicians_who_insist_on_another_number_are_heard() -> None:
    found = toll(
        "The minister told the assembly that 66 people died of poisoned liquor in Gaya on Sunday. "
        "Opposition senators left the hall, insisting that more than 120 are dead."
    )

    assert shown(found.killed) == "66..None"


def test_the_day_on_which_throats_were_cut_is_the_day_of_the_attack() -> None:
    (report,) = read("Nine travellers had their throats cut on Saturday evening near Butembo, officials said.")

    assert report.occurred is not None
    assert report.occurred.start is not None
    assert report.occurred.start.day == 31


AFTERWARDS = [
    "Nine people drowned off Khulna. The control room was wound up on Sunday evening.",
    "Flags flew at half-mast across Nepal on Sunday for the 24 people killed by a landslide.",
]


@pytest.mark.parametrize("body", AFTERWARDS)
def test_the_day_of_mourning_or_of_closing_is_not_that_of_the_incident(body: str) -> None:
    assert [report.occurred for report in read(body)] == [None]
