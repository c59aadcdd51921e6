"""Articles that tell of several incidents, or of one in several ways: what each is, and whose dead are whose."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from schemas import ClaimKind, Report
from tests.processor.extraction.reading_table import read, shown


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as a table row: the place's name, who died, the attackers among them, who was hurt and abducted."""

    place: str | None
    killed: str = ""
    attackers: str = ""
    wounded: str = ""
    abducted: str = ""


ARTICLES = {
    "two attacks in two towns": (
        """Gunmen on motorcycles attacked the market of Tchintabaraden, in western Niger, on Sunday morning and killed
14 traders, the regional governor said. The attackers fled towards the Malian border.

In Diffa, some 1,100 kilometres to the east, a suicide bomber blew himself up at a checkpoint on the same day, killing
four soldiers and wounding nine others, a military source said.

No group has claimed either attack.""",
        [Told("Tchintabaraden", "14"), Told("Diffa", "4", wounded="9")],
    ),
    "a round-up": (
        """Violence claimed lives in several parts of Pakistan over the weekend, officials said on Monday.

In Quetta, a bomb planted in a rickshaw killed six people on Saturday night.

In Peshawar, two policemen were shot dead by men on a motorcycle on Sunday.

In Karachi, armed robbers killed a jeweller and his son on Sunday evening.

Elsewhere, five people were killed when a bus fell into a ravine near Gilgit.""",
        [Told("Quetta", "6"), Told("Gilgit", "5"), Told("Peshawar", "2"), Told("Karachi", "2")],
    ),
    "a main event with recalled history": (
        """A car bomb killed nine people and wounded 30 at a market in Baghdad on Monday, police said.

"I saw bodies everywhere," said a shopkeeper.

The attack was the first in the Iraqi capital since January 2024, when twin suicide bombings in the same market killed
at least 32 people. In July 2016 a truck bomb in the Karrada district killed more than 300.""",
        [Told("Baghdad", "9", wounded="30")],
    ),
    "one attack told twice in other words": (
        """Militants stormed an army outpost near Baga in northeast Nigeria on Sunday, killing 11 soldiers, security
sources said on Monday.

The raid began shortly before dawn, when fighters in pickup trucks overran the base. "We lost 11 of our men in the
assault," an officer said on condition of anonymity.

The eleven soldiers killed near Baga were buried in Maiduguri on Monday.""",
        [Told("Baga", "11")],
    ),
    "the same town on different days": (
        """Jalalabad, in eastern Afghanistan, has had a violent weekend.

On Friday a bomb went off in a minibus in Jalalabad, killing five civil servants.

On Sunday gunmen shot dead eight worshippers at a shrine in Jalalabad, a provincial spokesman said.""",
        [Told("Jalalabad", "8"), Told("Jalalabad", "5")],
    ),
    "the attackers' dead apart": (
        """Fighters attacked a military base in Mocimboa da Praia, Mozambique, before dawn on Sunday. Seven soldiers
were killed and 15 others wounded, the defence ministry said. Twelve of the attackers were also killed, it added.""",
        [Told("Mocimboa da Praia", "19", attackers="12", wounded="15")],
    ),
    "a blast, then a shooting in one town": (
        """A roadside bomb killed three policemen in Kandahar on Sunday morning, the governor's office said.

Hours later, gunmen opened fire on mourners in a separate incident in Kandahar, killing two people and wounding six.""",
        [Told("Kandahar", "3"), Told("Kandahar", "2", wounded="6")],
    ),
    "an accident and an attack": (
        """At least 19 people died when two buses collided on a highway near Mombasa, Kenya, on Sunday, police said.

Separately, suspected al-Shabab fighters killed four quarry workers in Mandera, in the northeast of the country, on
Sunday night.""",
        [Told("Mombasa", "19-"), Told("Mandera", "4")],
    ),
    "a kidnapping and the rescue": (
        """Gunmen kidnapped 20 pupils from a boarding school in Kaduna State, Nigeria, on Friday night, killing a guard.

Police said on Monday that they had rescued 12 of the 20 pupils from a forest. Two of the kidnappers were killed in the
operation.""",
        [Told("Kaduna State", "3", attackers="2", abducted="20")],
    ),
    "one toll by day and village": (
        """Clashes between herders and farmers have killed 13 people in Plateau State, Nigeria, police said on Monday.
Eight people were killed on Saturday in the village of Bokkos. Five more died on Sunday when the fighting spread to
Mangu.""",
        [Told(None, "13")],
    ),
    "two people murdered, each named": (
        """The assassination of Judge Ernesto Quiroga Lemos in Cali on Sunday shocked the city. Quiroga was shot dead
outside his home. The minister also condemned the murder of Senator Pablo Renteria in Cali.""",
        [Told("Cali", "1"), Told("Cali", "1")],
    ),
    "one murder told again by the surname": (
        """GUNMEN MURDERED SENATOR ERNESTO QUIROGA LEMOS IN CALI ON SUNDAY. QUIROGA WAS SHOT DEAD OUTSIDE HIS HOME. THE
MINISTER CONDEMNED THE ASSASSINATION OF ERNESTO QUIROGA.""",
        [Told("Cali", "1")],
    ),
    "two of many who are named one after the other": (
        """A bomb killed 12 people at a market in Kandahar on Sunday. Ahmad Zaki was killed as he opened his shop. Karim
Noori, a tailor, was killed too.""",
        [Told("Kandahar", "12")],
    ),
    "a night that has two dates": (
        """Gunmen killed six farmers in Zurmi, in northwest Nigeria, late on Saturday, residents said. Six bodies were
found in Zurmi early on Sunday. The gunmen opened fire on the men as they left a mosque.""",
        [Told("Zurmi", "6")],
    ),
    "two incidents and their sum in one sentence": (
        """Soldiers went into all prisons of Ecuador on Monday after 48 deaths in four days.

Seventeen inmates were killed in Esmeraldas on Thursday and 31 in Machala on Sunday.""",
        [Told("Machala", "31"), Told("Esmeraldas", "17")],
    ),
    "the dead of two attacks beside those of one": (
        """At least 15 people died in two attacks on Friday in the north of Mozambique. Nine villagers were beheaded at
Macomia; soldiers fell into an ambush near Mueda.""",
        [Told("Macomia", "9")],
    ),
    "an earlier incident of the kind": (
        """Two workers were killed in Nairobi, Kenya, when a tower under construction came down on Monday.

It was the second such disaster in the capital within a week, after that in Huruma which killed 11.""",
        [Told("Nairobi", "2")],
    ),
    "a massacre by the name of its place": (
        """A bomb killed four men in a mosque in Baghlan on Sunday, three days after the massacre of Kunduz.""",
        [Told("Baghlan", "4")],
    ),
    "items with a bullet before the country": (
        """- Brazil: 31 people died on Monday in mudslides at Nova Friburgo.

- Bolivia: nine people died on Saturday in a bus crash.

- Chile: a quake rattled nerves and did little else.""",
        [Told("Nova Friburgo", "31"), Told("Bolivia", "9")],
    ),
    "two days with their numbers, respectively": (
        """The commissioner was appalled by two drone strikes on Um Ruwaba, Sudan, on 22 and 27 May, in which at least
60 and eight civilians, respectively, were killed.""",
        [Told("Um Ruwaba", "60-"), Told("Um Ruwaba", "8")],
    ),
    "two provinces with their numbers, respectively": (
        """An earthquake on Sunday killed 60 and eight people in Herat and Badghis, respectively.""",
        [Told("Herat", "68")],
    ),
    "a second one in another town": (
        """A fuel tanker burned 58 people to death at Gusau in Nigeria, and a second one killed six near Kano.""",
        [Told("Gusau", "58"), Told("Kano", "6")],
    ),
    "further dead of one bombing in another town": (
        """Floods killed 14 people in Gao in Mali on Sunday, and another four in Mopti.""",
        [Told("Gao", "18")],
    ),
    "two accidents that a sum is divided between": (
        """Forty people died in two accidents within four days: 31 in a bus that fell at Gusau and nine in a lorry crash
in Kano.""",
        [Told("Gusau", "31"), Told("Kano", "9")],
    ),
    "one wave of violence in three towns": (
        """Twenty-five people died in riots in Nigeria on Friday. Twelve were killed in Kano, nine in Jos and four in
Kaduna.""",
        [Told("Kano", "25")],
    ),
    "what opens with separately, in the same district": (
        """A drone killed 15 rebels in north-western Pakistan on Sunday, officials said. Separately, air strikes
killed 35 rebels near Shawal in the same region.""",
        [Told("Shawal", "35", attackers="35"), Told("north-western Pakistan", "15", attackers="15")],
    ),
    "a bulletin whose items begin with in addition and meanwhile": (
        """Rebels killed four policemen in an ambush in Arauca department, Colombia, on Sunday. In addition, in
Saravena, a car bomb killed six people. Meanwhile, the police said that all six were traders.""",
        [Told("Saravena", "6"), Told("Arauca", "4")],
    ),
    "meanwhile, of the same attack": (
        """Gunmen killed 12 people in a raid on Gao in Mali on Sunday. Meanwhile, the army said it had killed nine of
the attackers.""",
        [Told("Gao", "21", attackers="9")],
    ),
    "lands named in one breath": (
        """On Saturday a lorry was driven into worshippers leaving a mosque in Lyon, France. The attack is of a kind
that police in Eastern Europe and the United States have long feared. The driver killed at least 23 people. He was not
known to the police.""",
        [Told("Lyon", "23-")],
    ),
    "a cyclone that crosses borders": (
        """Cyclone Obi killed at least 31 people in northern Mozambique on Sunday, officials said. Heavy rain and floods
killed people in Malawi and Zimbabwe too. In the port of Nacala the toll stood at 31.""",
        [Told("Nacala", "31-")],
    ),
    "a round-up in capitals": (
        """BOGOTA, 2 JUN 25 (AGENCY) -- [TEXT] GUERRILLAS TODAY KILLED FOUR POLICEMEN IN AN AMBUSH NEAR SARAVENA, ARAUCA
DEPARTMENT, AUTHORITIES REPORTED. IN MEDELLIN, UNIDENTIFIED MEN SHOT AND KILLED COUNCILMAN RODRIGO ARANGO YESTERDAY.
MEANWHILE, REBELS BLEW UP AN OIL PIPELINE NEAR BARRANCABERMEJA.""",
        [Told("Saravena", "4"), Told("Medellin", "1"), Told("Barrancabermeja")],
    ),
    "two attacks near two towns of one division": (
        """Fighters killed more than 30 people on Sunday in two separate attacks in the Tillaberi region of Niger.
Sixteen soldiers died when a post near Tera was overrun. Some 200 km to the east, gunmen killed 15
herders near Banibangou.""",
        [Told("Tera", "16"), Told("Banibangou", "15")],
    ),
    "a scene of an earlier attack": (
        """A suicide bomber struck on Sunday at the terminal in Mastung, Pakistan, where 19 people were killed two days
ago, killing 13 others, officials said.""",
        [Told("Mastung", "13")],
    ),
    "a round-up headed by countries": (
        """Croatia. Five people were shot dead last night in a wine bar. A man of fifty is in custody.

Colombia. The envoy has left for Guaviare, where nineteen bodies were found after a battle between rebel bands.

Japan. The prime minister has a cold.""",
        [Told("Guaviare", "19"), Told("Croatia", "5")],
    ),
    "where the hurt and the dead are brought": (
        """A coach fell into a ravine near Midelt on Sunday, killing 18 people. Twenty passengers were hurt, and the
worst cases have been flown to Meknes. The driver is among the dead. Four bodies have been sent by train to Oujda.""",
        [Told("Midelt", "18", wounded="20")],
    ),
    "a numbered list": (
        """1. Spain's derailment near Zamora. Eleven dead when we recorded, and dozens hurt.

2. A missile in Kremenchuk, Ukraine, on Saturday. Fourteen people died in one staircase.

3. The hotel in Kampot, Cambodia, that fell in the night. Nine bodies were found.

4. Wimbledon, with strawberries.""",
        [Told("Kremenchuk", "14"), Told("Zamora", "11", wounded="24?"), Told("Kampot", "9")],
    ),
    "two towns of one name": (
        """In Springfield, Missouri, the fire at a hostel on Saturday has now killed seven people. In Springfield, Ohio,
four people were shot dead at a skating rink on Saturday evening.""",
        [Told("Springfield", "7"), Told("Springfield", "4")],
    ),
    "the toll of a crash of days before, in a paragraph of its own": (
        """Eighteen passengers died on Saturday night when a bus fell into a gorge near Gusau in Nigeria. The driver
had lost control.

Wednesday's collision at Talata Mafara has meanwhile claimed two further victims, bringing that toll to 28.

Police said 23 people were injured in the gorge.""",
        [Told("Talata Mafara", "28"), Told("Gusau", "18", wounded="23")],
    ),
    "the crash of the news, taken up by its day": (
        """Eighteen passengers died on Saturday when a bus fell into a gorge near Gusau in Nigeria.

Saturday's crash has claimed two more lives in hospital, bringing the toll to 20.""",
        [Told("Gusau", "20")],
    ),
    "some of the deaths in another town": (
        """A storm hit Banda in India on Saturday and killed 40 people. Twelve of the deaths were in Atarra.""",
        [Told("Banda", "40")],
    ),
    "a communique in points": (
        """1. On Sunday the post at Uchiza in Peru was attacked by armed men.

2. Nine Colombian traders had been arrested there in May.

3. Four policemen died, one of them from Bolivia. Peru will rebuild the post.""",
        [Told("Uchiza", "4")],
    ),
    "a night of strikes and the towns one by one": (
        """Missiles and drones killed at least 24 people across Ukraine on Sunday night, officials said. The heaviest
loss was in Sumy, where 17 people died in a block of flats. Four were killed in Odesa.""",
        [Told("Sumy", "17"), Told("Odesa", "4")],
    ),
    "one town of a night of strikes": (
        """Missiles killed at least 24 people across Ukraine on Sunday night. The heaviest loss was in Sumy, where 17
people died in a block of flats.""",
        [Told("Sumy", "24-")],
    ),
}


