"""A lead that is no news: its title and what follows it without a day are none either; what has a day is."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read, shown

NO_NEWS = [
    (
        "Bomb suspect's trial delayed",
        "The trial of a man accused of making the bomb that destroyed an airliner was postponed. The blast killed 270.",
    ),
    (
        "On this day: the gas",
        "16 March 1988: warplanes drop mustard gas on the town. Up to 5,000 die within hours, most of them women.",
    ),
    (
        "Ten podcasts for dark nights",
        "From the cook who poisoned his family to the nurse who killed 85 patients, these are the shows to hear.",
    ),
    (
        "Hospital explains viral clip",
        "A clip said to show 30 bodies behind the wards was filmed during the making of a drama. It is years old.",
    ),
    (
        "Airline to plead guilty over crashes that killed 210",
        (
            "The airline has agreed to plead guilty to fraud over two crashes that killed 210 people in 2017 and 2018. "
            "Families called the fine, of $90 million, a disgrace."
        ),
    ),
    (
        "Death toll of the war passes 40,000, ministry says",
        (
            "More than 40,000 people have been killed since the war began in March 2023, the ministry said on Tuesday. "
            "The offensive was launched after gunmen killed about 900 people and took 180 hostages."
        ),
    ),
    (
        "Nurses rehearse for the worst",
        (
            "More than 80 nurses took part in an exercise on Saturday in which a coach was imagined to overturn, "
            "killing 30 and injuring 60. Nobody was in danger."
        ),
    ),
    (
        "Ferry disaster: 30 years on",
        (
            "At dawn on 21 October 1995 the ferry left Barda with 300 people. When the storm died down, 76 were dead. "
            "What did we learn?"
        ),
    ),
    (
        "Stranding: 200 pilot whales die on beach",
        "About 200 pilot whales have died on a beach. Two days ago another pod came ashore, killing 38.",
    ),
    (
        "New thriller opens with a slaughter",
        (
            "The director's latest film begins with the slaughter of a family of five on a farm. By the end 23 people "
            "have been shot or drowned and nobody has been arrested."
        ),
    ),
    (
        "Trial of raiders opens",
        "Prosecutors on Sunday said that the men attacked a village near Gwoza. Twelve guards were killed.",
    ),
    (
        "Two arrested over 2016 murder of mayor's driver",
        "Police have arrested two brothers in connection with the murder of the mayor's driver nine years ago.",
    ),
    (
        "Report that 30 died in collapse false, says agency",
        "The agency has dismissed as false a report that 30 people died when a block of flats caved in on Friday.",
    ),
    (
        "Hands-on: Iron Harbour lets you sink a fleet",
        "You have six boats and one night. Within minutes 90 sailors drowned, and the screen asked for their names.",
    ),
    (
        "Review: a village that will not stop screaming",
        "Before the titles have rolled 70 farmers have been shot in a square. The rest is worse.",
    ),
    (
        "Review: 'Salt Lake' strands 200 and nobody cares",
        "A train stops, two hundred passengers freeze to death, and we are to laugh. Superbly staged. Three stars.",
    ),
    (
        "Night porter kept a list of names",
        "A court in Bergen heard on Monday how the porter mixed the drinks. He killed 19 guests, it is believed.",
    ),
]


@pytest.mark.parametrize(("title", "body"), NO_NEWS)
def test_nobody_is_killed_in_an_article_whose_lead_is_no_news(title: str, body: str) -> None:
    assert [shown(report.toll.killed) for report in read(body, title)] in ([], [""])


def test_an_attack_with_a_day_of_its_own_is_news_after_a_lead_that_is_none() -> None:
    reports = read(
        "Villagers gathered to mark ten years since the massacre of 45 people in Barda. The ceremony was short. "
        "On Sunday gunmen killed 12 farmers in the same valley.",
        "Village remembers its dead",
    )

    assert [shown(report.toll.killed) for report in reports] == ["12"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "Anniversary march turns deadly in Khartoum",
            "Security forces shot dead 12 marchers in Khartoum as crowds marked the anniversary of the coup.",
        ),
        ("Blast outside court halts trial", "A car bomb outside a court in Quetta killed 12 people, police said."),
        (
            "Trial opens under fire",
            "Gunmen attacked the courthouse in Herat on Sunday. Twelve guards were killed.",
        ),
        ("Veteran dies in bus fire", "A bus burst into flames near Lyon on Sunday. The fire killed 12 passengers."),
        (
            "New study of reef cut short",
            "The research vessel sank in a storm off Cebu on Sunday. It left 12 people dead.",
        ),
    ],
)
def test_a_title_that_looks_like_no_news_leaves_a_lead_that_is(title: str, body: str) -> None:
    assert [shown(report.toll.killed) for report in read(body, title)] == ["12"]


def test_a_title_whose_number_the_body_does_not_set_aside_is_news() -> None:
    reports = read(
        "It was the deadliest accident on the road since 2015, when 31 people died. The driver fled.",
        "14 killed as bus leaves mountain road in Peru",
    )

    assert [shown(report.toll.killed) for report in reports] == ["14"]
