"""What an incident was aimed at or struck, and what is only named beside it."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read

STRUCK = [
    ("Fighters stormed a military base in Gao, Mali, killing five soldiers.", {"military"}),
    ("Twelve people were killed in an attack on a crowded market in Mubi, Nigeria.", {"market"}),
    ("A mosque bombing in Quetta, Pakistan, killed 14 worshippers.", {"religious"}),
    ("A suicide bomber blew himself up outside a police station in Kandahar, killing six people.", {"police"}),
    ("A school was shelled in Taiz, Yemen, and nine children died.", {"school"}),
    ("Gunmen opened fire at a restaurant in Manila, killing three people.", {"restaurant"}),
    ("The hospital was hit by an air strike in Idlib, Syria, that killed 11 people.", {"hospital"}),
    ("A rocket attack on a hospital in Kunduz, Afghanistan, killed 19 people.", {"hospital"}),
    ("Gunmen killed eight people at a bar in Guanajuato, Mexico.", {"restaurant"}),
    ("Militants attacked an army camp and a church in Niger, killing 30 people.", {"military", "religious"}),
    ("Rebels burned the village of Moku in Congo and killed 17 people.", {"village"}),
    ("Seven people were killed when a ferry capsized off Zanzibar, Tanzania.", {"maritime"}),
    ("At least 20 people died in a bus crash near Puno, Peru.", {"transport"}),
]
BESIDE = [
    ("A bomb killed three soldiers near Gao, Mali. The wounded were taken to hospital.", {"hospital"}),
    (
        "Gunmen killed four people in Jos, Nigeria. Doctors at the hospital said six others were hurt.",
        {"hospital"},
    ),
    ("Floods killed 12 people in Chitwan, Nepal. Hundreds are sheltering in schools and a town hall.", {"school"}),
    ("A ferry sank off Bohol, Philippines, killing nine people who were on the way home.", {"village"}),
    ("Attackers who arrived in trucks killed ten people in Djibo, Burkina Faso.", {"transport"}),
    ("He was shot and died in hospital in Cali, Colombia.", {"hospital"}),
    ("An earthquake killed 80 people in Nepal. Troops from a military base brought food.", {"military"}),
]

WHOLE = [
    ("Gunmen stormed a hospital in Kabul on Sunday and killed nine patients.", {"hospital"}),
    ("Gunmen killed nine nurses at a hospital in Kabul on Sunday.", {"hospital"}),
    ("A bomb killed nine people at a market in Kabul; the wounded were taken to hospital.", {"market"}),
    ("A bomb killed nine people at a market in Kabul, hospital sources said.", {"market"}),
    ("A bomb killed nine people at a market in Kabul, doctors at the hospital said.", {"market"}),
    ("Gunmen in pick-up trucks killed nine people at a market in Kano on Sunday.", {"market"}),
    ("Gunmen opened fire on a bus in Kano on Sunday and killed nine people.", {"transport"}),
    ("A bomb exploded on a train near Kano on Sunday, killing nine people.", {"transport"}),
    ("A rocket hit the airport in Kano on Sunday, killing nine people.", {"aviation"}),
    ("Pirates attacked a tanker off Lagos, Nigeria, on Sunday and killed two sailors.", {"maritime"}),
    ("Gunmen killed nine farmers on their way home in Kano on Sunday.", set()),
    ("Gunmen shot dead nine tourists at a beach in Tunisia on Sunday.", {"tourist"}),
    ("A bomb at an abortion clinic in Ohio killed two people on Sunday.", {"abortion"}),
    ("Arsonists burned a phone mast in Leeds, England, on Sunday; one man died.", {"telecommunication"}),
]


@pytest.mark.parametrize(("text", "kinds"), STRUCK)
def test_what_the_attack_or_accident_reached_is_a_target(text: str, kinds: set[str]) -> None:
    found = {target.kind for report in read(text) for target in report.targets}
    assert kinds <= found


@pytest.mark.parametrize(("text", "kinds"), BESIDE)
def test_what_is_named_beside_it_is_none(text: str, kinds: set[str]) -> None:
    reports = read(text)
    assert reports
    assert not kinds & {target.kind for report in reports for target in report.targets}


@pytest.mark.parametrize(("text", "kinds"), WHOLE)
def test_these_are_all_its_targets(text: str, kinds: set[str]) -> None:
    (report,) = read(text)
    assert {target.kind for target in report.targets} == kinds


ALLIES = [
    ("At least 60 soldiers died in Boulkessi, Mali. The attack was claimed by JNIM, the al-Qaida ally.", {"Jamaat"}),
    ("At least 60 soldiers died in Boulkessi, Mali. It was claimed by JNIM, al-Qaeda's affiliate there.", {"Jamaat"}),
    ("Twelve people died in a bombing in Kabul. The Haqqani network, a Taliban ally, was blamed.", {"Haqqani"}),
    ("A landmine killed four soldiers in Kayes, Mali. An al-Qaeda affiliate claimed the attack.", {"al-Qaeda"}),
    ("Twelve people died in a flood in Chitwan, Nepal. Army helicopters carried the wounded.", set()),
    ("Nine people died when a bus crashed near Puno, Peru. Soldiers cut the dead from the wreck.", set()),
]


@pytest.mark.parametrize(("text", "names"), ALLIES)
def test_an_ally_in_apposition_and_those_who_help_did_not_do_it(text: str, names: set[str]) -> None:
    found = {one.name.split()[0] for report in read(text) for one in report.perpetrators}
    assert found == names