@pytest.mark.parametrize("what", ARTICLES)
def test_each_incident_of_an_article_has_its_own_place_and_toll(what: str) -> None:
    body, expected = ARTICLES[what]

    paragraphs = [" ".join(paragraph.split()) for paragraph in body.split("\n\n")]
    reports = read("\n\n".join(paragraphs))

    assert [_told(report, want) for report, want in zip(reports, expected, strict=True)] == expected


def test_a_short_text_whose_lines_are_wrapped_is_read_as_if_they_were_not() -> None:
    wrapped = "Gunmen attacked a post in Gao, Mali, on\nSunday. Seven soldiers were\nkilled and 15 others wounded."

    (report,) = read(wrapped)

    assert _told(report, Told("Gao")) == Told("Gao", "7", wounded="15")


def _told(report: Report, want: Told) -> Told:
    toll = report.toll
    return Told(
        report.place.name if report.place is not None and want.place is not None else None,
        shown(toll.killed),
        shown(toll.killed_attackers),
        shown(toll.wounded),
        shown(toll.abducted),
    )


def test_the_number_of_separate_attacks_is_none_of_them() -> None:
    reports = read(
        "Two policemen were killed in separate attacks by rebels in southern Colombia, officials said. In Florencia, "
        "patrolman Juan Bravo Castro died when rebels fired on a station. The other attack took place in Popayan, "
        "where guerrillas fired on officers beside a road. Killed there was Lieutenant Oscar Vega.",
    )

    assert sorted(shown(report.toll.killed) for report in reports) == ["1", "1"]


