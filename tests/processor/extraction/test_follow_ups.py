"""What an article on a funeral, an inquiry or an arrest says of the incident that it follows up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from schemas import Article, ClaimKind, IncidentType, PlacePrecision, Report
from services.processor.extraction.extract import extract

THURSDAY = datetime(2025, 6, 12, 9, 0, tzinfo=UTC)
ATTACK, FIRE, SHIP = IncidentType.ARMED_ATTACK, IncidentType.FIRE, IncidentType.MARITIME_ACCIDENT


def reports_of(title: str, body: str, published: datetime | None = THURSDAY) -> tuple[Report, ...]:
    """What is read out of an article of that Thursday."""
    return extract(Article(article_id="a", title=title, body=body, source="s", published_at=published))


DATED = [
    # the day stands before the noun
    (
        "Tears as victims of Saturday night raid are mourned",
        "The bishop led prayers for the victims in the chapel.",
        ATTACK,
        date(2025, 6, 7),
    ),
    (
        "Panel to look into village deaths",
        "The governor has set up a panel to look into last week's killings in Zurmi.",
        IncidentType.KILLING,
        date(2025, 6, 2),
    ),
    (
        "Cabinet approves money for families",
        "The cabinet approved compensation for the heirs of those who fell in last week's attack on the convoy.",
        ATTACK,
        date(2025, 6, 2),
    ),
    (
        "Four detained",
        "Detectives have detained four people suspected of having helped the attackers of Monday's hotel siege.",
        IncidentType.HOSTAGE_TAKING,
        date(2025, 6, 9),
    ),
    # after it
    (
        "Villagers blame the army",
        "Survivors blamed the army for the slaughter at Dogo on Sunday.",
        ATTACK,
        date(2025, 6, 8),
    ),
    # with a verb
    (
        "Landlord gives himself up",
        "The owner of the mill that burned in Nasiriyah last week surrendered to police on Wednesday.",
        FIRE,
        date(2025, 6, 2),
    ),
    (
        "Licence withdrawn",
        "The ministry suspended the operator of the launch that sank off Barisal last Friday.",
        SHIP,
        date(2025, 6, 6),
    ),
    (
        "Families wait for news",
        "The pupils taken from the school in Kagara on Monday have telephoned, relatives of the captives said.",
        IncidentType.ABDUCTION,
        date(2025, 6, 9),
    ),
    # counted back
    (
        "Divers give up",
        "Four days after the shipwreck, the navy suspended the search.",
        SHIP,
        date(2025, 6, 8),
    ),
]


@pytest.mark.parametrize(("title", "body", "kind", "day"), DATED, ids=[row[1][:40] for row in DATED])
def test_an_event_of_the_last_days_that_is_taken_up_is_told_with_its_kind_and_its_own_day(
    title: str, body: str, kind: IncidentType, day: date
) -> None:
    (report,) = reports_of(title, body)
    assert report.type is kind
    assert report.occurred is not None
    assert report.occurred.start is not None
    assert report.occurred.start.date() == day
    assert report.toll.minimum(ClaimKind.KILLED) == 0


UNDATED = [
    ("Ferry tragedy: mass burial for the victims", "They were laid in one row near the harbour.", SHIP),
    ("Air crash: black boxes sent abroad", "The flight recorders left for Paris.", IncidentType.AIR_ACCIDENT),
    ("Owner questioned over mill blaze", "Rescuers were still in the ruins.", FIRE),
    ("Last of the missing brought up from shaft", "A miner aged 30 lay at the bottom.", IncidentType.MINE_ACCIDENT),
]


@pytest.mark.parametrize(("title", "body", "kind"), UNDATED, ids=[row[0] for row in UNDATED])
def test_what_comes_only_in_the_days_after_an_event_does_for_a_day_and_none_is_given(
    title: str, body: str, kind: IncidentType
) -> None:
    (report,) = reports_of(title, body)
    assert report.type is kind
    assert report.occurred is None


FREED = [
    ("Joy as all captives regain freedom", "All 87 persons taken from Kagara were received by the governor in Minna."),
    ("Army rescues 31 captives in Zamfara", "Troops rescued 31 captives from a camp in the forest on Monday, Nigeria."),
    ("Hostages freed after two weeks", "The hostages, all of them nurses, walked into the town of Minna on Monday."),
]


@pytest.mark.parametrize(("title", "body"), FREED, ids=[row[0] for row in FREED])
def test_whoever_comes_home_had_been_taken_on_a_day_that_is_not_said(title: str, body: str) -> None:
    (report,) = reports_of(title, body)
    assert report.type in (IncidentType.ABDUCTION, IncidentType.HOSTAGE_TAKING)
    assert (report.occurred, report.toll.abducted) == (None, None)


def test_a_driver_before_a_court_is_that_of_the_lorry_that_ran_into_somebody_last_week() -> None:
    (report,) = reports_of(
        "Lorry driver in court",
        "The driver of the lorry that rammed into a bus stop last Friday was brought before a magistrate in Mbeya, "
        "Tanzania, on Tuesday and charged with 28 counts of causing death.",
    )
    assert report.type is IncidentType.ROAD_ACCIDENT
    assert report.toll.killed is None
    assert report.occurred is not None
    assert report.occurred.start is not None
    assert report.occurred.start.date() == date(2025, 6, 6)


NONE = [
    ("Trial over ferry disaster opens", "The owner of the ferry that sank in 2021 is accused of negligence."),
    ("Inquiry into 2019 mill blaze heard", "Relatives of the victims were heard on Monday."),
    ("Families mark anniversary", "Relatives of the victims met on Monday, ten years after the crash."),
    ("Storm may hit islands", "The tropical storm is likely to turn into a typhoon on Monday; shelters are open."),
    ("Rescuers train", "Rescuers rehearsed an evacuation in a drill on Monday; there was no fire."),
    ("Victims of attacks want law", "Victims of attacks asked on Monday for a law on compensation."),
    ("Ministry denies massacre", "The ministry denied the massacre on Sunday and called the victims an invention."),
    ("Helicopters arrive", "The attack helicopters that arrived last week will visit the wounded."),
    ("Two arrested", "Police raided a house in Leeds on Sunday and arrested a suspect."),
    ("Museum of the siege reopens", "The museum reopened on Monday; it shows letters of victims."),
]


@pytest.mark.parametrize(("title", "body"), NONE, ids=[row[0] for row in NONE])
def test_what_is_of_no_event_of_the_last_days_is_not_taken_up(title: str, body: str) -> None:
    assert reports_of(title, body) == ()


def test_without_a_date_of_publication_nothing_is_taken_up() -> None:
    title, body, *_ = DATED[0]
    assert reports_of(title, body, published=None) == ()


def test_a_day_after_the_week_that_a_follow_up_gives_is_a_week_further_back() -> None:
    (report,) = reports_of(
        "Six held over Thursday's siege", "Detectives arrested six people suspected of a part in last week's siege."
    )
    assert report.occurred is not None
    assert report.occurred.text == "last week"


def test_where_a_follow_up_takes_place_is_not_where_it_happened() -> None:
    (report,) = reports_of(
        "Man held in Sylhet over last week's ferry disaster", "Police in Sylhet, Bangladesh, arrested the skipper."
    )
    assert report.place is not None
    assert (report.place.country, report.place.precision) == ("BD", PlacePrecision.COUNTRY)


def test_a_place_in_one_phrase_with_the_event_is_its_own() -> None:
    (report,) = reports_of("Panel to sit", "A panel will look into last week's killings in Kafanchan, Nigeria.")
    assert report.place is not None
    assert report.place.name == "Kafanchan"


def test_a_title_that_names_an_event_by_its_place_says_where_it_was() -> None:
    (report,) = reports_of(
        "Tents for survivors of Lalibela landslide",
        "Families who live near the Lalibela churches in Ethiopia were given tents after Sunday's landslide.",
    )
    assert report.place is not None
    assert report.place.name == "Lalibela"
