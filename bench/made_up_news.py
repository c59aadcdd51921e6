"""Made-up news of three kinds, for measuring: articles on an incident, quiet articles, notes of one paragraph."""

from __future__ import annotations

import random

PLACES = (
    "Gao, Mali", "Djibo, Burkina Faso", "Maiduguri, Nigeria", "Goma, Congo", "Mogadishu, Somalia", "Quetta, Pakistan",
    "Chittagong, Bangladesh", "Cebu, the Philippines", "Culiacan, Mexico", "Port-au-Prince, Haiti", "Sanaa, Yemen",
    "Herat, Afghanistan", "Izmir, Turkey", "Lima, Peru", "Durban, South Africa", "Kharkiv, Ukraine",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = ("two", "three", "five", "seven", "at least 12", "14", "21", "about 30", "more than 40", "dozens of")
ATTACKS = (
    "Gunmen stormed a market in {place} on {day}, killing {killed} people and wounding {hurt}, the governor said.",
    "A bomb went off near a bus station in {place} on {day}, killing {killed} people and injuring {hurt}, police said.",
    "{killed} people were killed and {hurt} hurt when a ferry capsized off {place} late on {day}, rescuers said.",
    "A fire swept through a garment factory in {place} on {day} and killed {killed} workers, the fire service said.",
)
AFTERMATH = (
    "Witnesses said that the attackers arrived at dawn and fled before soldiers reached the town.",
    "The wounded were taken to the regional hospital, where doctors asked for blood.",
    "No group has claimed responsibility, but fighters linked to al-Qaeda have struck the region before.",
    "The mayor said that the toll could rise, since some of the injured were in a critical condition.",
    "An army spokesman said that a search was under way and that two suspects had been detained.",
    "Last year {killed} people died in a similar raid on the same road, according to a local aid group.",
    "Schools and shops stayed closed, and residents spent the night in the open.",
    "The president cut short a visit abroad and called a meeting of his security council for {day}.",
)
QUIET = (
    "The company said on {day} that sales rose by {percent} per cent in the third quarter, helped by a weak currency.",
    "Shares in the group, which is listed in London and employs {thousands},000 people, closed slightly higher.",
    "Its chief executive said that the board would look at the offer and decide before the end of the month.",
    "Analysts had expected a smaller profit, and several raised their forecasts for next year.",
    "The band will play {percent} dates across Europe before it returns to the studio in the autumn.",
    "The midfielder has signed a contract that keeps him at the club until the summer of 2008.",
    "The software lets people share pictures and music between phones without a computer.",
    "Ministers will publish a paper on pensions on {day}, after months of talks with employers and unions.",
    "Critics liked the film for its photography, and audiences for its songs.",
    "The coach said that his side had taken their chances and held on well in the second half.",
    "Growth in the euro zone is likely to stay below two per cent, the central bank said in its monthly report.",
    "Prices of crude oil fell below $50 a barrel for the first time since {day}.",
)


def _filled(draw: random.Random, sentence: str) -> str:
    return sentence.format(
        place=draw.choice(PLACES),
        day=draw.choice(DAYS),
        killed=draw.choice(NUMBERS).capitalize() if sentence.startswith("{killed}") else draw.choice(NUMBERS),
        hurt=draw.randrange(2, 60),
        percent=draw.randrange(3, 40),
        thousands=draw.randrange(2, 90),
    )


def incident_article(draw: random.Random) -> str:
    """A headline, a lead that tells of one incident, and a dozen sentences around it: about 2,000 characters."""
    lead = _filled(draw, draw.choice(ATTACKS))
    rest = [_filled(draw, draw.choice(AFTERMATH if draw.random() < 0.6 else QUIET)) for _ in range(16)]
    paragraphs = [lead, *(" ".join(rest[at : at + 3]) for at in range(0, len(rest), 3))]
    return "\n".join((_filled(draw, "{killed} dead in {place}"), "\n\n".join(paragraphs)))


def quiet_article(draw: random.Random) -> str:
    """An article on business, sport or culture that tells of no incident: about 2,000 characters."""
    sentences = [_filled(draw, draw.choice(QUIET)) for _ in range(20)]
    return "\n".join(
        ("Results please the market", "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, 20, 3)))
    )


def note(draw: random.Random) -> str:
    """One paragraph on one incident, as a database of incidents has it: about 400 characters."""
    sentences = [_filled(draw, draw.choice(ATTACKS)), _filled(draw, draw.choice(AFTERMATH[:5]))]
    return "\n" + " ".join(sentences)


def made_up(number: int, seed: int = 1) -> dict[str, list[str]]:
    """`number` texts of each kind, headline and body parted by a line end; the same ones for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - made-up news
    return {
        "incident articles": [incident_article(draw) for _ in range(number)],
        "quiet articles": [quiet_article(draw) for _ in range(number)],
        "notes": [note(draw) for _ in range(number)],
    }