def test_those_who_made_two_attacks_made_each() -> None:
    reports = read(
        "Suspected jihadists killed at least 27 people in two attacks in northern Burkina Faso at the weekend. At "
        "least 15 were killed on Sunday at Bourasso. "
        "Twelve people died in a separate attack at Namissiguima on Saturday.",
    )

    assert sorted(shown(report.toll.killed) for report in reports) == ["12", "15-"]
    assert all(person.name == "jihadists" for report in reports for person in report.perpetrators)
    assert all(report.perpetrators for report in reports)


def test_the_toll_of_the_attacks_is_not_that_of_the_newest() -> None:
    reports = read(
        "Gunmen raided the village of Bura in Kenya late on Sunday, killing 12 people, a day after a raid on Hola in "
        "which 31 died. The fresh raid brought the toll of the attacks to 43.",
    )

    assert "43" not in [shown(report.toll.killed) for report in reports]
    assert "12" in [shown(report.toll.killed) for report in reports]


def test_bodies_found_a_day_later_are_in_the_toll_of_the_fire() -> None:
    reports = read(
        "Twelve more bodies were found in Hola, Kenya, on Sunday, a day after a fire that killed 31 people in a "
        "dormitory. The toll now stands at 43.",
    )

    assert [shown(report.toll.killed) for report in reports] == ["43"]


def test_an_event_of_the_same_day_without_a_toll_is_an_incident() -> None:
    reports = read(
        "A bomb went off at Lodwar in Kenya on Sunday, killing nine people. Police closed the road. Gunmen also "
        "attacked a police post at Iten on Sunday.",
    )

    assert len(reports) == 2


@pytest.mark.parametrize(
    "words",
    [
        "Over 60 people died in a mill in Multan, Pakistan, on Sunday, the same day that 25 died in a fire in Lahore.",
        "Sixty people died in a fire in Multan, Pakistan, on Sunday. And 25 died in another accident in Lahore.",
    ],
)
def test_another_disaster_of_the_day_has_its_own_place_and_toll(words: str) -> None:
    reports = read(words)

    assert [(report.place and report.place.name, report.toll.minimum(ClaimKind.KILLED)) for report in reports] == [
        ("Multan", 60),
        ("Lahore", 25),
    ]
