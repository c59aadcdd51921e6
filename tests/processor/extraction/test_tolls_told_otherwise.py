"""Tolls in the words of parishes, commands, families and follow-ups, who tell of an incident that everybody knows."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read, shown, toll

KILLED = [
    ("The firemen have ended their search for the ferry, and so the dead are 44.", "44"),
    ("The ferry sank on Sunday. The dead are now 44.", "44"),
    ("A coach overturned on the federal highway 45 near Lagos on Sunday and 44 pilgrims died.", "44"),
    ("Nine of the crew died on Sunday on the national road to Djibo when their lorry hit a bus.", "9"),
    ("Forty-four miners died in Sunday's fire at Kolwezi, after rescuers found 13 more bodies in a gallery.", "44"),
    ("Flood in Kasese, Sunday: 44, not 51, dead.", "44"),
    ("Flood in Kasese, Sunday: 44 and not 51 dead.", "44"),
    ("In the jail at Machala on Sunday 44 and not 51 inmates were killed in a riot.", "44"),
    ("In the jail at Machala on Sunday 44, not 51, were killed in a riot.", "44"),
    ("Forty-four inmates and not 51 were killed in the riot at Machala on Sunday.", "44"),
    ("The bus fell into a gorge on Sunday and 44 people died, not 30 kilometres from Sucre.", "44"),
    ("Three soldiers and not 44 rebels were killed in Djibo on Sunday.", "3"),
    ("Gunmen killed 44 farmers, not two of them armed, in Djibo on Sunday.", "44"),
    ("The mine at Kolwezi fell in on Sunday. With him the dead of the mine are 44.", "44"),
    ("The mine at Kolwezi fell in on Sunday. With them, the dead of the mine are 44.", "44"),
    ("Effects of the flood in Kasese on Sunday\n\nDead: 44 confirmed (Kasese: 40; Bundibugyo: 4)\nInjured: 60", "44"),
    ("A bomb killed 44 people on Sunday in Quetta at the same bus stop where a rifleman killed six on Friday.", "44"),
    ("A blast on Sunday killed 44 guards in Quetta on the very same bridge on which three had died on Friday.", "44"),
    ("The command mourns the three gendarmes who gave their lives on Sunday in Djibo.", "3"),
    ("After the attack on the site in Djugu on Sunday, burials of 44 people were completed.", "44"),
    ("Forty-four of our people are buried since the ferry sank on Sunday.", "44"),
    (
        "The minister laid a wreath before the 44 crosses that the village of Djibo has made since Sunday's attack.",
        "44",
    ),
    ("The typhoon hit on Sunday. We have brought 44 of our dead to the church.", "44-"),
    ("Gunmen attacked Djugu on Sunday. Dozens of dead, says the chief.", "24?"),
    ("Men fired at a post in Yala on Sunday. Five died at once, the sixth on the way to hospital.", "6"),
    ("Men fired at a post in Yala on Sunday. Five died at once and a sixth hours later.", "6"),
    ("The ferry sank on Sunday. The 44 others did not survive.", "44"),
    ("From 1 March the disease took 44 lives in Dili, where the dengue emergency is over.", "44"),
    (
        "More than ninety people have died in Bicol since Sunday, most because ash from the 2018 eruption lay loose.",
        "90-",
    ),
    ("Rescuers left Kampot on Sunday with 18 dead. Earlier in the day a news site had spoken of 31 dead.", "18"),
    (
        "A boy lives after the crash in which officials had said that all 19 aboard were dead. 18 did not survive.",
        "18",
    ),
    ("No survivors were found in the wreck of the plane, which had 21 passengers and five crew aboard.", "26"),
    ("The toll of Sunday's landslide in Bududa climbed past the fifty mark.", "50-"),
    ("The death toll of Sunday's landslide in Bududa has crossed the 50-mark.", "50-"),
    ("Deaths passed the 100 mark after Sunday's earthquake in Kunar.", "100-"),
    ("Deaths rose to 100 after Sunday's earthquake in Kunar.", "100"),
    ("Three sisters aged four, six and nine and their grandmother died in a fire in Soweto on Sunday.", "4"),
    ("The BLA claimed it killed 102 men in Kalat on Sunday, a number officials call a lie. Nine soldiers died.", "9"),
    ("Two boys, aged 11 and 13, and their uncle drowned off Dakar on Sunday.", "3"),
    ("Two dozen mourners were cut down when a bomber struck a funeral in Quetta on Sunday.", "24"),
    ("The jail terms of two dozen men were cut down by a court in Quetta on Sunday.", ""),
    ("Police said 12 people were dead but revised the number down to nine after Sunday's blast in Quetta.", "9"),
    ("Mayors spoke of 31 people killed in Sunday's storm in Bicol, but the army cut the figure to 26.", "26"),
    ("A bomb killed 31 people in Quetta on Sunday, and the prime minister visited the town.", "31"),
    ("A bomb killed 31 people in Quetta on Sunday and the mayor appealed for calm.", "31"),
    ("A bomb killed 31 people in Quetta on Sunday and the mayor who led the inquiry.", "32"),
    ("A mine killed nine soldiers near Djibo on Sunday, and three villagers found the bodies.", "9"),
    ("A mine killed nine soldiers near Djibo on Sunday, and two neighbours heard shots.", "9"),
    ("A boy hurt in Sunday's blast in Quetta died in the night, doctors said, bringing to 15 the dead.", "15"),
    ("The number of pilgrims killed in Sunday's stampede in Gaya has reached 31.", "31"),
    ("Two women hurt in Sunday's stampede in Gaya died, and the number of pilgrims killed is 31.", "31"),
    ("The number of people killed in Sunday's stampede in Gaya is not known.", ""),
    ("The number of guards posted in Gaya was 31, and two pilgrims died in Sunday's stampede.", "2"),
    ("The agency faults 60 deaths claim. Only 25 bodies were recovered from Sunday's boat mishap in Lagos.", "25"),
    ("The army denies 60 deaths in Sunday's raid on Djibo, and says that four soldiers died.", "4"),
    ("The court in Conakry delivered its verdict on Sunday, years after the massacre that killed 156.", ""),
    ("Sixteen miners died on Sunday at La Paz, far below the toll of 60 announced by a mayor.", "16"),
    ("Two days after it put the toll of Sunday's crush at 54, the council in Gaya revised the figure to 41.", "41"),
    ("The ferry capsized on Sunday off Mwanza. Eight bodies are on the beach.", "8"),
    ("Cholera in Malanje, Angola: cumulative deaths 110, cases 3,655 as of Sunday.", "110"),
    ("Cholera in Malanje, Angola. Total deaths 2019 to 2024 are given in the table.", ""),
    ("In May 2024, at Gao, men had fired on a school; estimates of the dead then ranged from 13 to 40.", ""),
    ("Two clerks of the bank, 44 and 51, were killed by a shell in Kharkiv on Sunday.", "2"),
    ("Three brothers, 12, 15 and 17, were shot dead in Culiacan on Sunday.", "3"),
    ("The disaster agency cut the death toll of Sunday's flood in Lombok to 44 from more than 600.", "44"),
    ("The disaster agency cut the death toll from Sunday's flood in Lombok to 44 from at least 90.", "44"),
    ("A ferry sank off Lagos on Sunday. The police corrected the number of sailors who died, from 51 to 44.", "44"),
    (
        "Bandits ambushed lorries in Tsafe on Sunday. The army put the number of drivers slain in the ambush at 44.",
        "44",
    ),
    ("The number of tourists dead or missing after Sunday's tsunami has reached 44, the minister said.", "some"),
    ("Mines in Tsafe on Sunday: the number of attacks that killed soldiers rose to 44.", ""),
    ("Four convicts died of burns after Sunday's fire in the jail of Kano, making 44 fatalities.", "44"),
    ("Four guards hurt in Sunday's fighting in Gao have died, which brings the army's own losses to 44.", "44"),
    ("Two bodies more were found in the burnt home in Kano and one woman died on Sunday; so 44 are dead.", "44"),
    (
        "A landslide hit Kano on Sunday. All nine who were missing were found dead. The final number is 44 victims.",
        "44",
    ),
    ("A bomber struck in Quetta on Sunday. The number of martyred stands at 44.", "44"),
    ("A ferry sank near Kano on Sunday. The Red Cross has recorded forty-four bodies.", "44"),
    ("A boat sank near Usulutan on Sunday. In the port of that name, 44 pilgrims drowned.", "44"),
    ("A ferry sank off Suva on Sunday. Four passengers who were found in the sea died.", "4"),
    ("A ferry sank off Suva on Sunday. Only the four who were found near Rabi died.", "4"),
    ("A gas blast hit a pit near Lota on Sunday. With him, the victims of the explosion number 31.", "31"),
    ("Four clerks died in Sunday's fire in Lota. The victims now number 31.", "31"),
    ("The fund was robbed in Lota on Sunday; its victims number 31.", ""),
    ("A van fell into a gorge near Lota on Sunday. Twelve of those who died in the gorge were nurses.", "12-"),
    ("Twelve of those killed in Sunday's bus crash near Lota were nurses.", "12-"),
    ("A van fell into a gorge near Lota on Sunday and 31 died. Twelve of those who died were nurses.", "31"),
    ("Twelve of the deaths in Sunday's flood in Lombok were in one street.", "12-"),
    ("Post-mortems confirmed only 12 of the 31 deaths blamed on Sunday's heat in Banda.", "12"),
    ("The panel found that heat was the cause of 12 of the 31 deaths in Banda on Sunday.", "12"),
    ("The cyclone hit Lombok on Sunday; in our valley 31 are known dead.", "31"),
    ("Rebels killed nine villagers near Gao on Sunday. Four soldiers fell as well.", "13"),
    ("Rebels killed nine villagers near Gao on Sunday. Four soldiers died as well.", "13"),
    ("Four gendarmes fell in the fighting near Gao on Sunday.", "4"),
    ("Prices fell in Gao on Sunday, and rents fell as well.", ""),
    ("Cholera in Goz Beida, Chad: cases 938, deaths 31 (case fatality 3.3%) as of Sunday.", "31"),
    ("Deaths 31, cases 938: the cholera bulletin of Goz Beida, Chad, for Sunday.", "31"),
    ("The war front of the north says that 18 soldiers were killed in Djibo on Sunday.", "18"),
]


@pytest.mark.parametrize(("body", "killed"), KILLED, ids=[body[:60] for body, _ in KILLED])
def test_the_dead_are_counted(body: str, killed: str) -> None:
    assert shown(toll(body).killed) == killed


def test_a_headline_tells_of_the_dead_by_the_number_of_the_last() -> None:
    found = toll("The man who shot into a tent in Vodice on Sunday was found dead.", "Gunman dead, eighth victim dies")

    assert (shown(found.killed), shown(found.killed_attackers)) == ("9", "1")


def test_a_headline_begins_with_the_number_of_the_last_who_died() -> None:
    found = toll(
        "Mary Scott, 77, died on Sunday after the storm in Lebanon, Missouri.",
        "Twentieth victim dies; school year to end early",
    )

    assert shown(found.killed) == "20"


def test_dead_that_a_comma_parts_from_the_next_word_are_no_figure_of_speech() -> None:
    found = toll("Thirteen people died in Sunday's avalanche in Vanj.", "Avalanche: 13 dead, last missing man found")

    assert shown(found.killed) == "13"


def test_who_has_not_been_found_is_missing_and_who_hides_is_not() -> None:
    gone = toll("Buses fell into a river in Myagdi on Sunday. Nine were found dead; 25 have not been found.")
    hiding = toll("Two gunmen who killed nine people in Kano on Sunday have not been found.")

    assert (shown(gone.killed), shown(gone.missing)) == ("9", "25")
    assert (shown(hiding.killed), shown(hiding.missing)) == ("9", "")


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("The ferry Lomai, which left Suva on Sunday, is missing with 31 people on board.", "31"),
        ("A trawler disappeared off Suva on Sunday with 14 crew.", "14"),
        ("A boat that vanished on Sunday off Suva with 31 passengers had no radio.", "31"),
        ("A manager disappeared on Sunday in Suva with 14 watches.", "1"),
    ],
)
def test_who_is_aboard_what_is_missing_is_missing(body: str, missing: str) -> None:
    assert shown(toll(body).missing) == missing


def test_those_aboard_a_missing_boat_of_a_title_are_missing() -> None:
    assert shown(toll("Planes searched the sea off Suva on Sunday.", "Ferry missing with 31 on board").missing) == "31"


@pytest.mark.parametrize(
    ("body", "killed"),
    [
        ("Since the first case, on April 14, 210 persons have fallen ill and 19 have died.", "19"),
        ("From the first confirmed case on 14 April to Sunday 19 people have died.", "19"),
        ("On April 14 a truck ran over 19 people, who died.", ""),
        ("Since the first case, on April 14, 2019, 190 people have died.", ""),
    ],
)
def test_an_outbreak_is_counted_from_its_first_case(body: str, killed: str) -> None:
    assert shown(toll(body, "Cholera confirmed in Goz Beida").killed) == killed


NOBODY = [
    "Dr. Rosa Lima, who ran the morgue of Lagos until Sunday, identified by her own count 2,300 of the dead.",
    "The museum in Lagos showed on Sunday the names of 900 of those who died at sea.",
    "She gave her life to teaching, and three of her pupils remembered it on Sunday in Lagos.",
    "We honour those brothers who gave their lives in combat.",
    "Burial of a former governor: the church in Lagos was full on Sunday.",
    '"They hear us," said one prisoner in Lagos on Sunday.',
]


@pytest.mark.parametrize("body", NOBODY)
def test_nobody_is_counted(body: str) -> None:
    assert read(body) == ()


def test_those_who_had_been_missing_are_missed_no_longer() -> None:
    found = toll("Divers recovered the bodies of the three people who had been missing since a boat sank on Sunday.")

    assert (shown(found.killed), shown(found.missing)) == ("3", "")


def test_what_a_storm_of_any_name_batters_is_land() -> None:
    found = toll("A storm hit Albay on Sunday and eight people died.", "8 dead as 'Obet' batters Camarines Sur")

    assert (shown(found.killed), shown(found.wounded)) == ("8", "")


def test_where_nobody_was_harmed_beside_an_incident_is_no_incident() -> None:
    (report,) = read(
        "A bomb killed three rangers in Yala on Sunday. Tyres were burnt in Pattani, where nobody was hurt."
    )

    assert report.place is not None
    assert report.place.name == "Yala"
